"""Boards of a SmartAX: what stands in the slots, and the GPON ports of one board."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.vendor import Unreadable

_HEAD = re.compile(r"\s*SlotID\s+BoardName\s+Status")
_SLOT = re.compile(r"\s*(?P<slot>\d{1,2})(?:\s+(?P<name>[A-Z]\w+)\s+(?P<status>[A-Za-z]\S*)(?:\s+\w+)*)?\s*", re.ASCII)
_RULE = re.compile(r"\s*-*\s*")
_PORT = re.compile(r"^\s*(?P<port>\d{1,2})\s+GPON\s+\d+\s+\d+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One slot that is not empty."""

    slot: int
    name: str
    status: str


def board_rows(text: str) -> tuple[BoardRow, ...]:
    """``display board 0``: empty slots have a number and nothing else. Raises Unreadable without the table's head."""
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if _HEAD.match(line)), None)
    if head is None:
        raise Unreadable("no table of boards in the answer")
    rows: list[BoardRow] = []
    for line in lines[head + 1 :]:
        row = _SLOT.fullmatch(line)
        if row is None and not _RULE.fullmatch(line):
            raise Unreadable(f"{line.strip()!r} is no slot")
        if row is not None and row["name"]:
            rows.append(BoardRow(int(row["slot"]), row["name"], row["status"]))
    return tuple(rows)


def gpon_ports(text: str) -> tuple[int, ...]:
    """``display board 0/1``: the numbers of its GPON ports; none for a board of another kind. Raises Unreadable."""
    if re.search(r"^\s*Board Name\s*:", text, re.MULTILINE) is None:
        raise Unreadable("no board in the answer")
    return tuple(int(row["port"]) for row in _PORT.finditer(text))
