"""Who may do what: accounts, the table of roles and permissions, and why somebody may or may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.errors import PermissionUnknown
from isp_lifecycle.access.model import PERMISSIONS, PORTAL_ROLES, ROLES, STAFF_ROLES, Role, User
from isp_lifecycle.foundation.errors import NotFound
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
    return tuple(_account_row(user) for user in access.all_users(tx=look.tx) if user.role in STAFF_ROLES)


@shows("user.read")
def account(look: Look, *, username: str) -> AccountRow:
    """One account; raises NotFound."""
    user = access.user_by_username(tx=look.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    return _account_row(user)


@shows("account.own")
def own_account(look: Look) -> AccountRow:
    """One's own account; raises NotFound for an actor without one."""
    if look.actor.user_id is None:
        raise NotFound("account", look.actor.username)
    return _account_row(access.user_by_id(tx=look.tx, user_id=look.actor.user_id))


def _account_row(user: User) -> AccountRow:
    return AccountRow(user.username, user.name, str(user.role), user.email, user.active, user.created_at)


@shows("user.read")
def matrix(look: Look) -> Matrix:
    """The table of roles and permissions as it is in force."""
    counts = access.open_accounts(tx=look.tx)
    roles = [role for role in Role if role in STAFF_ROLES | PORTAL_ROLES]
    return Matrix(
        roles={str(role): counts.get(str(role), 0) for role in roles},
        rows=tuple(
            PermissionRow(name, allows, frozenset(str(role) for role in roles if name in ROLES[role]))
            for name, allows in PERMISSIONS.items()
        ),
    )


@shows("user.read")
def explain(look: Look, *, username: str, permission: str) -> Explained:
    """Why an account may, or may not, do what a permission allows. Raises NotFound and PermissionUnknown."""
    if permission not in PERMISSIONS:
        raise PermissionUnknown(permission, near=_near(permission))
    user = access.user_by_username(tx=look.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    held = permission in ROLES[user.role]
    if not user.active:
        why = f"The account is closed; its role {user.role} {'holds' if held else 'does not hold'} {permission}."
    elif held:
        why = f"The role {user.role} holds {permission}."
    else:
        why = f"The role {user.role} does not hold {permission}."
    return Explained(
        username=user.username,
        role=str(user.role),
        permission=permission,
        allows=PERMISSIONS[permission],
        may=held and user.active,
        why=why,
        others=tuple(sorted(str(role) for role in STAFF_ROLES | PORTAL_ROLES if permission in ROLES[role])),
    )


def _near(permission: str) -> tuple[str, ...]:
    """Permissions about the same thing, or with the same verb."""
    thing, _, verb = permission.partition(".")
    return tuple(name for name in PERMISSIONS if name.split(".")[0] == thing or (verb and name.split(".")[1] == verb))
