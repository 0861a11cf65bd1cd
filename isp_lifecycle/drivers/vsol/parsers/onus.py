"""ONTs as a V1600G shows them: found, registered, working, with what light."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isp_lifecycle.drivers import printed
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.vsol import names

_RULE = re.compile(r"-{5,}\s*")
_COUNT = re.compile(r"pon: \d+ total: (\d+) working: \d+|ONU Number: ?\d+ ?/ ?(\d+)")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """``show onu auto-find`` of one PON port; ``equipment`` where the firmware shows it."""

    serial: str
    equipment: str


@dataclass(frozen=True, slots=True)
class InfoRow:
    """``show onu info``: the model is ``unknown`` until an ONT was online."""

    port: PonPort
    ont_id: int
    model: str
    profile: str
    serial: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """``show onu state``: the states in the device's words; ``config`` is empty where the firmware shows none."""

    port: PonPort
    ont_id: int
    admin: str
    phase: str
    config: str


@dataclass(frozen=True, slots=True)
class OpticalBlock:
    """``show onu N optical_info``: dBm, degrees Celsius, volts, milliamperes."""

    rx: float | None
    tx: float | None
    temperature: float | None
    voltage: float | None
    bias: float | None


def _rows(text: str, header: str) -> Iterator[list[str]]:
    """The cells of the lines below a table's header; Unreadable without it."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(header, line.strip(), re.IGNORECASE)), None)
    if start is None:
        raise Unreadable("the table has no header that is known")
    yield from (line.split() for line in lines[start + 1 :] if line.strip() and _RULE.fullmatch(line.strip()) is None)


def auto_find(text: str) -> tuple[FoundRow, ...]:
    """Two layouts: by number with an equipment id (V1.4.8R), by place with a state (V2). An empty answer is no ONT."""
    if not text.strip():
        return ()
    by_place = re.search(r"^\s*OnuIndex\s+Sn\b", text, re.MULTILINE | re.IGNORECASE) is not None
    found: list[FoundRow] = []
    for cells in _rows(text, r"(Onu)?Index\s+Sn\b"):
        if by_place and len(cells) in (2, 3):
            names.onu_place(cells[0])
            found.append(FoundRow(cells[1], ""))
        elif not by_place and len(cells) in (2, 3) and cells[0].isdigit() and cells[1].lower().startswith("sn:"):
            found.append(FoundRow(cells[1][3:], cells[2] if len(cells) == 3 else ""))
        else:
            raise Unreadable(f"no row of found ONTs: {' '.join(cells)!r}")
        printed.serial(found[-1].serial)
    return tuple(found)


def info(text: str) -> tuple[InfoRow, ...]:
    """The registered ONTs of one PON port, an empty line between two rows (V1.4.8R) or not."""
    found: list[InfoRow] = []
    for cells in _rows(text, r"OnuIndex\s+Model\s+Profile\s+Mode\s+AuthInfo"):
        if len(cells) != 5:
            raise Unreadable(f"no row of registered ONTs: {' '.join(cells)!r}")
        serial = cells[4] if cells[3].lower() == "sn" else ""
        found.append(InfoRow(*names.onu_place(cells[0]), cells[1], cells[2], serial))
    return tuple(found)


def states(text: str) -> tuple[StateRow, ...]:
    """Three layouts: with the serial (V1.4.8R), with a channel, with a config state and a channel (V2).

    V1600G are known to break off in the middle of this table and to show the prompt as if it were whole; so the count
    below it must be there and must agree.
    """
    header = next((line for line in text.splitlines() if re.match(r"\s*OnuIndex\s+Admin State\b", line, re.I)), "")
    has_config = "Config State" in header
    found: list[StateRow] = []
    total: int | None = None
    for cells in _rows(text, r"OnuIndex\s+Admin State\s+OMCC State\s+Phase State\b"):
        if count := _COUNT.fullmatch(" ".join(cells)):
            total = int(count[1] or count[2])
            continue
        if len(cells) < 4 or {cells[1], cells[2]} - {"enable", "disable"} or not cells[3].isalpha():
            raise Unreadable(f"no row of states: {' '.join(cells)!r}")
        config = cells[4] if has_config and len(cells) > 4 else ""
        found.append(StateRow(*names.onu_place(cells[0]), cells[1], cells[3], config))
    if total is not None and total != len(found):
        raise Unreadable(f"{len(found)} rows of {total} ONTs")
    if total is None and found:
        raise Unreadable(f"{len(found)} rows, and no count below them")
    return tuple(found)


def rx_power(text: str) -> dict[int, float | None]:
    """``show pon onu all rx-power``: what each ONT of the port receives, dBm by ONT id; None for one that is off."""
    found: dict[int, float | None] = {}
    for cells in _rows(text, r"Onu\s+ONU_Rx"):
        if len(cells) != 2 or not cells[0].isdigit():
            raise Unreadable(f"no row of optical powers: {' '.join(cells)!r}")
        found[int(cells[0])] = _number(cells[1])
    return found


def optical(text: str) -> OpticalBlock:
    """V1.4.8R names the ONT in ``Rx optical level(ONU)`` and gives dBm without their unit; V2.1.6R has them with it."""
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    fields["Rx optical level"] = fields.get("Rx optical level(ONU)", fields.get("Rx optical level", ""))
    words = ("Rx optical level", "Tx optical level", "Temperature", "Power feed voltage", "Laser bias current")
    if any(not fields.get(word) for word in words):
        raise Unreadable(f"no {', '.join(word for word in words if not fields.get(word))}")
    rx, tx, temperature, voltage, bias = (_number(fields[word]) for word in words)
    return OpticalBlock(rx, tx, temperature, voltage, bias)


def _number(text: str) -> float | None:
    if text.upper() == "N/A":
        return None
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:\((?:dBm|C|V|mA)\))?", text)
    if match is None:
        raise Unreadable(f"{text!r} is no measured value")
    return float(match[1])


def distance(text: str) -> int | None:
    """Metres; None where there is no number."""
    match = re.search(r"^\s*onu \d+ Distance:\s*(\S*)\s*$", text, re.MULTILINE | re.IGNORECASE)
    if match is None:
        raise Unreadable("no distance of the ONT")
    metres = re.fullmatch(r"(\d+)m", match[1])
    return int(metres[1]) if metres else None


def description(text: str) -> str:
    """``show onu N desc``; empty where it has none."""
    match = re.search(r"^\s*onu \d+ Description:[ \t]*(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    if match is None:
        raise Unreadable("no description of the ONT")
    return match[1]
