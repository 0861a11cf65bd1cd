"""The manager's page in a real browser: figures of lines really connected, and a report really made."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk
from workers.papermill import PapermillReporter

pytestmark = pytest.mark.browser


def figures_seen(desk: Desk, chromium: Browser, size: str = "desktop", path: str = "/figures") -> Visit:
    """The manager looks at the figures."""
    visit = Visit(new_context(chromium, size), desk.serve().url)
    visit.sign_in("manager", at=path)
    return visit


def tile(page: Page, label: str) -> str:
    """What a tile says below its label."""
    return page.locator(".tile", has=page.get_by_text(label, exact=True)).locator(".value").inner_text()


def test_figures_say_what_happened_in_the_period(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    desk.active("Maeve Quinn")
    desk.wrong_serial("Niamh Kelly")
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit = figures_seen(desk, chromium)
    page = visit.page
    expect(page.get_by_role("img", name=re.compile("placed and activated per day"))).to_be_visible()
    labels = ("Lines activated", "First time right", "Failed activations", "Backlog")
    assert [tile(page, label) for label in labels] == ["2", "100%", "1", "1"]
    assert re.fullmatch(r"(< )?\d+\.\d s", tile(page, "Time to connect"))
    causes = page.locator("section.card", has_text="Failures in the period").locator("tbody tr")
    expect(causes).to_have_text(["Plan the lineneeds a person1"])
    states = page.get_by_role("group", name="All orders by state")
    assert states.inner_text().split() == ["completed", "2", "in", "progress", "1"]
    page.get_by_text("The numbers").click()
    days = page.locator("section.card", has_text="per day").locator("tbody tr")
    expect(days).to_have_text([re.compile(r" 20\d\d32$")])
    page.screenshot(path=PICTURES / "figures-day-desktop.png")
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_period_is_chosen_by_days_and_a_wrong_one_is_explained(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    today = desk.plant.parts.clock.now().astimezone(desk.plant.settings.company.tz).date()
    before = [today - timedelta(days=9), today - timedelta(days=3)]
    page = figures_seen(desk, chromium, "phone").page
    assert tile(page, "Lines activated") == "1"
    page.get_by_role("link", name="Choose").click()
    for label, day in zip(("From", "To"), before, strict=True):
        page.get_by_label(label, exact=True).fill(day.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()
    span = f"{before[0].day} {before[0]:%b %Y} to .* {before[1].day} {before[1]:%b %Y}"
    expect(page.get_by_role("heading", name=re.compile(span))).to_be_visible()
    assert tile(page, "Lines activated") == "0"
    assert tile(page, "First time right") == "–"
    expect(page.get_by_text("Nothing happened in these days.")).to_be_visible()
    expect(page.get_by_text("Nothing failed in this period.")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    page.get_by_label("From", exact=True).click(position={"x": 20, "y": 20})
    page.keyboard.type(f"{today:%m%d%Y}")  # as the browser's own field takes it in American English
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("These days are no period.")


def test_report_is_made_on_request_and_read_in_a_sandbox(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    database = desk.plant.engine.url.render_as_string(hide_password=False)
    reporter = PapermillReporter(
        folder=desk.plant.settings.var / "reports", environment={**os.environ, "DATABASE_URL": database}
    )
    desk.plant.parts = replace(desk.plant.parts, reporter=reporter)
    visit = figures_seen(desk, chromium)
    page = visit.page
    expect(page.get_by_text("No report has been made yet.")).to_be_visible()
    page.get_by_role("button", name="Make a report of this period").click()
    expect(page.get_by_text("The report is being made.")).to_be_visible()
    expect(page.get_by_text("asked for")).to_be_visible()
    desk.plant.work()
    page.get_by_role("link", name="Read here").click()
    frame = page.frame_locator("iframe[title=Report]")
    expect(frame.get_by_text("1 line was activated.")).to_be_visible()
    assert page.locator("iframe[title=Report]").get_attribute("sandbox") == "allow-scripts allow-popups"
    reads = page.frames[-1].evaluate("(() => { try { return document.cookie } catch (e) { return e.name } })()")
    assert reads == "SecurityError"
    page.locator("iframe[title=Report]").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "figures-report-desktop.png")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("iframe[title=Report]")).to_have_count(0)
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_report_that_cannot_be_made_says_why(desk: Desk, chromium: Browser) -> None:
    folder = desk.plant.settings.var
    reporter = PapermillReporter(folder=folder / "reports", notebooks=folder / "no-notebooks")
    desk.plant.parts = replace(desk.plant.parts, reporter=reporter)
    page = figures_seen(desk, chromium).page
    page.get_by_role("button", name="Make a report of this period").click()
    expect(page.get_by_text("The report is being made.")).to_be_visible()
    desk.plant.work()
    row = page.locator("tbody tr", has_text="Activations")
    expect(row).to_contain_text("failed")
    expect(row).to_contain_text("The report activations ended with an error")
    expect(page.get_by_role("link", name="Read here")).to_have_count(0)
