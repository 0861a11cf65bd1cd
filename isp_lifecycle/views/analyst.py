"""What an analyst works with: pandas frames whose columns and types are the same whether or not there are rows.

Instants are UTC (``datetime64[us, UTC]``); days are ``datetime.date``; money is ``Decimal`` beside its currency, so
that no sum drifts; levels are dBm. Periods are days on the provider's calendar, both ends included; ``area`` None or
empty means everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.window import Look, shows

INSTANT = "datetime64[us, UTC]"

#: One row an activation that was finished in the period. ``connect_minutes`` is from Activate pressed to service
#: active, ``order_days`` from the order; ``first_time`` tells that no step failed, ``failures`` how many attempts did.
ACTIVATIONS = {
    "order_code": "str",
    "service_code": "str",
    "area": "str",
    "olt": "str",
    "plan_code": "str",
    "channel": "str",
    "ordered_at": INSTANT,
    "confirmed_at": INSTANT,
    "pressed_at": INSTANT,
    "active_at": INSTANT,
    "connect_minutes": "float64",
    "order_days": "float64",
    "first_time": "bool",
    "failures": "int64",
}

#: One row an attempt at a step that began in the period. ``device_seconds`` is the device's share of ``seconds``.
STEP_TIMES = {
    "order_code": "str",
    "workflow": "str",
    "step": "str",
    "position": "int64",
    "attempt": "int64",
    "state": "str",
    "area": "str",
    "started_at": INSTANT,
    "seconds": "float64",
    "device_seconds": "float64",
}

#: One row a failed attempt. ``mended_minutes`` is until the step was done after all, NaN where it was not yet.
FAILURES = {
    "at": INSTANT,
    "order_code": "str",
    "service_code": "str",
    "workflow": "str",
    "step": "str",
    "kind": "str",
    "what": "str",
    "area": "str",
    "olt": "str",
    "mended_minutes": "float64",
}

#: One row a service that there is or was. Optical levels are NaN where none is recorded.
SERVICES = {
    "service_code": "str",
    "customer_code": "str",
    "state": "str",
    "plan_code": "str",
    "down_kbps": "int64",
    "up_kbps": "int64",
    "price": "object",
    "currency": "str",
    "area": "str",
    "latitude": "float64",
    "longitude": "float64",
    "olt": "str",
    "pon_port": "str",
    "active_on": "object",
    "ended_on": "object",
    "source": "str",
    "expected_rx_dbm": "float64",
    "measured_rx_dbm": "float64",
}

#: One row a charge or credit whose first day lies in the period.
CHARGES = {
    "customer_code": "str",
    "service_code": "str",
    "area": "str",
    "kind": "str",
    "first": "object",
    "last": "object",
    "amount": "object",
    "currency": "str",
    "description": "str",
    "created_at": INSTANT,
}

#: One row a reading of a line. ``gap_db`` is how far the ONT's level lies below the expected one.
OPTICAL = {
    "at": INSTANT,
    "service_code": "str",
    "area": "str",
    "olt": "str",
    "pon_port": "str",
    "distance_m": "float64",
    "expected_rx_dbm": "float64",
    "ont_rx_dbm": "float64",
    "olt_rx_dbm": "float64",
    "gap_db": "float64",
}

_IN_AREA = "(:area = '' OR p.area = :area)"

_ACTIVATIONS = f"""
    SELECT o.code, s.code, p.area, coalesce(l.name, ''), o.terms->>'plan_code', o.channel, o.submitted_at, o.decided_at,
           a.pressed_at, d.finished_at, extract(epoch FROM d.finished_at - a.pressed_at) / 60,
           extract(epoch FROM d.finished_at - o.submitted_at) / 86400, f.failures = 0, f.failures
    FROM deliveries d JOIN events e ON e.id = d.event_id JOIN orders o ON o.id = e.order_id
    JOIN services s ON s.id = d.service_id JOIN premises p ON p.id = o.premises_id
    LEFT JOIN lines i ON i.service_id = s.id LEFT JOIN olts l ON l.id = i.olt_id
    LEFT JOIN LATERAL (SELECT max(r.started_at) AS pressed_at FROM step_runs r WHERE r.delivery_id = d.id
        AND r.name = 'Wait for the installer' AND r.state = 'done') a ON true
    CROSS JOIN LATERAL (SELECT count(*) AS failures FROM step_runs r
        WHERE r.delivery_id = d.id AND r.state = 'failed') f
    WHERE d.subscriber = 'activation' AND d.state = 'done' AND d.finished_at >= :start AND d.finished_at < :end
      AND {_IN_AREA}
    ORDER BY d.finished_at
"""  # noqa: S608 - the fragment is a constant of this module

_STEP_TIMES = f"""
    SELECT coalesce(o.code, ''), d.subscriber, r.name, r.position, r.attempt, r.state, coalesce(p.area, ''),
           r.started_at, extract(epoch FROM r.finished_at - r.started_at), r.device_seconds
    FROM step_runs r JOIN deliveries d ON d.id = r.delivery_id JOIN events e ON e.id = d.event_id
    LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN premises p ON p.id = o.premises_id
    WHERE r.started_at >= :start AND r.started_at < :end AND {_IN_AREA}
    ORDER BY r.started_at, r.id
"""  # noqa: S608 - the fragment is a constant of this module

_FAILURES = f"""
    SELECT r.finished_at, coalesce(o.code, ''), coalesce(s.code, ''), d.subscriber, r.name,
           coalesce(r.failure->>'kind', ''), coalesce(r.failure->>'what', ''), coalesce(p.area, ''),
           coalesce(l.name, ''), extract(epoch FROM m.mended_at - r.finished_at) / 60
    FROM step_runs r JOIN deliveries d ON d.id = r.delivery_id JOIN events e ON e.id = d.event_id
    LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN premises p ON p.id = o.premises_id
    LEFT JOIN services s ON s.id = d.service_id LEFT JOIN splitters t ON t.code = p.splitter_code
    LEFT JOIN pon_ports n ON n.id = t.pon_port_id LEFT JOIN olts l ON l.id = n.olt_id
    LEFT JOIN LATERAL (SELECT min(g.finished_at) AS mended_at FROM step_runs g WHERE g.delivery_id = r.delivery_id
        AND g.name = r.name AND g.state = 'done' AND g.finished_at > r.finished_at) m ON true
    WHERE r.state = 'failed' AND r.finished_at >= :start AND r.finished_at < :end AND {_IN_AREA}
    ORDER BY r.finished_at
"""  # noqa: S608 - the fragment is a constant of this module

_SERVICES = """
    SELECT s.code, c.code, s.state, s.terms->>'plan_code', (s.terms->>'down_kbps')::bigint,
           (s.terms->>'up_kbps')::bigint, (s.terms->>'price')::numeric, s.terms->>'currency', p.area, p.latitude,
           p.longitude, coalesce(l.name, ''), coalesce(i.pon_port, ''), s.active_on, s.ended_on,
           coalesce(i.source, ''), i.expected_rx_dbm, i.measured_rx_dbm
    FROM services s JOIN customers c ON c.id = s.customer_id JOIN premises p ON p.id = s.premises_id
    LEFT JOIN lines i ON i.service_id = s.id LEFT JOIN olts l ON l.id = i.olt_id
    ORDER BY s.code
"""

_CHARGES = f"""
    SELECT c.code, s.code, p.area, h.kind, lower(h.period), upper(h.period) - 1, h.amount, h.amount_currency,
           h.description, h.created_at
    FROM charges h JOIN customers c ON c.id = h.customer_id JOIN services s ON s.id = h.service_id
    JOIN premises p ON p.id = s.premises_id
    WHERE lower(h.period) >= :first AND lower(h.period) <= :last AND {_IN_AREA}
    ORDER BY h.number
"""  # noqa: S608 - the fragment is a constant of this module

_OPTICAL = f"""
    SELECT g.at, s.code, p.area, g.olt, g.pon_port, g.distance_m, i.expected_rx_dbm, g.ont_rx_dbm, g.olt_rx_dbm,
           i.expected_rx_dbm - g.ont_rx_dbm
    FROM readings g JOIN services s ON s.id = g.service_id JOIN premises p ON p.id = s.premises_id
    LEFT JOIN lines i ON i.service_id = s.id
    WHERE g.at >= :start AND g.at < :end AND {_IN_AREA}
    ORDER BY g.at, s.code
"""  # noqa: S608 - the fragment is a constant of this module


@shows("report.read")
def activations(look: Look, *, first: date, last: date, area: str | None = None) -> pd.DataFrame:
    """Activations that were finished in the period, as ``ACTIVATIONS`` describes."""
    return _frame(look, _ACTIVATIONS, ACTIVATIONS, _period(look, first, last, area))


@shows("report.read")
def step_times(look: Look, *, first: date, last: date, area: str | None = None) -> pd.DataFrame:
    """Every attempt at every step of every workflow, as ``STEP_TIMES`` describes."""
    return _frame(look, _STEP_TIMES, STEP_TIMES, _period(look, first, last, area))


@shows("report.read")
def failures(look: Look, *, first: date, last: date, area: str | None = None) -> pd.DataFrame:
    """Attempts that failed, as ``FAILURES`` describes."""
    return _frame(look, _FAILURES, FAILURES, _period(look, first, last, area))


@shows("report.read")
def services(look: Look) -> pd.DataFrame:
    """Every service with its line, as ``SERVICES`` describes."""
    return _frame(look, _SERVICES, SERVICES, {})


@shows("report.read")
def charges(look: Look, *, first: date, last: date, area: str | None = None) -> pd.DataFrame:
    """Charges and credits for days in the period, as ``CHARGES`` describes."""
    return _frame(look, _CHARGES, CHARGES, _period(look, first, last, area))


@shows("report.read")
def optical(look: Look, *, first: date, last: date, area: str | None = None) -> pd.DataFrame:
    """Readings of lines beside what their loss budget expects, as ``OPTICAL`` describes."""
    return _frame(look, _OPTICAL, OPTICAL, _period(look, first, last, area))


def _period(look: Look, first: date, last: date, area: str | None) -> dict[str, Any]:
    if first > last:
        raise Refused(
            say("The period ends on {last}, before it begins on {first}.", last=last, first=first),
            field="last",
            value=last,
            remedy=say("Give the first day first."),
        )
    zone = look.settings.company.tz
    return {
        "first": first,
        "last": last,
        "start": start_of(first, zone=zone),
        "end": start_of(last + timedelta(days=1), zone=zone),
        "area": area or "",
    }


def _frame(look: Look, sql: str, columns: Mapping[str, str], values: Mapping[str, Any]) -> pd.DataFrame:
    """The rows with these names and types; the types hold for an empty frame, too."""
    rows = look.tx.execute(sa.text(sql), dict(values)).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(columns), dtype="object")
    return frame.astype(dict(columns))
