"""What people type, by kind: so many texts of each, drawn from the people that the database was filled with."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from isp_lifecycle.cli.bench.search.people import Somebody, World
from isp_lifecycle.cli.bench.search.seed import OLTS, address, serial

#: Kinds of texts, each by somebody and their number.
type Typed = Callable[[random.Random, int, Somebody], str]


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _mistyped(chance: random.Random, word: str) -> str:
    """The word with one typing error: two letters swapped, one missing, one doubled, or a wrong one."""
    place = chance.randrange(1, max(2, len(word) - 1))
    way = chance.randrange(4)
    if way == 0 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if way == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + (word[place] if way == 2 else chance.choice("aeiouns")) + word[place + (way == 3) :]


def _typo(chance: random.Random, p: Somebody) -> str:
    given, *family = _plain(p.name).split()
    return f"{given} {_mistyped(chance, family[-1])}"


KINDS: dict[str, Typed] = {
    "customer's code": lambda _c, n, _p: f"C-{n:06d}",
    "service's number": lambda _c, n, _p: f"{n}",
    "serial number": lambda _c, n, _p: f"HWTC-{serial(n)[8:]}",
    "end of a serial number": lambda _c, n, _p: serial(n)[8:13].lower(),
    "IP address": lambda _c, n, _p: str(address(n)),
    "prefix": lambda _c, n, _p: f"{'.'.join(str(address(n)).split('.')[:3])}.0/24",
    "e-mail address": lambda _c, _n, p: p.email,
    "telephone number": lambda _c, _n, p: p.phone.removeprefix("+353 ").replace(" ", ""),
    "OLT's port": lambda c, n, _p: f"OLT-{n % OLTS:03d} 0/{c.randrange(1, 17)}/{c.randrange(16)}",
    "whole name": lambda _c, _n, p: p.name,
    "name without accents": lambda _c, _n, p: _plain(p.name).lower(),
    "beginning of a family name": lambda _c, _n, p: p.name.split()[1][:4],
    "common given name": lambda _c, _n, p: p.name.split()[0],
    "name and street": lambda _c, _n, p: f"{p.name.split()[1]} {p.street.split()[0][:4]} {p.number}",
    "address": lambda _c, _n, p: f"{p.number} {p.street} {p.city}",
    "postcode": lambda _c, _n, p: p.postcode.replace(" ", ""),
    "misspelt name": lambda c, _n, p: _typo(c, p),
    "misspelt street": lambda c, _n, p: f"{p.number} {_mistyped(c, p.street.split()[0])} {p.city}",
    "one letter": lambda _c, _n, p: p.name[0].lower(),
    "two letters": lambda _c, _n, p: p.name[:2].lower(),
    "common words": lambda c, _n, p: c.choice(("street dublin", "maria st", "park 1 dublin", "an", "main street 1")),
    "nothing": lambda c, _n, _p: "".join(c.choice("qxzvwkj") for _letter in range(9)),
}


def texts(*, customers: int, each: int, seed: int = 2) -> dict[str, list[str]]:
    """So many texts of each kind, of people spread over all that there are."""
    chance = random.Random(seed)  # noqa: S311 - texts, not secrets
    wanted = set(chance.sample(range(customers), min(customers, each * len(KINDS))))
    chosen = [(n, person) for n, person in enumerate(World(customers=customers).people(customers)) if n in wanted]
    chance.shuffle(chosen)
    made: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for place, (n, person) in enumerate(chosen):
        kind = list(KINDS)[place % len(KINDS)]
        made[kind].append(KINDS[kind](chance, n, person))
    return made
