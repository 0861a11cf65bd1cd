"""The customer in the portal, on a line that really stands: a change for a date, taken back; and the end of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.clock import start_of, today
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import lines
from isp_lifecycle.intake.errors import BegunAlready, NotYours
from tests.flows.line.conftest import actor
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    """Press a button; a press right after another one is taken for the same."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name=name, exact=True).click()


def coming(desk: Desk, subscriber: str) -> list[tuple[str, str, str]]:
    """The order, delivery and due day of every change of this kind."""
    rows = desk.plant.many(
        "SELECT o.state, d.state, d.due_at FROM deliveries d JOIN events e ON e.id = d.event_id "
        "JOIN orders o ON o.id = e.order_id WHERE d.subscriber = :s ORDER BY d.created_at",
        s=subscriber,
    )
    zone = desk.plant.settings.company.tz
    return [(order, delivery, f"{due.astimezone(zone):%Y-%m-%d %H:%M}") for order, delivery, due in rows]


def test_customer_asks_for_a_plan_takes_it_back_and_ends_the_service(desk: Desk, chromium: Browser) -> None:
    line = desk.active("Ada Byrne")
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit = Visit(new_context(chromium, "phone"), desk.portal(line).url)
    visit.sign_in("customer", at="/my")
    page = visit.page
    expect(page.get_by_role("heading", name="Home 500")).to_be_visible()
    zone = desk.plant.settings.company.tz
    now = today(clock=desk.plant.parts.clock, zone=zone)
    first = (now.replace(day=28) + timedelta(days=7)).replace(day=1)

    page.get_by_label("We write to you in").click()
    page.get_by_role("menuitem", name="Deutsch").click()
    expect(page.get_by_text("From now on we write to you in Deutsch.")).to_be_visible()
    assert texts(desk, "SELECT language FROM customers WHERE name = 'Ada Byrne'") == ["de"]
    page.goto(page.url.partition("/my")[0] + "/account")
    page.locator("select[name=language]").select_option("en")
    page.get_by_role("button", name="Use this language").click()
    expect(page.get_by_text("Pages speak this language with you from now on.")).to_be_visible()
    assert texts(desk, "SELECT language FROM customers WHERE name = 'Ada Byrne'") == ["en"]
    visit.open("/my")

    page.get_by_role("button", name="Change my plan").click()
    page.get_by_label("New plan").click()
    page.get_by_role("menuitem", name=re.compile("^Home 100 ")).click()
    press(page, "Change the plan")
    expect(page.get_by_text("Changes to Home 100")).to_be_visible()
    page.screenshot(path=PICTURES / "my-change-ahead-phone.png")
    assert coming(desk, "plan_change") == [("confirmed", "scheduled", f"{first} 00:00")]

    change = desk.plant.one("SELECT code FROM orders WHERE kind = 'plan_change'").code
    press(page, f"Withdraw {change}")
    expect(page.get_by_text("It is withdrawn.")).to_be_visible()
    expect(page.get_by_text("Changes to Home 100")).to_have_count(0)
    expect(page.get_by_text("It is being withdrawn.")).to_be_visible()
    desk.plant.work()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    assert [states[:2] for states in coming(desk, "plan_change")] == [("cancelled", "cancelled")]
    assert texts(desk, "SELECT terms->>'plan_code' FROM services") == ["home-500"]
    assert texts(desk, "SELECT actor || ' ' || role FROM audit WHERE action = 'lines.withdraw'") == [
        "customer customer"
    ]

    with pytest.raises(BegunAlready, match="is cancelled"):
        lines.withdraw(desk.plant.door, actor(Role.SALES), order_code=change)

    page.get_by_role("button", name="End my service").click()
    press(page, "End the service")
    expect(page.get_by_text("Ends after this day")).to_be_visible()
    over = start_of(now + timedelta(days=31), zone=zone).astimezone(zone)
    assert coming(desk, "termination") == [("confirmed", "scheduled", f"{over:%Y-%m-%d %H:%M}")]
    assert texts(desk, "SELECT state FROM services") == ["active"]
    end = desk.plant.one("SELECT code FROM orders WHERE kind = 'termination'").code
    with pytest.raises(NotYours):
        lines.withdraw(desk.plant.door, replace(actor(Role.CUSTOMER), customer_id=new_id()), order_code=end)
    assert coming(desk, "termination")[0][:2] == ("confirmed", "scheduled")
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    page.screenshot(path=PICTURES / "my-end-ahead-phone.png", full_page=True)
    assert (visit.errors(), visit.foreign()) == ([], [])
