"""A customer's page as its views tell it: what they have, notes, one timeline, each part only for who may read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.customers.errors import NoteWrong
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import customers as intake
from isp_lifecycle.intake import trail
from isp_lifecycle.support import actions as support
from isp_lifecycle.views.customers import happened as happenings
from isp_lifecycle.views.customers import one as views
from isp_lifecycle.views.customers import place as places
from isp_lifecycle.views.lists import shipped as lists
from isp_lifecycle.views.lists.model import Asked
from tests.flows.due.conftest import Provider, actor, provider
from tests.flows.due.test_due import change

__all__ = ["provider"]

SALES, SUPPORT, NETWORK = actor(Role.SALES, "sal"), actor(Role.SUPPORT, "sue"), actor(Role.NETWORK)
AUDITOR, ADMINISTRATOR = actor(Role.AUDITOR), actor(Role.ADMINISTRATOR)
CODE = "C-000001"


@pytest.fixture
def known(provider: Provider) -> Provider:
    """A customer with a service, an order, a ticket, an e-mail, charges and a credit; and two others."""
    provider.fill(3)
    change(provider)
    at, customer = provider.clock.now(), provider.all("SELECT id FROM customers WHERE code = :c", c=CODE)[0].id
    with write(provider.engine) as tx:
        support.open_ticket(tx=tx, subject="Slow", at=at, by="sue", text="Since May.", customer_id=customer)
    provider.do(
        """INSERT INTO emails (id, key, "to", subject, body_text, body_html, message_id, created_at)
           VALUES (:id, 'k', 'c1@example.org', 'Your line is ready', '', '', 'm', :at)""",
        id=new_id(), at=at + timedelta(seconds=1),
    )  # fmt: skip
    for kind, amount in (("recurring", "29.90"), ("recurring", "29.90"), ("credit", "-9.90")):
        provider.do(
            """INSERT INTO charges (id, customer_id, service_id, kind, source, period, amount, amount_currency,
                                    description, created_at)
               VALUES (:id, :customer, :customer, :kind, CAST(:id AS text), '[2026-03-01,2026-04-01)', :amount, 'EUR',
                       '', :at)""",
            id=new_id(), customer=customer, kind=kind, amount=amount, at=at,
        )  # fmt: skip
    return provider


def test_each_part_of_a_customer_is_told_to_whom_it_may(known: Provider) -> None:
    one = views.customer(known.window, ADMINISTRATOR, customer_code=CODE)
    assert (one.name, one.email, one.portal) == ("Customer 1", "c1@example.org", "has no account")
    parts = {name: getattr(one, name) for name in ("services", "orders", "tickets", "incidents", "letters")}
    assert {name: [(h.what, h.state) for h in some] for name, some in parts.items()} == {
        "services": [("1 Quay Street, D01 Dublin", "active")],
        "orders": [("plan_change", "confirmed")],
        "tickets": [("Slow", "acknowledged")],
        "incidents": [],
        "letters": [("Your line is ready", "waiting to be sent")],
    }
    (money,) = one.money or ()
    assert (str(money.charged), str(money.credited), money.charges) == ("59.80 EUR", "9.90 EUR", 3)
    network = views.customer(known.window, NETWORK, customer_code=CODE)
    assert (network.orders, network.money, network.letters) == (None, None, None)
    assert network.services == one.services
    with pytest.raises(NotFound):
        views.customer(known.window, SALES, customer_code="C-999999")
    for role in (Role.INSTALLER, Role.CUSTOMER):
        with pytest.raises(Forbidden):
            views.customer(known.window, actor(role), customer_code=CODE)


def test_customers_are_listed_by_words_by_codes_of_what_they_have_and_newest_first(known: Provider) -> None:
    def codes(text: str) -> list[str]:
        asked = Asked.read(lists.CUSTOMERS, {"text": text})
        return [str(row["code"]) for row in lists.customers(known.window, SALES, asked=asked).rows]

    assert codes("") == ["C-000003", "C-000002", "C-000001"]
    assert codes("custmer 2") == ["C-000002"]
    assert codes("s-000003") == ["C-000003"]
    assert codes("O-000001") == ["C-000001"]
    assert codes("C2@example.org") == ["C-000002"]
    assert codes("nobody at all") == []


def test_customers_are_filtered_by_the_service_that_counts_not_by_one_that_is_over(known: Provider) -> None:
    def codes(*states: str) -> list[str]:
        asked = Asked.read(lists.CUSTOMERS, {"state": ",".join(states)})
        return [str(row["code"]) for row in lists.customers(known.window, SALES, asked=asked).rows]

    known.do("UPDATE services SET state = 'suspended', suspended_on = active_on WHERE code = 'S-000002'")
    known.do(
        """INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at, active_on, ended_on)
           SELECT gen_random_uuid(), 'S-000009', customer_id, premises_id, 'terminated', terms, opened_at, active_on,
                  active_on FROM services WHERE code = 'S-000003'"""
    )
    assert codes("suspended") == ["C-000002"]
    assert codes("active") == ["C-000003", "C-000001"]
    assert codes("active", "suspended") == ["C-000003", "C-000002", "C-000001"]
    assert codes("terminated") == []


def test_a_place_tells_who_is_served_and_what_was_ordered(known: Provider) -> None:
    place = places.premises(known.window, SALES, premises_code="P-000001")
    assert [(h.code, h.what, h.says) for h in place.services or ()] == [("S-000001", "Customer 1", CODE)]
    assert [(h.code, h.says) for h in place.orders or ()] == [("O-000001", CODE)]
    assert places.premises(known.window, NETWORK, premises_code="P-000001").orders is None


def test_notes_are_kept_pinned_and_erased_and_the_trail_never_tells_their_words(known: Provider) -> None:
    known.clock.push(timedelta(minutes=1))
    first = intake.add_note(known.door, SALES, customer_code=CODE, written=" Is deaf: write. ", pinned=True)
    known.clock.push(timedelta(minutes=1))
    intake.add_note(known.door, SUPPORT, customer_code=CODE, written="Called.\n<b>")
    with pytest.raises(NoteWrong, match="has 0"):
        intake.add_note(known.door, SALES, customer_code=CODE, written="  ")
    with pytest.raises(Forbidden):
        intake.add_note(known.door, AUDITOR, customer_code=CODE, written="I may only read.")
    notes = views.customer(known.window, NETWORK, customer_code=CODE).notes
    assert [(n.text, n.author, n.pinned) for n in notes] == [
        ("Is deaf: write.", "sal", True),
        ("Called.\n<b>", "sue", False),
    ]
    intake.pin_note(known.door, SUPPORT, note_id=first, pinned=False)
    assert [n.text for n in views.customer(known.window, SALES, customer_code=CODE).notes] == [
        "Called.\n<b>",
        "Is deaf: write.",
    ]
    told = known.all("SELECT action, actor, detail::text, changes::text FROM audit WHERE subject_id = :c", c=CODE)
    assert [row.action for row in told] == ["customers.add_note", "customers.add_note", "customers.pin_note"]
    assert not any("deaf" in row.detail + row.changes for row in told)
    trail.erase(known.door, SYSTEM, customer_code=CODE, reason="Asked by letter.")
    notes = views.customer(known.window, SALES, customer_code=CODE).notes
    assert [(n.text, n.author, n.erased) for n in notes] == [("(erased)", "sue", True), ("(erased)", "sal", True)]


def test_one_timeline_tells_everything_to_whom_it_may_the_newest_first(known: Provider) -> None:
    known.clock.push(timedelta(minutes=1))
    intake.add_note(known.door, SALES, customer_code=CODE, written="Is deaf.")

    def told(who: object, **more: int) -> list[tuple[str, str]]:
        page = happenings.happened(known.window, who, customer_code=CODE, **more)  # type: ignore[arg-type]
        return [(row.kind, row.what) for row in page.rows]

    everything = told(ADMINISTRATOR)
    assert {kind for kind, _what in everything} == {"event", "note", "ticket", "letter", "trail"}
    assert everything[1] == ("trail", "customers.add_note")
    assert everything[0] == ("note", "Is deaf.")
    assert {kind for kind, _what in told(actor(Role.DISPATCHER))} == {"event", "note"}
    pages = [told(ADMINISTRATOR, offset=at, limit=2) for at in range(0, len(everything) + 2, 2)]
    assert [row for page in pages for row in page] == everything
    rows = happenings.happened(known.window, ADMINISTRATOR, customer_code=CODE).rows
    assert {(row.thing, row.key) for row in rows if row.kind == "event"} == {
        ("service", "S-000001"),
        ("order", "O-000001"),
    }
