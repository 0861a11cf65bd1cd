"""One ONT's equipment and counters as a V1600G shows them: V1.4.8R (detail), V2.1.6R (statistics).

No display of the version of an ONT's software was found. Which of *Input* and *Output* is up is not written anywhere;
that the OLT means itself, as on a ZXA10, fits the published numbers, in which much more goes out than comes in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.vendor import Unreadable


@dataclass(frozen=True, slots=True)
class DetailBlock:
    """``show onu detail-info N``. ``version`` is the hardware's."""

    vendor: str
    model: str
    version: str
    up_seconds: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """``show onu N statistics``. Rates are bytes a second."""

    up_rate: int
    down_rate: int
    up_bytes: int
    up_packets: int
    down_bytes: int
    down_packets: int


def _fields(text: str) -> dict[str, str]:
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def detail(text: str) -> DetailBlock:
    """``show onu detail-info N``."""
    fields = _fields(text)
    missing = {"Vendor ID", "Version", "Equipment ID", "SysUpTime"} - fields.keys()
    if missing:
        raise Unreadable(f"no {', '.join(sorted(missing))} of the ONT")
    up = re.fullmatch(r"(\d+)\s*s", fields["SysUpTime"])
    return DetailBlock(
        vendor=fields["Vendor ID"],
        model=fields["Equipment ID"],
        version=fields["Version"],
        up_seconds=int(up[1]) if up else None,
    )


def statistics(text: str) -> Statistics:
    """``show onu N statistics``; V2.1.6R has no packets a second."""
    fields = _fields(text)

    def number(name: str) -> int:
        if not fields.get(name, "").isdigit():
            raise Unreadable(f"no {name} of the ONT")
        return int(fields[name])

    return Statistics(
        up_rate=number("Input rate(Bps)"),
        down_rate=number("Output rate(Bps)"),
        up_bytes=number("Input bytes"),
        up_packets=number("Input packets"),
        down_bytes=number("Output bytes"),
        down_packets=number("Output packets"),
    )
