"""How far somebody's hand reaches over accounts and roles: never beyond what they may do themselves.

Else whoever may only make accounts could make one that may everything, or set an administrator's password.
"""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.errors import BeyondOneself, LastAdministrator, RoleUnknown
from isp_lifecycle.access.model import GRANTABLE, ROLES, STAFF_ROLES, OwnRole, Role, User
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act


def require_reach(act: Act, what: str, permissions: frozenset[str]) -> None:
    """Raise BeyondOneself unless whoever acts holds all of these that people can be given."""
    missing = (permissions & GRANTABLE) - act.actor.permissions
    if missing:
        raise BeyondOneself(what, tuple(sorted(missing)))


def require_reach_over(act: Act, user: User) -> None:
    """Raise BeyondOneself where an account of the staff may do what whoever acts may not."""
    if user.role in STAFF_ROLES:
        require_reach(act, user.username, user.permissions)


def role_given(act: Act, text: str) -> tuple[Role, OwnRole | None]:
    """A role of the staff by its name, shipped or defined here, within reach. Raises RoleUnknown and BeyondOneself."""
    own = access.own_role(tx=act.tx, name=text)
    role = own.base if own else next((one for one in STAFF_ROLES if one == text), None)
    if role is None:
        known = sorted(STAFF_ROLES | {one.name for one in access.own_roles(tx=act.tx)})
        raise RoleUnknown(text, say("Use one of: {known}.", known=", ".join(known)))
    require_reach(act, text, own.permissions if own else ROLES[role])
    return role, own


def require_another(act: Act, *users: User) -> None:
    """Raise LastAdministrator unless somebody else than these can make administrators.

    Two who close each other's account at once take turns: the second one finds that there is no other any more.
    Others count only when their role was given here: a directory that errs must not be able to take the last one.
    """
    if not access.lock_able(tx=act.tx) - {user.id for user in users}:
        raise LastAdministrator(", ".join(user.username for user in users))
