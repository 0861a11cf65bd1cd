"""The main job done by clicking: applicant, sales desk, engineer on the phone, support, manager; in a real browser.

Everything behind the pages is real: processes, PostgreSQL, Redis, SSH to the lab's OLTs, SMTP. Pictures of each step
are kept in ``build/pictures``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import PORTAL, STAFF
from isp_lifecycle.cli.demo.evidence import gather
from isp_lifecycle.cli.demo.story import Story, Wish
from isp_lifecycle.cli.demo.system import System, own_system
from isp_lifecycle.intake import accounts
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.notices.mailbox import StoredMail, messages
from tests import browsers

CHROMIUM = browsers.found()
pytestmark = [
    pytest.mark.journey,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; `make system` installs it for root"),
]

PASSWORD = "light on the fibre at last"
PICTURES = Path("build/pictures")
DESK, PHONE = (1440, 900), (390, 844)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Suite:
    """The running system and a browser; what any page complained of is kept."""

    system: System
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def url(self, place: int) -> str:
        """The address of a server."""
        return f"http://127.0.0.1:{self.system.settings.port + place}"

    @contextmanager
    def page(self, size: tuple[int, int], username: str = "", locale: str = "en-IE") -> Iterator[Page]:
        """A page of its own, signed in at the staff suite when a name is given."""
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        page = context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._foreign)
        if username:
            page.goto(self.url(STAFF))
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
        yield page
        context.close()

    def _foreign(self, request: object) -> None:
        address: str = request.url  # type: ignore[attr-defined]
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:", address):
            self.complaints.append(f"asked another host: {address}")


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    """The whole system with its pages, every staff member with a password, a browser."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with own_system(speed=5.0, pages=True) as system, sync_playwright() as playwright:
        for member in make_town().staff:
            accounts.set_password(system.doors.door, SYSTEM, username=member.username, password=PASSWORD)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield Suite(system, browser)
        browser.close()


def username(role: str) -> str:
    """Somebody of this role."""
    return next(member.username for member in make_town().staff if member.role == role)


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like when it has settled."""
    page.wait_for_timeout(700)
    page.screenshot(path=PICTURES / f"{name}.png")


def apply_at_the_portal(suite: Suite, *, name: str) -> str:
    """Act 1: fill in the form; returns the order's number."""
    with suite.page(DESK) as page:
        page.goto(suite.url(PORTAL))
        page.get_by_label("Address").fill("quay row")
        expect(page.get_by_text("available").first).to_be_visible()
        picture(page, "job-1-address")
        page.get_by_text("available").first.click()
        page.get_by_text("Home 500").first.click()
        page.get_by_label("Name").fill(name)
        page.get_by_label("E-mail").fill(f"{name.lower().replace(' ', '.')}@customers.example")
        page.get_by_label("Telephone").fill("+353 85 555 0177")
        page.get_by_text("I agree that").click()
        picture(page, "job-2-form")
        page.get_by_role("button", name="Send the application").click()
        expect(page.get_by_text("Thank you, we have your application.")).to_be_visible()
        picture(page, "job-3-sent")
        said = page.get_by_text(re.compile(r"O-\d{6}")).first.inner_text()
    found = re.search(r"O-\d{6}", said)
    assert found is not None
    return found.group(0)


def confirm_at_the_desk(suite: Suite, order: str) -> None:
    """Act 2: the sales desk sees it and says yes."""
    with suite.page(DESK, username("sales")) as page:
        page.get_by_text(order).first.click()
        expect(page.get_by_role("button", name="Confirm")).to_be_visible()
        picture(page, "job-4-sales")
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text(f"{order} is confirmed.")).to_be_visible()
        picture(page, "job-5-confirmed")


def open_visits(suite: Suite, page: Page) -> None:
    """Act 3 begins: all visits that are to come, since the first free one may well be tomorrow's."""
    page.wait_for_url("**/field/")  # where an engineer's day begins
    page.goto(suite.url(STAFF) + "/visits")


def story_of(suite: Suite, order: str) -> Story:
    """The same activation as the headless demo knows it, for looking behind the pages."""
    story = Story(suite.system, Wish(), order_code=order)
    with suite.system.doors.window.engine.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT s.code, d.id, p.code AS premises FROM orders o JOIN services s ON s.order_id = o.id "
            "JOIN premises p ON p.id = o.premises_id JOIN events e ON e.order_id = o.id "
            "JOIN deliveries d ON d.event_id = e.id AND d.subscriber = 'activation' WHERE o.code = %s",
            (order,),
        ).one()
    story.service_code, story.delivery_id, story.premises_code = row
    story.await_visit()
    return story


def test_customer_is_connected_by_clicking(suite: Suite) -> None:
    order = apply_at_the_portal(suite, name="Grace Brennan")
    confirm_at_the_desk(suite, order)
    story = story_of(suite, order)
    with suite.page(PHONE, story.engineer.username) as page:
        open_visits(suite, page)
        page.get_by_text("Grace Brennan").first.click()
        expect(page.get_by_text("Light expected")).to_be_visible()
        picture(page, "job-6-doorstep")
        story.plug_in()
        page.get_by_role("button", name="Look for ONTs").click()
        expect(page.get_by_text("this port")).to_be_visible(timeout=15_000)
        picture(page, "job-7-ont")
        page.get_by_role("button", name="Activate").click()
        expect(page.get_by_text("Stay until it is green.")).to_be_visible(timeout=15_000)
        picture(page, "job-8-steps")
        expect(page.get_by_text("The line is active.")).to_be_visible(timeout=60_000)
        picture(page, "job-9-active")
    assert story.await_everything() == "done"
    evidence = gather(story)
    assert evidence.active, evidence
    assert suite.complaints == []


def test_failure_is_found_and_mended_by_clicking(suite: Suite) -> None:
    order = apply_at_the_portal(suite, name="Conor Walsh")
    confirm_at_the_desk(suite, order)
    story = story_of(suite, order)
    wrong = story.new_serial()
    with suite.page(PHONE, story.engineer.username) as page:
        open_visits(suite, page)
        page.get_by_text("Conor Walsh").first.click()
        page.get_by_label("Serial number of the ONT").fill(wrong)
        page.get_by_role("button", name="Activate").click()
        expect(page.get_by_text("sees no ONT with the serial number").first).to_be_visible(timeout=30_000)
        picture(page, "fault-1-phone")
    with suite.page(DESK, username("support")) as page:
        page.get_by_text("Plan the line").first.click()
        expect(page.get_by_text("sees no ONT with the serial number").first).to_be_visible()
        expect(page.get_by_role("button", name="Retry")).to_be_visible()
        picture(page, "fault-2-support")
        story.serial = wrong
        story.system.lab.plug(wrong, story.premises_code)
        story.await_in_sight()
        page.get_by_role("button", name="Retry").click()
        story.await_state({"done"}, seconds=60)
        assert story.await_everything() == "done"
    evidence = gather(story)
    assert evidence.active, evidence
    assert suite.complaints == []


def test_what_was_clicked_is_in_the_trail_chained_and_as_it_was_written(suite: Suite) -> None:
    """The schedule of the running system seals; an auditor finds the act, with what became of it, and checks."""
    with suite.page(DESK, username("auditor")) as page:
        page.goto(suite.url(STAFF) + "/trail?text=confirm")
        page.get_by_text("sales.confirm_order").first.click()
        expect(page.get_by_text("submitted → confirmed").first).to_be_visible()
        expect(page.get_by_text("127.0.0.1").first).to_be_visible()
        picture(page, "trail-1-line")
        page.get_by_role("button", name="Check the chain").click()
        expect(page.get_by_text("lines are as they were written.")).to_be_visible()
        picture(page, "trail-2-checked")
    assert suite.complaints == []


def received(suite: Suite, address: str) -> list[StoredMail]:
    """What was sent to an address, newest first, as soon as there is something."""
    for _attempt in range(100):
        if found := [one for one in messages(suite.system.settings.var / "mail") if address in one.to]:
            return found
        time.sleep(0.2)
    return []


@pytest.mark.parametrize(
    ("role", "path", "text"),
    [
        ("sales", "/orders", "Orders"),
        ("installer", "/visits", "Visits"),
        ("network", "/network", "OLT-NORTH"),
        ("support", "/support", "attention"),
        ("manager", "/figures", "Figures"),
    ],
)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_page_of_each_role_opens(suite: Suite, role: str, path: str, text: str, size: tuple[int, int]) -> None:
    with suite.page(size, username(role)) as page:
        page.goto(suite.url(STAFF) + path)
        expect(page.get_by_text(re.compile(text)).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        picture(page, f"page-{role}-{size[0]}")
    assert suite.complaints == []


def test_germans_apply_and_decide_in_german(suite: Suite) -> None:
    """The portal speaks as the browser asks, the desk as its account chose, the letter as the applicant read.

    The last one: the desk's account goes on in German.
    """
    with suite.page(DESK, locale="de-DE") as page:
        page.goto(suite.url(PORTAL))
        expect(page.get_by_text("Drei kurze Schritte; es dauert etwa zwei Minuten.")).to_be_visible()
        page.get_by_label("Adresse").fill("quay row")
        page.get_by_text("verfügbar").first.click()
        page.get_by_text("Home 500").first.click()
        page.get_by_label("Name").fill("Käthe Großmann")
        page.get_by_label("E-Mail").fill("kaethe.grossmann@customers.example")
        page.get_by_label("Telefon").fill("+353 85 555 0178")
        page.get_by_role("button", name="Anfrage senden").click()
        expect(page.get_by_role("alert")).to_contain_text("muss zugestimmt werden")
        page.get_by_text("Ich bin einverstanden, dass").click()
        page.wait_for_timeout(600)  # a press right after another one is taken for the same
        page.get_by_role("button", name="Anfrage senden").click()
        expect(page.get_by_text("Vielen Dank, Ihre Anfrage ist bei uns.")).to_be_visible()
        picture(page, "german-1-sent")
        order = page.locator("b", has_text=re.compile(r"^O-\d{6}$")).inner_text()
    with suite.page(DESK, username("sales")) as page:
        page.get_by_title("Your account").click()
        page.get_by_label("Language of pages").select_option(label="Deutsch")
        page.get_by_role("button", name="Use this language").click()
        expect(page.get_by_text("Von jetzt an sprechen die Seiten diese Sprache mit Ihnen.")).to_be_visible()
        page.goto(suite.url(STAFF) + "/orders")
        page.get_by_text(order).first.click()
        expect(page.get_by_role("heading", name=f"{order} · Neuer Anschluss")).to_be_visible()
        page.get_by_role("button", name="Bestätigen").click()
        expect(page.get_by_text(f"{order} ist bestätigt.")).to_be_visible()
        page.get_by_role("button", name="Suchen (Strg-K)").click()
        page.get_by_role("combobox", name="Suchen").fill("grosman")
        found = page.get_by_role("dialog", name="Suchen").get_by_role("option")
        expect(found.first).to_contain_text("Käthe Großmann")
        found.first.click()
        expect(page.get_by_role("heading", name="Käthe Großmann")).to_be_visible()
        expect(page.get_by_text("E-Mail", exact=True).first).to_be_visible()
        picture(page, "german-2-found")
    letter = received(suite, "kaethe.grossmann@customers.example")[-1]
    assert letter.subject == f"Ihre Anfrage {order} ist bei uns eingegangen"
    assert letter.text.startswith("Guten Tag Käthe Großmann,")
    assert suite.complaints == []
