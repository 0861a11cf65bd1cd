"""Invented people and places, as varied as a million real ones: common names, rare ones, accents, long tails.

A few names are borne by many and most by few, as in any country; the rare ones and the streets are put together of
syllables, so that there are some hundred thousand different words, which is what typing errors are looked up among.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

#: Words by their heading, from the file beside this one.
_WORDS = {
    heading: words.split()
    for heading, _, words in (
        part.partition("]") for part in files(__package__).joinpath("people.txt").read_text("utf-8").split("[")[1:]
    )
}
_GIVEN, _SURNAMES, _TOWNS, _STREETS = (_WORDS[one] for one in ("given", "surnames", "towns", "streets"))
_ONSETS, _VOWELS, _ENDS = (_WORDS[one] for one in ("onsets", "vowels", "ends"))
_KINDS = ("Street", "Road", "Avenue", "Lane", "Park", "Drive", "Close", "Terrace", "Grove", "Square", "Court", "View")


@dataclass(frozen=True)
class Somebody:
    """A customer with where they live."""

    name: str
    email: str
    phone: str
    street: str
    number: str
    unit: str | None
    postcode: str
    city: str


class World:
    """The words that a number of people are made of; the same for the same seed."""

    def __init__(self, *, customers: int, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names, not secrets
        self._rare = [self._word().capitalize() for _one in range(max(50, customers // 10))]
        made = [f"{self._word().capitalize()} {kind}" for kind in _KINDS for _one in range(max(3, customers // 4000))]
        self._streets = [f"{name} {kind}" for name in _STREETS for kind in _KINDS] + made
        self._places = [(town, f"{town[0]}{n:02d}") for n, town in enumerate(_TOWNS, 10)]

    def people(self, number: int) -> Iterator[Somebody]:
        """So many, one after the other."""
        for n in range(number):
            yield self._somebody(n)

    def _somebody(self, n: int) -> Somebody:
        pick, chance = self._random.random, self._random
        given = _GIVEN[int(len(_GIVEN) * pick() ** 1.6)]
        family = _SURNAMES[int(len(_SURNAMES) * pick() ** 1.6)] if pick() < 0.7 else chance.choice(self._rare)
        if pick() < 0.12:
            family = f"{family} {_SURNAMES[int(len(_SURNAMES) * pick())]}"
        town, code = self._places[int(len(self._places) * pick() ** 2)]
        plain = "".join(letter for letter in f"{given}.{family}".lower() if letter.isascii() and letter not in "' ")
        return Somebody(
            name=f"{given} {family}",
            email=f"{plain}{n}@example.org",
            phone=f"+353 {chance.randrange(1, 99)} {chance.randrange(1000000, 9999999)}",
            street=self._streets[int(len(self._streets) * pick() ** 1.5)],
            number=str(1 + int(180 * pick() ** 1.5)),
            unit=f"Apt {chance.randrange(1, 40)}" if pick() < 0.15 else None,
            postcode=f"{code} {chance.choice('ACDEFHKNPRTVWXY')}{chance.randrange(100, 1000)}",
            city=town,
        )

    def _word(self) -> str:
        chance = self._random
        syllables = [chance.choice(_ONSETS) + chance.choice(_VOWELS) for _one in range(chance.choice((1, 2, 2, 3)))]
        return "".join(syllables) + chance.choice(_ENDS)
