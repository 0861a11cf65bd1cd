"""Every command of the table, with arguments drawn at random: it answers or refuses, and never breaks the device."""

import random

import pytest

from isp_lifecycle.lab.grammar import Either, Kind, Maybe, Pattern, Word
from isp_lifecycle.lab.ma5800.command import Command
from isp_lifecycle.lab.ma5800.config import CONFIGURATION, LineProfile, ServiceProfile
from isp_lifecycle.lab.ma5800.console import Mode, View
from isp_lifecycle.lab.ma5800.interpreter import TABLE
from isp_lifecycle.lab.ma5800.kinds import Number, NumberList, OneOf, Position, Serial
from tests.unit.lab.bench import Bench


def _value(kind: Kind, chance: random.Random) -> str:
    """Return a plausible text of a kind: small numbers, so that things are often met that exist."""
    match kind:
        case Number(_, low, high):
            return str(min(high, low + chance.choice([0, 0, 1, 2, 5, 10, 100, 51200])))
        case NumberList(_, low, _):
            return chance.choice(["100", "100,200", "1-2", "1"] if low else ["0", "0-1", "1"])
        case OneOf(_, words):
            return chance.choice(words)
        case Position(_, 3):
            return chance.choice(["0/1/0", "0/2/1", "0/9/0"])
        case Position():
            return chance.choice(["0/1", "0/9"])
        case Serial():
            return f"48575443AB00000{chance.randint(0, 9)}"
        case _:
            texts = ("10.0.0.1", "adaptive", "line-default", "S-000001", "00e0-fc00-0001")
            return chance.choice([text for text in texts if kind.read(text) is not None])


def _line(pattern: Pattern, chance: random.Random) -> list[str]:
    words: list[str] = []
    for part in pattern:
        match part:
            case Word(text):
                words.append(text)
            case Maybe(inner):
                words += _line(inner, chance) if chance.random() < 0.5 else []
            case Either(choices):
                words += _line(chance.choice(choices), chance)
            case _:
                words.append(_value(part.kind, chance))
    return words


def _view(command: Command, bench: Bench, chance: random.Random) -> View:
    mode = chance.choice(sorted(command.modes))
    draft = {
        Mode.LINE: bench.device.configuration.line_profiles.get(10) or LineProfile(id=10, name="x"),
        Mode.SERVICE: bench.device.configuration.service_profiles.get(10) or ServiceProfile(id=10, name="x"),
    }.get(mode)
    return View(mode, slot=1 if mode is Mode.GPON else -1, draft=draft)


@pytest.mark.parametrize("seed", range(3))
def test_no_command_breaks_the_device(seed: int) -> None:
    chance = random.Random(seed)
    bench = Bench()
    for _ in range(4):
        for command in chance.sample(TABLE, len(TABLE)):
            bench.console.view = _view(command, bench, chance)
            line = " ".join(_line(command.pattern, chance))
            answer = bench.do(line)
            assert not answer.startswith("%"), f"{line}: {answer}"
            bench.device.booting = False
    configuration = bench.device.configuration
    assert CONFIGURATION.validate_json(CONFIGURATION.dump_json(configuration)) == configuration
