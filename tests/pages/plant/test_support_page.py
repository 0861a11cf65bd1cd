"""The support desk in a real browser, on lines that really failed: what it says, and what its buttons do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Activation, Desk, texts

pytestmark = pytest.mark.browser


def seen_by(desk: Desk, chromium: Browser, role: str, path: str, size: str = "desktop") -> Visit:
    """Somebody of this role looks at a page."""
    visit = Visit(new_context(chromium, size), desk.serve().url)
    visit.sign_in(role, at=path)
    return visit


def of(line: Activation) -> str:
    """The page's address with this one picked."""
    return f"/support?delivery={line.delivery_id}"


def below(lower: Locator, upper: Locator) -> bool:
    """Whether one begins where the other has ended, so that nothing runs over anything."""
    above, under = upper.bounding_box(), lower.bounding_box()
    assert above is not None
    assert under is not None
    return under["y"] >= above["y"] + above["height"]


def press(page: Page, name: str) -> None:
    """Press a button; a press right after another one is taken for the same."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name=name, exact=True).click()


def test_list_has_failures_first_then_what_is_tried_again_then_what_waits(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    desk.ordered("Eoin Daly")
    desk.wrong_serial("Niamh Kelly")
    desk.put_off("Grace Brennan")
    page = seen_by(desk, chromium, "support", "/support").page
    rows = page.locator(".list a.card")
    expect(rows).to_have_text(
        [
            re.compile(r"Activation: Plan the line\s*failed.*sees no ONT with the serial number.*Niamh Kelly"),
            re.compile(r"Activation: Plan the line\s*tried again by itself.*does not answer.*Grace Brennan.*attempt 2"),
            re.compile(r"Activation: Wait for the installer\s*waiting for a person.*is to act by.*Eoin Daly"),
        ]
    )
    filters = page.get_by_role("navigation", name="What stands still").get_by_role("link")
    expect(filters).to_have_text(["All (3)", "Failed (1)", "Tried again (1)", "Waiting (1)"])
    filters.nth(3).click()
    expect(rows).to_have_text([re.compile("Eoin Daly")])


def test_picked_one_says_what_failed_what_to_do_and_what_was_said_to_the_device(desk: Desk, chromium: Browser) -> None:
    line = desk.low_light("Conor Walsh")
    PICTURES.mkdir(parents=True, exist_ok=True)
    running = desk.serve()
    for size in ("desktop", "phone"):
        visit = Visit(new_context(chromium, size), running.url)
        visit.sign_in("support", at=of(line))
        page = visit.page
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Measure the light: The ONT receives")
        expect(alert).to_contain_text("What to do: Clean and reseat the connectors")
        ticket = page.get_by_role("link", name=re.compile(r"^T-\d{6}$"))
        expect(ticket).to_have_attribute("href", re.compile(r"^\./tickets\?ticket=T-\d{6}$"))
        attempts = page.locator("section.card", has_text="Attempts").locator("ol.steps > li")
        failed = attempts.last
        expect(failed).to_have_class("failed")
        expect(failed).to_contain_text("in the device")
        failed.get_by_text("Show what was said to the device").click()
        spoken = page.get_by_label("Device transcript")
        expect(spoken).to_contain_text("display ont optical-info")
        assert "lab-test-only" not in spoken.inner_text()
        page.wait_for_timeout(3500)  # the page refreshes itself meanwhile
        expect(spoken).to_be_visible()
        page.screenshot(path=PICTURES / f"support-failed-{size}.png")
        assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
        assert below(page.get_by_text("Everything that came of it"), spoken)
        failed.get_by_text("Hide what was said to the device").click()
        expect(spoken).to_have_count(0)
        assert (visit.errors(), visit.foreign()) == ([], [])


def test_retry_goes_on_at_the_failed_step_and_the_page_follows(desk: Desk, chromium: Browser) -> None:
    line = desk.low_light("Conor Walsh")
    page = seen_by(desk, chromium, "support", of(line)).page
    desk.plant.lab.splice("drop", line.premises_code, loss_db=0.0)
    press(page, "Retry")
    expect(page.get_by_text("It goes on at the step that failed.")).to_be_visible()
    desk.plant.work()
    expect(page.get_by_text("It went through to its end.")).to_be_visible()
    expect(page.get_by_role("button", name="Retry", exact=True)).to_have_count(0)
    expect(page.get_by_text("Nothing stands still.")).to_be_visible()
    assert desk.state(line) == "done"
    measured = texts(desk, "SELECT state FROM step_runs WHERE name = 'Measure the light' ORDER BY started_at")
    assert measured == ["failed", "done"]


def test_failure_is_read_cancelled_and_undone_and_its_ticket_closed(desk: Desk, chromium: Browser) -> None:
    line = desk.low_light("Conor Walsh")
    visit = seen_by(desk, chromium, "support", "/support")
    page = visit.page
    page.locator(".list a.card", has_text="Conor Walsh").click()
    failed = page.locator("section.card", has_text="Attempts").locator("ol.steps > li.failed")
    failed.get_by_text("Show what was said to the device").click()
    expect(page.get_by_label("Device transcript")).to_contain_text("display ont optical-info")
    press(page, "Cancel it …")
    expect(page.get_by_text("Cancel activation of Conor Walsh?")).to_be_visible()
    undone = page.locator(".alert.warn ol.listed > li")
    assert [text.partition(":")[0] for text in undone.all_inner_texts()] == [
        "Wait for the ONT to come online",
        "Wait until the ONT is plugged in",
        "Configure OLT and ONT",
        "Plan the line",
        "Reserve address and VLAN",
        "Wait for the installer",
        "Book a visit",
        "Start the order",
    ]
    press(page, "Cancel and undo")
    expect(page.get_by_role("alert").first).to_contain_text("A reason is needed.")
    assert desk.state(line) == "failed"
    page.get_by_label("Reason").fill("The drop must be replaced.")
    page.wait_for_timeout(3500)  # the page refreshes itself meanwhile, and what is written stays
    expect(page.get_by_label("Reason")).to_have_value("The drop must be replaced.")
    press(page, "Cancel and undo")
    expect(page.get_by_text("It is being undone, last step first.")).to_be_visible()
    desk.plant.work()
    expect(page.get_by_text("It was given up.")).to_be_visible()
    expect(page.get_by_text("Everything was taken back.")).to_be_visible()
    expect(page.get_by_text(re.compile("^Removed S-[0-9]+ from OLT-")).first).to_be_visible()
    assert desk.state(line) == "cancelled"
    assert texts(desk, "SELECT serial FROM lines") == []
    notes = texts(desk, "SELECT text FROM ticket_notes")
    assert "Nuala Support cancelled it: The drop must be replaced." in notes
    page.get_by_role("link", name=re.compile(r"^T-\d{6}$")).click()
    visit.ready()
    expect(page.locator(".notes > div").last).to_contain_text("Cancelled; what was done has been undone.")
    press(page, "Close")
    expect(page.get_by_role("button", name="Close", exact=True)).to_have_count(0)
    assert texts(desk, "SELECT state FROM tickets") == ["closed"]
    assert texts(desk, "SELECT state FROM orders") == ["cancelled"]
    assert texts(desk, "SELECT prefix FROM allocations WHERE state IN ('reserved', 'assigned')") == []
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_one_who_may_only_look_is_offered_no_decision(desk: Desk, chromium: Browser) -> None:
    line = desk.wrong_serial("Niamh Kelly")
    page = seen_by(desk, chromium, "auditor", of(line)).page
    expect(page.get_by_role("alert")).to_contain_text("sees no ONT with the serial number HWTC-00000001")
    expect(page.get_by_role("button", name="Retry", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel it …")).to_have_count(0)


def test_address_of_no_delivery_says_so(desk: Desk, chromium: Browser) -> None:
    page = seen_by(desk, chromium, "support", "/support?delivery=nonsense").page
    expect(page.get_by_role("alert")).to_contain_text("delivery")
    expect(page.get_by_text("Nothing stands still.")).to_be_visible()
