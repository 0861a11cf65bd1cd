"""Who a source outside vouches for becomes an account here, with the role that the settings' table gives its groups.

One person with two sources is one account. The role is the source's to give: the first source, in the order of the
settings, that still gives one decides; within a source the first line of its table that fits. Where none gives any, the
account is withdrawn: closed until a source gives a role again. What an administrator closed, no source opens.

An administrator's account that is not of any source is never linked and never touched here, whatever a directory says:
somebody can always sign in to put a directory's mistake right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from isp_lifecycle.access import actions, store
from isp_lifecycle.access.errors import AccountBarred, Bar, MappedRoleUnknown, UsernameTaken
from isp_lifecycle.access.model import ROLES, STAFF_ROLES, OwnRole, Role, User, normal_username
from isp_lifecycle.access.ports import Person
from isp_lifecycle.access.store import identities
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.journal import note

#: Groups and the role that each gives, by source; both in the order of the settings, which decides.
Tables = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Admission:
    """What became of somebody at the door: an account, and whether it may sign in.

    The refusal is returned, not raised, so that what was found out is committed: a role that is gone is withdrawn.
    """

    user: User | None
    refusal: AccountBarred | None


def admit(*, tx: Tx, at: datetime, person: Person, tables: Tables) -> Admission:
    """The account of a person whom a source vouches for, made or linked at their first sign-in, its role as it is now.

    ``tables`` are those of every source in the settings. Raises MappedRoleUnknown for a role that there is not.
    """
    identities.take_turn(tx=tx)
    known = identities.find(tx=tx, source=person.source, subject=person.subject)
    user_id = known.user_id if known is not None else _account_for(tx, at, person, tables)
    if user_id is None:
        return Admission(None, AccountBarred(Bar.NO_ROLE, source=person.source))
    if known is None:
        note("Identity", "none", f"{person.source}: {person.username}")
    identities.signed_in(tx=tx, user_id=user_id, person=person, at=at)
    user = _settle(tx, user_id, tables)
    if user.role_from == person.source:
        user = _follow(tx, user, person)
    if user.active:
        return Admission(user, None)
    return Admission(user, AccountBarred(Bar.NO_ROLE if user.withdrawn else Bar.CLOSED, source=person.source))


def signed_in_here(*, tx: Tx, at: datetime, user_id: UUID) -> None:
    """Keep that an account signed in by its password here: as long as that may last, its sources are asked about it."""
    identities.seen(tx=tx, user_id=user_id, at=at)


def look_again(
    *, tx: Tx, at: datetime, source: str, subject: str, person: Person | None, tables: Tables
) -> User | None:
    """Bring an account along with what its source says now; returns it when that changed it."""
    identities.take_turn(tx=tx)
    known = identities.find(tx=tx, source=source, subject=subject)
    if known is None:
        return None
    identities.looked_at(tx=tx, source=source, subject=subject, person=person, at=at)
    before = actions.user_by_id(tx=tx, user_id=known.user_id)
    after = _settle(tx, known.user_id, tables)
    return after if after != before else None


@dataclass(frozen=True)
class Given:
    """A role that a source gives: which source, by which line of its table, and the role, shipped or defined here."""

    source: str
    line: str
    role: Role
    own: OwnRole | None

    @property
    def shown(self) -> str:
        """The role as people call it."""
        return self.own.name if self.own else str(self.role)

    @property
    def permissions(self) -> frozenset[str]:
        """What the role may do."""
        return self.own.permissions if self.own else ROLES[self.role]


@dataclass(frozen=True)
class Foreseen:
    """What would become of somebody who signed in now."""

    user: User | None
    """The account that they have, or would be linked with; None for a new one."""
    known: bool
    """Whether they have signed in before."""
    line: str
    """The first line of the source's table that fits; empty for none."""
    given: Given | None


def line_for(groups: frozenset[str], table: Mapping[str, str]) -> tuple[str, str] | None:
    """The first line of a table that these groups fit: the group, and the role's name; None when none does."""
    folded = {group.casefold() for group in groups}
    return next(((group, role) for group, role in table.items() if group.casefold() in folded), None)


def role_of(*, tx: Tx, user_id: UUID, tables: Tables, lock: bool = False) -> Given | None:
    """The role that an account's sources give it now; None where none gives any. Raises MappedRoleUnknown.

    ``lock`` keeps a role that was defined here from being removed until the transaction ends.
    """
    return _first_role(tx, _groups_by_source(tx, user_id), tables, lock=lock)


def foresee(*, tx: Tx, person: Person, tables: Tables) -> Foreseen:
    """What :func:`admit` would make of this person; nothing is changed. Raises MappedRoleUnknown."""
    known = identities.find(tx=tx, source=person.source, subject=person.subject)
    user = actions.user_by_id(tx=tx, user_id=known.user_id) if known is not None else _linkable(tx, person)
    groups = _groups_by_source(tx, user.id) if user is not None else {}
    given = _first_role(tx, groups | {person.source: person.groups}, tables, lock=False)
    fits = line_for(person.groups, tables.get(person.source, {}))
    return Foreseen(user, known is not None, fits[0] if fits else "", given)


def _groups_by_source(tx: Tx, user_id: UUID) -> dict[str, frozenset[str]]:
    """What each source that still lets the account in told of its groups."""
    found: dict[str, frozenset[str]] = {}
    for one in identities.of_user(tx=tx, user_id=user_id):
        if one.present:
            found[one.source] = found.get(one.source, frozenset()) | one.groups
    return found


def _first_role(tx: Tx, groups: Mapping[str, frozenset[str]], tables: Tables, *, lock: bool) -> Given | None:
    for source, table in tables.items():
        fits = line_for(groups.get(source, frozenset()), table)
        if fits is not None:
            role, own = _role(tx, *fits, lock=lock)
            return Given(source, fits[0], role, own)
    return None


def _account_for(tx: Tx, at: datetime, person: Person, tables: Tables) -> UUID | None:
    """The account that somebody gets who was never here by this source; None where nothing gives them a role."""
    given = _first_role(tx, {person.source: person.groups}, tables, lock=True)
    same = _linkable(tx, person)
    if same is not None and (given or role_of(tx=tx, user_id=same.id, tables=tables)):
        return same.id
    return None if given is None else _made(tx, at, person, given).id


def _linkable(tx: Tx, person: Person) -> User | None:
    """The one account of the staff with the e-mail address that the source vouches for.

    Never a customer's, never an administrator's own, and never one that this source knows as somebody else: two people
    who share an address stay two.
    """
    if not person.email:
        return None
    found = [user for user in store.users_by_email(tx=tx, email=person.email) if user.role in STAFF_ROLES]
    if len(found) != 1 or found[0].is_local_administrator:
        return None
    others = identities.of_user(tx=tx, user_id=found[0].id)
    return None if any(one.source == person.source for one in others) else found[0]


def _made(tx: Tx, at: datetime, person: Person, given: Given) -> User:
    """A new account without a password, called as the source calls the person, or nearly so where that is taken."""
    base = "".join(normal_username(person.username or person.email or person.subject).split())[:70]
    for name in chain([base], (f"{base}-{number}" for number in count(2))):
        try:
            user = actions.create_user(
                tx=tx,
                at=at,
                username=name,
                name=person.name,
                role=given.role,
                email=person.email or None,
                own_role=given.own,
            )
        except UsernameTaken:
            continue  # the next number
        note("Account", "none", "open")
        note("Role", "none", given.shown)
        store.update_user(tx=tx, user_id=user.id, values={"role_from": person.source})
        return user
    raise AssertionError("unreachable")


def _settle(tx: Tx, user_id: UUID, tables: Tables) -> User:
    """Give an account the role that its sources give it now, withdraw it where none does, or give it back."""
    user = actions.user_by_id(tx=tx, user_id=user_id)
    given = role_of(tx=tx, user_id=user_id, tables=tables, lock=True)
    values: dict[str, Any] = {}
    if given is None:
        if user.active:
            note("Account", "open", "closed, since no source gives it a role")
            values = {"active": False, "withdrawn": True}
    else:
        note("Role", user.role_shown, given.shown)
        note("Role from", user.role_from or "here", given.source)
        own = given.own.name if given.own else None
        values = {"role": str(given.role), "role_from": given.source, "own_role": own}
        if user.withdrawn:
            note("Account", "closed", "open")
            values |= {"active": True, "withdrawn": False}
    if values:
        store.update_user(tx=tx, user_id=user_id, values=values)
    return actions.user_by_id(tx=tx, user_id=user_id)


def _follow(tx: Tx, user: User, person: Person) -> User:
    """Names and addresses change; those of the source that decides are taken over."""
    values = {"name": person.name or user.name, "email": person.email or user.email}
    if values == {"name": user.name, "email": user.email}:
        return user
    note("Name", user.name, values["name"])
    note("E-mail", user.email or "none", values["email"] or "none")
    store.update_user(tx=tx, user_id=user.id, values=values)
    return actions.user_by_id(tx=tx, user_id=user.id)


def _role(tx: Tx, group: str, name: str, *, lock: bool) -> tuple[Role, OwnRole | None]:
    """The role that a line names. One that ships wins over one defined here, which cannot be called the same."""
    shipped = next((one for one in STAFF_ROLES if one == name), None)
    if shipped is not None:
        return shipped, None
    own = store.role_by_name(tx=tx, name=name, lock=lock)
    if own is None:
        known = STAFF_ROLES | {one.name for one in store.all_roles(tx=tx)}
        raise MappedRoleUnknown(group, name, known=tuple(sorted(known)))
    return own.base, own
