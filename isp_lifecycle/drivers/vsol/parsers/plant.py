"""What a V1600G shows of itself and of what all lines share: version, ports, profiles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.vsol import names

_PORT = re.compile(r"[A-Z]+\d+/\d+", re.ASCII)
_ONT_ROW = re.compile(r"\s*GPON\d+/\d+:\d+\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class VersionBlock:
    model: str
    version: str
    hardware: str


@dataclass(frozen=True, slots=True)
class ProfileRate:
    """A profile of either kind: its number, its name, and the most it lets through in kbit/s."""

    number: int
    name: str
    kbps: int


@dataclass(frozen=True, slots=True)
class InterfaceRow:
    """A port of ``show interface brief``; ``kind`` is its type in the device's word (``GPON``, ``1000Base-T``)."""

    name: str
    kind: str

    @property
    def pon(self) -> PonPort | None:
        """The PON port, where it is one."""
        return names.pon_port(self.name) if self.kind == "GPON" else None


def version(text: str) -> VersionBlock:
    """``show version``."""
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    missing = {"Olt Device Model", "Software Version"} - fields.keys()
    if missing:
        raise Unreadable(f"no {', '.join(sorted(missing))}")
    return VersionBlock(fields["Olt Device Model"], fields["Software Version"], fields.get("Hardware Version", ""))


def interface_brief(text: str) -> tuple[InterfaceRow, ...]:
    """The ports; ONTs are passed over. Descriptions may run into the status, so only the first and last cells count."""
    head, rule, table = text.partition("---          -----------")
    if not rule or re.search(r"^Port +Description +Status\b", head, re.MULTILINE) is None:
        raise Unreadable("the table has no header that is known")
    found: list[InterfaceRow] = []
    for line in table.splitlines()[1:]:
        if not line.strip() or _ONT_ROW.match(line):
            continue
        cells = re.split(r"\s{2,}", line.strip())
        if _PORT.fullmatch(cells[0]) is None or len(cells) < 2:
            raise Unreadable(f"no row of ports: {line!r}")
        found.append(InterfaceRow(cells[0], cells[-1]))
    if not found:
        raise Unreadable("no ports")
    return tuple(found)


def dba_profiles(text: str) -> tuple[ProfileRate, ...]:
    """The rate of a T-CONT is what its type can reach (ITU-T G.984.3): fixed, assured, or the maximum."""
    return tuple(
        ProfileRate(number, name, _rate(fields, {"1": "fixed", "2": "assured"}.get(fields.get("type", ""), "maximum")))
        for number, name, fields in _profiles(text, "DBA PROFILE")
    )


def traffic_profiles(text: str) -> tuple[ProfileRate, ...]:
    """The rate is the peak information rate."""
    return tuple(
        ProfileRate(number, name, _rate(fields, "pir")) for number, name, fields in _profiles(text, "TRAFFIC PROFILE")
    )


def _rate(fields: dict[str, str], word: str) -> int:
    match = re.fullmatch(r"(\d+) Kbps", fields.get(word, ""), re.IGNORECASE)
    if match is None:
        raise Unreadable(f"a profile without {word}: {fields!r}")
    return int(match[1])


def _profiles(text: str, title: str) -> list[tuple[int, str, dict[str, str]]]:
    """Of each profile the number, the name, and its other fields by their words in lower case."""
    head, *pieces = re.split(r"^\*{5,}[ \t]*$", text, flags=re.MULTILINE)
    if re.fullmatch(rf"\s*#+{title}#+\s*", head) is None:
        raise Unreadable(f"no list of the kind {title}")
    found: list[tuple[int, str, dict[str, str]]] = []
    for piece in pieces:
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        fields = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        odd = any(":" not in line for line in lines)
        if odd or not fields.get("id", "").isdigit() or not fields.get("name"):
            raise Unreadable(f"no profile: {' / '.join(lines)!r}")
        found.append((int(fields["id"]), fields["name"], fields))
    return found


def number_list(text: str) -> frozenset[int]:
    """VLANs as a V1600G lists them: ``200 - 203``, also ``200 to 203`` and ``100,200``; raises Unreadable."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:\s*(?:-|to)\s*(\d+))?\s*", part)
        if match is None:
            raise Unreadable(f"{part!r} is no number of a list")
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return frozenset(found)
