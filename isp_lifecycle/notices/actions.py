"""Write to customers and notify staff. A key names each message, and a key is written and sent once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import ENGLISH
from isp_lifecycle.notices import store, wordings
from isp_lifecycle.notices.errors import AudienceMissing
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.notices.model import (
    Email,
    Letter,
    Level,
    Notification,
    Provider,
    Rendered,
    checked_address,
    message_id,
)


def write_email(
    *,
    tx: Tx,
    key: str,
    to: str,
    letter: Letter,
    provider: Provider,
    sender: str,
    at: datetime,
    language: str = ENGLISH,
) -> Email:
    """Write a letter to an address, to be sent by :func:`send_email`; in ``language``, by the words that count now.

    The same key again gives the e-mail as it was first written. Raises AddressMalformed.
    """
    return store.insert_email(
        tx=tx,
        key=key,
        to=checked_address(to),
        rendered=wordings.written(tx=tx, letter=letter, provider=provider, language=language, at=at),
        message_id=message_id(key=key, sender=sender),
        at=at,
    )


def write_example(
    *,
    tx: Tx,
    key: str,
    to: str,
    rendered: Rendered,
    sender: str,
    at: datetime,
) -> Email:
    """Write a message that was made already, to be looked at by whoever asked for it. Raises AddressMalformed."""
    return store.insert_email(
        tx=tx, key=key, to=checked_address(to), rendered=rendered, message_id=message_id(key=key, sender=sender), at=at
    )


class Handed(StrEnum):
    """How an e-mail came to be with the relay; the words are the timeline's."""

    ONCE = "Accepted by the mail relay"
    BEFORE = "An earlier attempt whose end was not noted had handed it over: the mail relay has it"
    PERHAPS_AGAIN = (
        "Accepted by the mail relay, perhaps once more: an earlier attempt ended unnoticed, and this relay "
        "cannot be asked; a mail program knows a repeat by its Message-ID"
    )


def offer_email(*, tx: Tx, key: str) -> None:
    """Say that an e-mail is about to be handed over, in a transaction of its own before :func:`send_email`.

    SMTP has no question for what became of a mail. So whoever comes after one that died in between must see that
    there was one, and looks first.
    """
    store.count_offer(tx=tx, key=key, by=1)


def not_taken(*, tx: Tx, key: str) -> None:
    """Take an offer back that the relay has clearly declined: nothing is in doubt by it."""
    store.count_offer(tx=tx, key=key, by=-1)


def send_email(
    *,
    tx: Tx,
    key: str,
    mailer: Mailer,
    at: datetime,
    still_mine: Callable[[], None] = lambda: None,
    link: str = "",
) -> tuple[Email, Handed]:
    """Hand an e-mail that was offered to the relay, unless it has it; returns the e-mail and how it got there.

    Two who send at once wait for each other. After an attempt that ended unnoticed the relay is asked whether it has
    the mail; one that cannot be asked gets it again under the same Message-ID (at least once, rather than perhaps
    never). ``still_mine`` raises when the work is somebody else's by now. ``link`` stands in what is sent, and not in
    what is kept. Raises NotFound, and what ``Mailer.send`` raises.
    """
    email = _found(key, store.email(tx=tx, key=key, lock=True))
    if email.sent_at is not None:
        return email, Handed.ONCE
    in_doubt = email.offers > 1
    has_it = mailer.has(email) if in_doubt else False
    if not has_it:
        still_mine()
        mailer.send(replace(email, link=link))
    how = Handed.BEFORE if has_it else Handed.PERHAPS_AGAIN if in_doubt and has_it is None else Handed.ONCE
    return store.set_sent(tx=tx, key=key, at=at), how


def email_by_key(*, tx: Tx, key: str) -> Email:
    """The e-mail with that key; raises NotFound."""
    return _found(key, store.email(tx=tx, key=key))


def unsent(*, tx: Tx, limit: int = 100) -> tuple[Email, ...]:
    """E-mails that wait to be sent, oldest first."""
    return store.email_list(tx=tx, unsent=True, limit=limit)


def emails_to(*, tx: Tx, to: str) -> tuple[Email, ...]:
    """What was ever written to an address, oldest first."""
    return store.email_list(tx=tx, to=to)


def notify(
    *,
    tx: Tx,
    key: str,
    text: str,
    link: str,
    level: Level,
    at: datetime,
    username: str | None = None,
    role: str | None = None,
) -> Notification:
    """Tell a member of staff, or everybody of a role; the same key again gives the one that stands.

    Raises AudienceMissing unless exactly one of person and role is given.
    """
    if (username is None) == (role is None):
        raise AudienceMissing(username, role)
    return store.insert_notification(
        tx=tx, key=key, username=username, role=role, text=text, link=link, level=level, at=at
    )


def notifications_for(
    *, tx: Tx, username: str, roles: Sequence[str], unread: bool = True, limit: int = 50
) -> tuple[Notification, ...]:
    """What a person is told, by name or by role, newest first."""
    return store.notification_list(tx=tx, username=username, roles=roles, unread=unread, limit=limit)


def unread_count(*, tx: Tx, username: str, roles: Sequence[str]) -> int:
    """How much a person was told, by name or by role, that nobody has read."""
    return store.unread_count(tx=tx, username=username, roles=roles)


def read_notification(
    *, tx: Tx, notification_id: UUID, username: str, roles: Sequence[str], at: datetime
) -> Notification:
    """Note that it was read by somebody whom it is for; the first reading counts, for a role as for a person.

    Raises NotFound, also for what was told to others.
    """
    found = store.set_read(tx=tx, notification_id=notification_id, username=username, roles=roles, at=at)
    if found is None:
        raise NotFound("notification", notification_id)
    return found


def read_all(*, tx: Tx, username: str, roles: Sequence[str], until: datetime, at: datetime) -> int:
    """Note that all was read that a person was told until an instant; returns how much that was."""
    return store.set_all_read(tx=tx, username=username, roles=roles, until=until, at=at)


def _found(key: str, email: Email | None) -> Email:
    if email is None:
        raise NotFound("e-mail", key)
    return email
