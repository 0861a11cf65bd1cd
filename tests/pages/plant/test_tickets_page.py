"""Tickets in a real browser: opened by a real failure, written into, moved, and settled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from isp_lifecycle.access.model import Role
from isp_lifecycle.intake import support
from tests.flows.line.conftest import actor
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser


def test_ticket_of_a_failure_is_written_into_given_to_somebody_and_closed(desk: Desk, chromium: Browser) -> None:
    line = desk.wrong_serial("Niamh Kelly")
    PICTURES.mkdir(parents=True, exist_ok=True)
    code = texts(desk, "SELECT code FROM tickets")[0]
    visit = Visit(new_context(chromium, "desktop"), desk.serve().url)
    visit.sign_in("support", at="/tickets")
    page = visit.page
    page.get_by_role("link", name=code).click()
    expect(page.get_by_role("button", name="Work on it")).to_be_visible()
    expect(page.get_by_role("button", name="Close", exact=True)).to_have_count(0)
    page.get_by_label("Note").fill("The customer reads the label again.")
    page.get_by_role("button", name="Add the note").click()
    thread = page.locator(".notes > div")
    expect(thread.last).to_contain_text("The customer reads the label again.")
    expect(page.get_by_label("Note")).to_have_value("")
    page.get_by_label("Assigned to").click()
    page.get_by_role("menuitem", name="Nuala Network (network)").click()
    expect(thread.last).to_contain_text("Assigned to Nuala Network.")
    expect(page.locator("table tbody tr").first).to_contain_text("Nuala Network")
    page.get_by_label("Severity").click()
    page.get_by_role("menuitem", name=re.compile("^Critical")).click()
    expect(thread.last).to_contain_text("Severity major -> critical")
    expect(page.locator("dl.facts", has_text="Resolve by")).to_contain_text(re.compile(r"in \d+ h"))
    assert texts(desk, "SELECT assignee FROM tickets") == ["network"]
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Resolved").click()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Wait for somebody")).to_have_count(0)
    expect(page.get_by_text("No ticket is open.")).to_be_visible()
    page.screenshot(path=PICTURES / "tickets-resolved-desktop.png")
    assert texts(desk, "SELECT state FROM tickets") == ["resolved"]
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("incident")
    support.cancel(desk.plant.door, actor(Role.SUPPORT), delivery_id=line.delivery_id, reason="No such ONT.")
    desk.plant.work()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="Work on it")).to_have_count(0)
    assert texts(desk, "SELECT state FROM tickets") == ["closed"]
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_half_written_note_stays_while_others_write_and_while_the_server_is_gone(desk: Desk, chromium: Browser) -> None:
    line = desk.wrong_serial("Niamh Kelly")
    code = texts(desk, "SELECT code FROM tickets")[0]
    running = desk.serve()
    visits = []
    for role in ("support", "network"):
        visit = Visit(new_context(chromium, "phone"), running.url)
        visit.sign_in(role, at=f"/tickets?ticket={code}")
        visits.append(visit)
    mine, theirs = (visit.page for visit in visits)
    mine.get_by_label("Note").fill("I am about to say")
    theirs.get_by_label("Note").fill("The splitter is fine.")
    theirs.get_by_role("button", name="Add the note").click()
    expect(mine.locator(".notes > div").last).to_contain_text("Nuala Network")
    expect(mine.locator(".notes > div").last).to_contain_text("The splitter is fine.")
    expect(mine.get_by_label("Note")).to_have_value("I am about to say")
    assert mine.evaluate("document.scrollingElement.scrollWidth") == mine.viewport_size["width"]
    mine.screenshot(path=PICTURES / "tickets-thread-phone.png")

    desk.restart(running)  # its process is gone and comes back: what was typed and not sent is offered again
    expect(mine.get_by_text("What you typed here was not sent")).to_be_visible(timeout=60_000)
    expect(mine.locator("#unsent q")).to_have_text("Note: I am about to say")
    expect(mine.get_by_label("Note")).to_have_value("")
    mine.screenshot(path=PICTURES / "tickets-unsent-phone.png")
    mine.get_by_role("button", name="Put it back").click()
    expect(mine.get_by_label("Note")).to_have_value("I am about to say")
    expect(mine.locator("#unsent")).to_be_hidden()
    mine.get_by_role("button", name="Add the note").click()
    expect(mine.locator(".notes > div").last).to_contain_text("I am about to say")
    expect(mine.get_by_label("Note")).to_have_value("")
    kept = "Object.keys(sessionStorage).filter((name) => name.startsWith('isp-unsent:')).length"
    for _look in range(100):  # it was sent: a moment later nothing is kept of it
        if not mine.evaluate(kept):
            break
        mine.wait_for_timeout(150)
    assert mine.evaluate(kept) == 0
    _merged_and_separated(desk, visits[1], code, line.order_code)


def _merged_and_separated(desk: Desk, visit: Visit, code: str, order: str) -> None:
    """The other one finds that the customer called about the same."""
    page, named = visit.page, {"subject": "He calls again", "text": "It still does not work."}
    second = support.open_ticket(desk.plant.door, actor(Role.SUPPORT), about=order, **named)
    visit.open(f"/tickets?ticket={second}")
    page.get_by_role("button", name="It is the same as another").click()
    page.get_by_role("link", name=code).last.click()
    expect(page.get_by_text(f"{second} is the same as {code}, which goes on.")).to_be_visible()
    expect(page.get_by_role("button", name="Work on it")).to_have_count(0)
    page.get_by_role("link", name=code).first.click()
    visit.ready()
    expect(page.locator(".notes")).to_contain_text("It still does not work.")
    page.screenshot(path=PICTURES / "tickets-merged-phone.png")
    visit.open(f"/tickets?ticket={second}")
    page.get_by_role("button", name=f"Separate it from {code}").click()
    expect(page.get_by_text(f"{second} goes on by itself.")).to_be_visible()
