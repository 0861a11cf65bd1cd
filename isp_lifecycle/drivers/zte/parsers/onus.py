"""ONTs as a ZXA10 shows them: found, registered, working, with what light."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.zte import names

_RULE = re.compile(r"-{5,}\s*")
_ONU_CELL = r"(?:gpon-onu_|gpon_onu-)?\d+/\d+/\d+:\d+"
_DBM = re.compile(r"(-?\d+(?:\.\d+)?)\s*\(dbm\)", re.IGNORECASE)
_DARK = re.compile(r"N/A|no signal", re.IGNORECASE)
_NEVER = "0000-00-00 00:00:00"


@dataclass(frozen=True, slots=True)
class UncfgRow:
    """``show gpon onu uncfg``; ``model`` where the OLT is set up to show it."""

    port: PonPort
    serial: str
    model: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """``show gpon onu state``: the states in the device's words."""

    port: PonPort
    ont_id: int
    admin: str
    phase: str


@dataclass(frozen=True, slots=True)
class AuthRow:
    """``show gpon onu baseinfo``; the serial is empty where the ONT is registered by password."""

    port: PonPort
    ont_id: int
    type: str
    serial: str


@dataclass(frozen=True, slots=True)
class DetailBlock:
    """``show gpon onu detail-info``. ``config_state`` is empty where the firmware does not show it."""

    port: PonPort
    ont_id: int
    name: str
    description: str
    type: str
    state: str
    admin: str
    phase: str
    config_state: str
    serial: str
    distance_m: int | None
    last_cause: str
    last_up: str
    last_down: str
    online_seconds: int | None


@dataclass(frozen=True, slots=True)
class Attenuation:
    """``show pon power attenuation``: dBm, None where nothing is received."""

    olt_rx: float | None
    ont_tx: float | None
    ont_rx: float | None


def _rows(text: str, header: str) -> Iterator[str]:
    """The lines below a table's header; Unreadable without it."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(header, line.strip())), None)
    if start is None:
        raise Unreadable("the table has no header that is known")
    yield from (line for line in lines[start + 1 :] if line.strip() and _RULE.fullmatch(line.strip()) is None)


def unconfigured(text: str) -> tuple[UncfgRow, ...]:
    """Two layouts: by ONT with a state, or by PON port with a model (``uncfg-onu-display-info model sn``, V2.1).

    Titan has the second one only, with a password behind the serial number.
    """
    by_port = re.search(r"^\s*OltIndex\s+Model\s+SN\b", text, re.MULTILINE) is not None
    found: list[UncfgRow] = []
    for line in _rows(text, r"OltIndex\s+Model\s+SN\b" if by_port else r"OnuIndex\b"):
        cells = line.split()
        if by_port:
            if len(cells) < 3:
                raise Unreadable(f"no row of found ONTs: {line!r}")
            found.append(UncfgRow(names.pon_port(cells[0]), cells[2], cells[1]))
        else:
            if len(cells) != 3:
                raise Unreadable(f"no row of found ONTs: {line!r}")
            found.append(UncfgRow(names.onu_place(cells[0])[0], cells[1], ""))
    return tuple(found)


def states(text: str) -> tuple[StateRow, ...]:
    """Three layouts: with an O7 state (V1), with a channel and a count below the table (V2.1), which must agree, or
    with a speed mode (Titan)."""
    header = re.search(r"^\s*OnuIndex\s+Admin State\s+OMCC State.*$", text, re.MULTILINE | re.IGNORECASE)
    phase = 4 if header is not None and "O7" in header[0] else 3
    found: list[StateRow] = []
    for line in _rows(text, r"(?i)OnuIndex\s+Admin State\s+OMCC State"):
        if count := re.fullmatch(r"ONU Number:\s*\d+\s*/\s*(\d+)", line.strip()):
            if int(count[1]) != len(found):
                raise Unreadable(f"{len(found)} rows of {count[1]} ONTs")
            continue
        cells = line.split()
        if len(cells) <= phase or {cells[1], cells[2]} - {"enable", "disable"} or not cells[phase].isalpha():
            raise Unreadable(f"no row of states: {line!r}")
        found.append(StateRow(*names.onu_place(cells[0]), cells[1], cells[phase]))
    return tuple(found)


def base_info(text: str) -> tuple[AuthRow, ...]:
    """A type that is wider than its column goes on in a line of its own."""
    found: list[AuthRow] = []
    for line in _rows(text, r"OnuIndex\s+Type\s+Mode\s+AuthInfo"):
        cells = line.split()
        if len(cells) == 1 and found and line.startswith(" "):
            last = found[-1]
            found[-1] = AuthRow(last.port, last.ont_id, last.type + cells[0], last.serial)
        elif len(cells) in (4, 5) and re.fullmatch(_ONU_CELL, cells[0]):
            found.append(AuthRow(*names.onu_place(cells[0]), cells[1], cells[3].partition("SN:")[2]))
        else:
            raise Unreadable(f"no row of registered ONTs: {line!r}")
    return tuple(found)


def by_serial(text: str) -> tuple[PonPort, int]:
    """Where ``show gpon onu by sn`` found it: the one ONT that is named, whatever heading and columns there are."""
    places = set(re.findall(r"(?:gpon-onu_|gpon_onu-)\d+/\d+/\d+:\d+", text))
    if len(places) != 1:
        raise Unreadable(f"{len(places)} places of one serial number")
    return names.onu_place(places.pop())


def detail_info(text: str) -> DetailBlock:
    """Fields above the rule, the last ten times it was online below."""
    head, rule, history = text.partition("\n" + "-" * 20)
    if not rule:
        raise Unreadable("no history of the ONT")
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    missing = {"ONU interface", "Type", "Admin state", "Phase state", "Serial number", "Description"} - fields.keys()
    if missing:
        raise Unreadable(f"no {', '.join(sorted(missing))} of the ONT")
    distance = re.match(r"(\d+)\s*m\b", fields.get("ONU Distance", ""))
    online = re.fullmatch(r"(\d+)h (\d+)m (\d+)s", fields.get("Online Duration", ""))
    last_up, last_down, cause = _last_of(history)
    return DetailBlock(
        *names.onu_place(fields["ONU interface"]),
        name=fields.get("Name", ""),
        description=fields["Description"],
        type=fields["Type"],
        state=fields.get("State", ""),
        admin=fields["Admin state"],
        phase=fields["Phase state"],
        config_state=fields.get("Config state", ""),
        serial=fields["Serial number"],
        distance_m=int(distance[1]) if distance else None,
        last_cause=cause,
        last_up=last_up,
        last_down=last_down,
        online_seconds=(int(online[1]) * 60 + int(online[2])) * 60 + int(online[3]) if online else None,
    )


def _last_of(history: str) -> tuple[str, str, str]:
    """When it last came and last went, and why the last time online that is over ended; empty where it never did."""
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    came, went, cause = "", "", ""
    for line in _rows(history, r"Authpass Time\s+OfflineTime\s+Cause"):
        row = re.fullmatch(rf"\s*\d+\s+({stamp})\s+({stamp})\s*(\S*)\s*", line)
        if row is None:
            raise Unreadable(f"no row of the ONT's history: {line!r}")
        came = row[1] if row[1] != _NEVER else came
        went = row[2] if row[2] != _NEVER else went
        cause = row[3] if row[3] and row[2] != _NEVER else cause
    return came, went, cause


def attenuation(text: str) -> Attenuation:
    """What each end hears of the other, and what the ONT sends."""
    up = re.search(r"^\s*up\s+Rx\s*:(.*?)\s+Tx\s*:(\S*(?: signal)?)", text, re.MULTILINE)
    down = re.search(r"^\s*down\s+Tx\s*:(.*?)\s+Rx\s*:(\S*(?: signal)?)", text, re.MULTILINE)
    if up is None or down is None:
        raise Unreadable("no optical powers in both directions")
    return Attenuation(olt_rx=_level(up[1]), ont_tx=_level(up[2]), ont_rx=_level(down[2]))


def powers(text: str) -> dict[int, float | None]:
    """``show pon power onu-rx``, ``onu-tx`` or ``olt-rx`` of a PON port: dBm by ONT id."""
    found: dict[int, float | None] = {}
    for line in _rows(text, r"Onu\s+[RT]x power"):
        cell, _, level = line.strip().partition(" ")
        found[names.onu_place(cell)[1]] = _level(level)
    return found


def _level(text: str) -> float | None:
    if level := _DBM.search(text):
        return float(level[1])
    if _DARK.search(text):
        return None
    raise Unreadable(f"{text!r} is no optical power")
