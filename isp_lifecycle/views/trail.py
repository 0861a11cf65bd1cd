"""The audit trail for people: searched, exported, and checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.trail import actions as trail
from isp_lifecycle.trail.model import Changed, Verdict
from isp_lifecycle.views.lists.sheets import harmless
from isp_lifecycle.views.window import Look, shows

#: An export has so many lines at most; a longer period is exported in pieces.
EXPORTED_AT_MOST = 100_000

HEADINGS = (
    "seq",
    "at",
    "actor",
    "role",
    "source",
    "address",
    "action",
    "subject_kind",
    "subject_id",
    "reason",
    "changes",
    "detail",
    "told_sha256",
    "link_sha256",
)


@dataclass(frozen=True)
class TrailRow:
    """One line. ``seq`` is its number in the chain, None for some seconds after it was written; ``at`` is UTC."""

    id: UUID
    seq: int | None
    at: datetime
    actor: str
    role: str
    source: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    reason: str
    detail: dict[str, Any]
    changes: tuple[Changed, ...]
    told: str
    link: str
    erased: bool


@dataclass(frozen=True)
class TrailPage:
    """One page of what was found, the newest first. ``more``: there are older ones."""

    rows: tuple[TrailRow, ...]
    more: bool


_COLUMNS = """
    SELECT id, seq, at, actor, role, source, address, action, subject_kind, subject_id, reason, detail, changes, told,
           link, erased_at FROM audit
"""
_FOUND = (
    _COLUMNS
    + """
    WHERE (:role = '' OR role = :role) AND (:kind = '' OR subject_kind = :kind)
      AND (CAST(:since AS timestamptz) IS NULL OR at >= :since) AND (CAST(:until AS timestamptz) IS NULL OR at < :until)
      AND (:text = '' OR actor ILIKE :like OR subject_id ILIKE :like OR action ILIKE :like OR reason ILIKE :like
           OR detail->>'trace' = :text)
    ORDER BY at DESC, id DESC LIMIT :limit OFFSET :offset
"""
)


@shows("audit.read")
def search(
    look: Look,
    *,
    text: str = "",
    role: str = "",
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> TrailPage:
    """Lines by who, what and when, the newest first: ``text`` is part of the actor, the subject, the action or the
    reason, or a whole trace; ``kind`` is the subject's; ``since`` (inclusive) and ``until`` (exclusive) are instants.
    """
    rows = _found(look, text=text, role=role, kind=kind, since=since, until=until, limit=limit + 1, offset=offset)
    return TrailPage(rows=tuple(rows[:limit]), more=len(rows) > limit)


def _found(look: Look, *, text: str, limit: int, offset: int, **filters: Any) -> list[TrailRow]:
    text = text.strip()
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {**filters, "text": text, "like": f"%{escaped}%", "limit": limit, "offset": offset}
    return [_row(row) for row in look.tx.execute(sa.text(_FOUND), values).mappings()]


@shows("audit.read")
def one(look: Look, *, line: UUID) -> TrailRow:
    """One line; raises NotFound."""
    row = look.tx.execute(sa.text(_COLUMNS + " WHERE id = :id"), {"id": line}).mappings().one_or_none()
    if row is None:
        raise NotFound("audit line", line)
    return _row(row)


#: From one kind to the next by the index, so that the answer takes as long as there are kinds, however many lines.
_KINDS = """
    WITH RECURSIVE kind AS (
        SELECT min(subject_kind) AS name FROM audit WHERE subject_kind > ''
        UNION ALL SELECT (SELECT min(a.subject_kind) FROM audit a WHERE a.subject_kind > kind.name)
        FROM kind WHERE kind.name IS NOT NULL)
    SELECT name FROM kind WHERE name IS NOT NULL
"""


@shows("audit.read")
def kinds(look: Look) -> tuple[str, ...]:
    """The kinds of subjects that lines are about, by name."""
    return tuple(look.tx.execute(sa.text(_KINDS)).scalars())


@shows("audit.read")
def verify(look: Look, *, known_head: str = "") -> Verdict:
    """Check every line, link and signature; ``known_head`` is one that was kept elsewhere (``number:hash``)."""
    return trail.verify(tx=look.tx, key=trail.key_of(look.settings), known_head=known_head)


@shows("audit.read")
def exported(
    look: Look,
    *,
    text: str = "",
    role: str = "",
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> str:
    """What `search` finds as CSV (RFC 4180), the newest first, with the hashes that the chain is made of."""
    rows = _found(look, text=text, role=role, kind=kind, since=since, until=until, limit=EXPORTED_AT_MOST, offset=0)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(row) for row in rows)
    return file.getvalue()


def _cells(row: TrailRow) -> Iterator[object]:
    changes = "; ".join(f"{c.what}: {c.before} -> {c.after}" for c in row.changes)
    detail = "; ".join(f"{name}={value}" for name, value in row.detail.items())
    for cell in (
        *(row.seq or "", row.at.isoformat(), row.actor, row.role, row.source, row.address, row.action),
        *(row.subject_kind, row.subject_id, row.reason, changes, detail, row.told, row.link),
    ):
        yield harmless(cell)


def _row(row: Any) -> TrailRow:
    return TrailRow(
        **{name: row[name] for name in _SAME},
        changes=tuple(Changed(*change) for change in row["changes"]),
        told=bytes(row["told"]).hex(),
        link=bytes(row["link"]).hex() if row["link"] is not None else "",
        erased=row["erased_at"] is not None,
    )


_SAME = (
    *("id", "seq", "at", "actor", "role", "source", "address", "action"),
    *("subject_kind", "subject_id", "reason", "detail"),
)
