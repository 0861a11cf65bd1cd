"""People's own command lines on devices: begun and ended through the door, and recorded.

A terminal that reads goes beside the engine's own sessions and takes no turn. One with full access takes the OLT's
turn: it pauses the OLT for as long as it lasts, so that no delivery plans on what a person changes meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import holds, lines
from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.terminals import actions as terminals
from isp_lifecycle.terminals.errors import OltAtWork
from isp_lifecycle.terminals.model import Profile, Terminal

LONGEST_REASON = 300
FORGOTTEN_AT_ONCE = 100

_AT_WORK = """
    SELECT d.subscriber, t.until FROM turns t JOIN deliveries d ON d.id = t.delivery_id
    WHERE t.key = :key AND t.until > :now AND d.state = 'running'
"""


@enters("device.terminal")
def begin_reading(act: Act, *, olt: str) -> Terminal:
    """Begin a terminal that reads. Raises NotFound and TerminalsTaken."""
    return _begun(act, olt, Profile.READING, reason="", hold_id=None)


@enters("device.terminal_full", proof=True)
def begin_full(act: Act, *, olt: str, reason: str, although_at_work: bool = False) -> Terminal:
    """Begin a terminal with full access, and pause the OLT for it.

    Raises NotFound, TerminalsTaken, Refused without a reason, and OltAtWork while the engine changes something there,
    unless somebody goes in ``although_at_work``.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Refused(
            say("A reason of 1 to {longest_reason} characters is needed.", longest_reason=LONGEST_REASON),
            field="reason",
            value=reason[:80],
            remedy=say("Say in a few words why: it stands in the record and in the audit trail."),
        )
    key = lines.olt(inventory.olt_by_name(tx=act.tx, name=olt).name)
    busy = act.tx.execute(sa.text(_AT_WORK), {"key": key, "now": act.at}).one_or_none()
    if busy is not None and not although_at_work:
        raise OltAtWork(olt, TITLES.get(busy.subscriber, busy.subscriber), busy.until)
    hold_id = holds.hold(
        tx=act.tx,
        key=key,
        reason=say("{name} is at its command line: {reason}", name=act.actor.name, reason=reason),
        by=act.actor.username,
        at=act.at,
        until=act.at + _longest(act) + timedelta(minutes=1),
    )
    return _begun(act, olt, Profile.FULL, reason=reason, hold_id=hold_id)


def _longest(act: Act) -> timedelta:
    """How long a terminal lasts at most."""
    return timedelta(minutes=act.settings.terminal.absolute_minutes)


def _begun(act: Act, olt: str, profile: Profile, *, reason: str, hold_id: UUID | None) -> Terminal:
    name = inventory.olt_by_name(tx=act.tx, name=olt).name
    terminal = Terminal(
        id=new_id(),
        olt=name,
        profile=profile,
        username=act.actor.username,
        name=act.actor.name,
        reason=reason,
        address=act.actor.address,
        began_at=act.at,
        seen_at=act.at,
        ended_at=None,
        ended_why="",
        letters=0,
        hold_id=hold_id,
    )
    act.about("terminal", terminal.id)
    return terminals.begin(terminal, tx=act.tx, at_most=act.settings.terminal.at_most_per_olt)


@enters("schedule.run", by_the_clock=True)
def keep_record(act: Act, *, terminal_id: UUID, number: int, events: str) -> None:
    """Add to a terminal's record what was said since the last time; raises TerminalOver."""
    terminals.keep(tx=act.tx, terminal_id=terminal_id, number=number, events=events, at=act.at)


@enters("schedule.run")
def note_end(act: Act, *, terminal_id: UUID, username: str, olt: str, why: str) -> datetime | None:
    """Note that a terminal has ended, whoever ended it, and go on with what waits for its OLT.

    ``username`` and ``olt`` are for the audit: whose it was, and where.
    """
    act.about("terminal", terminal_id)
    ended = terminals.end(tx=act.tx, terminal_id=terminal_id, why=why, at=act.at)
    if ended.hold_id is not None:
        try:
            holds.lift(tx=act.tx, hold_id=ended.hold_id)
        except NotFound:
            act.changed(
                "Pause",
                say("in force"),
                say("somebody else has ended it before ({username} at {olt})", username=username, olt=olt),
            )
    return ended.ended_at


@enters("evidence.forget", by_the_clock=True)
def forget_terminals(act: Act) -> int:
    """Drop terminals with their records that are older than the policy keeps them; returns how many.

    Called until it returns 0. The policy is ``ISP_TERMINAL__KEEP_DAYS``.
    """
    before = act.at - timedelta(days=act.settings.terminal.keep_days)
    return terminals.forget(tx=act.tx, before=before, many=FORGOTTEN_AT_ONCE)
