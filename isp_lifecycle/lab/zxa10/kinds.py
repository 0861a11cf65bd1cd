"""Kinds of command parameters on a ZXA10: which text is a value."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from isp_lifecycle.lab.grammar import Kind, Value
from isp_lifecycle.lab.serials import serial_hex


@dataclass(frozen=True, slots=True)
class Read:
    """A kind that is a function from a text to a value, or to None."""

    label: str
    read: Callable[[str], Value | None]


def _number(low: int, high: int) -> Read:
    def read(text: str) -> int | None:
        return int(text) if text.isascii() and text.isdigit() and low <= int(text) <= high else None

    return Read(f"<{low}-{high}>", read)


def _text(high: int) -> Read:
    def read(text: str) -> str | None:
        return text if 1 <= len(text) <= high and text.isascii() and text.isprintable() else None

    return Read("WORD", read)


def place(form: str) -> Read:
    """Return the kind of an interface whose name has this form; its groups are numbers."""

    def read(text: str) -> tuple[int, ...] | None:
        match = re.fullmatch(form, text)
        return tuple(int(part) for part in match.groups()) if match else None

    return Read("interface", read)


def _uplink(text: str) -> str | None:
    return text if re.fullmatch(r"x?gei_1/\d+/\d+", text) else None


def _serial(text: str) -> str | None:
    """Exactly 12 characters, vendor and 8 hex digits."""
    return serial_hex(text) if len(text) == 12 else None


def _numbers(text: str) -> tuple[int, ...] | None:
    """Return VLANs listed as 1,11-19,50."""
    if re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text) is None:
        return None
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    found = [number for end in ends for number in range(end[0], end[-1] + 1)]
    return tuple(found) if found and all(1 <= number <= 4094 for number in found) else None


def number_list(numbers: Iterable[int]) -> str:
    """Return numbers as the device lists them, with ranges: 1,11-19,50."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ",".join("-".join(str(end) for end in run) for run in runs)


KINDS: dict[str, Kind] = {
    "pon": place(r"gpon-olt_1/(\d+)/(\d+)"),
    "onu": place(r"gpon-onu_1/(\d+)/(\d+):(\d+)"),
    "uplink": Read("interface", _uplink),
    "id": _number(1, 128),
    "type": _text(32),
    "sn": Read("WORD", _serial),
    "name": _text(64),
    "profile": _text(32),
    "kbps": _number(0, 9953280),
    "class": _number(1, 5),
    "index": _number(1, 128),
    "vlan": _number(1, 4094),
    "vlans": Read("vlan-list", _numbers),
    "cos": _number(0, 7),
    "lines": _number(0, 512),
}
