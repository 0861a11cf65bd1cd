"""The engineer's phone: a day from sign-in to an active line, and entries that are kept without reception."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from isp_lifecycle.field import actions as field
from isp_lifecycle.foundation.db import write
from tests.pages.barcodes import camera_that_sees, code128
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import Running
from tests.pages.plant.conftest import Activation, Desk, texts

pytestmark = pytest.mark.browser


def theirs_today(desk: Desk, *lines: Activation) -> None:
    """The visits of these lines are the installer's, now, one after the other."""
    with write(desk.plant.engine) as tx:
        engineer = field.put_engineer(tx=tx, username="installer", name="Nuala Installer")
        for number, line in enumerate(lines):
            minutes = 3 * (len(lines) - number)
            start = "now() - interval '1 minute' * :far"
            tx.execute(
                sa.text(
                    f"UPDATE visits SET engineer_id = :e, during = tstzrange({start}, {start} + interval '2 minutes') "
                    "WHERE code = :code"
                ),
                {"e": engineer.id, "code": line.visit_code, "far": minutes},
            )


def photo_with_a_place() -> bytes:
    """A photo as a phone takes it: large, upright by its EXIF only, and with the place in it."""
    picture = Image.effect_noise((2600, 1900), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


def sheet(page: Page, name: str) -> Any:
    page.get_by_role("button", name=name, exact=True).first.click()
    return page.get_by_role("dialog")


def opened(page: Page, line: Activation) -> None:
    page.goto(re.sub(r"/field/.*", f"/field/#{line.visit_code}", page.url))
    expect(page.get_by_text(line.customer).first).to_be_visible()


def sign(page: Page, box: Any) -> None:
    place = box.get_by_role("img", name="Sign here").bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 30, place["y"] + 90)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(place["x"] + 40 + step * 20, place["y"] + (40 if step % 2 else 110))
    page.mouse.up()


def pictured(visit: Visit, name: str) -> None:
    page, root = visit.page, "document.documentElement"
    for theme in ("light", "dark"):
        page.evaluate(f"{root}.dataset.ispTheme = '{theme}'")
        page.screenshot(path=PICTURES / f"field-{name}-phone-{theme}.png")
        if (theme == "dark") == bool(int(name[0]) % 2):  # each is looked at by axe-core in one of both
            assert visit.errors() == []
    page.evaluate(f"{root}.dataset.ispTheme = 'light'")
    assert page.evaluate(f"{root}.scrollWidth") == 390
    sizes = page.evaluate(
        "[...document.querySelectorAll('a, button, summary, input:not(.hidden):not([type=radio])')]"
        ".filter(e => e.offsetParent).map(e => [e.textContent || e.name, e.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && (box.height < 48 || box.width < 48)).map(([name]) => name)"
    )
    assert sizes == []


def test_a_visit_from_sign_in_to_an_active_line_with_photo_and_signature(desk: Desk, chromium: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    first, second = desk.ordered("Maeve O'Sullivan"), desk.ordered("Conor Bartholomew-Featherstonehaugh")
    serial = desk.plugged(first)
    running = desk.serve()
    theirs_today(desk, first, second)
    visit = Visit(new_context(chromium, "phone"), running.url)
    visit.sign_in("installer")
    page = visit.page
    assert page.url == f"{running.url}/field/"
    cards = page.locator(".card.visit")
    assert [one.split("\n")[0][:5] for one in cards.all_inner_texts()] == sorted(
        one.split("\n")[0][:5] for one in cards.all_inner_texts()
    )
    expect(cards.first).to_contain_text("Maeve O'Sullivan")
    assert cards.first.get_by_text("Navigate").locator("..").get_attribute("href").startswith("geo:")
    assert cards.first.get_by_text("Call").locator("..").get_attribute("href") == "tel:+35315550100"
    pictured(visit, "1-today")

    cards.first.locator("a.cover").click()
    expect(page.get_by_text("Drop cable")).to_be_visible()
    pictured(visit, "2-visit")
    box = sheet(page, "Activate")
    box.get_by_role("button", name="Activate").click()
    expect(box.get_by_role("alert")).to_contain_text("No ONT is chosen.")
    box.get_by_role("button", name="Look for ONTs").click()
    expect(box.get_by_role("button", name=re.compile("this port"))).to_be_visible()
    expect(box.get_by_label("Serial number on the label")).to_have_value(f"HWTC-{serial[8:]}")
    pictured(visit, "3-onts")
    box.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("Sent: Activation")).to_be_visible()
    desk.plant.work()
    expect(page.get_by_text("The line is active.")).to_be_visible()

    box = sheet(page, "Photo")
    box.get_by_label("Photo from the camera").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo_with_a_place()}
    )
    expect(box.get_by_alt_text("The photo that was taken")).to_be_visible()
    box.get_by_label("What it shows").fill("The outlet in the hall")
    box.get_by_role("button", name="Keep the photo").click()
    expect(page.get_by_alt_text("Photo The outlet in the hall")).to_be_visible()
    box = sheet(page, "Signature")
    sign(page, box)
    pictured(visit, "4-signature")
    box.get_by_role("button", name="Keep the signature").click()
    expect(page.get_by_alt_text("Signature Maeve O'Sullivan")).to_be_visible()
    page.locator("#main").evaluate("e => { e.scrollTop = 0 }")
    pictured(visit, "5-active")
    row = desk.plant.one("SELECT f.* FROM visit_files f WHERE media_type = 'image/jpeg'")
    kept = Image.open(io.BytesIO(bytes(row.content)))
    assert (max(kept.size), kept.height > kept.width, dict(kept.getexif())) == (1600, True, {})
    assert b"PhoneMaker" not in bytes(row.content)
    assert texts(desk, "SELECT kind FROM visit_entries ORDER BY taken_at") == ["activation", "photo", "signature"]
    assert desk.state(first) == "done"

    opened(page, second)
    box = sheet(page, "Cannot do")
    box.get_by_role("button", name="End the visit").click()
    expect(box.get_by_role("alert")).to_contain_text("No reason is chosen.")
    box.get_by_text("Customer not at home").click()
    pictured(visit, "6-cannot-do")
    box.get_by_role("button", name="End the visit").click()
    expect(page.get_by_text("Not possible: Customer not at home.")).to_be_visible()
    page.get_by_label("All visits").click()
    page.get_by_text("Done today (2)").click()
    pictured(visit, "7-evening")
    assert visit.foreign() == []
    booked_again(running, chromium, second)
    looked_at(running, chromium, first)
    page.goto(f"{running.url}/visits")
    visit.ready()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?ended=1")
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0


def booked_again(running: Running, chromium: Browser, line: Activation) -> None:
    """The dispatcher sees why, and books the visit again."""
    desk = Visit(new_context(chromium, "desktop"), running.url)
    desk.sign_in("dispatcher", at="/visits")
    page = desk.page
    expect(page.get_by_text("Could not be done (1)")).to_be_visible()
    page.locator("a.card", has_text="Customer not at home").click()
    expect(page.get_by_text("It waits until it is booked again, or given up.")).to_be_visible()
    page.screenshot(path=PICTURES / "visits-missed-desktop.png")
    page.get_by_role("button", name="Book again").click()
    expect(page.get_by_text(re.compile(r"V-\d+ is booked for"))).to_be_visible()
    expect(page.get_by_text("Could not be done (1)")).to_have_count(0)
    assert desk.errors() == []
    page.close()


def looked_at(running: Running, chromium: Browser, line: Activation) -> None:
    """Whoever may read visits sees with the order what was written down there."""
    desk = Visit(new_context(chromium, "desktop"), running.url)
    desk.sign_in("manager", at=f"/orders?order={line.order_code}")
    expect(desk.page.get_by_role("heading", name="Written down on site")).to_be_visible()
    photo = desk.page.locator(".kept img").first
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("naturalHeight", 1600)
    desk.page.screenshot(path=PICTURES / "orders-kept-desktop.png")
    assert desk.errors() == []
    desk.page.close()


MAC, LINK = "00:1A:2B:3C:4D:5E", "https://maker.example/ont"
#: What codes on boxes and labels hold, and what the phone makes of each.
CODES = [
    "HWTC1A2B3C4D",
    "hwtc-1a2b3c4d",
    "485754431A2B3C4D",
    "SN:ZTEGC0FFEE01;MAC:001A2B3C4D5E",
    MAC,
    LINK,
    "EG8145V5",
    "4006381333931",
]
READ = [
    *[{"serial": "HWTC-1A2B3C4D"}] * 3,
    {"serial": "ZTEG-C0FFEE01"},
    {"words": f"{MAC} is a MAC address. Scan the code beside “SN” or “GPON SN”."},
    {"words": "This code is a link of the maker. Scan the code beside “SN”."},
    {"words": "“EG8145V5” is no serial number, perhaps the model. Scan the code beside “SN”."},
    {"words": "4006381333931 is an article number of the box. Scan the code beside “SN”."},
]


@contextmanager
def phone(chromium: Browser, path: str, folder: Path, cookies: list[Any], *more: str) -> Iterator[BrowserContext]:
    """A browser that remembers from one start to the next, as a phone does."""
    context = chromium.browser_type.launch_persistent_context(
        str(folder),
        executable_path=path,
        args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", *more],
        viewport={"width": 390, "height": 844},
        is_mobile=True,
    )
    context.set_default_timeout(15_000)
    context.add_cookies(cookies)
    yield context
    context.close()


def cookies_of(running: Running, username: str) -> list[Any]:
    client = running.signed_in(username)
    return [{"name": name, "value": value, "url": running.url} for name, value in client.cookies.items()]


def kept_page(context: BrowserContext, running: Running) -> Page:
    """The phone's page, once its files are kept."""
    page = context.new_page()
    page.goto(f"{running.url}/field/")
    worker = "navigator.serviceWorker"
    page.evaluate(
        f"new Promise(r => {worker}.controller ? r() : {worker}.addEventListener('controllerchange', () => r()))"
    )
    return page


def test_entries_without_reception_survive_a_restart_and_are_sent_exactly_once(
    desk: Desk, chromium: Browser, chromium_path: str, tmp_path: Path
) -> None:
    line = desk.ordered("Maeve O'Sullivan")
    serial = desk.plugged(line)
    running = desk.serve()
    theirs_today(desk, line)
    cookies = cookies_of(running, "installer")
    camera = camera_that_sees(code128(f"HWTC{serial[8:]}"), tmp_path / "label.mjpeg")
    with phone(chromium, chromium_path, tmp_path / "phone", cookies, *camera) as context:
        page = kept_page(context, running)
        expect(page.get_by_text(line.customer)).to_be_visible()
        assert page.evaluate(f"import('/assets/field/serial.js').then(m => {json.dumps(CODES)}.map(m.read))") == READ
        context.set_offline(True)
        page.reload()
        opened(page, line)
        expect(page.get_by_text("No reception.")).to_be_visible()
        box = sheet(page, "Note")
        box.get_by_label("For colleagues").fill("The key is at number 7.")
        box.get_by_role("button", name="Keep the note").click()
        box = sheet(page, "Activate")
        box.get_by_role("button", name="Scan the code").click()
        expect(box.get_by_label("Serial number on the label")).to_have_value(f"HWTC-{serial[8:]}")
        box.get_by_role("button", name="Activate").click()
        expect(page.get_by_text(f"ONT HWTC-{serial[8:]} is to be activated.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="2 unsent")).to_be_visible()
        assert texts(desk, "SELECT kind FROM visit_entries") == []

    answers_lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        answers_lost.append(route.fetch().json()["became"])
        route.abort()

    with phone(chromium, chromium_path, tmp_path / "phone", cookies) as context:
        context.route("**/field/entries/*", lose_the_answer)
        page = kept_page(context, running)
        expect(page.get_by_text("No reception.")).to_be_visible()
        expect(page.get_by_role("button", name="2 unsent")).to_be_visible()
        assert answers_lost[:1] == ["taken"]
        assert texts(desk, "SELECT kind FROM visit_entries") == ["note"]

    with phone(chromium, chromium_path, tmp_path / "phone", []) as context:
        page = context.new_page()
        page.goto(f"{running.url}/field/")
        expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Ffield%2F"))
        context.add_cookies(cookies)
        page = kept_page(context, running)
        expect(page.get_by_role("button", name=re.compile("unsent"))).to_have_count(0)
        expect(page.get_by_text("Sent: Activation")).to_be_visible()
        desk.plant.work()
        opened(page, line)
        expect(page.get_by_text("The line is active.")).to_be_visible()
        expect(page.get_by_text("The key is at number 7.")).to_be_visible()
        assert texts(desk, "SELECT kind FROM visit_entries ORDER BY made_at") == ["note", "activation"]
        context.clear_cookies()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        expect(page.get_by_text(line.customer)).to_have_count(0)
        context.add_cookies(cookies)
        page.reload()
        expect(page.get_by_text("The key is at number 7.")).to_be_visible()
        told = texts(desk, "SELECT action FROM audit WHERE action LIKE 'visits.%' ORDER BY at")
        assert told == ["visits.note", "visits.activation"]
        leaves_nothing(page)


def leaves_nothing(page: Page) -> None:
    """Signing out warns of what is not sent, and leaves nothing on the phone."""
    page.context.set_offline(True)
    box = sheet(page, "Note")
    box.get_by_label("For colleagues").fill("Not sent yet.")
    box.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("button", name="1 unsent")).to_be_visible()
    page.context.route("**/field/entries/*", lambda route: route.abort())
    page.context.set_offline(False)
    box = sheet(page, "Menu")
    box.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("1 written down here is not sent.")).to_be_visible()
    page.get_by_role("button", name="Delete it and sign out").click()
    page.wait_for_url("**/sign-in?ended=1")
    left = """async () => {
        const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
        const base = await asked(indexedDB.open("isp-field"));
        const count = (name) => asked(base.transaction(name).objectStore(name).count());
        return [await count("day"), await count("entries"), (await caches.keys()).length];
    }"""
    assert page.evaluate(left) == [0, 0, 0]
