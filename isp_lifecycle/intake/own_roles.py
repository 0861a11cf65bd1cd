"""Roles that are defined here: a name, a shipped role to start from, and what they may do.

A changed role reaches pages that are open within seconds, as a change of somebody's role does.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import store
from isp_lifecycle.access.errors import LastAdministrator, OwnRoleInUse, OwnRoleWrong, OwnRoleYours, PermissionUnknown
from isp_lifecycle.access.model import GRANTABLE, OF_ALL_STAFF, PERMISSIONS, STAFF_ROLES, OwnRole, Role
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.reach import require_reach

_NAME = re.compile(r"[a-z][a-z0-9]*([ -][a-z0-9]+)*")
LONGEST_NAME = 40


@enters("user.write", proof=True)
def define_role(act: Act, *, name: str, base: str, permissions: Collection[str], reason: str) -> OwnRole:
    """Define a role. What all staff may is always part of it.

    Raises OwnRoleWrong, PermissionUnknown, BeyondOneself (nobody gives more than they hold), and Refused without a
    reason.
    """
    _require_reason(reason)
    role = OwnRole(_named(name), _base(base), _may(permissions))
    act.about("role", role.name)
    require_reach(act, role.name, role.permissions)
    if not store.insert_role(tx=act.tx, role=role):
        raise OwnRoleWrong("name", role.name, say("is a role already"), say("Change that one, or choose another name."))
    act.changed("Base", "none", role.base)
    _tell(act, OF_ALL_STAFF, role.permissions)
    return role


@enters("user.write", proof=True)
def change_own_role(act: Act, *, name: str, base: str, permissions: Collection[str], reason: str) -> OwnRole:
    """Change what a role may do, and from which shipped role it starts.

    Raises NotFound, OwnRoleYours, LastAdministrator (nobody else could make administrators then), and what
    :func:`define_role` does; a role that may more than whoever acts is not theirs to change.
    """
    _require_reason(reason)
    before = _found(act, name)
    after = OwnRole(before.name, _base(base), _may(permissions))
    require_reach(act, before.name, before.permissions | after.permissions)
    if before.permissions >= GRANTABLE > after.permissions & GRANTABLE:
        _require_others_able(act, before)
    store.update_role(tx=act.tx, role=after)
    if before.base is not after.base:
        act.changed("Base", before.base, after.base)
    _tell(act, before.permissions, after.permissions)
    return after


@enters("user.write", proof=True)
def remove_role(act: Act, *, name: str, reason: str) -> None:
    """Remove a role that no account has. Raises NotFound, OwnRoleInUse, BeyondOneself, and Refused without a reason."""
    _require_reason(reason)
    role = _found(act, name)
    require_reach(act, role.name, role.permissions)
    if having := store.usernames_with(tx=act.tx, own_role=role.name):
        raise OwnRoleInUse(role.name, tuple(having))
    store.delete_role(tx=act.tx, name=role.name)
    act.changed("Role", role.name, "removed")


def _found(act: Act, name: str) -> OwnRole:
    role = store.role_by_name(tx=act.tx, name=name.strip().lower(), lock=True)
    if role is None:
        raise NotFound("role", name)
    act.about("role", role.name)
    if act.actor.own_role == role.name:
        raise OwnRoleYours(role.name)
    return role


def _require_others_able(act: Act, role: OwnRole) -> None:
    able = access.lock_able(tx=act.tx)
    having = {user.id for user in access.all_users(tx=act.tx) if user.own_role and user.own_role.name == role.name}
    if able and not able - having:
        raise LastAdministrator(", ".join(store.usernames_with(tx=act.tx, own_role=role.name)))


def _named(text: str) -> str:
    name = text.strip().lower()
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        remedy = say("Use up to {most} small letters and digits, in words: night desk.", most=LONGEST_NAME)
        raise OwnRoleWrong("name", text, say("cannot be the name of a role"), remedy)
    if name in set(Role):
        raise OwnRoleWrong("name", name, say("is a role already"), say("Choose another name."))
    return name


def _base(text: str) -> Role:
    found = next((role for role in STAFF_ROLES if role == text), None)
    if found is None:
        raise OwnRoleWrong(
            "base", text, say("is no shipped role"), say("Use one of: {known}.", known=", ".join(sorted(STAFF_ROLES)))
        )
    return found


def _may(permissions: Collection[str]) -> frozenset[str]:
    for permission in permissions:
        if permission not in PERMISSIONS:
            raise PermissionUnknown(permission, near=())
        if permission not in GRANTABLE | OF_ALL_STAFF:
            remedy = say("Leave it out: it is a customer's own, or the machinery's.")
            raise OwnRoleWrong("permissions", permission, say("cannot be given to a role"), remedy)
    return frozenset(permissions) | OF_ALL_STAFF


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(say("A reason is needed."), field="reason", value="", remedy=say("Say in a few words why."))


def _tell(act: Act, before: frozenset[str], after: frozenset[str]) -> None:
    """Before and after, as what came and what went: the whole would be two long lists to compare."""
    if added := sorted(after - before):
        act.changed("May", "not", ", ".join(added))
    if taken := sorted(before - after):
        act.changed("May", ", ".join(taken), "no more")
