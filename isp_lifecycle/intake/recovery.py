"""Passwords that are set by a link: who is invited, who has forgotten theirs, and setting one.

Nobody types a password for somebody else. What a stranger asks for is answered the same whoever it is about; the audit
tells what came of it.
"""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import recovery
from isp_lifecycle.access.errors import HasPassword, NoAddress, PasswordsDiffer, UsernameTaken
from isp_lifecycle.access.model import PORTAL_ROLES, STAFF_ROLES, Role, User
from isp_lifecycle.access.recovery import Purpose
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import AccountChanged, PasswordLinkAsked
from isp_lifecycle.foundation.links import RealmName
from isp_lifecycle.intake.accounts import account_named, create_staff
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.notices.model import checked_address

ROLES_OF: dict[RealmName, frozenset[Role]] = {"staff": STAFF_ROLES, "portal": PORTAL_ROLES}


@enters("user.write", proof=True)
def invite_staff(act: Act, *, username: str, name: str, role: str, email: str) -> User:
    """Make an account of the staff, and send its owner a link to choose the password.

    Raises RoleUnknown, UsernameTaken, UsernameWrong, NoAddress and AddressMalformed.
    """
    if not email.strip():
        raise NoAddress(username)
    user = create_staff(act, username=username, name=name, role=role, email=checked_address(email.strip()))
    _send(act, user, Purpose.INVITATION)
    return user


@enters("customer.invite")
def invite_customer(act: Act, *, customer_code: str) -> User:
    """Make a customer's account at the portal, called by their e-mail address, and send them a link to choose the
    password; one that was made and has none yet is sent another link.

    Raises NotFound, HasPassword, and UsernameTaken where somebody else's account is called so.
    """
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("account", customer.email)
    user = access.user_by_username(tx=act.tx, username=customer.email)
    if user is not None and user.customer_id != customer.id:
        raise UsernameTaken(user.username)
    if user is not None and user.has_password:
        raise HasPassword(user.username)
    if user is None:
        user = access.create_user(
            tx=act.tx,
            at=act.at,
            username=customer.email,
            name=customer.name,
            role=Role.CUSTOMER,
            email=customer.email,
            customer_id=customer.id,
        )
        act.changed("Account", "none", "open")
    _send(act, user, Purpose.INVITATION)
    return user


@enters("user.write", proof=True)
def send_link(act: Act, *, username: str) -> User:
    """Send somebody a link to set the password: an invitation where there is none yet.

    Only its owner gets it, so that it may be sent to anybody. Raises NotFound, and NoAddress.
    """
    user = account_named(act, username)
    if user.customer_id is None and not user.email:
        raise NoAddress(user.username)
    _send(act, user, Purpose.RESET if user.has_password else Purpose.INVITATION)
    return user


@enters("account.recover", claim=recovery.claim_of_name)
def ask_link(act: Act, *, name: str, realm: RealmName) -> None:
    """Somebody has forgotten a password: send a link to the account of this name or address, if there is one.

    What is returned, and what is raised, tells nothing about that; the audit does.
    """
    user = recovery.account_called(tx=act.tx, name=name, roles=ROLES_OF[realm])
    act.about("account", user.username if user else name.strip()[:80])
    if user is None:
        act.changed("Link", "none", "not sent: no open account here is called so")
    elif user.customer_id is None and not user.email:
        act.changed("Link", "none", "not sent: no e-mail address is known")
    elif not user.has_password and user.role_from in act.settings.group_tables:
        act.changed("Link", "none", f"not sent: the password is {user.role_from}'s, as an e-mail tells")
        act.record(PasswordLinkAsked(user_id=user.id, purpose=str(Purpose.RESET)))
    else:
        _send(act, user, Purpose.RESET)


@enters("account.recover", claim=recovery.claim_of_link)
def set_password_by_link(act: Act, *, token: str, realm: RealmName, new: str, again: str) -> User:
    """Set the password of the account that a link opens. Whoever calls it ends all sessions of the account.

    Raises LinkDead, PasswordsDiffer, PasswordTooShort and PasswordWeak.
    """
    key = recovery.key_of(act.settings, realm)
    user = recovery.opened_by(tx=act.tx, key=key, token=token, at=act.at, roles=ROLES_OF[realm])
    act.about("account", user.username)
    if new != again:
        raise PasswordsDiffer
    access.set_password(tx=act.tx, user_id=user.id, password=new)
    act.record(AccountChanged(user_id=user.id, what="password_by_link", address=act.actor.address))
    return user


def _send(act: Act, user: User, purpose: Purpose) -> None:
    act.changed("Link", "none", f"sent: {purpose}")
    act.record(PasswordLinkAsked(user_id=user.id, purpose=str(purpose)))
