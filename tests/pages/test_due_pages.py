"""What will happen, and changes of many services, in a real browser: seen, moved, prepared, agreed to, paused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.routes import STAFF
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import portal
from tests.flows.due.conftest import SALES, Provider, provider
from tests.flows.due.test_due import change, put_off
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import Running

pytestmark = pytest.mark.browser

__all__ = ["provider"]

type Serve = Callable[..., Running]


@pytest.fixture
def desk(provider: Provider, serve: Serve) -> Running:
    """Sixty services; one changes, one is tried again, one ends, and thirty of the South are to change together."""
    provider.fill(60)
    change(provider)
    put_off(provider)
    portal.ask_termination(provider.door, SALES, service_code="S-000003", wanted_on=date(2026, 3, 20))
    doors = Doors(provider.door, provider.window, provider.parts.settings)
    return serve("staff", pages=dict(STAFF), doors=doors)


def press(page: Page, name: str) -> None:
    """Press a button; a press right after another one is taken for the same."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name=name, exact=True).click()


def fits(visit: Visit, name: str) -> None:
    """Take a picture; nothing is wider than the window, and nothing was said to the console."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") == visit.page.viewport_size["width"]
    assert (visit.errors(), visit.foreign()) == ([], [])


def at_a_desk(desk: Running, chromium: Browser, role: str, path: str, name: str) -> None:
    """A look at the page by somebody of this role on a wide screen."""
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in(role, at=path)
    fits(visit, name)


def test_what_will_happen_is_filtered_moved_and_taken_back(desk: Running, chromium: Browser) -> None:
    """On a phone, where list and detail are two pages."""
    at_a_desk(desk, chromium, "sales", "/due?key=O-000001", "due-desktop")
    visit = Visit(new_context(chromium, "phone"), desk.url)
    visit.sign_in("sales", at="/due")
    page = visit.page
    kinds = page.get_by_role("navigation", name="Kinds").get_by_role("link")
    expect(kinds).to_have_text(
        ["All (4)", "Monthly charges (1)", "Plan change (1)", "Termination (1)", "Tried again (1)"]
    )
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    fits(visit, "due-phone")
    kinds.nth(2).click()
    expect(rows).to_have_text([re.compile(r"1 Apr, 00:00.*Plan change.*Home 100 becomes Home 500.*Customer 1")])
    rows.first.get_by_role("link").click()
    expect(page.get_by_text("Asked for by staff.")).to_be_visible()
    press(page, "Move it")
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed.")
    page.get_by_label("Another day").fill("2026-03-15")
    page.get_by_label("Reason for the move").fill("Asked on the telephone")
    press(page, "Move it")
    expect(page.get_by_text("happens on Sun 15 Mar 2026.")).to_be_visible()
    fits(visit, "due-picked-phone")
    page.get_by_label("Reason, if you take it back").fill("Thought again")
    press(page, "Take it back")
    expect(page.get_by_text("does not happen.")).to_be_visible()
    expect(rows).to_have_count(0)


def test_change_of_many_is_prepared_by_one_agreed_to_by_another_paused_and_reported(
    desk: Running, provider: Provider, chromium: Browser
) -> None:
    first = Visit(new_context(chromium, "phone"), desk.url)
    first.sign_in("sales", at="/bulk?bulk=new")
    page = first.page
    page.get_by_label("or these services").fill("\n".join([f"S-{n:06d}" for n in range(1, 41)] + ["S-999999", "12"]))
    page.get_by_label("go to the plan").click()
    page.get_by_role("menuitem", name=re.compile("Home 500")).click()
    page.get_by_label("Reason", exact=True).fill("Home 100 ends")
    fits(first, "bulk-new-phone")
    press(page, "Show what it would do")
    expect(page.get_by_text("B-000001 · 37 services to Home 500")).to_be_visible()
    expect(page.get_by_text("row 41: S-999999 is not a service")).to_be_visible()
    expect(page.get_by_text("+370.00 EUR").first).to_be_visible()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    fits(first, "bulk-preview-phone")

    second = Visit(new_context(chromium, "desktop"), desk.url)
    second.sign_in("manager", at="/bulk?bulk=B-000001")
    page = second.page
    fits(second, "bulk-preview-desktop")
    press(page, "Approve")
    expect(page.get_by_text("Its orders are being written: 37 to go.")).to_be_visible()
    provider.work("bulk")
    expect(page.get_by_text("Its orders are being written")).to_have_count(0)
    page.get_by_label("Reason", exact=True).fill("The NOC asked")
    press(page, "Pause")
    expect(page.get_by_text(re.compile("Paused by manager since .*: The NOC asked"))).to_be_visible()
    press(page, "Resume")
    expect(page.get_by_text("Paused by")).to_have_count(0)
    page.get_by_role("link", name="Left out", exact=True).click()
    expect(page.get_by_text("has a plan change already: O-000001")).to_be_visible()
    press(page, "Make a CSV of these")
    with page.expect_download() as loaded:
        page.get_by_role("link", name=re.compile(r"Download B-000001-left-out.csv \(3 rows\)")).click()
    assert "S-000001" in loaded.value.path().read_text()
    provider.clock.push(timedelta(days=31))
    with write(provider.engine) as tx:
        relay.sweep(tx=tx, now=provider.clock.now(), lease=timedelta(seconds=15))
    provider.work("plan_change")  # the bench has no access to any OLT: all fail
    expect(page.get_by_role("alert")).to_contain_text("37 failed.")
    page.get_by_role("link", name="Failed", exact=True).click()
    expect(page.get_by_text(re.compile("No access is configured for OLT OLT-")).nth(19)).to_be_visible()
    fits(second, "bulk-watched-desktop")
