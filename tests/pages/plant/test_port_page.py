"""The network engineer in the browser: a port looked at, its light over time, and the map that leads there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import light
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.telemetry.model import OntLevel, PortLook, Source
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Activation, Desk

pytestmark = pytest.mark.browser


def damaged(desk: Desk, line: Activation) -> tuple[str, str, str]:
    """OLT, port and service of a line whose drop lost 4 dB a week ago, by each night's reading."""
    query = """SELECT o.id, o.name, l.pon_port, l.ont_id, l.serial, s.code FROM lines l JOIN olts o ON o.id = l.olt_id
               JOIN services s ON s.id = l.service_id JOIN orders r ON r.id = s.order_id WHERE r.code = :code"""
    at = desk.plant.one(query, code=line.order_code)
    now, level = desk.plant.parts.clock.now(), desk.plant.lab.premises(line.premises_code).rx_dbm
    assert level is not None
    with write(desk.plant.engine) as tx:
        for days in range(30, 0, -1):
            ont = OntLevel(at.ont_id, at.serial, level + (4.0 if days > 7 else 0.0))
            look = PortLook(at.id, at.pon_port, now - timedelta(days=days), Source.NIGHTLY, (ont,))
            telemetry.keep_past_look(tx=tx, look=look)
    return at.name, at.pon_port, at.code


def test_network_engineer_looks_at_a_port_its_past_and_the_map(desk: Desk, chromium: Browser) -> None:
    line = desk.active("Niamh Kelly")
    olt, port, service = damaged(desk, line)
    visit = Visit(new_context(chromium, "desktop"), desk.serve().url)
    visit.sign_in("network", at=f"/network?olt={olt}&port={port}")
    page = visit.page
    expect(page.get_by_text("4.0 dB weaker, and none of its neighbours: look at its drop.")).to_be_visible()
    page.get_by_role("button", name=f"Look at {port} now").click()
    expect(page.get_by_text(f"{olt} {port} now: ")).to_be_visible()
    row = page.locator("tbody tr").filter(has_text="Niamh Kelly").filter(has_text="online")
    expect(row).to_contain_text("fits")
    expect(page.get_by_text("nothing to compare with").first).to_be_visible()  # those that nobody has on record
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "port-now-desktop.png")
    desk.plant.lab.fault(olt, "unreachable")
    page.wait_for_timeout(600)
    page.get_by_role("button", name=f"Look at {port} now").click()
    expect(page.get_by_text("What to do").first).to_be_visible()
    desk.plant.lab.clear_faults(olt)

    visit.open(f"/why?of={service}")
    expect(page.get_by_role("heading", name="Light over time")).to_be_visible()
    expect(page.get_by_text("4.0 dB weaker, and none of its neighbours: look at its drop.")).to_be_visible()
    goes_over_the_map(desk, visit, olt, service)
    assert (visit.errors(), visit.foreign()) == ([], [])


def goes_over_the_map(desk: Desk, visit: Visit, olt: str, service: str) -> None:
    page = visit.page
    visit.open("/map")
    tile = page.locator(f'a.node[data-key="olt {olt}"]').first
    expect(tile).to_contain_text("1 up")
    tile.focus()
    page.keyboard.press("ArrowRight")  # opens it; its card and port are opened alike
    expect(tile).to_have_attribute("aria-expanded", "true")
    expect(page.locator('.tree a.node[data-key^="card "], .tree a.node[data-key^="port "]').first).to_be_visible()

    find = page.get_by_label("Find an OLT, port, splitter, service, serial number or customer")
    find.fill(service)
    find.press("Enter")
    here = page.locator("a.node.here")
    expect(here).to_contain_text("Niamh Kelly")
    expect(here).to_contain_text("up")
    page.screenshot(path=PICTURES / "map-desktop.png")

    house = desk.plant.one("SELECT p.code FROM premises p JOIN services s ON s.premises_id = p.id").code
    desk.plant.lab.splice("drop", house, loss_db=5.0)
    light.read_all(desk.plant.door, SYSTEM)
    desk.plant.work()
    expect(here).to_contain_text("weak: its drop")  # it was told, nobody reloaded
    expect(tile).to_contain_text("1 weak")
    here.click()
    page.wait_for_url(f"**/why?of={service}")
    visit.ready()
