"""Kinds of command parameters on a V1600G: which text is a value."""

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


def _port(text: str) -> int | None:
    """Return the number of a port of the only slot, 0/3 as 3."""
    match = re.fullmatch(r"0/(\d{1,2})", text)
    return int(match[1]) if match else None


def _serial(text: str) -> str | None:
    """Four letters and eight hexadecimal digits, in either case."""
    return serial_hex(text) if len(text) == 12 else None


def number_list(numbers: Iterable[int]) -> list[str]:
    """Return numbers as the device lists them, one range an item: 1, 200 - 203."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return [" - ".join(str(end) for end in run) for run in runs]


KINDS: dict[str, Kind] = {
    "port": Read("<0/1-0/16>", _port),
    "id": _number(1, 128),
    "sn": Read("WORD", _serial),
    "name": _text(64),
    "kbps": _number(0, 10_000_000),
    "class": _number(1, 5),
    "index": _number(1, 128),
    "profile_id": _number(1, 511),
    "vlan": _number(1, 4094),
    "cos": _number(0, 7),
    "lines": _number(0, 512),
}
