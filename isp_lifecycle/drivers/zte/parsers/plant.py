"""What a ZXA10 shows of itself and of what all lines share: system, profiles, VLANs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.vendor import Unreadable


@dataclass(frozen=True, slots=True)
class SystemBlock:
    product: str
    version: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in its slot; ``type`` is the real one, or the configured one where none is plugged in."""

    rack: int
    slot: int
    type: str
    status: str
    gpon_ports: int
    """0 for a card of another kind."""


@dataclass(frozen=True, slots=True)
class ProfileRate:
    """A profile of either kind: its name, and the most it lets through in kbit/s."""

    name: str
    kbps: int


def system_group(text: str) -> SystemBlock:
    """``System Description: C320 Version V2.1.0 Software, ...`` (as NOC's ZXA10 profile reads it)."""
    match = re.search(r"^\s*System Description:\s*(\S+) Version (\S+?)[.,]?(?:\s|$)", text, re.MULTILINE)
    if match is None:
        raise Unreadable("no description of the system")
    return SystemBlock(match[1], match[2])


def cards(text: str) -> tuple[CardRow, ...]:
    """``show card`` (V2.1; Titan leaves out the rack). A card that is absent has no real type and no versions, so cells
    are told by their form.

    GPON cards are those that are configured as GT (GTGO, GTGH), GF (GFGH, GFBL) or GV (GVGH of a C610).
    """
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if re.match(r"\s*(Rack\s+)?Shelf\s+Slot\s+CfgType", line)), None)
    if head is None:
        raise Unreadable("no table of cards")
    places = 3 if "Rack" in lines[head] else 2
    found: list[CardRow] = []
    for line in lines[head + 1 :]:
        cells = line.split()
        if not cells or set(line.strip()) == {"-"}:
            continue
        numbers = [n for n, cell in enumerate(cells) if n > places and cell.isdigit()]
        if len(cells) < places + 3 or not all(cell.isdigit() for cell in cells[:places]) or not numbers:
            raise Unreadable(f"{line.strip()!r} is no card")
        ports = int(cells[numbers[0]]) if cells[places].startswith(("GT", "GF", "GV")) else 0
        found.append(CardRow(int(cells[0]), int(cells[places - 1]), cells[numbers[0] - 1], cells[-1], ports))
    return tuple(found)


def tcont_profiles(text: str) -> tuple[ProfileRate, ...]:
    """The rate of a T-CONT is what its type can reach (ITU-T G.984.3): fixed, assured, or the maximum."""
    return tuple(ProfileRate(name, _reach(cells)) for name, cells in _profiles(text, r"Type\s+FBW\(kbps\)"))


def _reach(cells: list[str]) -> int:
    kind, fixed, assured, maximum = (int(cell) for cell in cells[:4])
    return {1: fixed, 2: assured}.get(kind, maximum)


def traffic_profiles(text: str) -> tuple[ProfileRate, ...]:
    """The rate is the peak information rate."""
    return tuple(ProfileRate(name, int(cells[1])) for name, cells in _profiles(text, r"SIR\(kbps\)\s+PIR\(kbps\)"))


def _profiles(text: str, header: str) -> list[tuple[str, list[str]]]:
    """Of each profile the name and the cells of its one row. (A guide to a C610 has ``Name``, without more.)"""
    found: list[tuple[str, list[str]]] = []
    pieces = re.split(r"^\s*(?:Profile name|Name)\s*:", text, flags=re.MULTILINE)
    if len(pieces) < 2 or pieces[0].strip():
        raise Unreadable("no list of profiles")
    for piece in pieces[1:]:
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        cells = lines[2].split() if len(lines) == 3 else []
        if len(cells) < 2 or not re.match(header, lines[1]) or not all(cell.isdigit() for cell in cells[:2]):
            raise Unreadable(f"no profile: {' / '.join(lines)!r}")
        found.append((lines[0], cells))
    return found


def vlan_summary(text: str) -> frozenset[int]:
    """The count above the list must agree with it."""
    match = re.search(r"All created vlan num\s*:\s*(\d+)\s+Details are following\s*:\s*([\d,\s-]*)", text)
    if match is None:
        raise Unreadable("no summary of VLANs")
    found = number_list(match[2])
    if len(found) != int(match[1]):
        raise Unreadable(f"{len(found)} VLANs of {match[1]}")
    return found


def number_list(text: str) -> frozenset[int]:
    """Numbers and ranges as devices list them: ``1,11-19,50``; raises Unreadable."""
    found: set[int] = set()
    for part in re.sub(r"\s+", "", text).split(","):
        if part and re.fullmatch(r"\d+(-\d+)?", part) is None:
            raise Unreadable(f"{part!r} is no number of a list")
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1) if part else ())
    return frozenset(found)
