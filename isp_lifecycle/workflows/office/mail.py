"""The customer's e-mails: written once in the database, then sent; written and sent again is the same message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.billing.model import month_of, prorated
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Customer
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.vocabulary import (
    AddressChanged,
    Event,
    LineActivated,
    LineRelocated,
    LineResumed,
    LineSuspended,
    LineTerminated,
    OntSwapped,
    OrderPlaced,
    OrderRejected,
    OrderRescheduled,
    OrderWithdrawn,
    PlanChanged,
    VisitBooked,
    VisitMissed,
)
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import Obstacle
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import LifecycleError, Unreachable
from isp_lifecycle.foundation.terms import Family
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices import model as letters
from isp_lifecycle.notices.errors import MailInDoubt
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order, OrderKind
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


@dataclass(frozen=True, kw_only=True)
class MailCase:
    """Which e-mail: its key is the event's delivery, its text stands in the table of e-mails."""

    customer_id: UUID
    key: str
    to: str
    subject: str = ""


@dataclass(frozen=True)
class _About:
    """What a letter is written from."""

    customer: Customer
    order: Order
    address: str
    room: Room


def _received(event: OrderPlaced, about: _About) -> letters.Letter | None:
    if about.order.kind is not OrderKind.NEW_LINE:
        return None
    return letters.ApplicationReceived(
        about.customer.name, about.order.code, about.order.terms.plan_name, about.address
    )


def _rejected(event: OrderRejected, about: _About) -> letters.Letter:
    order = about.order
    return letters.OrderRejected(
        about.customer.name, order.code, order.terms.plan_name, about.address, order.reason or ""
    )


#: What the engineer comes to do.
_WORK = {
    OrderKind.ONT_SWAP: say("exchange your fibre terminal"),
    OrderKind.RELOCATION: say("fit the connection at your new address"),
}
_FIT = say("fit the connection")


def _visit(event: VisitBooked, about: _About) -> letters.Letter:
    visit = field.visit_by_id(tx=about.room.tx, visit_id=event.visit_id)
    return letters.OrderConfirmed(
        about.customer.name,
        about.order.code,
        about.order.terms.plan_name,
        about.address,
        visit.during.start,
        visit.during.end,
        _WORK.get(about.order.kind, _FIT),
    )


def _missed(event: VisitMissed, about: _About) -> letters.Letter | None:
    """Only who was not there, or where nobody opened, is asked to call; of all else the staff tells them in person."""
    if event.obstacle not in {Obstacle.NOBODY_HOME, Obstacle.NO_ACCESS}:
        return None
    visit = field.visit_by_id(tx=about.room.tx, visit_id=event.visit_id)
    return letters.VisitMissed(about.customer.name, about.order.code, about.address, visit.during.start)


def _active(event: LineActivated, about: _About) -> letters.Letter:
    terms, tx = about.order.terms, about.room.tx
    service = inventory.service_by_id(tx=tx, service_id=event.service_id)
    held = ipam.allocation_of(tx=tx, owner=event.service_id)
    month = month_of(event.active_on)
    prefix = ipam.allocation_of(tx=tx, owner=event.service_id, family=Family.IPV6)
    shown = _both(*(one.shown for one in (held, prefix) if one is not None))
    return letters.LineActive(
        about.customer.name,
        service.code,
        terms.plan_name,
        about.address,
        terms.down_kbps,
        terms.up_kbps,
        shown,
        prorated(price=terms.price, first_day=event.active_on, month=month),
        event.active_on,
        month.last,
    )


def _both(*addresses: str) -> str | None:
    if len(addresses) > 1:
        return say("{first} and {second}", first=addresses[0], second=addresses[1])
    return addresses[0] if addresses else None


def _changed(event: PlanChanged, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    terms = about.order.terms
    return letters.PlanChanged(
        about.customer.name,
        service.code,
        event.old_plan_name,
        terms.plan_name,
        terms.down_kbps,
        terms.up_kbps,
        event.changed_on,
        terms.price,
    )


def _ended(event: LineTerminated, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    unused = event.ended_on + timedelta(days=1)
    month = month_of(event.ended_on)
    paid_ahead = unused <= month.last and service.suspended_on is None
    credit = prorated(price=service.terms.price, first_day=unused, month=month) if paid_ahead else None
    return letters.ServiceEnded(about.customer.name, service.code, about.address, event.ended_on, credit)


_EFFECT = {
    "slow": say("Until it is resumed it goes on at a low speed."),
    "walled_garden": say("Until it is resumed it leads to our own pages only."),
    "off": say("Until it is resumed it is switched off."),
}
_WHY = {
    "non_payment": say("charges have not been paid"),
    "customer_wish": say("as you have asked"),
    "abuse": say("it was used against our terms"),
}


def _suspended(event: LineSuspended, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    return letters.ServiceSuspended(
        about.customer.name,
        service.code,
        about.order.terms.plan_name,
        about.address,
        event.suspended_on,
        _EFFECT[event.way],
        _WHY[event.why],
    )


def _resumed(event: LineResumed, about: _About) -> letters.Letter:
    service, terms = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id), about.order.terms
    month = month_of(event.resumed_on)
    return letters.ServiceResumed(
        about.customer.name,
        service.code,
        terms.plan_name,
        about.address,
        prorated(price=terms.price, first_day=event.resumed_on, month=month),
        event.resumed_on,
        month.last,
    )


def _swapped(event: OntSwapped, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    serial = Serial.parse(event.new_serial).display
    return letters.OntExchanged(about.customer.name, service.code, about.address, serial)


def _moved(event: LineRelocated, about: _About) -> letters.Letter:
    tx = about.room.tx
    service = inventory.service_by_id(tx=tx, service_id=event.service_id)
    old = customers.premises_by_id(tx=tx, premises_id=event.old_premises_id)
    return letters.LineMoved(
        about.customer.name,
        service.code,
        about.order.terms.plan_name,
        old.address,
        about.address,
        event.moved_on,
        _shown_address(service, about) if event.new_ip_address else None,
    )


def _renumbered(event: AddressChanged, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    held = ipam.allocation_of(tx=about.room.tx, owner=service.id)
    gateway = str(held.gateway) if held is not None and held.gateway else None
    return letters.IpAddressChanged(
        about.customer.name,
        service.code,
        event.old_prefix.replace("/32", "") or say("none"),
        event.new_prefix.replace("/32", "") or say("none"),
        gateway,
        event.changed_on,
    )


def _shown_address(service: Service, about: _About) -> str | None:
    """The address, or the block, as a customer writes it down."""
    held = ipam.allocation_of(tx=about.room.tx, owner=service.id)
    return None if held is None else str(held.prefix).removesuffix("/32")


def _rescheduled(event: OrderRescheduled, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    what = _lies_ahead(about.order)
    return letters.ChangeRescheduled(about.customer.name, service.code, what, event.old_on, event.new_on)


def _withdrawn(event: OrderWithdrawn, about: _About) -> letters.Letter:
    service = inventory.service_by_id(tx=about.room.tx, service_id=event.service_id)
    order = about.order
    return letters.ChangeWithdrawn(
        about.customer.name, service.code, _lies_ahead(order), order.wanted_on, service.terms.plan_name
    )


def _lies_ahead(order: Order) -> str:
    """What an order would have done, as its customer calls it."""
    if order.kind is OrderKind.PLAN_CHANGE:
        return say("change to {plan}", plan=order.terms.plan_name)
    return _AHEAD.get(order.kind, order.kind.replace("_", " "))


#: What else can lie ahead, as its customer calls it.
_AHEAD = {
    OrderKind.TERMINATION: say("end of your service"),
    OrderKind.SUSPENSION: say("pause of your service"),
    OrderKind.RESUMPTION: say("end of the pause"),
    OrderKind.RELOCATION: say("move to your new address"),
    OrderKind.ONT_SWAP: say("exchange of your fibre terminal"),
    OrderKind.ADDRESS_CHANGE: say("change of your IP address"),
}


LETTERS: dict[type[Event], Callable[[Any, _About], letters.Letter | None]] = {
    OrderPlaced: _received,
    OrderRejected: _rejected,
    VisitBooked: _visit,
    VisitMissed: _missed,
    LineActivated: _active,
    PlanChanged: _changed,
    LineTerminated: _ended,
    LineSuspended: _suspended,
    LineResumed: _resumed,
    OntSwapped: _swapped,
    LineRelocated: _moved,
    AddressChanged: _renumbered,
    OrderRescheduled: _rescheduled,
    OrderWithdrawn: _withdrawn,
}


def begin(event: OrderPlaced, room: Room) -> MailCase:
    """Write the e-mail, in the transaction in which its delivery is first read."""
    customer = customers.customer_by_id(tx=room.tx, customer_id=event.customer_id)
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    address = customers.premises_by_id(tx=room.tx, premises_id=order.premises_id).address
    case = MailCase(customer_id=customer.id, key=f"delivery:{room.delivery_id}", to=customer.email)
    letter = LETTERS[type(event)](event, _About(customer, order, address, room))
    if letter is None:
        return case
    company = room.parts.settings.company
    email = notices.write_email(
        tx=room.tx,
        key=case.key,
        to=customer.email,
        letter=letter,
        provider=letters.Provider(company.name, company.support_phone, company.tz),
        sender=room.parts.settings.smtp.sender,
        at=room.at,
        language=customer.language,
    )
    return MailCase(customer_id=customer.id, key=case.key, to=email.to, subject=email.subject)


def check_letter(case: MailCase, room: Room) -> Did[MailCase]:
    """Say what was written."""
    return Did(
        case,
        say("“{subject}” to {to}.", subject=case.subject, to=case.to)
        if case.subject
        else say("No e-mail is sent for this."),
    )


def send(case: MailCase, site: Site) -> Did[MailCase]:
    """Hand the e-mail to the relay, unless that was done already."""
    if not case.subject:
        return Did(case, say("Nothing to send."))
    email, how = hand_over(case.key, site)
    return Did(case, say("{how}; its id is {id}.", how=how, id=email.message_id))


def hand_over(key: str, site: Site, *, link: str = "") -> tuple[letters.Email, notices.Handed]:
    """Hand an e-mail that was written to the relay, with ``link`` where what is kept has none; and how it got there."""
    parts = site.parts
    site.still_mine()
    with write(parts.engine) as tx:
        notices.offer_email(tx=tx, key=key)
    try:
        with write(parts.engine) as tx:
            return notices.send_email(
                tx=tx, key=key, mailer=parts.mailer, at=parts.clock.now(), still_mine=site.still_mine, link=link
            )
    except MailInDoubt:
        raise
    except LifecycleError:
        with suppress(Unreachable), write(parts.engine) as tx:
            notices.not_taken(tx=tx, key=key)
        raise


MAIL = Workflow(
    name="mail",
    starts_on=tuple(LETTERS),
    case=MailCase,
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
