"""Terminals on devices: where one can be opened, who had one, and what was said there, to be replayed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.terminals.model import SILENT_AFTER
from isp_lifecycle.views.common import title_of
from isp_lifecycle.views.window import Look, shows

#: So many terminals on one page of the list.
ROWS = 25
#: Whoever may have a terminal sees their own; ``terminal.read`` everybody's.
_MAY_LOOK = ("terminal.read", "device.terminal", "device.terminal_full")


@dataclass(frozen=True)
class OltDoor:
    """An OLT as somebody sees it who wants to its command line.

    ``at_work`` is what the engine does there at this moment, ``paused`` why the engine begins nothing there.
    """

    olt: str
    vendor: str
    area: str
    there: tuple[str, ...]
    at_work: str
    paused: str


@dataclass(frozen=True)
class TerminalRow:
    """One terminal. ``seconds`` is how long it was open, ``ended_why`` empty while it is."""

    id: UUID
    olt: str
    profile: str
    name: str
    username: str
    reason: str
    began_at: datetime
    ended_at: datetime | None
    ended_why: str
    seconds: float
    letters: int
    open: bool


@dataclass(frozen=True)
class TerminalPage:
    """Some terminals, the newest first, and how many there are."""

    rows: tuple[TerminalRow, ...]
    total: int


@dataclass(frozen=True)
class Recording:
    """What was said at a terminal: a file of asciicast v2, one JSON document a line."""

    row: TerminalRow
    cast: str


_DOORS = """
    SELECT o.name, o.vendor, o.area, d.subscriber,
           (SELECT string_agg(h.reason, '; ') FROM holds h WHERE h.key = 'olt:' || o.name AND h.since <= :now
              AND (h.until IS NULL OR h.until > :now)) AS paused,
           (SELECT array_agg(t.name ORDER BY t.began_at) FROM terminals t
              WHERE t.olt = o.name AND t.ended_at IS NULL AND t.seen_at > :heard) AS there
    FROM olts o LEFT JOIN turns t ON t.key = 'olt:' || o.name AND t.until > :now
    LEFT JOIN deliveries d ON d.id = t.delivery_id AND d.state = 'running'
    WHERE :olt = '' OR o.name = :olt ORDER BY o.name
"""
_ROWS = """
    SELECT t.*, count(*) OVER () AS total FROM terminals t
    WHERE (:olt = '' OR t.olt = :olt) AND (:all OR t.username = :me)
    ORDER BY t.began_at DESC LIMIT :many OFFSET :offset
"""
_ONE = "SELECT * FROM terminals t WHERE t.id = :id AND (:all OR t.username = :me)"
_PIECES = "SELECT events FROM terminal_pieces WHERE terminal_id = :id ORDER BY number"


@shows("device.terminal", "device.terminal_full")
def doors(look: Look, *, olt: str = "") -> tuple[OltDoor, ...]:
    """The OLTs at which a terminal can be opened, or the one of this name."""
    found = look.tx.execute(sa.text(_DOORS), {"now": look.at, "heard": look.at - SILENT_AFTER, "olt": olt})
    return tuple(
        OltDoor(
            olt=row.name,
            vendor=row.vendor,
            area=row.area,
            there=tuple(row.there or ()),
            at_work=title_of(row.subscriber) if row.subscriber else "",
            paused=row.paused or "",
        )
        for row in found
    )


@shows(*_MAY_LOOK)
def terminals(look: Look, *, olt: str = "", offset: int = 0) -> TerminalPage:
    """Who was at which command line, the newest first."""
    values = _whose(look) | {"olt": olt, "many": ROWS, "offset": max(offset, 0)}
    found = look.tx.execute(sa.text(_ROWS), values).all()
    return TerminalPage(tuple(_row(row, look.at) for row in found), found[0].total if found else 0)


@shows(*_MAY_LOOK)
def recording(look: Look, *, terminal_id: UUID) -> Recording:
    """What was said at a terminal; of one that is still open, what was written of it so far. Raises NotFound."""
    row = look.tx.execute(sa.text(_ONE), _whose(look) | {"id": terminal_id}).one_or_none()
    if row is None:
        raise NotFound("terminal", terminal_id)
    title = f"{row.name} at {row.olt}"
    head = {"version": 2, "width": 80, "height": 24, "timestamp": int(row.began_at.timestamp()), "title": title}
    pieces = look.tx.execute(sa.text(_PIECES), {"id": terminal_id}).scalars()
    return Recording(_row(row, look.at), "".join((json.dumps(head), "\n", *pieces)))


def _whose(look: Look) -> dict[str, Any]:
    return {"all": look.actor.may("terminal.read"), "me": look.actor.username}


def _row(row: Any, now: datetime) -> TerminalRow:
    there = row.ended_at is None and now - row.seen_at < SILENT_AFTER
    lost = "" if row.ended_at or there else say("its process went down")
    return TerminalRow(
        id=row.id,
        olt=row.olt,
        profile=row.profile,
        name=row.name,
        username=row.username,
        reason=row.reason,
        began_at=row.began_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why or lost,
        seconds=((row.ended_at or (now if there else row.seen_at)) - row.began_at).total_seconds(),
        letters=row.letters,
        open=there,
    )
