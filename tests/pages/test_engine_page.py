"""The queue page in a real browser, on deliveries that really failed, wait and stand in line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
import redis
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from redis.asyncio import Redis

from dashboards.server import ServerParts, build_server
from dashboards.staff import staff_realm
from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.workflows.ledger import Ended
from tests.flows.engine.conftest import Bench, bench
from tests.flows.engine.test_engine import database, outside, workflow
from tests.flows.engine.test_hands import asking, broken, door, plant_olt, rows, ticket_owner
from tests.flows.engine.test_seen import name_service, window
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import PASSWORD, Running, listening, page_port

__all__ = ["bench"]

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A staff suite on a bench: one delivery that failed, one behind it, one that waits, one that is ready."""

    bench: Bench
    running: Running
    failed: UUID
    stops: list[Callable[[], None]] = field(default_factory=list)

    def visit(self, chromium: Browser, role: str, size: str = "desktop", path: str = "/engine") -> Visit:
        visit = Visit(new_context(chromium, size), self.running.url)
        visit.sign_in(role, at=path)
        return visit


@pytest.fixture
def desk(bench: Bench, redis_url: str, redis_client: redis.Redis) -> Iterator[Desk]:
    settings = bench.parts.settings.model_copy(update={"port": page_port(), "redis_url": SecretStr(redis_url)})
    with write(bench.engine) as tx:
        for role in (Role.NETWORK, Role.SUPPORT, Role.SALES):
            access.create_user(
                tx=tx, at=bench.clock.now(), username=role, name=f"Nuala {role.title()}", role=role, password=PASSWORD
            )
    plant_olt(bench, "OLT-NORTH")
    service = new_id()
    failed, behind, waiting = bench.request(service_id=service), bench.request(service_id=service), bench.request()
    name_service(bench, failed, "S-000123")
    assert bench.run(workflow(outside("Configure OLT and ONT", do=broken)), failed) is Ended.FAILED
    assert bench.run(workflow(database("a")), behind) is Ended.BLOCKED
    assert bench.run(asking(), waiting) is Ended.PARKED
    bench.request()
    realm = staff_realm(settings)
    doors = Doors(door(bench), window(bench), settings)
    server = build_server(realm, ServerParts(settings, bench.engine, Redis.from_url(redis_url), SystemClock(), doors))
    stop = listening(server, realm.port)
    yield Desk(bench, Running(f"http://127.0.0.1:{realm.port}", server, bench.engine, realm), failed)
    stop()


def press(page: Page, name: str) -> None:
    """Press a button; a press right after another one is taken for the same."""
    page.wait_for_timeout(600)
    page.get_by_role("button", name=name, exact=True).click()


def test_network_engineer_gives_retries_pauses_and_resumes_by_clicking(desk: Desk, chromium: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit = desk.visit(chromium, "network")
    page = visit.page
    listed = page.locator("tbody tr")
    expect(listed).to_have_count(4)
    expect(listed.nth(0)).to_contain_text(re.compile("Activation.*S-000123.*failed.*Configure OLT and ONT.*No\\."))
    expect(listed.nth(2)).to_contain_text("goes to the next worker that is free")
    expect(listed.nth(3)).to_contain_text("stands behind S-000123's earlier activation, which failed")
    page.screenshot(path=PICTURES / "staff-engine-queue-desktop.png")

    listed.nth(0).get_by_role("link").click()
    expect(page.get_by_role("alert")).to_contain_text("Configure OLT and ONT: No.")
    assert ticket_owner(desk.bench, desk.failed) == "network"
    press(page, "Give to …")
    page.get_by_label("Person").click()
    page.get_by_role("menuitem", name="Nuala Support").click()
    press(page, "Give it")
    expect(page.get_by_text("Nuala Support has it now, and is told.")).to_be_visible()
    expect(listed.nth(0)).to_contain_text("Nuala Support")
    assert ticket_owner(desk.bench, desk.failed) == "support"

    press(page, "Pause …")
    press(page, "Pause it")
    expect(page.get_by_role("alert").first).to_contain_text("A reason of 1 to 300 characters is needed.")
    page.get_by_label("Why").fill("Upgrade to 2.1")
    page.screenshot(path=PICTURES / "staff-engine-pausing-desktop.png")
    press(page, "Pause it")
    expect(page.get_by_text("The engine as a whole is paused, or will be.")).to_be_visible()
    expect(listed.filter(has_text="ready")).to_contain_text("the engine is paused by Nuala Network: Upgrade to 2.1")
    press(page, "Retry")
    expect(page.get_by_text("It goes on at the step that failed.")).to_be_visible()
    assert desk.bench.worker(workflow(outside("Configure OLT and ONT"))).work("network") == 0
    page.screenshot(path=PICTURES / "staff-engine-paused-desktop.png")
    sales = desk.visit(chromium, "sales", path="/orders").page
    expect(sales.get_by_text("The engine is paused by Nuala Network: Upgrade to 2.1")).to_be_visible()

    page.get_by_role("button", name="Resume The engine").click()
    expect(page.get_by_text("It is resumed.")).to_be_visible()
    assert rows(desk.bench, "SELECT * FROM holds") == []
    assert desk.bench.worker(workflow(outside("Configure OLT and ONT"))).work("network") == 3
    expect(listed).to_have_count(1)
    expect(page.get_by_text("It is over.")).to_be_visible()
    actions = "SELECT action FROM audit WHERE action NOT LIKE 'session%' ORDER BY id"
    said = [action for (action,) in rows(desk.bench, actions)]
    assert said == ["engine.reassign", "engine.pause", "support.retry", "engine.lift"]
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_maintenance_window_is_planned_and_called_off_on_a_phone(desk: Desk, chromium: Browser) -> None:
    visit = desk.visit(chromium, "network", "phone")
    page = visit.page
    page.screenshot(path=PICTURES / "staff-engine-queue-phone.png", full_page=True)
    press(page, "Pause …")
    page.get_by_label("What", exact=True).click()
    page.get_by_role("menuitem", name="OLT-NORTH").click()
    expect(page.get_by_text("nobody begins there until the window is over")).to_be_visible()
    page.get_by_label("Why").fill("Board swap")
    page.get_by_label("From").fill("2026-03-28T23:30")
    page.get_by_label("Until").fill("2026-03-29T04:00")
    page.get_by_label("Until").press("Tab")
    press(page, "Pause it")
    planned = page.locator("tr", has_text="Board swap")
    expect(planned).to_contain_text(re.compile("OLT-NORTH.*planned.*28 Mar, 23:30.*29 Mar, 04:00"))
    page.screenshot(path=PICTURES / "staff-engine-planned-phone.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    page.get_by_role("button", name="Call off OLT-NORTH").click()
    expect(planned).to_have_count(0)
    page.get_by_role("navigation", name="Ways to look").get_by_role("link", name="The last hour").click()
    expect(page.locator("td.key", has_text="Configure OLT and ONT")).to_be_visible()
    expect(page.get_by_text("stands behind")).to_be_hidden()
    page.screenshot(path=PICTURES / "staff-engine-hour-phone.png", full_page=True)
    assert (visit.errors(), visit.foreign()) == ([], [])


def test_support_reads_narrows_and_is_offered_no_pause(desk: Desk, chromium: Browser) -> None:
    page = desk.visit(chromium, "support", path=f"/engine?delivery={desk.failed}").page
    expect(page.get_by_role("button", name="Pause …")).to_have_count(0)
    expect(page.get_by_role("button", name="Retry", exact=True)).to_be_visible()
    filters = page.get_by_role("navigation", name="Where a delivery stands").get_by_role("link")
    expect(filters).to_have_text(
        ["All (4)", "Failed (1)", "Waiting (1)", "Running (0)", "Tried again (0)", "In line (1)", "Ready (1)"]
    )
    filters.nth(3).click()
    expect(page.get_by_text("Nothing runs.")).to_be_visible()
    expect(page.get_by_text("Where it stands: running")).to_be_visible()
    filters.nth(0).click()
    page.get_by_role("button", name="Filter (1)").click()
    page.get_by_label("OLT", exact=True).fill("OLT-NORTH")
    page.get_by_label("OLT", exact=True).press("Enter")
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    expect(filters.first).to_have_text("All (0)")
    page.get_by_role("button", name="Without OLT").click()
    expect(page.locator("tbody tr").filter(has_text="S-000123")).to_have_count(2)
    page.get_by_role("link", name="Steps, evidence and what was changed").click()
    expect(page.get_by_text("Nuala Network").first).to_be_visible()
    expect(page.get_by_text("Trace").first).to_be_visible()


def test_on_a_phone_what_narrows_the_queue_stands_right_below_it(desk: Desk, chromium: Browser) -> None:
    page = desk.visit(chromium, "support", "phone", path="/engine").page
    filters = page.get_by_role("navigation", name="Where a delivery stands")
    expect(filters.get_by_role("link")).to_have_count(7)
    page.reload()  # from the second page on the server knows that it is a phone
    expect(filters.get_by_role("link")).to_have_count(7)
    above, below = filters.bounding_box(), page.get_by_role("searchbox").bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - (above["y"] + above["height"]) < 60
