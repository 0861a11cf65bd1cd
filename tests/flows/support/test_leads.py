"""Leads and documents of customers, through both doors: from somebody who asks to an order, or to being forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, SYSTEM, VISITOR, Actor, Role
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers.errors import DocumentTooLarge, TooManyDocuments
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.desk import Desk
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.intake import documents as papers
from isp_lifecycle.intake import leads as intake
from isp_lifecycle.intake import trail
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.errors import ConsentMissing, NotServiceable
from isp_lifecycle.leads.errors import LeadClosed, LeadNowhere, LeadUnreachable
from isp_lifecycle.views import leads as views
from isp_lifecycle.views.customers import documents as kept
from isp_lifecycle.views.lists import shipped as lists
from isp_lifecycle.views.lists.model import Asked
from isp_lifecycle.views.window import Window
from tests.conftest import portal_engine_of

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SALES = Actor(None, "ann", "Ann Byrne", Role.SALES, ROLES[Role.SALES], "cli")
AUDITOR = Actor(None, "eve", "Eve", Role.AUDITOR, ROLES[Role.AUDITOR], "cli")
WHO = ("Maeve Quinn", "maeve@example.org", "+353 1 555 0100")
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer\n%%EOF\n"

_ROWS = """
INSERT INTO premises (id, code, area, street, number, postcode, city, latitude, longitude)
    VALUES (gen_random_uuid(), 'P-1', 'North', 'Weir Lane', '7', 'K42', 'Kilmorran', 0, 0);
INSERT INTO customers (id, code, name, email, phone, created_at)
    VALUES (gen_random_uuid(), 'C-1', 'Mave Quinn', 'mave@example.org', '00353 1 555 0100', now());
INSERT INTO users (id, username, name, role, active, created_at)
    VALUES (gen_random_uuid(), 'ann', 'Ann Byrne', 'sales', true, now())
"""


def _plan(engine: sa.Engine) -> str:
    with write(engine) as tx:
        put = catalog.put_plan(
            tx=tx,
            code="home-100",
            name="Home 100",
            down_kbps=102_400,
            up_kbps=51_200,
            price=Money(Decimal("29.90"), "EUR"),
            address_policy=AddressPolicy.DYNAMIC,
            vlan=100,
        )
    return put.value.code


@dataclass
class Shop:
    """A sales desk: both doors, and a clock."""

    engine: sa.Engine
    clock: PushableClock
    door: Door
    window: Window

    def all(self, query: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(query), values).scalars())

    def served(self) -> None:
        """Fibre comes by."""
        with write(self.engine) as tx:
            tx.execute(sa.text("UPDATE premises SET splitter_code = 'S1' WHERE code = 'P-1'"))

    def take(self, **more: Any) -> str:
        asked = {"contact": WHO, "written": "", "premises_code": "P-1", "consent": True} | more
        return intake.take_lead(self.door, SALES, **asked)

    def state(self, code: str) -> views.LeadDetail:
        return views.lead(self.window, AUDITOR, lead_code=code)

    def told(self) -> list[tuple[str, str]]:
        with self.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT coalesce(username, role), text FROM notifications ORDER BY id"))
            return [tuple(row) for row in found]


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    with write(engine) as tx:
        for statement in _ROWS.split(";\n"):
            tx.execute(sa.text(statement))
    clock = PushableClock(NOW)
    settings = Settings(desk=Desk(lead_days=30, document_bytes=100_000, documents_per_customer=2))
    door = Door(engine=engine, clock=clock, settings=settings)
    window = Window(engine=engine, clock=clock, settings=settings, olts=None)  # type: ignore[arg-type]
    return Shop(engine, clock, door, window)


def test_visitor_leaves_word_by_the_portals_own_role_and_the_desk_hears_when_fibre_comes(shop: Shop) -> None:
    portal = portal_engine_of(shop.engine.url)
    behind = replace(shop.door, engine=portal)
    asked = {"contact": WHO, "written": "", "premises_code": "P-1", "wish": "For two"}
    with pytest.raises(ConsentMissing):
        intake.leave_lead(behind, VISITOR, **asked, consent=False)
    code = intake.leave_lead(behind, VISITOR, **asked, consent=True)
    with pytest.raises(LeadUnreachable):
        intake.leave_lead(behind, VISITOR, contact=("Maeve", "", ""), written="7 Weir Lane", wish="", consent=True)
    with pytest.raises(LeadNowhere):
        intake.leave_lead(behind, VISITOR, contact=WHO, written=" ", wish="", consent=True)
    with portal.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.text("SELECT * FROM leads"))
    portal.dispose()
    one = shop.state(code)
    assert (one.source, one.owner, one.can_order, one.consent_how) == (
        "portal",
        None,
        False,
        "by the form of the portal",
    )
    assert "it cannot be served yet" in one.hints[0]
    assert any("Mave Quinn (C-1): same telephone number" in hint for hint in one.hints)
    assert intake.follow_leads(shop.door, SYSTEM) == 1
    assert intake.follow_leads(shop.door, SYSTEM) == 0
    shop.served()
    assert intake.follow_leads(shop.door, SYSTEM) == 1
    assert intake.follow_leads(shop.door, SYSTEM) == 0
    assert [who for who, _ in shop.told()] == ["sales", "sales"]
    assert "it can be served now" in shop.told()[-1][1]
    assert not [text for text in shop.all("SELECT detail::text || changes::text FROM audit") if "Maeve" in text]


def test_lead_is_planned_due_and_becomes_an_order_in_one_step(shop: Shop) -> None:
    code = shop.take(wish="A line for two", next_step="Call back", next_on=NOW.date() + timedelta(days=1))
    assert intake.follow_leads(shop.door, SYSTEM) == 0
    shop.clock.push(timedelta(days=1))
    assert intake.follow_leads(shop.door, SYSTEM) == 1
    assert shop.told() == [("ann", f"{code}: Call back is due.")]
    with pytest.raises(Refused, match="follows no leads"):
        intake.plan_lead(shop.door, SALES, lead_code=code, owner="nobody", next_step="", next_on=None)
    intake.plan_lead(
        shop.door, SALES, lead_code=code, owner="ann", next_step="Again", next_on=NOW.date() + timedelta(3)
    )
    due = lists.leads(shop.window, AUDITOR, asked=Asked.read(lists.LISTS["leads"][0], {"next": "..today"}))
    assert due.rows == ()
    plan = _plan(shop.engine)
    with pytest.raises(NotServiceable):
        intake.order_lead(shop.door, SALES, lead_code=code, plan_code=plan)
    shop.served()
    placed = intake.order_lead(shop.door, SALES, lead_code=code, plan_code=plan)
    assert shop.all("SELECT note FROM orders WHERE code = :code", code=placed.order_code) == ["A line for two"]
    assert (shop.state(code).state, shop.state(code).order_code) == ("ordered", placed.order_code)
    for again in (
        lambda: intake.order_lead(shop.door, SALES, lead_code=code, plan_code=plan),
        lambda: intake.lose_lead(shop.door, SALES, lead_code=code, reason="Late"),
    ):
        with pytest.raises(LeadClosed):
            again()
    changed = "SELECT changes::text FROM audit WHERE action = 'leads.order_lead' AND subject_id = :code"
    assert placed.order_code in shop.all(changed, code=code)[0]


def test_who_became_no_customer_is_forgotten_in_time_and_a_customer_at_request(shop: Shop) -> None:
    lost, stays = shop.take(), shop.take(contact=("Other", "mave@example.org", ""))
    with pytest.raises(Refused):
        intake.lose_lead(shop.door, SALES, lead_code=lost, reason=" ")
    intake.lose_lead(shop.door, SALES, lead_code=lost, reason="Maeve took a competitor's")
    with pytest.raises(Forbidden):
        intake.lose_lead(shop.door, AUDITOR, lead_code=stays, reason="x")
    trail.erase(shop.door, replace(SYSTEM, source="cli"), customer_code="C-1", reason="Asked by letter.")
    assert shop.state(stays).name == "(erased)"
    assert shop.state(lost).name == WHO[0]
    shop.clock.push(timedelta(days=31))
    assert intake.follow_leads(shop.door, SYSTEM) == 1
    gone = shop.state(lost)
    assert (gone.name, gone.email, gone.phone, gone.reason) == ("(erased)", "", "", "(erased)")
    assert gone.address == "7 Weir Lane, K42 Kilmorran"


def test_address_that_comes_on_record_is_found_and_no_neighbours(shop: Shop) -> None:
    far = shop.take(premises_code="", written="9 Weir Lane, Kilmorran")
    near = shop.take(premises_code="", written="7 weir lane kilmorran")
    assert intake.place_leads(shop.door, SYSTEM) == 1
    assert (shop.state(near).premises_code, shop.state(far).premises_code) == ("P-1", None)


def test_documents_are_told_by_content_kept_given_removed_and_erased(shop: Shop) -> None:
    def keep(content: bytes, name: str = "../../Contract \N{LATIN SMALL LETTER O WITH ACUTE}.exe") -> Any:
        return papers.keep_document(
            shop.door, SALES, customer_code="C-1", kind="contract", written=name, content=content
        )

    for wrong in (
        b"MZ\x90\x00",
        b"%PDF-1.7 breaks off",
        b"\x89PNG\r\n\x1a\nxxxxIHDR",
        b"\xff\xd8\xff\xe0",
        b" ",
        b"a\x00b",
    ):
        with pytest.raises(Refused, match="no document that can be kept"):
            keep(wrong)
    with pytest.raises(DocumentTooLarge):
        keep(b"a" * 100_001)
    first = keep(PDF)
    second = keep("D\N{LATIN SMALL LETTER U WITH DIAERESIS}rfen wir?".encode(), "letter.html")
    with pytest.raises(TooManyDocuments):
        keep(PDF)
    rows = kept.documents(shop.window, AUDITOR, customer_code="C-1")
    assert [(row.name, row.media_type) for row in rows] == [
        ("letter.txt", "text/plain"),
        ("Contract \N{LATIN SMALL LETTER O WITH ACUTE}.pdf", "application/pdf"),
    ]
    assert kept.document_file(shop.window, AUDITOR, document_id=first).content == PDF
    with pytest.raises(Forbidden):
        papers.remove_document(shop.door, AUDITOR, document_id=first, reason="x")
    papers.remove_document(shop.door, SALES, document_id=first, reason="Wrong customer")
    with pytest.raises(NotFound):
        kept.document_file(shop.window, AUDITOR, document_id=first)
    (_, removed) = kept.documents(shop.window, AUDITOR, customer_code="C-1")
    assert (removed.removed_by, removed.reason) == ("Ann Byrne", "Wrong customer")
    trail.erase(shop.door, replace(SYSTEM, source="cli"), customer_code="C-1", reason="Asked by letter.")
    assert {row.name for row in kept.documents(shop.window, AUDITOR, customer_code="C-1")} == {"(erased)"}
    assert shop.all("SELECT document_id FROM customer_files") == []
    with pytest.raises(NotFound):
        kept.document_file(shop.window, AUDITOR, document_id=second)
    assert not [text for text in shop.all("SELECT detail::text || changes::text FROM audit") if "letter.txt" in text]
