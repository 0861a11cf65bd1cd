"""E-mails about accounts: an invitation, a link for a forgotten password, and what was changed of an account.

The link is made when the e-mail is sent, and stands in what is sent only: neither the table of e-mails nor the delivery
nor its evidence has it, so that nobody takes an account over by reading what the staff may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import recovery
from isp_lifecycle.access.model import User
from isp_lifecycle.access.recovery import Purpose
from isp_lifecycle.access.store import identities
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import AccountChanged, PasswordLinkAsked
from isp_lifecycle.foundation.addresses import address_of
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices import model as letters
from isp_lifecycle.workflows.office.mail import hand_over
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

#: What can be changed of an account, by the word in the event, as its owner reads it.
CHANGES = {
    "password": say("your password was changed"),
    "password_by_link": say("your password was set by a link that we had sent you"),
    "password_by_administrator": say("an administrator set your password"),
    "factor_added": say("a second factor is asked for when you sign in"),
    "factor_removed": say("no second factor is asked for any more when you sign in"),
    "factor_removed_by_administrator": say("an administrator took the second factor off"),
    "recovery_codes": say("new recovery codes were made, the old ones work no more"),
}
#: Where in the suite a link leads, and where one asks for it.
SET_PATH, ASK_PATH = "/sign-in/password", "/sign-in/forgotten"


@dataclass(frozen=True, kw_only=True)
class AccountMailCase:
    """Which e-mail, and which link it gets; its text, without the link, stands in the table of e-mails."""

    user_id: UUID
    key: str
    to: str = ""
    subject: str = ""
    link_for: str = ""
    """The purpose of the link that is sent; empty for none."""


def begin(event: PasswordLinkAsked | AccountChanged, room: Room) -> AccountMailCase:
    """Write the e-mail, in the transaction in which its delivery is first read."""
    user = access.user_by_id(tx=room.tx, user_id=event.user_id)
    case = AccountMailCase(user_id=user.id, key=f"delivery:{room.delivery_id}")
    to, language = _reached(room, user)
    letter = _letter(event, user, room)
    if letter is None or not to:
        return case
    company = room.parts.settings.company
    email = notices.write_email(
        tx=room.tx,
        key=case.key,
        to=to,
        letter=letter,
        provider=letters.Provider(company.name, company.support_phone, company.tz),
        sender=room.parts.settings.smtp.sender,
        at=room.at,
        language=language,
    )
    has_link = isinstance(letter, letters.AccountInvitation | letters.PasswordReset)
    link_for = event.purpose if has_link and isinstance(event, PasswordLinkAsked) else ""
    return AccountMailCase(user_id=user.id, key=case.key, to=email.to, subject=email.subject, link_for=link_for)


def _letter(event: PasswordLinkAsked | AccountChanged, user: User, room: Room) -> letters.Letter | None:
    if isinstance(event, AccountChanged):
        return _notice(event, user, room)
    if not user.active:
        return None
    settings, purpose = room.parts.settings, Purpose(event.purpose)
    elsewhere = () if user.has_password else identities.of_user(tx=room.tx, user_id=user.id)
    if elsewhere:
        return letters.PasswordElsewhere(user.name, user.username, elsewhere[0].source)
    if purpose is Purpose.INVITATION:
        place = address_of(settings, recovery.realm_of(user.role))
        return letters.AccountInvitation(user.name, user.username, place, settings.links.invitation_days)
    return letters.PasswordReset(user.name, user.username, settings.links.reset_minutes)


def _notice(event: AccountChanged, user: User, room: Room) -> letters.Letter:
    return letters.AccountNotice(
        user.name,
        user.username,
        CHANGES[event.what],
        room.event_at,
        event.address or say("our own office"),
        address_of(room.parts.settings, recovery.realm_of(user.role)) + ASK_PATH,
    )


def _reached(room: Room, user: User) -> tuple[str, str]:
    """To which address and in which language: a customer's account as the customer is written to, one of the staff as
    pages speak with them."""
    if user.customer_id is not None:
        customer = customers.customer_by_id(tx=room.tx, customer_id=user.customer_id)
        return customer.email, customer.language
    return user.email or "", user.language or room.parts.settings.company.language


def check_letter(case: AccountMailCase, room: Room) -> Did[AccountMailCase]:
    """Say what was written."""
    if case.subject:
        return Did(case, say("“{subject}” to {to}.", subject=case.subject, to=case.to))
    return Did(case, say("No e-mail is sent: the account is closed, or no address is known of it."))


def send(case: AccountMailCase, site: Site) -> Did[AccountMailCase]:
    """Hand the e-mail to the relay, with a link that is made for the account as it is now."""
    if not case.subject:
        return Did(case, say("Nothing to send."))
    link = _link(case, site) if case.link_for else ""
    email, how = hand_over(case.key, site, link=link)
    return Did(case, say("{how}; its id is {id}.", how=how, id=email.message_id))


def _link(case: AccountMailCase, site: Site) -> str:
    settings, purpose = site.parts.settings, Purpose(case.link_for)
    with write(site.parts.engine) as tx:
        user = access.user_by_id(tx=tx, user_id=case.user_id)
        realm = recovery.realm_of(user.role)
        ends_at = site.parts.clock.now() + recovery.lasting(settings, purpose)
        key = recovery.key_of(settings, realm)
        token = recovery.make_token(tx=tx, key=key, user=user, purpose=purpose, ends_at=ends_at)
    return f"{address_of(settings, realm)}{SET_PATH}?token={token}"


ACCOUNT_MAIL = Workflow(
    name="account_mail",
    starts_on=(PasswordLinkAsked, AccountChanged),
    case=AccountMailCase,
    begin=begin,
    steps=(
        DatabaseStep(
            say("Write the e-mail"), do=check_letter, undo=Irreversible(say("A written e-mail stays on record."))
        ),
        OutsideStep(
            say("Send the e-mail"),
            do=send,
            verify=Unobservable(say("a relay's acceptance is all that SMTP tells")),
            undo=Irreversible(say("An e-mail cannot be unsent.")),
        ),
    ),
)
