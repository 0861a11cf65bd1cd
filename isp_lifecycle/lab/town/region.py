"""A region: as many OLTs as a large provider has, each with its own district, made when somebody first asks for it.

What a region costs before that is the names of its OLTs. A district is a town with one OLT, made out of the region's
seed and the district's number alone, so it is the same whoever is asked first. Numbers are the region's: premises,
customers and serial numbers tell the district that they belong to, and addresses come from its own pools.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Network

from isp_lifecycle.lab.town.build import (
    ALL_SERIALS,
    IPV6_POOLS,
    MAKERS,
    PLANS,
    REFERENCE_DAY,
    TOWN,
    VENDORS,
    Size,
    blemishes,
    lay_out,
    olt_name,
    settle,
)
from isp_lifecycle.lab.town.model import Pool, Town
from isp_lifecycle.lab.town.names import AREAS

#: 256 outlets and 12 premises without fibre an OLT, 200 of them customers.
_DISTRICT = Size(ports=4, streets=4, customers=200, on_last_street=8)
PREMISES = 268
#: Each district takes its part: carrier's addresses (RFC 6598), and private ones (RFC 1918) where a town has public.
_DYNAMIC, _STATIC, _BLOCKS = (IPv4Network(one) for one in ("100.64.0.0/11", "172.16.0.0/12", "10.0.0.0/11"))
MOST_OLTS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """So many OLTs, of these vendors in turn."""

    seed: int = 7
    today: date = REFERENCE_DAY
    olts: int = 500
    vendors: tuple[str, ...] = VENDORS

    def __post_init__(self) -> None:
        if not 1 <= self.olts <= MOST_OLTS:
            raise ValueError(f"a region has 1 to {MOST_OLTS} OLTs, not {self.olts}")
        if unknown := set(self.vendors) - set(MAKERS):
            raise ValueError(f"no vendor {', '.join(sorted(unknown))}; there are {', '.join(VENDORS)}")

    @property
    def onts(self) -> int:
        """How many customers it has, each with an ONT."""
        return self.olts * _DISTRICT.customers

    def sites(self) -> Iterator[tuple[str, str]]:
        """Yield each OLT's name and vendor, in order of their numbers."""
        for number in range(self.olts):
            yield olt_name(number), self.vendor(number)

    def vendor(self, number: int) -> str:
        """Return whose OLT it is."""
        return self.vendors[number % len(self.vendors)]

    # what belongs where

    def of_premises(self, code: str) -> int | None:
        """Return the number of the district in which a premises stands, or None when there is no such code."""
        number = (int(code[2:]) - 1) // PREMISES if re.fullmatch(r"P-\d{6}", code) else -1
        return number if 0 <= number < self.olts else None

    def of_serial(self, serial: str) -> int | None:
        """Return the number of the district whose customers were given ONTs with such serial numbers, or None."""
        low = int(serial[8:], 16) if re.fullmatch(r"[0-9A-Fa-f]{16}", serial) else -1
        number = (low - ALL_SERIALS.start) // _SERIALS if low in ALL_SERIALS else -1
        return number if 0 <= number < self.olts else None

    def of_splitter(self, code: str) -> int | None:
        """Return the number of the district in which a splitter is, or None when there is no such code."""
        found = re.fullmatch(rf"({'|'.join(_MARKS)})(?:X(\d+)-)?\d+(?:-\d+)?", code)
        if found is None:
            return None
        number = ((int(found[2] or 1) - 1) * len(AREAS) + _MARKS.index(found[1])) // 2
        return number if 0 <= number < self.olts else None

    def district(self, number: int) -> Town:
        """Return one OLT's district as a town of its own."""
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311 - an invented town, not a secret
        vendors = (self.vendor(number),) * (number + 1)
        sites, premises = lay_out(chance, range(number, number + 1), vendors, _DISTRICT)
        first = number * PREMISES + 1
        premises = tuple(replace(one, code=f"P-{n:06d}") for n, one in enumerate(premises, start=first))
        pools = tuple(_pools(number, sites[0].area))
        serials = ALL_SERIALS[number * _SERIALS : (number + 1) * _SERIALS]
        customers = tuple(
            settle(
                chance,
                _DISTRICT.customers,
                olts=sites,
                premises=premises,
                today=self.today,
                pools=pools,
                first=number * _DISTRICT.customers + 1,
                among=serials,
            )
        )
        return Town(
            seed=self.seed,
            name=f"{TOWN} {number + 1}",
            today=self.today,
            olts=sites,
            premises=premises,
            plans=PLANS,
            pools=pools + IPV6_POOLS,
            nats=(),
            customers=customers,
            staff=(),
            blemishes=blemishes(customers),
        )


_MARKS = [mark for _, mark, _ in AREAS]
_SERIALS = len(ALL_SERIALS) // MOST_OLTS


def _pools(number: int, area: str) -> Iterator[Pool]:
    """Yield the pools of one district: the same part of each policy's prefix."""
    for policy, whole in (("dynamic", _DYNAMIC), ("static", _STATIC), ("block29", _BLOCKS)):
        size = 1 << 32 - whole.prefixlen - 9
        prefix = IPv4Network((int(whole.network_address) + number * size, whole.prefixlen + 9))
        yield Pool(
            name=f"{policy}-{number + 1}",
            area=area,
            policy=policy,
            prefix=str(prefix),
            gateway=str(prefix.network_address + 1),
        )
