"""Accounts: the staff's and customers', their roles and passwords, and closing them.

A changed role and a closed account reach pages that are open within seconds: every server process looks at the account
behind each session again, and closes its websockets.
"""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import admission
from isp_lifecycle.access.errors import LanguageUnknown, OwnAccount, PasswordsDiffer, RoleFromSource, RoleUnknown
from isp_lifecycle.access.model import STAFF_ROLES, Role, User
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import AccountChanged
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.texts import LANGUAGES, say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.reach import require_another, require_reach_over, role_given


@enters("user.write", proof=True)
def set_password(act: Act, *, username: str, password: str) -> User:
    """Replace somebody's password, who is told by e-mail unless the machinery does it for the demo. Pages that are open
    stay open: whoever serves them ends the sessions. Raises NotFound and BeyondOneself.
    """
    user = account_named(act, username)
    require_reach_over(act, user)
    access.set_password(tx=act.tx, user_id=user.id, password=password)
    if act.actor.role is not Role.SYSTEM:
        act.record(AccountChanged(user_id=user.id, what="password_by_administrator", address=act.actor.address))
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write", proof=True)
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


@enters("user.write", proof=True)
def create_staff_account(act: Act, *, username: str, name: str, role: str, email: str, password: str) -> User:
    """Let somebody sign in at the staff suite with a password that is handed over; an invitation is better.

    Raises RoleUnknown, BeyondOneself, UsernameTaken, UsernameWrong and PasswordTooShort.
    """
    return create_staff(act, username=username, name=name, role=role, email=email, password=password)


def create_staff(act: Act, *, username: str, name: str, role: str, email: str, password: str | None = None) -> User:
    """Make an account of the staff; without a password its owner sets it by a link."""
    act.about("account", username.strip().lower())
    act.changed("Role", "none", role)
    shipped, own = role_given(act, role)
    return access.create_user(
        tx=act.tx,
        at=act.at,
        username=username,
        name=name,
        role=shipped,
        email=email.strip() or None,
        password=password,
        own_role=own,
    )


@enters("user.write", proof=True)
def change_role(act: Act, *, username: str, role: str, reason: str) -> User:
    """Give one of the staff another role, shipped or defined here.

    Raises OwnAccount (nobody changes their own role), RoleFromSource where a directory or provider of the settings
    gives it, BeyondOneself (nobody gives more than they hold), LastAdministrator, RoleUnknown, and Refused without a
    reason.
    """
    user = _others_account(act, username, reason)
    wanted, own = role_given(act, role)
    if user.role_from in act.settings.group_tables:
        raise RoleFromSource(user.username, user.role_from)
    if user.role not in STAFF_ROLES:
        raise RoleUnknown(str(user.role), say("A customer's account has no other role; make an account for the staff."))
    if user.role_shown == role:
        return user
    if user.can_make_administrators:
        require_another(act, user)
    act.changed("Role", user.role_shown, role)
    access.set_role(tx=act.tx, user_id=user.id, role=wanted, own_role=own)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write", proof=True)
def close_account(act: Act, *, username: str, reason: str) -> User:
    """Close an account: its pages close within seconds, and it signs in no more. What it did stays on record.

    A directory or provider that still lets the person in does not open it again.

    Raises OwnAccount, BeyondOneself, LastAdministrator, and Refused without a reason.
    """
    user = _others_account(act, username, reason)
    if user.can_make_administrators and user.active:
        require_another(act, user)
    act.changed("Account", "open" if user.active else "closed", "closed")
    access.set_active(tx=act.tx, user_id=user.id, active=False)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write", proof=True)
def reopen_account(act: Act, *, username: str, reason: str) -> User:
    """Let a closed account sign in again. Raises OwnAccount, RoleFromSource where none of its sources gives it a role
    any more, and Refused without a reason.
    """
    user, tables = _others_account(act, username, reason), act.settings.group_tables
    if user.role_from in tables and not admission.role_of(tx=act.tx, user_id=user.id, tables=tables):
        raise RoleFromSource(user.username, user.role_from)
    act.changed("Account", "open" if user.active else "closed", "open")
    access.set_active(tx=act.tx, user_id=user.id, active=True)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("account.own")
def change_own_password(act: Act, *, current: str, new: str, again: str) -> None:
    """Change one's own password, knowing the present one; an e-mail tells it, too. Whoever calls it ends the account's
    other sessions.

    Raises PresentPasswordWrong, and once that one is right PasswordsDiffer, PasswordTooShort and PasswordWeak.
    """
    act.about("account", act.actor.username)
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    access.require_password(tx=act.tx, user_id=act.actor.user_id, current=current)
    if new != again:
        raise PasswordsDiffer
    access.set_password(tx=act.tx, user_id=act.actor.user_id, password=new)
    act.record(AccountChanged(user_id=act.actor.user_id, what="password", address=act.actor.address))


@enters("account.own")
def choose_language(act: Act, *, language: str) -> None:
    """Have pages speak another language with oneself; empty for the one that the browser asks for.

    A customer is written to in it as well, until they choose another one for that. Raises LanguageUnknown.
    """
    act.about("account", act.actor.username)
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    if language and language not in LANGUAGES:
        raise LanguageUnknown(language)
    act.changed(
        "Language", LANGUAGES.get(act.actor.language, "the browser's"), LANGUAGES.get(language, "the browser's")
    )
    access.set_language(tx=act.tx, user_id=act.actor.user_id, language=language)
    if language and act.actor.customer_id is not None:
        act.changed("Letters", *customers.set_language(tx=act.tx, customer_id=act.actor.customer_id, language=language))


@enters("account.own")
def note_sessions_ended(act: Act, *, where: str) -> None:
    """Tell the audit that somebody ended sessions of their own, and from which addresses those were."""
    act.about("account", act.actor.username)


def account_named(act: Act, username: str) -> User:
    """The account that is acted upon; raises NotFound."""
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    act.about("account", user.username)
    return user


def _others_account(act: Act, username: str, reason: str) -> User:
    if not reason.strip():
        raise Refused(say("A reason is needed."), field="reason", value="", remedy=say("Say in a few words why."))
    user = account_named(act, username)
    if user.id == act.actor.user_id:
        raise OwnAccount(user.username)
    require_reach_over(act, user)
    return user
