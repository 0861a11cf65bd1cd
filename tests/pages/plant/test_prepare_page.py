"""An ONT that is registered before it is plugged in, asked for on the page of visits in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.browser import Visit, new_context
from tests.pages.plant.conftest import Desk
from tests.pages.test_due_pages import fits, press

pytestmark = pytest.mark.browser
SERIAL = "HWTC-AB00C0D1"


def test_dispatcher_registers_an_ont_ahead_and_the_engineer_sees_it(desk: Desk, chromium: Browser) -> None:
    line = desk.ordered("Ada Byrne")
    url, at = desk.serve().url, f"/visits?visit={line.visit_code}"
    visit = Visit(new_context(chromium, "desktop"), url)
    visit.sign_in("dispatcher", at=at)
    page = visit.page
    expect(page.get_by_role("button", name="Activate", exact=True)).to_be_hidden()
    page.get_by_label("Serial number of the ONT").fill(SERIAL)
    expect(page.get_by_text("Reads as")).to_be_visible()
    fits(visit, "prepare-desktop")
    press(page, "Register it ahead")
    expect(page.get_by_text("The ONT is being registered.")).to_be_visible()
    desk.plant.work()
    assert desk.state(line) == "waiting"
    expect(page.get_by_text(f"ONT {SERIAL} is registered ahead.")).to_be_visible()
    phone = Visit(new_context(chromium, "phone"), url)
    phone.sign_in("sales", at=at)
    expect(phone.page.get_by_text(f"ONT {SERIAL} is registered ahead.")).to_be_visible()
    fits(phone, "prepare-phone")
