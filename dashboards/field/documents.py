"""What the phone is told, as JSON: times and levels are words already, in the provider's zone."""

from __future__ import annotations

from typing import Any

from dashboards.parts import words
from dashboards.parts.names import state_words
from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import spoken_number
from isp_lifecycle.views.live import LiveOnts
from isp_lifecycle.views.onsite import Day, KeptRow, OnSite


def day(found: Day, *, actor: Actor, settings: Settings, reasons: Any) -> dict[str, Any]:
    """An engineer's day."""
    zone, tomorrow, limits = settings.company.tz, found.tomorrow, settings.field
    return {
        "owner": actor.username,
        "name": actor.name,
        "brand": settings.company.name,
        "day": found.day.isoformat(),
        "day_words": words.day(found.day),
        "zone": settings.company.zone,
        "visits": [visit(one, settings) for one in found.visits],
        "tomorrow": {
            "visits": tomorrow.visits,
            "first": words.time_of_day(tomorrow.first, zone) if tomorrow.first else "",
            "bring": [f"{number} × {thing}" for thing, number in tomorrow.bring],
        },
        "reasons": [{"value": value, "words": text} for value, text in reasons],
        "limits": {"photos": limits.photos_per_visit, "bytes": limits.photo_bytes, "pixels": limits.photo_pixels},
        "call": settings.company.support_phone,
    }


def visit(one: OnSite, settings: Settings) -> dict[str, Any]:
    """A visit with all that is needed at the door."""
    v, zone = one.visit, settings.company.tz
    place = {"lat": f"{v.latitude:.6f}", "lon": f"{v.longitude:.6f}"}
    return {
        "code": v.visit_code,
        "left_over": words.day(v.starts.astimezone(zone).date()) if one.left_over else "",
        "starts": v.starts.isoformat(),
        "hours": f"{words.time_of_day(v.starts, zone)}–{words.time_of_day(v.ends, zone)}",
        "state": v.state,
        "result": v.result,
        "customer": v.customer,
        "phone": v.phone,
        "address": v.address,
        "navigate": settings.field.navigate.format(**place),
        "work": v.work,
        "plan": f"{v.plan_name} · {words.rates(v.down_kbps, v.up_kbps)}",
        "order": v.order_code,
        "service": v.service_code,
        "olt": v.olt,
        "path": " → ".join((f"{v.olt} {v.pon_port}", *v.splitters)),
        "splitter_port": v.splitter_port or "",
        "length": f"{v.distance_m:,} m".replace(",", " "),
        "bring": list(v.bring),
        "instructions": v.instructions,
        "expected": words.level(v.expected_rx_dbm),
        "expected_dbm": v.expected_rx_dbm,
        "lowest_dbm": v.lowest_rx_dbm,
        "lowest": words.level(v.lowest_rx_dbm),
        "typical": v.rests_on_typical,
        "measured": words.level(v.measured_rx_dbm) if v.measured_rx_dbm is not None else "",
        "serial": v.serial or "",
        "given": v.address_given or "",
        "delivery_state": v.delivery_state,
        "ready": v.ready_for_serial and v.state in ("booked", "started"),
        "failure": {"step": v.failure.step, "what": v.failure.what, "remedy": v.failure.remedy} if v.failure else None,
        "steps": [
            {"name": s.name, "state": s.state, "state_words": state_words(s.state), "says": s.says} for s in v.steps
        ],
        "kept": [kept(row, settings) for row in one.kept],
    }


def kept(row: KeptRow, settings: Settings) -> dict[str, str]:
    """One thing that was written down."""
    return {
        "kind": row.kind,
        "text": row.text,
        "by": row.by,
        "at": words.time_of_day(row.made_at, settings.company.tz),
        "file": str(row.file_id or ""),
    }


def onts(found: LiveOnts, settings: Settings) -> dict[str, Any]:
    """ONTs that nobody has registered, those on the visit's own port first, then by how near their port is."""
    error = found.error
    return {
        "olt": found.olt,
        "read": f"{words.clock(found.read_at, settings.company.tz)}, {spoken_number(f'{found.seconds:.1f}')} s",
        "error": {"message": error.what, "remedy": error.remedy} if error else None,
        "onts": [
            {
                "serial": o.serial,
                "what": f"{o.vendor} {o.equipment}".strip(),
                "port": o.pon_port,
                "here": o.on_expected_port,
            }
            for o in found.onts
        ],
    }
