"""Roles that were defined here, and which roles somebody can give."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import GRANTABLE, OF_ALL_STAFF, ROLES, STAFF_ROLES
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class OwnRoleRow:
    """One role that was defined here; ``permissions`` without what all staff may, ``accounts`` are open ones."""

    name: str
    base: str
    permissions: tuple[str, ...]
    accounts: int


@shows("user.read")
def own_roles(look: Look) -> tuple[OwnRoleRow, ...]:
    """Every role that was defined here, by name."""
    counts = access.open_accounts(tx=look.tx)
    return tuple(
        OwnRoleRow(role.name, str(role.base), tuple(sorted(role.permissions - OF_ALL_STAFF)), counts.get(role.name, 0))
        for role in access.own_roles(tx=look.tx)
    )


@shows("user.read")
def given_by(look: Look) -> tuple[str, ...]:
    """The roles that whoever looks could give to an account: none that may more than they may themselves."""
    sets = {str(role): ROLES[role] for role in sorted(STAFF_ROLES)}
    sets |= {role.name: role.permissions for role in access.own_roles(tx=look.tx)}
    return tuple(name for name, held in sets.items() if held & GRANTABLE <= look.actor.permissions)


@shows("user.read")
def grantable(look: Look) -> tuple[str, ...]:
    """The permissions that whoever looks could give to a role."""
    return tuple(sorted((GRANTABLE - OF_ALL_STAFF) & look.actor.permissions))
