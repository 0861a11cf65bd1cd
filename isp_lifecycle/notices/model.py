"""What people are told: letters to customers with the facts each one needs, and notifications to staff.

A letter is data; ``render`` gives it words. Instants become the wall time of the provider's zone there.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from isp_lifecycle.foundation.money import Money
from isp_lifecycle.notices.errors import AddressMalformed

#: Message-IDs are made from keys within this namespace (RFC 9562, version 5): the same key has the same Message-ID.
_MESSAGES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:isp-lifecycle:messages")

_ADDRESS = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]+@[^\s@,;<>\"\x00-\x1f\x7f]+")


#: Stands in a kept e-mail where the sent one has a link that opens an account: kept mail is for the staff to read.
LINK_MARK = "[link left out]"
#: Such a link, in a mail that was sent.
_LINK = re.compile(r"https?://[^\s\"'<>]*/sign-in/password\?[^\s\"'<>]*")


@dataclass(frozen=True)
class Provider:
    """Who writes to the customer, and in which zone times are told."""

    name: str
    support_phone: str
    zone: ZoneInfo


@dataclass(frozen=True)
class ApplicationReceived:
    """The application has arrived and will be looked at."""

    template: ClassVar[str] = "application_received"
    customer: str
    order_code: str
    plan: str
    address: str


@dataclass(frozen=True)
class OrderConfirmed:
    """The order is accepted and an engineer is booked, who comes to do this ``work``."""

    template: ClassVar[str] = "order_confirmed"
    customer: str
    order_code: str
    plan: str
    address: str
    visit_start: datetime
    visit_end: datetime
    work: str = "fit the connection"


@dataclass(frozen=True)
class VisitMissed:
    """An engineer came at the time of the visit, and could not come in."""

    template: ClassVar[str] = "visit_missed"
    customer: str
    order_code: str
    address: str
    visit_start: datetime


@dataclass(frozen=True)
class LineActive:
    """The line works; no ``ip_address`` where it is given anew each time."""

    template: ClassVar[str] = "line_active"
    customer: str
    service_code: str
    plan: str
    address: str
    down_kbps: int
    up_kbps: int
    ip_address: str | None
    first_charge: Money
    charged_from: date
    charged_to: date


@dataclass(frozen=True)
class PlanChanged:
    """The line runs on another plan since the day ``on``; ``price`` is a month's."""

    template: ClassVar[str] = "plan_changed"
    customer: str
    service_code: str
    old_plan: str
    new_plan: str
    down_kbps: int
    up_kbps: int
    on: date
    price: Money


@dataclass(frozen=True)
class ServiceEnded:
    """The line is switched off; ``on`` was its last day, ``credit`` what is given back, as an amount above nothing."""

    template: ClassVar[str] = "service_ended"
    customer: str
    service_code: str
    address: str
    on: date
    credit: Money | None


@dataclass(frozen=True)
class ServiceSuspended:
    """The line is shut since the day ``on``; ``effect`` and ``why`` are parts of sentences."""

    template: ClassVar[str] = "service_suspended"
    customer: str
    service_code: str
    plan: str
    address: str
    on: date
    effect: str
    why: str


@dataclass(frozen=True)
class ServiceResumed:
    """The line runs as agreed again; ``charge`` is for the days from ``charged_from`` to ``charged_to``."""

    template: ClassVar[str] = "service_resumed"
    customer: str
    service_code: str
    plan: str
    address: str
    charge: Money
    charged_from: date
    charged_to: date


@dataclass(frozen=True)
class OntExchanged:
    """The fibre terminal was exchanged; ``serial`` is what its label says."""

    template: ClassVar[str] = "ont_exchanged"
    customer: str
    service_code: str
    address: str
    serial: str


@dataclass(frozen=True)
class LineMoved:
    """The line works at another address; ``ip_address`` is set when it is another one than before."""

    template: ClassVar[str] = "line_moved"
    customer: str
    service_code: str
    plan: str
    old_address: str
    address: str
    on: date
    ip_address: str | None


@dataclass(frozen=True)
class IpAddressChanged:
    """The line has another IP address or block."""

    template: ClassVar[str] = "ip_address_changed"
    customer: str
    service_code: str
    old: str
    new: str
    gateway: str | None
    on: date


@dataclass(frozen=True)
class ChangeRescheduled:
    """What was agreed for a day happens on another one; ``what`` names it: change to Fibre 500."""

    template: ClassVar[str] = "change_rescheduled"
    customer: str
    service_code: str
    what: str
    old_on: date
    new_on: date


@dataclass(frozen=True)
class ChangeWithdrawn:
    """What was agreed for a day, if one was named, does not happen; the line goes on under ``plan``."""

    template: ClassVar[str] = "change_withdrawn"
    customer: str
    service_code: str
    what: str
    on: date | None
    plan: str


@dataclass(frozen=True)
class OrderRejected:
    """The order cannot be fulfilled, and why."""

    template: ClassVar[str] = "order_rejected"
    customer: str
    order_code: str
    plan: str
    address: str
    reason: str


@dataclass(frozen=True)
class AccountInvitation:
    """An account was made for somebody, who sets its password by a link; it works for ``days``."""

    template: ClassVar[str] = "account_invitation"
    customer: str
    username: str
    place: str
    days: int
    link: str = LINK_MARK


@dataclass(frozen=True)
class PasswordReset:
    """Somebody asked for a new password of an account, which is set by a link; it works for ``minutes``."""

    template: ClassVar[str] = "password_reset"
    customer: str
    username: str
    minutes: int
    link: str = LINK_MARK


@dataclass(frozen=True)
class PasswordElsewhere:
    """Somebody asked for a new password of an account that has none here: it is signed in to by ``source``."""

    template: ClassVar[str] = "password_elsewhere"
    customer: str
    username: str
    source: str


@dataclass(frozen=True)
class AccountNotice:
    """``what`` was changed of an account, when and from where; ``forgotten`` is where a new password is asked for."""

    template: ClassVar[str] = "account_notice"
    customer: str
    username: str
    what: str
    at: datetime
    source: str
    forgotten: str


Letter = (
    ApplicationReceived
    | OrderConfirmed
    | VisitMissed
    | LineActive
    | PlanChanged
    | ServiceEnded
    | ChangeRescheduled
    | ChangeWithdrawn
    | ServiceSuspended
    | ServiceResumed
    | OntExchanged
    | LineMoved
    | IpAddressChanged
    | OrderRejected
    | AccountInvitation
    | PasswordReset
    | PasswordElsewhere
    | AccountNotice
)


@dataclass(frozen=True)
class Rendered:
    """A letter in words: one subject, two bodies that say the same."""

    subject: str
    body_text: str
    body_html: str


@dataclass(frozen=True)
class Email:
    """A letter that was written to an address; sent when ``sent_at`` is set.

    ``offers`` counts the times that it was about to be handed to the relay without a clear no: more than one means that
    an attempt ended unnoticed. ``link`` is known while it is sent, and never kept.
    """

    id: UUID
    key: str
    to: str
    subject: str
    body_text: str
    body_html: str
    message_id: str
    created_at: datetime
    sent_at: datetime | None
    offers: int = 0
    link: str = field(default="", repr=False)


class Level(StrEnum):
    """How urgent a notification is."""

    INFO = "info"  #: Good to know.
    WARNING = "warning"  #: Somebody should look soon.
    FAILURE = "failure"  #: Something stands still until somebody acts.


@dataclass(frozen=True)
class Notification:
    """A sentence for a member of staff, or for everybody of a role, with a link to where one acts."""

    id: UUID
    key: str
    username: str | None
    role: str | None
    text: str
    link: str
    level: Level
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class StoredMail:
    """A message as the local sink received it."""

    id: str
    received_at: datetime
    sender: str
    to: str
    subject: str
    message_id: str
    text: str
    html: str


def checked_address(address: str) -> str:
    """The address, if one message can be sent to it and nothing else; raises AddressMalformed."""
    if len(address) > 254 or _ADDRESS.fullmatch(address) is None:
        raise AddressMalformed(address)
    return address


def without_links(text: str) -> str:
    """A sent text without links that open an account, for whoever may read mail."""
    return _LINK.sub(LINK_MARK, text)


def message_id(*, key: str, sender: str) -> str:
    """The Message-ID of the e-mail with this key, so that a mail sent twice is known for one."""
    return f"<{uuid.uuid5(_MESSAGES, key)}@{checked_address(sender).rpartition('@')[2]}>"
