"""The light of the past: each night's reading of every ONT, with what went wrong meanwhile. Invented, and marked so."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.intake.door import Act
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.telemetry.model import Built, OntLevel, PortLook, Source
from isp_lifecycle.telemetry.model.weakness import Limits

#: So many nights, the last of them the one before the demo begins.
NIGHTS = 60
#: Before the demo begins: a drop was damaged, an ONT lost its power, a feeder began to fade.
DROP_AGO, OFF_AGO, FADING_FOR = timedelta(days=9), timedelta(days=3), timedelta(days=36)
#: From night to night an ONT's receiver tells a little more or less, one differs from the next by somewhat more.
NIGHTLY_DB, EACH_DB = 0.08, 0.35
#: What an OLT hears of an ONT, below what the ONT receives; V-SOL does not tell it.
HEARD_BELOW_DB = 2.3
MUTE = "vsol"


@dataclass(frozen=True, kw_only=True)
class PastFaults:
    """What went wrong: losses of drops in dB and homes without power by premises, and a PON port whose feeder fades."""

    drops: Mapping[str, float] = field(default_factory=dict)
    dark: frozenset[str] = frozenset()
    fading: tuple[str, str] | None = None
    fading_db: float = 0.0


_LINES = """
    SELECT l.olt_id, o.name AS olt, o.vendor, l.pon_port, l.ont_id, l.serial, l.splitter_code, l.expected_rx_dbm,
           s.active_on, p.code AS premises
    FROM lines l JOIN olts o ON o.id = l.olt_id JOIN services s ON s.id = l.service_id
    JOIN premises p ON p.id = s.premises_id ORDER BY l.olt_id, l.pon_port, l.ont_id
"""


def write_light(act: Act, faults: PastFaults, *, chance: random.Random) -> int:
    """Write each night's light of every line that stood then; returns how many readings there are."""
    rows = act.tx.execute(sa.text(_LINES)).all()
    own = {row.serial: chance.gauss(0, EACH_DB) for row in rows}
    ports: dict[tuple[UUID, str], list[Any]] = {}
    for row in rows:
        ports.setdefault((row.olt_id, row.pon_port), []).append(row)
    written = 0
    for nights_ago in range(NIGHTS, -1, -1):
        at = _night(act, act.today - timedelta(days=nights_ago))
        if at > act.at:
            continue
        for (olt_id, port), lines in ports.items():
            there = [one for one in lines if one.active_on is not None and one.active_on <= at.date()]
            onts = tuple(_level(one, at.date(), act.today, own[one.serial], faults, chance) for one in there)
            written += len(onts)
            if onts:
                telemetry.keep_past_look(tx=act.tx, look=PortLook(olt_id, port, at, Source.SAMPLE, onts))
            if onts and nights_ago <= 1:
                _stand(act, PortLook(olt_id, port, at, Source.SAMPLE, onts), there)
    return written


def _stand(act: Act, look: PortLook, lines: list[Any]) -> None:
    """How the ONTs stood when they were last looked at."""
    built = {one.serial: Built(one.splitter_code or "", one.expected_rx_dbm) for one in lines}
    telemetry.keep_look(tx=act.tx, look=look, built=built, limits=Limits.of(act.settings))


def _night(act: Act, day: date) -> datetime:
    hour = act.settings.network.reconcile_at_hour
    return datetime.combine(day, time(hour, 35), tzinfo=act.settings.company.tz)


def _level(line: Any, day: date, today: date, own: float, faults: PastFaults, chance: random.Random) -> OntLevel:
    shaken = chance.gauss(0, NIGHTLY_DB)
    if line.premises in faults.dark and day > today - OFF_AGO:
        return OntLevel(line.ont_id, line.serial, None, online=False)
    lost = faults.drops.get(line.premises, 0.0) if day > today - DROP_AGO else 0.0
    if faults.fading == (line.olt, line.pon_port):
        lost += faults.fading_db * max(0.0, (day - (today - FADING_FOR)) / FADING_FOR)
    level = round(line.expected_rx_dbm + own + shaken - lost, 2)
    heard = None if line.vendor == MUTE else round(level - HEARD_BELOW_DB, 2)
    return OntLevel(line.ont_id, line.serial, level, heard)
