"""Sources outside that say who somebody is: letting their people in, and following what they say of them later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import batched

from isp_lifecycle.access import admission
from isp_lifecycle.access.errors import AccountBarred, MappedRoleUnknown
from isp_lifecycle.access.model import Actor, User
from isp_lifecycle.access.ports import LooksAgain, Person
from isp_lifecycle.access.store import identities
from isp_lifecycle.access.store.identities import Identity
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.journal import journal
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.intake.door import Door, through
from isp_lifecycle.intake.told import told
from isp_lifecycle.trail.model import Changed

#: How often the schedule looks again. With the seconds that open pages take to notice it, well within a minute.
LOOKS_EVERY_SECONDS = 20.0
#: So many people are brought along in one transaction.
AT_ONCE = 50

_log = log(__name__)


@through("user.admit")
def admit(door: Door, actor: Actor, *, person: Person) -> User:
    """The account of somebody for whom a source vouches just now, made or linked at their first sign-in.

    The audit is told where that changed anything; that they signed in is told by whoever opens the session. Raises
    AccountBarred where no group of theirs has a role, or the account was closed here, and MappedRoleUnknown.
    """
    at = door.clock.now()
    with write(door.engine) as tx, journal() as notes:
        found = admission.admit(tx=tx, at=at, person=person, tables=door.settings.group_tables)
        if notes:
            told(
                tx=tx,
                at=at,
                actor=actor,
                action="sources.admit",
                subject_kind="account",
                subject_id=found.user.username if found.user else person.username,
                reason=found.refusal.message if found.refusal else "",
                detail={"source": person.source, "known there as": person.username},
                changes=[Changed(*one) for one in notes],
            )
    if found.refusal is not None:
        raise AccountBarred(found.refusal.why, source=door.settings.source_titles.get(person.source, person.source))
    assert found.user is not None
    return found.user


@through("schedule.run")
def look_again(door: Door, actor: Actor, *, sources: Iterable[LooksAgain]) -> int:
    """Ask each source what has become of those who may be signed in; returns how many accounts that changed.

    Whoever is in no group with a role any more, is disabled, expired or gone, is withdrawn: their open pages close. No
    transaction waits for a source, and one that does not answer changes nothing; that it does not is told by itself.
    """
    changed, now = 0, door.clock.now()
    since = now - timedelta(hours=door.settings.web.absolute_hours)
    for source in sources:
        with read(door.engine) as tx:
            due = identities.seen_since(tx=tx, source=source.name, since=since)
        try:
            found = source.look_again([one.subject for one in due])
        except LifecycleError:
            continue  # the source has told it to the log, once
        for some in batched(due, AT_ONCE):
            with write(door.engine) as tx:
                changed += sum(_brought_along(door, tx, actor, one, found, now) for one in some)
    return changed


def _brought_along(
    door: Door, tx: Tx, actor: Actor, one: Identity, found: Mapping[str, Person | None], at: datetime
) -> bool:
    """Bring one account along with what its source says, and tell the audit what that changed."""
    person = found.get(one.subject)
    with journal() as notes:
        try:
            user = admission.look_again(
                tx=tx,
                at=at,
                source=one.source,
                subject=one.subject,
                person=person,
                tables=door.settings.group_tables,
            )
        except MappedRoleUnknown as error:
            _log.error("a group's role in the settings is none", source=one.source, reason=error.message)
            return False
    if user is None:
        return False
    told(
        tx=tx,
        at=at,
        actor=actor,
        action="sources.look_again",
        subject_kind="account",
        subject_id=user.username,
        reason="" if person else f"{one.source} lets {one.username} in no more: gone, disabled or expired",
        detail={"source": one.source, "known there as": one.username},
        changes=[Changed(*note) for note in notes],
    )
    return True
