"""How a delivery is told on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from isp_lifecycle.views.engine.queue import QueueRow
from isp_lifecycle.views.engine.state import EngineState, HoldRow
from isp_lifecycle.views.engine.words import pause_words
from isp_lifecycle.views.support import AttemptRow, DeliveryDetail

#: So much of an id is written in lists; commands take it as they take the whole.
ENDING = 8
HEADINGS = ("id", "delivery", "service", "state", "step", "with", "for", "why")


def ending(r: QueueRow) -> str:
    """The end of its id, by which commands know it again."""
    return str(r.delivery_id)[-ENDING:]


def line(r: QueueRow, now: datetime) -> tuple[str, ...]:
    """A delivery in the list."""
    return (
        ending(r),
        r.workflow,
        r.service_code or r.order_code or "-",
        r.standing.replace("_", " "),
        r.step or "-",
        owner(r),
        length((now - r.since).total_seconds()),
        " ".join(r.why.split()),
    )


def owner(r: QueueRow) -> str:
    """Whose it is."""
    return r.owner or (f"nobody ({r.owner_role})" if r.owner_role else "-")


def length(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def totals(s: EngineState) -> str:
    """The whole queue in a line."""
    names = ("failed", "waiting", "running", "ready", "in_line", "again", "scheduled")
    counted = ((name, s.total(name)) for name in names)
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counted if count) or "nothing is queued"


def pause(hold: HoldRow, zone: ZoneInfo) -> str:
    """A pause in a line, with how to end it."""
    when = "" if hold.in_force else f" from {hold.since.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{hold.what}{when}: {pause_words(hold, zone)}  (isp queue resume {hold.id})"


def detail(d: DeliveryDetail, zone: ZoneInfo) -> Iterator[str]:
    """All there is to know of one delivery, but the transcripts."""
    q = d.queued
    yield f"{d.title} {d.delivery_id}"
    for name, value in (
        ("state", d.state + (", being undone" if d.direction == "backward" and d.state != "cancelled" else "")),
        ("why", q.why if q else ""),
        ("with", owner(q) if q and q.owner_role else ""),
        ("service", " · ".join(x for x in (d.service_code, d.order_code, d.customer, d.address) if x)),
        ("kind", d.failure.kind if d.failure else ""),
        ("what to do", d.failure.remedy if d.failure and d.state == "failed" else ""),
        ("worker", f"{q.worker}, lease for {q.lease_seconds:.0f} s more" if q and q.worker and q.lease_seconds else ""),
        ("taken over", f"{q.takeovers} times" if q and q.takeovers else ""),
        ("ticket", " · ".join(x for x in (d.ticket_code, d.incident_code) if x)),
        ("trace", str(d.trace)),
    ):
        if value:
            yield f"  {name:<11} {value}"
    yield from _listed("changed and standing", d.changed)
    yield from _listed("attempts", [_attempt(a, zone) for a in d.attempts])


def _listed(heading: str, items: tuple[str, ...] | list[str]) -> Iterator[str]:
    if items:
        yield f"{heading}:"
        yield from (f"  {item.partition(chr(10))[0]}" for item in items)


def _attempt(a: AttemptRow, zone: ZoneInfo) -> str:
    took = "" if a.seconds is None else f", {a.seconds:.1f} s"
    device = f" ({a.device_seconds:.1f} s in the device)" if a.device_seconds else ""
    said = a.failure.what if a.failure else a.says
    return f"{a.started_at.astimezone(zone):%H:%M:%S} {a.name}, attempt {a.attempt}: {a.state}{took}{device}. {said}"
