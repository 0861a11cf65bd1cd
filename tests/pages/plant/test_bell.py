"""The bell on a real failure: it rings while somebody looks, leads to what failed, and is stilled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser


def bell(page: Page, unread: str) -> None:
    """The bell says how much is unread."""
    expect(page.get_by_role("button", name=re.compile("^Notices, "))).to_have_accessible_name(
        f"Notices, {unread} unread"
    )


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_bell_rings_leads_to_the_failure_and_is_stilled(desk: Desk, chromium: Browser, size: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    first = desk.wrong_serial("Niamh Kelly")
    visit = Visit(new_context(chromium, size), desk.serve().url)
    visit.sign_in("support", at="/tickets")
    page = visit.page
    bell(page, "1")
    page.get_by_role("button", name="Notices, 1 unread").click()
    notices = page.get_by_role("dialog", name="Notices").get_by_role("link")
    expect(notices).to_have_count(1)
    desk.wrong_serial("Grace Brennan")
    expect(notices).to_have_count(2, timeout=3000)
    bell(page, "2")
    page.screenshot(path=PICTURES / f"bell-{size}.png")
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    notices.last.click()
    page.wait_for_url(f"**/support?delivery={first.delivery_id}")
    visit.ready()
    bell(page, "1")
    page.get_by_role("button", name="Notices, 1 unread").click()
    page.get_by_role("button", name="All read").click()
    bell(page, "none")
    expect(notices).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Notices")).to_have_count(0)
    unread = "SELECT role FROM notifications WHERE read_at IS NULL AND (role IS NOT NULL OR username = 'support')"
    assert texts(desk, unread) == ["network", "network"]
    assert texts(desk, "SELECT actor || ' ' || action FROM audit WHERE action LIKE 'notices.%' ORDER BY at") == [
        "support notices.mark_read",
        "support notices.mark_all_read",
    ]
    assert (visit.errors(), visit.foreign()) == ([], [])
