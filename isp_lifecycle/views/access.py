"""Who may do what: accounts, the table of roles and permissions, and why somebody may or may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import second_factor
from isp_lifecycle.access.errors import PermissionUnknown
from isp_lifecycle.access.model import MACHINE_ROLES, PERMISSIONS, PORTAL_ROLES, ROLES, STAFF_ROLES, Role, User
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import one_after_other, say
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class AccountRow:
    """One account; times are UTC."""

    username: str
    name: str
    role: str
    email: str | None
    active: bool
    created_at: datetime
    role_from: str | None
    """The directory or provider that gave the role; None for one that was given here."""
    withdrawn: bool
    """Closed because no source gives it a role any more."""
    has_factor: bool
    """It is asked for a second factor."""


@dataclass(frozen=True)
class PermissionRow:
    """One permission, what it allows, and which roles hold it."""

    name: str
    allows: str
    held_by: frozenset[str]


@dataclass(frozen=True)
class Matrix:
    """Every permission with the roles that hold it; ``roles`` are those that people have, in a settled order, each with
    how many open accounts it has."""

    roles: Mapping[str, int]
    rows: tuple[PermissionRow, ...]


@dataclass(frozen=True)
class Explained:
    """Whether an account may do something, and why."""

    username: str
    role: str
    permission: str
    allows: str
    may: bool
    why: str
    others: tuple[str, ...]
    """The roles that may."""


@shows("user.read")
def accounts(look: Look) -> tuple[AccountRow, ...]:
    """Every account of the staff, by user name; customers' accounts are found with their customers."""
    having = second_factor.who_has_one(tx=look.tx)
    return tuple(_account_row(u, u.id in having) for u in access.all_users(tx=look.tx) if u.role in STAFF_ROLES)


@shows("user.read")
def account(look: Look, *, username: str) -> AccountRow:
    """One account; raises NotFound."""
    user = access.user_by_username(tx=look.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    return _account_row(user, second_factor.is_asked_for(tx=look.tx, user_id=user.id))


@shows("account.own")
def own_account(look: Look) -> AccountRow:
    """One's own account; raises NotFound for an actor without one."""
    if look.actor.user_id is None:
        raise NotFound("account", look.actor.username)
    return _account_row(access.user_by_id(tx=look.tx, user_id=look.actor.user_id), has_factor=False)


def _account_row(user: User, has_factor: bool) -> AccountRow:
    return AccountRow(
        username=user.username,
        name=user.name,
        role=user.role_shown,
        email=user.email,
        active=user.active,
        created_at=user.created_at,
        role_from=user.role_from,
        withdrawn=user.withdrawn,
        has_factor=has_factor,
    )


@shows("user.read")
def matrix(look: Look) -> Matrix:
    """The table of roles and permissions as it is in force."""
    counts, sets = access.open_accounts(tx=look.tx), _sets(look)
    return Matrix(
        roles={role: counts.get(role, 0) for role in sets},
        rows=tuple(
            PermissionRow(name, again(allows), frozenset(role for role, held in sets.items() if name in held))
            for name, allows in PERMISSIONS.items()
        ),
    )


def _sets(look: Look) -> dict[str, frozenset[str]]:
    """What each role that people have may do: the shipped ones in a settled order, then those defined here."""
    shipped = {str(role): ROLES[role] for role in Role if role in STAFF_ROLES | PORTAL_ROLES | MACHINE_ROLES}
    return shipped | {role.name: role.permissions for role in access.own_roles(tx=look.tx)}


@shows("user.read")
def explain(look: Look, *, username: str, permission: str) -> Explained:
    """Why an account may, or may not, do what a permission allows. Raises NotFound and PermissionUnknown."""
    if permission not in PERMISSIONS:
        raise PermissionUnknown(permission, near=_near(permission))
    user = access.user_by_username(tx=look.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    held = permission in user.permissions
    role = say("{role}, defined here,", role=user.role_shown) if user.own_role else user.role_shown
    if user.withdrawn:
        why = say(
            "The account is closed, since {source} and every other source gives it no role any more.",
            source=user.role_from,
        )
    elif not user.active:
        why = (
            say("The account is closed; its role {role} holds {permission}.", role=role, permission=permission)
            if held
            else say(
                "The account is closed; its role {role} does not hold {permission}.", role=role, permission=permission
            )
        )
    elif held:
        why = say("The role {role} holds {permission}.", role=role, permission=permission)
    else:
        why = say("The role {role} does not hold {permission}.", role=role, permission=permission)
    if user.role_from and not user.withdrawn:
        why = one_after_other(why, say("The role comes from {source}, by the groups there.", source=user.role_from))
    return Explained(
        username=user.username,
        role=user.role_shown,
        permission=permission,
        allows=again(PERMISSIONS[permission]),
        may=held and user.active,
        why=why,
        others=tuple(sorted(role for role, permissions in _sets(look).items() if permission in permissions)),
    )


def _near(permission: str) -> tuple[str, ...]:
    """Permissions about the same thing, or with the same verb."""
    thing, _, verb = permission.partition(".")
    return tuple(name for name in PERMISSIONS if name.split(".")[0] == thing or (verb and name.split(".")[1] == verb))
