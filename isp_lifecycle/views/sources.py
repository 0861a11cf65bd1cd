"""Directories and providers by which staff sign in: what they give, whether they answer, and whom they would let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import admission
from isp_lifecycle.access.errors import AccountBarred, NobodyThere, SourceUnknown
from isp_lifecycle.access.model import STAFF_ROLES, Actor
from isp_lifecycle.access.ports import Answer, Directory
from isp_lifecycle.access.store import identities
from isp_lifecycle.foundation.db import read
from isp_lifecycle.views.window import Look, Window, asks, shows


@dataclass(frozen=True)
class Line:
    """A line of a source's table."""

    group: str
    role: str
    known: bool
    """Whether there is such a role for the staff."""


@dataclass(frozen=True)
class SourceRow:
    """One source of the settings, in their order; times are UTC."""

    name: str
    title: str
    kind: str
    lines: tuple[Line, ...]
    people: int
    """Who signed in by it at least once."""
    let_in: int
    """Those of them whom it still lets in."""
    looked_at: datetime | None
    """When those who may be signed in were last all asked about; None while nobody is."""
    looks_again: bool
    """Whether it can be asked about people without them; where not, it decides when they sign in, and only then."""


@dataclass(frozen=True)
class TriedOut:
    """What would become of somebody who signed in by a source now."""

    username: str
    name: str
    email: str
    groups: tuple[str, ...]
    bar: str
    """Why the source lets them in no more; empty where it does."""
    line: str
    role_from: str
    role: str
    permissions: frozenset[str]
    account: str
    """The account here that it is, or would be linked with; empty for a new one."""
    known: bool
    closed: bool
    """Whether an administrator closed that account."""

    @property
    def let_in(self) -> bool:
        """Whether the right password would let them in."""
        return bool(self.role) and not self.bar and not self.closed


@shows("user.read")
def sources(look: Look) -> tuple[SourceRow, ...]:
    """Every source of the settings, with its table and its people."""
    numbers = identities.number_of(tx=look.tx)
    since = look.at - timedelta(hours=look.settings.web.absolute_hours)
    known = STAFF_ROLES | {role.name for role in access.own_roles(tx=look.tx)}
    rows = []
    for name, table in look.settings.group_tables.items():
        directory, provider = look.settings.directories.get(name), look.settings.oidc.get(name)
        seen = identities.seen_since(tx=look.tx, source=name, since=since)
        people, let_in = numbers.get(name, (0, 0))
        rows.append(
            SourceRow(
                name=name,
                title=look.settings.source_titles.get(name, name),
                kind="directory" if directory else "OIDC provider",
                lines=tuple(Line(group, role, role in known) for group, role in table.items()),
                people=people,
                let_in=let_in,
                looked_at=seen[0].looked_at if seen else None,
                looks_again=provider is None or provider.directory_account is not None,
            )
        )
    return tuple(rows)


@asks("user.read")
def answers(window: Window, _actor: Actor, /, *, source: str) -> tuple[Answer, ...]:
    """What each server of a source answers now; raises SourceUnknown."""
    provider = window.providers.get(source)
    return (provider or _directory(window, source)).probe()


@asks("user.read")
def try_out(window: Window, _actor: Actor, /, *, source: str, username: str) -> TriedOut:
    """What would become of somebody who signed in by a directory now, asked for without their password.

    Raises SourceUnknown, NobodyThere, and what the directory's port raises.
    """
    directory = _directory(window, source)
    found = directory.find(username.strip())
    if found is None:
        raise NobodyThere(username.strip(), directory.title)
    with read(window.engine) as tx:
        foreseen = admission.foresee(tx=tx, person=found.person, tables=window.settings.group_tables)
    user, given = foreseen.user, foreseen.given
    return TriedOut(
        username=found.person.username,
        name=found.person.name,
        email=found.person.email,
        groups=tuple(sorted(found.person.groups, key=str.casefold)),
        bar=AccountBarred(found.bar, source=directory.title).message if found.bar else "",
        line=foreseen.line,
        role_from=given.source if given else "",
        role=given.shown if given else "",
        permissions=given.permissions if given else frozenset(),
        account=user.username if user else "",
        known=foreseen.known,
        closed=user is not None and not user.active and not user.withdrawn,
    )


def _directory(window: Window, source: str) -> Directory:
    found = window.directories.get(source)
    if found is None:
        raise SourceUnknown(source, known=tuple(window.directories))
    return found
