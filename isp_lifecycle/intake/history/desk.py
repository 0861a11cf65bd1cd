"""What else a desk sees in three months: applications that were turned down, and customers who had a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import OrderPlaced, OrderRejected
from isp_lifecycle.intake.history.scene import Scene, tell
from isp_lifecycle.inventory.model import Service
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, OrderKind
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import TicketState


@dataclass(frozen=True, kw_only=True)
class TurnedDown:
    """An application that the sales desk said no to."""

    days_ago: int
    name: str
    email: str
    phone: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A customer's question, the answer, and whether that settled it. ``who`` counts the services of the past."""

    days_ago: int
    who: int
    subject: str
    text: str
    answer: str
    settled: bool = True


TURNED_DOWN = (
    TurnedDown(
        days_ago=71,
        name="Nuala Kerrigan",
        email="nuala.kerrigan@mail.example",
        phone="+353 20 910 3301",
        reason="The owner of the building has not agreed to a drop cable.",
    ),
    TurnedDown(
        days_ago=44,
        name="Petr Dolezal",
        email="petr.dolezal@mail.example",
        phone="+353 20 910 3302",
        reason="You asked us not to go ahead.",
    ),
    TurnedDown(
        days_ago=17,
        name="Orlaith Moran",
        email="orlaith.moran@mail.example",
        phone="+353 20 910 3303",
        reason="We could not reach you under the number and address that you gave.",
    ),
)

ASKED = (
    Asked(
        days_ago=52,
        who=3,
        subject="Which router may I use?",
        text="May I connect my own router behind the ONT?",
        answer="Yes. Plug it into the ONT's first port and let it get its address by DHCP.",
    ),
    Asked(
        days_ago=33,
        who=11,
        subject="First invoice",
        text="Why is the first amount lower than the price of my plan?",
        answer="The first month was charged by days, from the day on which your line came into use.",
    ),
    Asked(
        days_ago=3,
        who=20,
        subject="Slow in the evening",
        text="Since Monday the line is slow after eight o'clock.",
        answer="Thank you. We are looking at the levels of your line and will call you.",
        settled=False,
    ),
)


def write_turned_down(scene: Scene) -> int:
    """Applications for addresses that nobody has a line at, each turned down within a day; returns how many."""
    free = scene.act.tx.execute(
        sa.text(
            "SELECT p.code FROM premises p WHERE p.splitter_code IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM services s WHERE s.premises_id = p.id) ORDER BY p.code DESC LIMIT :many"
        ),
        {"many": len(TURNED_DOWN)},
    ).scalars()
    for past, code in zip(TURNED_DOWN, free, strict=False):
        _turn_down(scene, past, code)
    return len(TURNED_DOWN)


def _turn_down(scene: Scene, past: TurnedDown, premises_code: str) -> None:
    tx, at = scene.act.tx, scene.act.at - timedelta(days=past.days_ago)
    by = scene.chance.choice(scene.sales)
    customer = customers.register_customer(tx=tx, name=past.name, email=past.email, phone=past.phone, at=at).customer
    order = orders.submit(
        tx=tx,
        kind=OrderKind.NEW_LINE,
        customer_id=customer.id,
        premises_id=customers.premises_by_code(tx=tx, code=premises_code).id,
        terms=scene.terms("home-100"),
        channel=Channel.PORTAL,
        at=at,
        consent_at=at,
    )
    decided_at = at + timedelta(minutes=scene.chance.randint(90, 700))
    orders.reject(tx=tx, order_id=order.id, by=by, at=decided_at, reason=past.reason)
    ids = {"order_id": order.id, "customer_id": customer.id}
    tell(scene, OrderPlaced(**ids), at=at, actor="", trace=order.id)
    tell(scene, OrderRejected(**ids), at=decided_at, actor=by, trace=order.id)


def write_asked(scene: Scene, services: Sequence[Service]) -> int:
    """Customers' questions with their answers; returns how many."""
    tx = scene.act.tx
    for past in ASKED:
        at, by = scene.act.at - timedelta(days=past.days_ago), scene.chance.choice(scene.support)
        service = services[past.who % len(services)]
        customer = customers.customer_by_id(tx=tx, customer_id=service.customer_id)
        ticket = support.open_ticket(
            tx=tx,
            subject=past.subject,
            at=at,
            by=customer.email,
            text=past.text,
            customer_id=customer.id,
            service_id=service.id,
        )
        later = at + timedelta(minutes=scene.chance.randint(12, 200))
        support.assign_ticket(tx=tx, ticket_id=ticket.id, assignee=by)
        support.add_note(tx=tx, ticket_id=ticket.id, author=by, text=past.answer, at=later, for_customer=True)
        to = TicketState.RESOLVED if past.settled else TicketState.IN_PROGRESS
        support.move_ticket(tx=tx, ticket_id=ticket.id, to=to, by=by, at=later)
    return len(ASKED)
