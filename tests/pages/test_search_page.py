"""Search from anywhere and a customer's page, clicked: by keys at a desk, by thumb on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from dashboards.routes import STAFF
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.db import write
from isp_lifecycle.support import actions as support
from tests.flows.due.conftest import Provider, provider
from tests.flows.due.test_due import change
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import Running

pytestmark = pytest.mark.browser

__all__ = ["provider"]

type Serve = Callable[..., Running]


@pytest.fixture
def desk(provider: Provider, serve: Serve) -> Running:
    """Twelve services; one of a customer with a long name, who has an order and a ticket."""
    provider.fill(12)
    change(provider)
    provider.do("UPDATE customers SET name = 'Mária-Luísa García y Fernández de la Vega' WHERE code = 'C-000001'")
    provider.do("UPDATE customers SET name = 'محمد علي' WHERE code = 'C-000002'")
    with write(provider.engine) as tx:
        row = provider.all("SELECT id FROM customers WHERE code = 'C-000001'")[0]
        support.open_ticket(
            tx=tx, subject="Slow at night", at=provider.clock.now(), by="support", text="Since May.", customer_id=row.id
        )
    doors = Doors(provider.door, provider.window, provider.parts.settings)
    return serve("staff", pages=dict(STAFF), doors=doors)


def picture(visit: Visit, name: str) -> None:
    """Take a picture; nothing is wider than the window, and nothing was said to the console."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") == visit.page.viewport_size["width"]
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_a_customer_is_found_by_keys_from_any_page_and_a_note_is_kept(desk: Running, chromium: Browser) -> None:
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in("manager", at="/figures")
    page = visit.page
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    field.type("gacria vega")
    found = page.get_by_role("dialog", name="Search").get_by_role("option")
    expect(found.first).to_contain_text("Mária-Luísa García y Fernández de la Vega")
    expect(found.first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("group", name="Services").get_by_role("option")).to_contain_text("S-000001")
    picture(visit, "search-found")
    field.fill("xqzxqzxqz")
    expect(page.get_by_text("Nothing is found for “xqzxqzxqz”.")).to_be_visible()
    field.fill("go to tick")
    expect(found).to_have_text([re.compile("Tickets")])
    field.fill("S-000001")
    expect(found.first).to_contain_text("S-000001")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()
    page.get_by_role("button", name="Search (Ctrl-K)").click()
    expect(field).to_have_value("")
    field.type("garcia")
    expect(found.first).to_contain_text("García")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers?customer=C-000001")
    visit.ready()
    expect(page.get_by_role("heading", name="Mária-Luísa García y Fernández de la Vega")).to_be_visible()
    expect(page.get_by_text("Plan change was asked for").or_(page.get_by_text("Slow at night")).first).to_be_visible()
    page.get_by_label("A note for colleagues").fill("Rings only after six.\nدوام")
    page.get_by_role("button", name="Pin it on top").click()
    expect(page.get_by_role("note").filter(has_text="Rings only after six.")).to_be_visible()
    expect(page.get_by_text("Rings only after six.")).to_have_count(2)
    visit.page.screenshot(path=PICTURES / "customer-desktop.png")
    visit.to_dark()
    picture(visit, "customer-desktop-dark")
    page.get_by_role("link", name="O-000001").first.click()
    page.wait_for_url("**/orders?order=O-000001")
    visit.ready()
    page.get_by_role("link", name="C-000001").click()
    page.wait_for_url("**/customers?customer=C-000001")
    visit.ready()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Picked lately").get_by_role("option").first).to_contain_text("García")
    visit.page.screenshot(path=PICTURES / "search-lately-dark.png")
    page.context.clear_cookies()
    visit.sign_in(str(Role.AUDITOR), at="/customers?customer=C-000001")
    expect(page.get_by_role("note")).to_contain_text("Rings only after six.")
    expect(page.get_by_label("A note for colleagues")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Picked lately")).to_have_count(0)


def test_on_a_phone_the_search_is_a_symbol_and_fills_the_screen(desk: Running, chromium: Browser) -> None:
    visit = Visit(new_context(chromium, "phone"), desk.url)
    visit.sign_in("sales", at="/orders")
    page = visit.page
    page.get_by_role("button", name="Search (Ctrl-K)").click()
    page.get_by_role("combobox", name="Search").fill("محمد")
    first = page.get_by_role("dialog", name="Search").get_by_role("option").first
    expect(first).to_contain_text("محمد علي")
    picture(visit, "search-phone")
    first.click()
    page.wait_for_url("**/customers?customer=C-000002")
    visit.ready()
    expect(page.get_by_text("c2@example.org")).to_be_visible()
    picture(visit, "customer-phone")
