"""Small pieces of a SmartAX's texts: keys and values, numbers with units, times, places."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from isp_lifecycle.drivers.vendor import Unreadable

_KEY_VALUE = re.compile(r"^\s*(?P<key>[A-Za-z][^:\n]*?)\s*:\s?(?P<value>.*?)\s*$", re.MULTILINE)
RULE = re.compile(r"^\s*-[- ]{20,}$", re.MULTILINE)
FSP = r"(?P<fsp>\d+\s*/\s*\d+\s*/\s*\d+)"
_NO_DESCRIPTION = frozenset({"-", "ONT_NO_DESCRIPTION"})


def pairs_of(text: str) -> dict[str, str]:
    """``Key : value`` lines; the first of a name counts, because what follows below repeats names for its parts."""
    pairs: dict[str, str] = {}
    for found in _KEY_VALUE.finditer(text):
        value = found["value"]
        pairs.setdefault(" ".join(found["key"].split()).casefold(), "" if value == "-" else value)
    return pairs


def needed(pairs: dict[str, str], key: str) -> str:
    """The value of a key that every firmware prints; raises Unreadable where it is not there."""
    try:
        return pairs[key.casefold()]
    except KeyError as error:
        raise Unreadable(f"no {key!r} in the answer") from error


def decimal(text: str) -> float | None:
    """The number a text begins with (``57(C)``, ``23%``, ``-18.18``); None where there is none."""
    found = re.match(r"-?\d+(\.\d+)?", text.strip())
    return float(found[0]) if found else None


def whole(text: str) -> int | None:
    """Like `decimal`, without the fraction."""
    number = decimal(text)
    return None if number is None else int(number)


def required_whole(text: str) -> int:
    """Like `whole`; raises Unreadable where there is none."""
    number = whole(text)
    if number is None:
        raise Unreadable(f"{text!r} is not a number")
    return number


def moment(text: str) -> datetime | None:
    """A time with its offset as UTC: ``2023-01-05 08:56:12+08:00`` or ``09/02/2019 01:58:52+00:00`` (day first).

    None for anything else: without an offset nobody knows the instant.
    """
    for form in ("%Y-%m-%d %H:%M:%S%z", "%d/%m/%Y %H:%M:%S%z"):
        try:
            return datetime.strptime(text.strip(), form).astimezone(UTC)
        except ValueError:
            continue  # not this form: the next is tried
    return None


def lasted(text: str) -> int | None:
    """Seconds of ``0 day(s), 0 hour(s), 3 minute(s), 0 second(s)``; None for anything else."""
    parts = re.fullmatch(r"(\d+) day\(s\), (\d+) hour\(s\), (\d+) minute\(s\), (\d+) second\(s\)", text.strip())
    if parts is None:
        return None
    days, hours, minutes, seconds = (int(part) for part in parts.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def first_word(text: str) -> str:
    """``48575443AABBCCDD (HWTC-AABBCCDD)`` to its first part."""
    return text.split()[0] if text.split() else ""


def description_of(text: str) -> str:
    """An ONT's description; the device's own words for "none" are the empty text."""
    text = text.strip()
    return "" if text in _NO_DESCRIPTION else text


def word(text: str) -> str:
    """A state or a name; ``-`` is the empty text."""
    return "" if text == "-" else text
