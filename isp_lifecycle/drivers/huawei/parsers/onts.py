"""ONTs as a SmartAX prints them: found, registered, summed up, and their light."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.drivers.huawei.parsers.text import (
    FSP,
    RULE,
    decimal,
    description_of,
    first_word,
    lasted,
    moment,
    needed,
    pairs_of,
    required_whole,
    whole,
    word,
)
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable


@dataclass(frozen=True, slots=True)
class AutofindRow:
    port: PonPort
    serial: str
    vendor: str
    model: str
    software: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class OntBlock:
    """``display ont info`` of one ONT. A ``-`` on the device is None or the empty text."""

    port: PonPort
    ont_id: int
    serial: str
    description: str
    control_flag: str
    run_state: str
    config_state: str
    match_state: str
    distance_m: int | None
    last_down_cause: str
    last_up_at: datetime | None
    last_down_at: datetime | None
    line_profile_id: int | None
    service_profile_id: int | None
    last_up: str
    last_down: str
    online_seconds: int | None


@dataclass(frozen=True, slots=True)
class OntRow:
    """One line of ``display ont info ... all``, with its description from the second table."""

    port: PonPort
    ont_id: int
    serial: str
    control_flag: str
    run_state: str
    config_state: str
    match_state: str
    description: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One ONT of ``display ont info summary``."""

    port: PonPort
    ont_id: int
    run_state: str
    last_down_cause: str
    serial: str
    model: str
    distance_m: int | None
    rx_dbm: float | None
    tx_dbm: float | None
    description: str


@dataclass(frozen=True, slots=True)
class OpticalRow:
    ont_id: int | None
    rx_dbm: float | None
    tx_dbm: float | None
    olt_rx_dbm: float | None
    temperature_c: float | None
    voltage_v: float | None
    bias_ma: float | None


def autofind(text: str) -> tuple[AutofindRow, ...]:
    """``display ont autofind all``: blocks between dash lines, with more keys on newer firmware."""
    rows: list[AutofindRow] = []
    for block in RULE.split(text):
        pairs = pairs_of(block)
        if "ont sn" not in pairs:
            continue
        row = AutofindRow(
            port=PonPort.parse(needed(pairs, "F/S/P")),
            serial=first_word(needed(pairs, "Ont SN")),
            vendor=pairs.get("vendorid", ""),
            model=pairs.get("ont equipmentid", ""),
            software=pairs.get("ont softwareversion", ""),
            seen_at=moment(pairs.get("ont autofind time", "")),
        )
        rows.append(row)
    if not rows:
        raise Unreadable("no automatically found ONT in the answer")
    return tuple(rows)


def ont_block(text: str) -> OntBlock:
    """``display ont info P O`` and ``display ont info by-sn``: one long text."""
    pairs = pairs_of(text)
    return OntBlock(
        port=PonPort.parse(needed(pairs, "F/S/P")),
        ont_id=required_whole(needed(pairs, "ONT-ID")),
        serial=first_word(needed(pairs, "SN")),
        description=description_of(needed(pairs, "Description")),
        control_flag=needed(pairs, "Control flag"),
        run_state=needed(pairs, "Run state"),
        config_state=needed(pairs, "Config state"),
        match_state=needed(pairs, "Match state"),
        distance_m=whole(pairs.get("ont distance(m)", "")),
        last_down_cause=pairs.get("last down cause", ""),
        last_up_at=moment(pairs.get("last up time", "")),
        last_down_at=moment(pairs.get("last down time", "")),
        line_profile_id=whole(pairs.get("line profile id", "")),
        service_profile_id=whole(pairs.get("service profile id", "")),
        last_up=pairs.get("last up time", ""),
        last_down=pairs.get("last down time", ""),
        online_seconds=lasted(pairs.get("ont online duration", "")),
    )


_ONT_ROW = re.compile(
    rf"^\s*{FSP}\s+(?P<ont>\d+)\s+(?P<sn>\S{{12,20}})\s+(?P<flag>active|deactive|deactivated|configuring)\s+"
    r"(?P<run>\S+)\s+(?P<config>\S+)\s+(?P<match>\S+)(?:\s+\S+)?\s*$",
    re.MULTILINE,
)
_DESCRIPTION_ROW = re.compile(rf"^\s*{FSP}\s+(?P<ont>\d+)(?:[ \t]+(?P<text>\S.*?))?\s*$", re.MULTILINE)
_ONT_TOTAL = re.compile(rf"In port\s+{FSP}\s*,\s*the total(?: number)? of ONTs (?:are|is)\s*:\s*(?P<total>\d+)")


def descriptions(text: str) -> dict[tuple[PonPort, int], str]:
    """The second table of ``display ont info ... all``, which ``by-desc`` prints alone."""
    places: dict[tuple[PonPort, int], str] = {}
    for row in _DESCRIPTION_ROW.finditer(_ONT_ROW.sub("", text)):
        places[PonPort.parse(row["fsp"]), int(row["ont"])] = description_of(row["text"] or "")
    return places


def ont_rows(text: str) -> tuple[OntRow, ...]:
    """``display ont info ... all``: of one PON port or of many. The device's own totals are checked."""
    said = descriptions(text)
    rows: list[OntRow] = []
    for found in _ONT_ROW.finditer(text):
        place = (PonPort.parse(found["fsp"]), int(found["ont"]))
        row = OntRow(
            port=place[0],
            ont_id=place[1],
            serial=found["sn"],
            control_flag=found["flag"],
            run_state=word(found["run"]),
            config_state=word(found["config"]),
            match_state=word(found["match"]),
            description=said.get(place, ""),
        )
        rows.append(row)
    _check_totals(text, [row.port for row in rows])
    return tuple(rows)


def _check_totals(text: str, ports: list[PonPort]) -> None:
    totals = list(_ONT_TOTAL.finditer(text))
    if not totals:
        raise Unreadable("no total of ONTs in the answer: it is not complete")
    for total in totals:
        port = PonPort.parse(total["fsp"])
        if ports.count(port) != int(total["total"]):
            raise Unreadable(f"{ports.count(port)} ONTs of port {port} are readable, the OLT counts {total['total']}")


_SUMMARY_STATE = re.compile(
    r"^\s*(?P<ont>\d+)\s+(?P<run>online|offline|-)\s+(?P<up>-|\S+ \S+)\s+(?P<down>-|\S+ \S+)\s+(?P<cause>\S.*?)\s*$",
    re.MULTILINE,
)
_SUMMARY_LEVEL = re.compile(
    r"^\s*(?P<ont>\d+)\s+(?P<sn>\S{12,20})\s+(?P<model>\S+)\s+(?P<distance>-|\d+)\s+(?P<rx>-|-?[\d.]+)/(?P<tx>-|-?[\d.]+)"
    r"(?:[ \t]+(?P<text>\S.*?))?\s*$",
    re.MULTILINE,
)


def summary(text: str) -> tuple[SummaryRow, ...]:
    """``display ont info summary F/S/P``: for each PON port a table of states, then a table of levels."""
    totals = list(_ONT_TOTAL.finditer(text))
    if not totals:
        raise Unreadable("no total of ONTs in the answer: it is not complete")
    rows: list[SummaryRow] = []
    for place, total in enumerate(totals):
        end = totals[place + 1].start() if place + 1 < len(totals) else len(text)
        rows += _summary_of_port(text[total.end() : end], PonPort.parse(total["fsp"]))
    _check_totals(text, [row.port for row in rows])
    return tuple(rows)


def _summary_of_port(text: str, port: PonPort) -> list[SummaryRow]:
    levels = {int(found["ont"]): found for found in _SUMMARY_LEVEL.finditer(text)}
    rows: list[SummaryRow] = []
    for state in _SUMMARY_STATE.finditer(text):
        ont_id = int(state["ont"])
        level = levels.get(ont_id)
        if level is None:
            raise Unreadable(f"ONT {ont_id} of port {port} has a state but no levels in the answer")
        row = SummaryRow(
            port=port,
            ont_id=ont_id,
            run_state=word(state["run"]),
            last_down_cause=word(state["cause"]),
            serial=level["sn"],
            model=word(level["model"]),
            distance_m=whole(level["distance"]),
            rx_dbm=decimal(level["rx"]),
            tx_dbm=decimal(level["tx"]),
            description=description_of(level["text"] or ""),
        )
        rows.append(row)
    return rows


def optical_block(text: str) -> OpticalRow:
    """``display ont optical-info P O``."""
    pairs = pairs_of(text)
    return OpticalRow(
        ont_id=None,
        rx_dbm=decimal(needed(pairs, "Rx optical power(dBm)")),
        tx_dbm=decimal(needed(pairs, "Tx optical power(dBm)")),
        olt_rx_dbm=decimal(pairs.get("olt rx ont optical power(dbm)", "")),
        temperature_c=decimal(pairs.get("temperature(c)", "")),
        voltage_v=decimal(pairs.get("voltage(v)", "")),
        bias_ma=decimal(pairs.get("laser bias current(ma)", "")),
    )


_OPTICAL_ROW = re.compile(r"^\s*(?P<ont>\d+)" + r"\s+(-|-?\d+(?:\.\d+)?)" * 7 + r"\s*$", re.MULTILINE)


def optical_rows(text: str) -> tuple[OpticalRow, ...]:
    """``display ont optical-info P all``: ONT, Rx, Tx, OLT Rx, temperature, voltage, current, distance."""
    if re.search(r"OLT Rx ONT", text) is None:
        raise Unreadable("no table of optical levels in the answer")
    rows: list[OpticalRow] = []
    for found in _OPTICAL_ROW.finditer(text):
        rx, tx, olt_rx, temperature, voltage, bias = (decimal(found[column]) for column in range(2, 8))
        rows.append(OpticalRow(int(found["ont"]), rx, tx, olt_rx, temperature, voltage, bias))
    return tuple(rows)
