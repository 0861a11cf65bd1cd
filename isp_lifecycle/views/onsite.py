"""The day as a phone shows it, what was kept of visits, and which visits could not be done and wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import SEQUELS, EntryKind, VisitState
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.views.installer import VisitDetail, detail_of, visible
from isp_lifecycle.views.window import Look, shows

#: Visits that were not finished stay in the list for so long.
LEFT_OVER = timedelta(days=14)
OPEN = frozenset({VisitState.BOOKED, VisitState.STARTED})
HAS_FILE = frozenset({EntryKind.PHOTO, EntryKind.SIGNATURE})


@dataclass(frozen=True)
class KeptRow:
    """One thing that was written down at a visit. ``file_id`` names the photo or signature where it is one."""

    visit_code: str
    kind: str
    text: str
    by: str
    made_at: datetime
    file_id: UUID | None


@dataclass(frozen=True)
class OnSite:
    """A visit with what was written down there."""

    visit: VisitDetail
    left_over: bool
    kept: tuple[KeptRow, ...]


@dataclass(frozen=True)
class Ahead:
    """How tomorrow looks, without telling whom it is about."""

    visits: int
    first: datetime | None
    bring: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Day:
    """An engineer's day: the visits in order, those of earlier days that are not finished first, and tomorrow."""

    day: date
    visits: tuple[OnSite, ...]
    tomorrow: Ahead


@dataclass(frozen=True)
class KeptFile:
    """A photo or a signature itself."""

    media_type: str
    content: bytes
    name: str


@dataclass(frozen=True)
class MissedRow:
    """A visit that could not be done, while nobody has booked it again."""

    visit_code: str
    at: datetime
    customer: str
    phone: str
    address: str
    engineer: str
    why: str
    asked: str
    assignee: str
    due_at: datetime | None
    order_code: str


_OWN = """
    SELECT v.code, lower(v.during) AS starts, upper(v.during) AS ends, v.state
    FROM visits v JOIN engineers g ON g.id = v.engineer_id
    WHERE g.username = :username AND v.state <> 'cancelled' AND v.during && tstzrange(:oldest, :after)
      AND (upper(v.during) > :start OR v.state IN ('booked', 'started'))
    ORDER BY lower(v.during), v.code
"""


@shows("visit.read")
def my_day(look: Look) -> Day:
    """One's own visits of today in order, those left over from before, and what tomorrow will need."""
    zone, today = look.settings.company.tz, look.today
    start, end, after = (start_of(today + timedelta(days=n), zone=zone) for n in (0, 1, 2))
    asked = {"username": look.actor.username, "start": start, "after": after, "oldest": start - LEFT_OVER}
    found = [(r, visible(look, r.code)) for r in look.tx.execute(sa.text(_OWN), asked).all()]
    details = [(r, one, detail_of(look, one)) for r, one in found]
    kept = kept_of(look, [one.id for r, one in found if r.starts < end])
    todays = tuple(
        OnSite(d, r.ends <= start, tuple(k for k in kept if k.visit_code == r.code))
        for r, _, d in details
        if r.starts < end
    )
    return Day(today, todays, _ahead([d for r, _, d in details if r.starts >= end and r.state in OPEN]))


def _ahead(visits: list[VisitDetail]) -> Ahead:
    counted: dict[str, int] = {}
    for one in visits:
        for thing in one.bring[:1]:
            counted[thing] = counted.get(thing, 0) + 1
    return Ahead(len(visits), visits[0].starts if visits else None, tuple(counted.items()))


@shows("visit.read")
def on_site(look: Look, *, visit_code: str) -> OnSite:
    """One visit with what was written down there, as it is now."""
    one = visible(look, visit_code)
    return OnSite(detail_of(look, one), False, kept_of(look, [one.id]))


#: The visits meant, each by its index.
_KEPT_AT = {
    "visit": "v.code = :key",
    "order": "v.order_id = (SELECT id FROM orders WHERE code = :key)",
    "service": "v.service_id = (SELECT id FROM services WHERE code = :key)",
    "customer": "v.order_id IN (SELECT o.id FROM orders o WHERE o.customer_id = "
    "(SELECT id FROM customers WHERE code = :key))",
}
_MAY_SEE = "(:every OR v.engineer_id = (SELECT id FROM engineers WHERE username = :username))"


@shows("visit.read", "visit.read_all")
def kept(
    look: Look, *, visit_code: str = "", order_code: str = "", service_code: str = "", customer_code: str = ""
) -> tuple[KeptRow, ...]:
    """What was written down at a visit, or at all of an order, a service or a customer, as far as one may see them."""
    asked = {"visit": visit_code, "order": order_code, "service": service_code, "customer": customer_code}
    which, key = next((one for one in asked.items() if one[1]), ("visit", ""))
    query = sa.text(f"SELECT v.id FROM visits v WHERE {_KEPT_AT[which]} AND {_MAY_SEE}")  # noqa: S608 - constants
    who = {"every": look.actor.may("visit.read_all"), "username": look.actor.username}
    return kept_of(look, list(look.tx.execute(query, {"key": key} | who).scalars()))


_CODES = "SELECT id, code FROM visits WHERE id = ANY(:visits)"
_NAMES = """
    SELECT DISTINCT u.username, u.name FROM users u JOIN visit_entries e ON e.by = u.username
    WHERE e.visit_id = ANY(:visits)
"""


def kept_of(look: Look, visit_ids: list[UUID]) -> tuple[KeptRow, ...]:
    """What was written down at these visits, in the order in which it was made."""
    codes = {r.id: r.code for r in look.tx.execute(sa.text(_CODES), {"visits": visit_ids})}
    names = {r.username: r.name for r in look.tx.execute(sa.text(_NAMES), {"visits": visit_ids})}
    return tuple(
        KeptRow(
            visit_code=codes[e.visit_id],
            kind=str(e.kind),
            text=e.text,
            by=names.get(e.by, e.by),
            made_at=e.made_at,
            file_id=e.id if e.kind in HAS_FILE else None,
        )
        for e in field.entries_of(tx=look.tx, visit_ids=visit_ids)
    )


@shows("visit.read", "visit.read_all")
def kept_file(look: Look, *, entry_id: UUID) -> KeptFile:
    """A photo or a signature; that of somebody else's visit is as if it were not there."""
    entry = field.entry_by_id(tx=look.tx, entry_id=entry_id)
    visit = field.visit_by_id(tx=look.tx, visit_id=entry.visit_id)
    try:
        visible(look, visit.code)
    except NotFound:
        raise NotFound("entry", entry_id) from None
    file = field.file_of(tx=look.tx, entry_id=entry_id)
    ending = "jpg" if file.media_type == "image/jpeg" else "svg"
    return KeptFile(file.media_type, file.content, f"{visit.code}-{entry.kind}-{entry.made_at:%Y%m%d-%H%M%S}.{ending}")


_MISSED = """
    SELECT v.code, coalesce(k.created_at, upper(v.during)) AS at, c.name, c.phone, v.address,
           coalesce(g.name, '') AS engineer, coalesce(v.result, '') AS why, coalesce(k.title, '') AS asked,
           coalesce(u.name, k.assignee, '') AS assignee, k.due_at, o.code AS order_code
    FROM deliveries d JOIN visits v ON v.delivery_id = d.id JOIN orders o ON o.id = v.order_id
    JOIN customers c ON c.id = o.customer_id LEFT JOIN engineers g ON g.id = v.engineer_id
    LEFT JOIN tasks k ON k.delivery_id = d.id AND k.kind = 'rebook' AND k.state = 'open'
    LEFT JOIN users u ON u.username = k.assignee
    WHERE d.state IN ('failed', 'waiting') AND d.direction = 'forward' AND v.state = 'missed'
      AND NOT EXISTS (SELECT FROM visits n WHERE n.delivery_id = v.delivery_id AND n.id > v.id)
    ORDER BY k.due_at NULLS FIRST, v.id LIMIT 200
"""


@shows("visit.read_all")
def missed(look: Look) -> tuple[MissedRow, ...]:
    """The visits that could not be done and were not booked again, whose follow-up is due first at the top."""
    return tuple(_missed(r) for r in look.tx.execute(sa.text(_MISSED)))


def _missed(r: Any) -> MissedRow:
    asked = str(r.asked).partition(":")[0]
    return MissedRow(
        r.code, r.at, r.name, r.phone, r.address, r.engineer, r.why, asked, r.assignee, r.due_at, r.order_code
    )


@shows("visit.read")
def reasons(look: Look) -> tuple[tuple[str, str], ...]:
    """Why a visit may not be possible: the word that is sent, and the words that people read."""
    return tuple((str(one), sequel.words) for one, sequel in SEQUELS.items())
