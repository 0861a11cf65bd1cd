"""The light of a port's ONTs over time, as rows for pages and as frames for analysts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pandas as pd
import sqlalchemy as sa

from isp_lifecycle.views.analyst import INSTANT
from isp_lifecycle.views.light.trend import Trend, shared, trend_of
from isp_lifecycle.views.window import Look, shows

#: So many days are compared.
DAYS = 60

#: One row an ONT and reading. Levels are dBm, NaN where the ONT was off; ``olt_rx_dbm`` also where its vendor does not
#: tell it. ``service_code`` is empty where the ONT is on nobody's line now. ``source`` says who asked: the night's
#: reading (``nightly``), a person's look (``look``), or the demo's invented past (``sample``).
LIGHT = {
    "at": INSTANT,
    "olt": "str",
    "pon_port": "str",
    "ont_id": "int64",
    "serial": "str",
    "service_code": "str",
    "ont_rx_dbm": "float64",
    "olt_rx_dbm": "float64",
    "source": "str",
}


@dataclass(frozen=True)
class OntOverTime:
    """One ONT of a port with what became of its light; no service where it is on nobody's line."""

    ont_id: int
    serial: str
    service_code: str
    customer: str
    splitter: str
    trend: Trend
    invented: bool = False


@dataclass(frozen=True)
class PortOverTime:
    """A port's ONTs over time; ``invented`` says that some of it is the sample town's past, which nobody measured."""

    olt: str
    pon_port: str
    read_at: datetime | None
    onts: tuple[OntOverTime, ...]
    invented: bool = False


_READINGS = """
    SELECT w.at, w.pon_port, w.source, one.ont_id, one.serial, one.ont_rx / 100.0 AS ont_rx,
           one.olt_rx / 100.0 AS olt_rx
    FROM light_looks w JOIN olts o ON o.id = w.olt_id
    CROSS JOIN LATERAL unnest(w.ont_ids, w.serials, w.ont_rx, w.olt_rx) AS one (ont_id, serial, ont_rx, olt_rx)
    WHERE o.name = :olt AND w.pon_port = :port AND w.at >= :since
    ORDER BY w.at, one.ont_id
"""
_LINES = """
    SELECT l.serial, s.code, c.name, coalesce(l.splitter_code, '') AS splitter
    FROM lines l JOIN olts o ON o.id = l.olt_id JOIN services s ON s.id = l.service_id
    JOIN customers c ON c.id = s.customer_id WHERE o.name = :olt AND l.pon_port = :port
"""
_PLACE = """
    SELECT o.name AS olt, l.pon_port, l.serial FROM lines l JOIN olts o ON o.id = l.olt_id
    JOIN services s ON s.id = l.service_id WHERE s.code = :code
"""


@shows("network.read")
def port_over_time(look: Look, *, olt: str, pon_port: str) -> PortOverTime:
    """The last two months of every ONT that was on a port at the last reading, and who changed alike."""
    return _over_time(look, olt, pon_port)


@shows("service.read")
def line_over_time(look: Look, *, service_code: str) -> OntOverTime | None:
    """The last two months of one line's ONT at its place; None where no line is built, or nothing was read of it."""
    place = look.tx.execute(sa.text(_PLACE), {"code": service_code}).one_or_none()
    if place is None:
        return None
    found = _over_time(look, place.olt, place.pon_port)
    one = next((one for one in found.onts if one.serial == place.serial), None)
    return replace(one, invented=found.invented) if one is not None else None


@shows("network.read")
def port_frame(look: Look, *, olt: str, pon_port: str, days: int = 400) -> pd.DataFrame:
    """Every reading of a port's ONTs (``LIGHT``), oldest first."""
    lines = _lines(look, olt, pon_port)
    rows = [
        (r.at, olt, r.pon_port, r.ont_id, r.serial, _code(lines, r.serial), r.ont_rx, r.olt_rx, r.source)
        for r in _readings(look, olt, pon_port, days)
    ]
    return pd.DataFrame(rows, columns=list(LIGHT)).astype(LIGHT)


@shows("service.read")
def line_frame(look: Look, *, service_code: str, days: int = 400) -> pd.DataFrame:
    """Every reading of one line's ONT at its place (``LIGHT``), oldest first; empty where no line is built."""
    place = look.tx.execute(sa.text(_PLACE), {"code": service_code}).one_or_none()
    rows = [
        (r.at, place.olt, r.pon_port, r.ont_id, r.serial, service_code, r.ont_rx, r.olt_rx, r.source)
        for r in (_readings(look, place.olt, place.pon_port, days) if place else ())
        if place and r.serial == place.serial
    ]
    return pd.DataFrame(rows, columns=list(LIGHT)).astype(LIGHT)


def _readings(look: Look, olt: str, pon_port: str, days: int) -> Iterable[Any]:
    since = look.at - timedelta(days=days)
    return look.tx.execute(sa.text(_READINGS), {"olt": olt, "port": pon_port, "since": since}).all()


def _lines(look: Look, olt: str, pon_port: str) -> Mapping[str, Any]:
    return {r.serial: r for r in look.tx.execute(sa.text(_LINES), {"olt": olt, "port": pon_port})}


def _code(lines: Mapping[str, Any], serial: str) -> str:
    line = lines.get(serial)
    return line.code if line is not None else ""


def _over_time(look: Look, olt: str, pon_port: str) -> PortOverTime:
    rows = list(_readings(look, olt, pon_port, DAYS))
    lines, zone = _lines(look, olt, pon_port), look.settings.company.tz
    read_at = rows[-1].at if rows else None
    present = {r.serial: r.ont_id for r in rows if r.at == read_at}
    days: dict[str, dict[date, list[float]]] = {serial: {} for serial in present}
    for r in rows:
        if r.serial in present:
            levels = days[r.serial].setdefault(r.at.astimezone(zone).date(), [])
            if r.ont_rx is not None:
                levels.append(float(r.ont_rx))
    trends = {
        serial: trend_of([(day, median(levels) if levels else None) for day, levels in sorted(of_one.items())])
        for serial, of_one in days.items()
    }
    trends = shared(trends, {serial: lines[serial].splitter for serial in present if serial in lines})
    onts = (_ont(ont_id, serial, lines.get(serial), trends[serial]) for serial, ont_id in present.items())
    invented = any(r.source == "sample" for r in rows)
    return PortOverTime(olt, pon_port, read_at, tuple(sorted(onts, key=lambda one: one.ont_id)), invented)


def _ont(ont_id: int, serial: str, line: Any, trend: Trend) -> OntOverTime:
    if line is None:
        return OntOverTime(ont_id, serial, "", "", "", trend)
    return OntOverTime(ont_id, serial, line.code, line.name, line.splitter, trend)
