"""Support's screen in a real browser: a line that somebody changed by hand is looked into, mended, reset, and good."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from isp_lifecycle.drivers.contract import LineWanted, PonPort, Serial, Transcript
from isp_lifecycle.telemetry.prober import Prober
from tests.blackbox import blackbox, silent_address
from tests.contract.drivers import drift_contract as hands
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser

LINE = """SELECT s.code, o.name AS olt, o.uplink, l.* FROM lines l JOIN services s ON s.id = l.service_id
          JOIN olts o ON o.id = l.olt_id"""


def by_hand(desk: Desk, hand: hands.Hand) -> None:
    """Somebody changes the only line at the console."""
    line = desk.plant.one(LINE)
    wanted = LineWanted(
        key=line.code,
        port=PonPort.parse(line.pon_port),
        serial=Serial(line.serial),
        vlan=line.vlan,
        uplink=line.uplink,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        ont_id=line.ont_id,
    )
    with desk.plant.parts.olts.writer(line.olt, Transcript()) as session:
        hand(session, wanted)


def press(page: Page, name: str) -> None:
    """Press a button; a press right after another one is taken for the same."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name=name, exact=True).click()


def test_support_reads_why_mends_the_line_resets_its_ont_and_finds_it_good(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    (service,) = texts(desk, "SELECT code FROM services")
    by_hand(desk, hands.on_another_vlan)
    running = desk.serve()
    visit = Visit(new_context(chromium, "desktop"), running.url)
    visit.sign_in("support", at="/why")
    page = visit.page
    search = page.get_by_label("Customer, service, address, serial number or IP")
    search.fill("nobody at all")
    search.press("Enter")
    expect(page.get_by_text("No line is known by that.")).to_be_visible()
    search.fill("Ada")
    search.press("Enter")
    verdict = page.locator("section.verdict")
    expect(verdict).to_contain_text("its service port is on VLAN 111 instead of VLAN 100")
    expect(verdict).to_contain_text("Everything that could be asked has answered.")
    expect(verdict).to_contain_text("To read to the customer")
    expect(page.locator(".chain li.bad")).to_have_text([re.compile(r"Settings on the OLT.*OLT-\w+, \d\d:\d\d:\d\d")])
    assert page.url.endswith(f"/why?of={service}")

    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "why-desktop.png")
    press(page, "Open a ticket with this")
    expect(page.get_by_text(re.compile(r"Ticket T-\d+ has this finding"))).to_be_visible()
    (note,) = texts(desk, "SELECT text FROM ticket_notes")
    assert "VLAN 111" in note
    assert texts(desk, "SELECT subject FROM tickets") == [f"{service}: service port or VLAN changed"]

    press(page, "Show the plan that mends it")
    expect(page.get_by_text(re.compile("is being compared with the records"))).to_be_visible()
    desk.plant.work()
    plan = page.get_by_label("Device transcript")
    expect(plan).to_contain_text("undo service-port")
    assert visit.errors() == []
    page.screenshot(path=PICTURES / "why-plan-desktop.png")
    press(page, "Carry it out")
    expect(page.get_by_text("The plan is being carried out")).to_be_visible()
    desk.plant.work()
    expect(verdict).to_contain_text("The line is good")
    expect(page.locator(".chain li.bad")).to_have_count(0)

    press(page, "Reset ONT …")
    press(page, "Reset it")
    reset = page.locator("section.card", has_text="Reset of the ONT")
    expect(reset.get_by_text("Asked for by Nuala Support")).to_be_visible()
    desk.plant.work()
    expect(reset.locator("li.done")).to_have_count(5)
    press(page, "Look again")
    expect(verdict).to_contain_text("The line is good")
    assert (visit.errors(), visit.foreign()) == ([], [])

    phone = Visit(new_context(chromium, "phone"), running.url)
    phone.sign_in("sales", at=f"/why?of={service}")
    expect(phone.page.locator("section.verdict")).to_contain_text("your role does not ask devices")
    expect(phone.page.get_by_role("button", name="Show the plan that mends it")).to_have_count(0)
    phone.page.screenshot(path=PICTURES / "why-phone.png")
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") == phone.page.viewport_size["width"]
    assert (phone.errors(), phone.foreign()) == ([], [])


def test_support_pings_a_router_that_answers_one_that_does_not_and_by_an_exporter_that_is_gone(
    desk: Desk, chromium: Browser, tmp_path: Path
) -> None:
    desk.active("Ada Byrne")
    (service,) = texts(desk, "SELECT code FROM services")

    def lives_at(address: str) -> None:
        with desk.plant.engine.begin() as connection:
            connection.execute(sa.text("UPDATE allocations SET prefix = CAST(:a AS cidr)"), {"a": address})

    with blackbox(tmp_path) as exporter, silent_address() as silent:
        desk.plant.window = replace(desk.plant.window, prober=Prober(exporter, packets=2))
        lives_at("127.77.0.9")
        visit = Visit(new_context(chromium, "phone"), desk.serve().url)
        visit.sign_in("support", at=f"/why?of={service}")
        page = visit.page
        told = page.locator("section.card", has=page.get_by_role("heading", name="Ping", exact=True))
        press(page, "Ping the router")
        expect(told).to_contain_text(re.compile(r"127\.77\.0\.9 answers in \d+\.\d ms\."))
        expect(told).to_contain_text("the address on record")
        page.screenshot(path=PICTURES / "why-ping-phone.png", full_page=True)
        lives_at(silent)
        press(page, "Ping the router")
        expect(told).to_contain_text(f"{silent} does not answer.")
    press(page, "Ping the router")
    expect(told).to_contain_text(re.compile(r"The blackbox exporter at http://127.0.0.1:\d+ does not answer"))
    assert (visit.errors(), visit.foreign()) == ([], [])
