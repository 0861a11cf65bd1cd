"""The demo's mail in a real browser: what the workflows really sent, received over SMTP by the local sink."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from isp_lifecycle.foundation.ids import new_id
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk

pytestmark = pytest.mark.browser


def test_mail_that_was_sent_is_listed_newest_first_and_read(desk: Desk, chromium: Browser) -> None:
    line = desk.active("Ada Byrne")
    PICTURES.mkdir(parents=True, exist_ok=True)
    running = desk.serve()
    for size in ("desktop", "phone"):
        visit = Visit(new_context(chromium, size), running.url)
        visit.sign_in("sales", at="/mail")
        page = visit.page
        rows = page.locator(".list a.card")
        expect(rows).to_have_text(
            [
                re.compile(r"Your line S-\d{6} is active.*ada\.byrne@example\.org"),
                re.compile(rf"Your order {line.order_code} is confirmed.*ada\.byrne@example\.org"),
                re.compile(rf"We have received your application {line.order_code}.*ada\.byrne@example\.org"),
            ]
        )
        rows.nth(1).click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("Hello Ada Byrne,")).to_be_visible()
        page.get_by_text("As plain text").click()
        expect(page.locator("pre", has_text="Hello Ada Byrne,")).to_be_visible()
        page.screenshot(path=PICTURES / f"mail-read-{size}.png")
        assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
        assert (visit.errors(), visit.foreign()) == ([], [])


def test_new_mail_appears_by_itself_and_the_open_one_stays(desk: Desk, chromium: Browser) -> None:
    visit = Visit(new_context(chromium, "desktop"), desk.serve().url)
    visit.sign_in("sales", at="/mail")
    expect(visit.page.get_by_text("No mail has been sent yet.")).to_be_visible()
    desk.ordered("Eoin Daly")
    rows = visit.page.locator(".list a.card")
    expect(rows).to_have_count(2)
    rows.last.click()
    heading = visit.page.get_by_role("heading", name="We have received your application")
    expect(heading).to_be_visible()
    desk.ordered("Grace Brennan")
    expect(rows).to_have_count(4)
    expect(heading).to_be_visible()


def test_script_and_pictures_in_a_mail_do_nothing(desk: Desk, chromium: Browser) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "ada@example.org", "<b>Hello</b>"
    mail.set_content("Plain")
    mail.add_alternative(
        '<h1>Mail</h1><img src="http://192.0.2.1/seen.png"><script>parent.document.title = "taken"</script>',
        subtype="html",
    )
    folder = desk.plant.settings.var / "mail"
    (folder / f"{new_id()}.eml").write_bytes(mail.as_bytes())
    visit = Visit(new_context(chromium, "desktop"), desk.serve().url)
    visit.sign_in("sales", at="/mail")
    visit.page.locator(".list a.card").click()
    expect(visit.page.frame_locator("iframe").get_by_role("heading", name="Mail")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="<b>Hello</b>")).to_be_visible()
    assert visit.page.title().startswith("Sent mail")
    assert [line for line in visit.errors() if "192.0.2.1" in line and "violates" in line]
