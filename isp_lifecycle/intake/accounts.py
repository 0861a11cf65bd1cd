"""Accounts: the staff's and customers', their roles and passwords, and closing them.

A changed role and a closed account reach pages that are open within seconds: every server process looks at the account
behind each session again, and closes its websockets.
"""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.errors import LastAdministrator, OwnAccount, PasswordsDiffer, RoleUnknown
from isp_lifecycle.access.model import STAFF_ROLES, Role, User
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.intake.door import Act, enters


@enters("user.write")
def set_password(act: Act, *, username: str, password: str) -> User:
    """Replace somebody's password. Pages that are open stay open: whoever serves them ends the sessions."""
    user = _account(act, username)
    access.set_password(tx=act.tx, user_id=user.id, password=password)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write")
def create_customer_account(act: Act, *, customer_code: str, username: str, password: str) -> User:
    """Let a customer sign in at the portal, where they see and change what is their own."""
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("account", username)
    return access.create_user(
        tx=act.tx,
        at=act.at,
        username=username,
        name=customer.name,
        role=Role.CUSTOMER,
        email=customer.email,
        password=password,
        customer_id=customer.id,
    )


@enters("user.write")
def create_staff_account(act: Act, *, username: str, name: str, role: str, email: str, password: str) -> User:
    """Let somebody sign in at the staff suite. Raises RoleUnknown, UsernameTaken, UsernameWrong, PasswordTooShort."""
    act.about("account", username.strip().lower())
    act.changed("Role", "none", role)
    return access.create_user(
        tx=act.tx,
        at=act.at,
        username=username,
        name=name,
        role=_staff_role(role),
        email=email.strip() or None,
        password=password,
    )


@enters("user.write")
def change_role(act: Act, *, username: str, role: str, reason: str) -> User:
    """Give one of the staff another role.

    Raises OwnAccount (nobody changes their own role), LastAdministrator, RoleUnknown, and Refused without a reason.
    """
    user, wanted = _others_account(act, username, reason), _staff_role(role)
    if user.role not in STAFF_ROLES:
        raise RoleUnknown(str(user.role), "A customer's account has no other role; make an account for the staff.")
    if user.role is wanted:
        return user
    if user.role is Role.ADMINISTRATOR:
        _require_another_administrator(act, user)
    act.changed("Role", user.role, wanted)
    access.set_role(tx=act.tx, user_id=user.id, role=wanted)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write")
def close_account(act: Act, *, username: str, reason: str) -> User:
    """Close an account: its pages close within seconds, and it signs in no more. What it did stays on record.

    Raises OwnAccount, LastAdministrator, and Refused without a reason.
    """
    user = _others_account(act, username, reason)
    if user.role is Role.ADMINISTRATOR and user.active:
        _require_another_administrator(act, user)
    act.changed("Account", "open" if user.active else "closed", "closed")
    access.set_active(tx=act.tx, user_id=user.id, active=False)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write")
def reopen_account(act: Act, *, username: str, reason: str) -> User:
    """Let a closed account sign in again. Raises OwnAccount, and Refused without a reason."""
    user = _others_account(act, username, reason)
    act.changed("Account", "open" if user.active else "closed", "open")
    access.set_active(tx=act.tx, user_id=user.id, active=True)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("account.own")
def change_own_password(act: Act, *, current: str, new: str, again: str) -> None:
    """Change one's own password, knowing the present one. Whoever calls it ends the account's other sessions.

    Raises PresentPasswordWrong, and once that one is right PasswordsDiffer, PasswordTooShort and PasswordWeak.
    """
    act.about("account", act.actor.username)
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    access.require_password(tx=act.tx, user_id=act.actor.user_id, current=current)
    if new != again:
        raise PasswordsDiffer
    access.set_password(tx=act.tx, user_id=act.actor.user_id, password=new)


@enters("account.own")
def note_sessions_ended(act: Act, *, where: str) -> None:
    """Tell the audit that somebody ended sessions of their own, and from which addresses those were."""
    act.about("account", act.actor.username)


def _account(act: Act, username: str) -> User:
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    act.about("account", user.username)
    return user


def _others_account(act: Act, username: str, reason: str) -> User:
    if not reason.strip():
        raise Refused("A reason is needed.", field="reason", value="", remedy="Say in a few words why.")
    user = _account(act, username)
    if user.id == act.actor.user_id:
        raise OwnAccount(user.username)
    return user


def _staff_role(text: str) -> Role:
    found = next((role for role in STAFF_ROLES if role == text), None)
    if found is None:
        raise RoleUnknown(text, f"Use one of: {', '.join(sorted(STAFF_ROLES))}.")
    return found


def _require_another_administrator(act: Act, user: User) -> None:
    """Two who close each other's account at once take turns: the second one finds that there is no other any more."""
    others = access.lock_administrators(tx=act.tx) - {user.id}
    if not others:
        raise LastAdministrator(user.username)
