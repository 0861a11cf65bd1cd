"""A list in a real browser: filtered, sorted, saved, exported, sent to a colleague, and live."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from isp_lifecycle.foundation.db import write
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser


def test_list_is_looked_through_kept_sent_and_taken_out(desk: Desk, chromium: Browser) -> None:
    names = ["Aoife Burke", "Brian Nolan", "Ciara Walsh"]
    lines = [desk.ordered(name) for name in names]
    running = desk.serve()
    visit = Visit(new_context(chromium, "desktop"), running.url)
    visit.sign_in("sales", at="/orders?state=in_progress,confirmed")
    page = visit.page
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(3)

    page.get_by_role("button", name="Customer").click()
    expect(rows.first).to_contain_text("Aoife Burke")
    expect(page.locator("th", has_text="Customer")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Customer").click()
    expect(rows.first).to_contain_text("Ciara Walsh")

    page.get_by_role("button", name="Filter (1)").click()
    page.get_by_role("textbox", name="Customer").fill("an")
    page.get_by_role("textbox", name="Customer").press("Enter")
    expect(page.get_by_text("Customer: an")).to_be_visible()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("E-mail").check()
    expect(page.locator("th", has_text="E-mail")).to_be_visible()
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name of the view").fill("Nolan only")
    page.get_by_label("for everybody").check()
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("link", name="Nolan only")).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "list-views-desktop.png")

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    (row,) = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")))
    assert (row["Customer"], row["State"]) == ("Brian Nolan", "in_progress")
    noted = texts(desk, "SELECT detail->>'query' FROM audit WHERE action = 'lists.note_export'")
    assert len(noted) == 1
    assert set(noted[0].split("&")) > {"customer=an", "state=in_progress,confirmed", "sort=-customer"}

    colleague = Visit(new_context(chromium, "phone"), running.url)
    colleague.sign_in("dispatcher", at=page.url.removeprefix(running.url))
    expect(colleague.page.locator("table tbody tr")).to_have_count(1)
    colleague.page.get_by_role("button", name="Views").click()
    colleague.page.get_by_role("button", name="Without Customer").click()
    expect(colleague.page.locator("table tbody tr")).to_have_count(3)
    colleague.page.get_by_role("link", name="Nolan only").click()
    expect(colleague.page.locator("table tbody tr")).to_have_count(1)
    assert colleague.page.evaluate("document.scrollingElement.scrollWidth") == 390

    # what somebody else changes is shown without a reload
    with write(desk.plant.engine) as tx:
        tx.execute(sa.text("UPDATE customers SET name = 'Brian Nolan-Ryan' WHERE name = 'Brian Nolan'"))
        tx.execute(sa.text("UPDATE orders SET note = 'seen' WHERE code = :code"), {"code": lines[1].order_code})
    expect(rows.first).to_contain_text("Brian Nolan-Ryan", timeout=3000)
    assert (visit.errors(), visit.foreign(), colleague.errors()) == ([], [], [])
