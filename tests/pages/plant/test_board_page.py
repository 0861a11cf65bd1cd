"""The dispatch board in a browser: dragged, refused with the reason, forced with one, taken back, seen by others."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser

#: Pixels of an hour in the week.
WEEK_HOUR = 62
WHERE = """
    SELECT g.username, lower(v.during) AS starts FROM visits v LEFT JOIN engineers g ON g.id = v.engineer_id
    WHERE v.code = :code
"""


def bar(page: Page, code: str) -> Locator:
    return page.locator(".ec-event", has_text=code)


def dropped(page: Page, what: Locator, *, on: tuple[float, float]) -> None:
    """Drag a bar by its middle to a place of the page."""
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(on[0] - 30, on[1] + 6, steps=4)
    page.mouse.move(on[0], on[1], steps=4)
    page.mouse.up()


def place(what: Locator) -> tuple[float, float]:
    box = what.bounding_box()
    assert box is not None
    return box["x"] + 12, box["y"] + 12


def where(desk: Desk, code: str) -> tuple[str, datetime]:
    row = desk.plant.one(WHERE, code=code)
    return row.username, row.starts


def test_a_visit_is_dragged_a_clash_goes_back_and_rules_are_broken_with_a_reason(desk: Desk, chromium: Browser) -> None:
    first, second = desk.ordered("Ada Byrne"), desk.ordered("Brian Walsh")
    running = desk.serve()
    zone = desk.plant.settings.company.tz
    was = desk.plant.one(WHERE, code=first.visit_code)
    day = was.starts.astimezone(zone).date()
    dispatcher = Visit(new_context(chromium, "desktop"), running.url)
    dispatcher.sign_in("dispatcher", at=f"/board?day={day}")
    page, code = dispatcher.page, first.visit_code
    manager = Visit(new_context(chromium, "phone"), running.url)
    manager.sign_in("manager", at=f"/board?day={day}")
    manager.open(f"/board?day={day}")  # now it has told how narrow it is
    expect(manager.page.get_by_text(code).first).to_be_visible()
    x, y = place(bar(page, code))
    step = place(bar(page, second.visit_code))[0] - x  # an hour
    page.screenshot(path=PICTURES / "board-desktop-light.png", full_page=True)

    dropped(page, bar(page, code), on=(x + 3 * step, y))
    expect(page.get_by_text(re.compile(f"{code} is .*'s, "))).to_be_visible()
    assert where(desk, code) == (was.username, was.starts + timedelta(hours=3))
    task = desk.plant.one("SELECT assignee, due_at FROM tasks WHERE delivery_id = :d", d=first.delivery_id)
    assert (task.assignee, task.due_at) == (was.username, was.starts + timedelta(hours=4))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert where(desk, code) == (was.username, was.starts)

    page.wait_for_timeout(600)
    x, y = place(bar(page, code))
    dropped(page, bar(page, code), on=(x + step, y))
    expect(page.get_by_role("alert")).to_contain_text(re.compile(f"has {second.visit_code} from .* to "))
    assert abs(place(bar(page, code))[0] - x) < 3  # back where it was
    assert where(desk, code) == (was.username, was.starts)

    x, y = place(bar(page, code))
    lane = page.locator(".lane", has_text=re.compile("free · ")).first
    name = lane.locator("b").inner_text()
    dropped(page, bar(page, code), on=(x, place(lane)[1] + 10))
    expect(page.get_by_role("alert")).to_contain_text(f"{code} is not moved there without a reason: {name} goes to")
    page.get_by_label("Why does it have to be so?").fill("She is next door.")
    page.wait_for_timeout(600)
    page.get_by_role("button", name=f"Move {code} there anyway").click()
    expect(page.get_by_text(f"{code} is {name}'s, ")).to_be_visible()
    assert texts(desk, "SELECT reason FROM audit WHERE action = 'board.move_visit' ORDER BY at DESC LIMIT 1") == [
        "She is next door."
    ]
    expect(manager.page.get_by_role("heading", name=name)).to_be_visible()  # without a press there
    manager.page.screenshot(path=PICTURES / "board-phone-light.png", full_page=True)
    told = "SELECT count(*) FROM events e JOIN deliveries d ON d.event_id = e.id AND d.subscriber = 'mail'"
    assert texts(desk, f"{told} WHERE e.kind = 'VisitBooked' AND d.state = 'scheduled'") == ["1"]

    page.get_by_label("Time").fill("18:30")
    page.get_by_label("Reason, where it goes against a rule").fill("The customer works until six.")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Move it", exact=True).click()
    expect(page.get_by_text(re.compile(f"{code} is {name}'s, .* 18:30"))).to_be_visible()
    assert where(desk, code)[1].astimezone(zone).strftime("%H:%M") == "18:30"
    _in_the_week(desk, dispatcher, second.visit_code)
    for visit in (dispatcher, manager):
        found = visit.errors()
        assert found == [], "\n".join(found)


def _in_the_week(desk: Desk, visit: Visit, code: str) -> None:
    """A week is one wide board: its bars are dragged as a day's are, and the address leads back to it."""
    page, zone = visit.page, desk.plant.settings.company.tz
    who, was = where(desk, code)
    day = was.astimezone(zone).date()
    page.get_by_role("link", name="Week", exact=True).click()
    monday = day - timedelta(days=day.weekday())
    page.wait_for_url(re.compile(f"day={monday}&way=week"))
    page.reload()
    visit.ready()
    expect(page.get_by_text(f"Mon {monday.day} {monday:%b %Y} to Sun")).to_be_visible()
    expect(bar(page, code)).to_be_visible()
    bar(page, code).evaluate("one => one.scrollIntoView({inline: 'center', block: 'center'})")
    page.screenshot(path=PICTURES / "board-week-desktop.png", full_page=True)
    x, y = place(bar(page, code))
    dropped(page, bar(page, code), on=(x + 3 * WEEK_HOUR, y))
    expect(page.get_by_text(re.compile(f"{code} is .*'s, "))).to_be_visible()
    assert where(desk, code) == (who, was + timedelta(hours=3))
    at = (was + timedelta(hours=3)).astimezone(zone)
    page.get_by_label("Visit", exact=True).click()  # the form knows it as well
    expect(page.get_by_role("menuitem", name=re.compile(f"{code} · .* {at:%H:%M}"))).to_be_visible()
    page.keyboard.press("Escape")
