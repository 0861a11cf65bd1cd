"""One OLT at this moment: who has its turn, who stands in line, what holds it, who is at its command line, its hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import lines
from isp_lifecycle.foundation.ids import first_id
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.terminals import actions as terminals
from isp_lifecycle.terminals.model import Profile, Terminal
from isp_lifecycle.views.engine.figures import HOUR, LONGEST_STEP
from isp_lifecycle.views.engine.queue import QueueRow, row_of, rows_of
from isp_lifecycle.views.engine.state import HoldRow, holds_of
from isp_lifecycle.views.window import Look, shows

#: So many of those who stand in line are told one by one.
FIRST = 10
#: Whoever may open a terminal, or read the records of all, is told who is at one.
_OF_TERMINALS = ("terminal.read", "device.terminal", "device.terminal_full")


@dataclass(frozen=True)
class OltTurn:
    """The delivery that has the OLT's turn, and until when it has it unless its worker says that it lives.

    One whose ``row`` is not running was handed the turn and no worker has taken it up yet.
    """

    row: QueueRow
    until: datetime


@dataclass(frozen=True)
class OltQueue:
    """What the engine does with the OLT. ``holds`` are the pauses of it and of the whole engine, also planned ones.

    ``waiting`` counts who stands in line for it; ``first`` are the first of them, in the order in which they come.
    """

    turn: OltTurn | None
    waiting: int
    first: tuple[QueueRow, ...]
    holds: tuple[HoldRow, ...]

    @property
    def more(self) -> int:
        """How many stand behind the first ones."""
        return self.waiting - len(self.first)


@dataclass(frozen=True)
class OpenTerminal:
    """Somebody at the OLT's command line; ``record`` is the terminal's id for those who may read what is said there."""

    name: str
    full: bool
    since: datetime
    record: UUID | None


@dataclass(frozen=True)
class OltTerminals:
    """The terminals that are open on the OLT, and how many may be."""

    open: tuple[OpenTerminal, ...]
    at_most: int


@dataclass(frozen=True)
class OltNow:
    """An OLT at this moment; a part that whoever looks may not see is None."""

    olt: str
    queue: OltQueue | None
    terminals: OltTerminals | None


@dataclass(frozen=True)
class OltHour:
    """Steps of the last hour that dealt with the OLT, and for how many seconds they had it busy."""

    done: int
    failed: int
    device_seconds: float

    @property
    def share(self) -> float:
        """The part of the hour in which it was busy, 0 to 1: two sessions at once count once at most."""
        return min(self.device_seconds / HOUR.total_seconds(), 1.0)


_TURN = "SELECT delivery_id, until FROM turns WHERE key = :key AND until >= :now"
_WAITING = "SELECT count(*) FROM deliveries d WHERE d.blocked_on = :key"
_FIRST = """
    SELECT d.id FROM deliveries d WHERE d.blocked_on = :key ORDER BY d.priority, d.due_at, d.id LIMIT :many
"""
#: A step that failed counts though the OLT said nothing: that may be why it failed.
_HOUR = """
    SELECT count(*) FILTER (WHERE s.state <> 'failed') AS done, count(*) FILTER (WHERE s.state = 'failed') AS failed,
           coalesce(sum(s.device_seconds), 0)::float8 AS device_seconds
    FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
    WHERE s.id >= :floor AND s.finished_at > :since AND (s.device_seconds > 0 OR s.state = 'failed')
      AND s.state IN ('done', 'failed', 'undone', 'kept') AND d."case"->>'olt' = :olt
"""


@shows("network.read")
def now(look: Look, *, olt: str) -> OltNow:
    """How one OLT stands; raises NotFound for an unknown one."""
    name = inventory.olt_by_name(tx=look.tx, name=olt).name
    return OltNow(
        olt=name,
        queue=_queue(look, lines.olt(name)) if look.actor.may("delivery.read") else None,
        terminals=_terminals(look, name) if any(map(look.actor.may, _OF_TERMINALS)) else None,
    )


@shows("network.read")
def hour(look: Look, *, olt: str) -> OltHour | None:
    """What was done on one OLT in the last hour; None for those who may not see what the engine does."""
    if not look.actor.may("delivery.read"):
        return None
    since = look.at - HOUR
    row = look.tx.execute(sa.text(_HOUR), {"olt": olt, "since": since, "floor": first_id(since - LONGEST_STEP)}).one()
    return OltHour(row.done, row.failed, row.device_seconds)


def _queue(look: Look, key: str) -> OltQueue:
    first = look.tx.execute(sa.text(_FIRST), {"key": key, "many": FIRST}).scalars().all()
    rows = {row.delivery_id: row for row in rows_of(look, first)} if first else {}
    return OltQueue(
        turn=_turn(look, key),
        waiting=look.tx.execute(sa.text(_WAITING), {"key": key}).scalar_one(),
        first=tuple(rows[one] for one in first),
        holds=tuple(hold for hold in holds_of(look) if hold.key in (lines.ENGINE, key)),
    )


def _turn(look: Look, key: str) -> OltTurn | None:
    held = look.tx.execute(sa.text(_TURN), {"key": key, "now": look.at}).one_or_none()
    row = row_of(look, held.delivery_id) if held is not None else None
    return OltTurn(row, held.until) if held is not None and row is not None else None


def _terminals(look: Look, olt: str) -> OltTerminals:
    there = terminals.open_at(tx=look.tx, olt=olt, at=look.at)
    return OltTerminals(tuple(_open(look, one) for one in there), look.settings.terminal.at_most_per_olt)


def _open(look: Look, one: Terminal) -> OpenTerminal:
    theirs = look.actor.may("terminal.read") or one.username == look.actor.username
    return OpenTerminal(one.name, one.profile is Profile.FULL, one.began_at, one.id if theirs else None)
