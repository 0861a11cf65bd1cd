"""The OLTs' page in a real browser, on real OLTs of the lab: compare, see the plan, have it carried out, add one."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from dashboards.routes import STAFF
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.intake import care
from isp_lifecycle.intake import engine as engine_intake
from isp_lifecycle.intake import terminal as terminal_intake
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.intake.plant import adopt
from isp_lifecycle.lab.town import write_files
from isp_lifecycle.views.discovery import discovery
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.registry import WORKFLOWS
from tests.contract.drivers import drift_contract as hands
from tests.flows.drift.conftest import Mixed, _taken_over, mixed, mixed_lab, mixed_olts
from tests.pages.browser import Visit, new_context
from tests.pages.conftest import Running, add_people
from tests.pages.test_due_pages import fits, press

pytestmark = pytest.mark.browser

__all__ = ["_taken_over", "mixed", "mixed_lab", "mixed_olts"]

type Serve = Callable[..., Running]


@pytest.fixture
def desk(mixed: Mixed, serve: Serve) -> Running:
    """The page's server beside the plant; a worker is the test's own."""
    add_people(mixed.plant.engine)
    doors = Doors(mixed.plant.door, mixed.plant.window, mixed.plant.settings)
    return serve("staff", pages=dict(STAFF), doors=doors)


def test_a_drift_is_found_shown_with_its_plan_and_mended(desk: Running, mixed: Mixed, chromium: Browser) -> None:
    olt = mixed.olt_of("huawei")
    line, other, *_ = mixed.lines(olt)
    mixed.by_hand(olt, hands.slowed_down, line)
    mixed.by_hand(olt, hands.exchanged, other)
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in("network", at=f"/olts?olt={olt}")
    page = visit.page
    expect(page.get_by_text("It was never compared with the records.")).to_be_visible()
    press(page, "Compare now")
    expect(page.get_by_text("It is being compared with the records.")).to_be_visible()
    mixed.plant.work()
    expect(page.get_by_text("2 lines differ from the records.")).to_be_visible()
    fits(visit, "olts-desktop")

    page.get_by_role("link", name=line.key).click()
    plan = page.get_by_label("Device transcript")
    expect(plan).to_contain_text("rates of service port")
    expect(plan).to_contain_text("service-port ")
    fits(visit, "olts-drift-desktop")
    press(page, "Carry out this plan")
    expect(page.get_by_text(f"The plan for {line.key} is being carried out.")).to_be_visible()
    mixed.plant.work()
    expect(page.get_by_text("mended", exact=True)).to_be_visible()

    page.get_by_role("link", name=other.key).click()
    press(page, "Take it as found")
    expect(page.get_by_text(f"{other.key} is being put on record as it stands on {olt}.")).to_be_visible()
    mixed.plant.work()
    expect(page.get_by_text("recorded", exact=True)).to_be_visible()
    page.get_by_role("link", name=olt, exact=True).click()
    expect(page.get_by_text("everything stood as recorded")).to_be_visible()


def test_an_auditor_sees_and_decides_nothing_also_on_a_phone(desk: Running, mixed: Mixed, chromium: Browser) -> None:
    olt = mixed.olt_of("zte")
    mixed.by_hand(olt, hands.switched_off, mixed.lines(olt)[0])
    visit = Visit(new_context(chromium, "phone"), desk.url)
    visit.sign_in("network", at=f"/olts?olt={olt}")
    press(visit.page, "Compare now")
    expect(visit.page.get_by_text("It is being compared with the records.")).to_be_visible()
    mixed.plant.work()
    expect(visit.page.get_by_text("One line differs")).to_be_visible()
    fits(visit, "olts-phone")
    visit.sign_in("auditor", at=f"/olts?olt={olt}")
    expect(visit.page.get_by_text("One line differs")).to_be_visible()
    expect(visit.page.get_by_role("button", name="Compare now")).to_have_count(0)
    expect(visit.page.get_by_role("button", name="Read everything on it")).to_have_count(0)


def test_an_olt_is_read_and_what_is_not_on_record_taken_note_of(desk: Running, mixed: Mixed, chromium: Browser) -> None:
    """Boards have more ports than lines hang on, and somebody registered an ONT of his own."""
    olt = mixed.olt_of("zte")
    line = mixed.lines(olt)[0]
    stranger = replace(line, key="lobby-camera", serial=hands.another(line), ont_id=hands.far_from(line))
    mixed.by_hand(olt, hands.made, stranger)
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in("network", at=f"/olts?olt={olt}")
    page = visit.page
    press(page, "Read everything on it")
    expect(page.get_by_text("What it says of itself")).to_be_visible()
    expect(page.get_by_text(re.compile(r"GTGHK \(INSERVICE\), 16 PON ports")).first).to_be_visible()
    fits(visit, "olts-read-desktop")
    press(page, "Take note of it")
    expect(page.get_by_text(re.compile(r"PON ports, 0 VLANs and 1 ONTs were noted"))).to_be_visible()
    press(page, "Read everything on it")
    expect(page.get_by_text("All of it is on record.")).to_be_visible()


def test_a_wrong_field_of_a_new_olt_is_named(desk: Running, chromium: Browser) -> None:
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in("network", at="/olts")
    page = visit.page
    press(page, "Add an OLT …")
    page.get_by_label("Name").fill("OLT-EAST")
    page.get_by_label("Management address").fill("127.0.0.1")
    page.get_by_label("SSH port").fill("no")
    page.get_by_label("Uplink port, in its own notation").fill("0/9/0")
    page.get_by_label("Area").fill("East")
    press(page, "Add it and ask it")
    expect(page.get_by_role("alert")).to_contain_text("The port is no number.")


def test_cards_closures_and_numbers_are_shown(desk: Running, mixed: Mixed, chromium: Browser, tmp_path: Path) -> None:
    """The network page's tree with closures and cards, one of them missing; the numbers compared at a press."""
    plant, site = mixed.plant, next(olt for olt in mixed.town.olts if olt.vendor == "huawei")
    files = {path.stem: path for path in write_files(mixed.town, tmp_path / "files")}
    for kind in ("closures", "splitters"):
        assert apply(plant.door, SYSTEM, kind=kind, file=ImportFile(kind, files[kind].read_bytes())).rejected == 0
    seen = discovery(plant.window, SYSTEM, olt=site.name).seen
    away = replace(seen.boards[0], place="0/15", model="H902GPHF", pon_ports=())
    adopt(plant.door, SYSTEM, olt=site.name, seen=replace(seen, boards=(*seen.boards, away)))
    adopt(plant.door, SYSTEM, olt=site.name, seen=seen)
    pon = site.pon_ports[0]
    primary = pon.splitters[0].code
    for size in ("desktop", "phone"):
        visit = Visit(new_context(chromium, size), desk.url)
        visit.sign_in("network", at=f"/network?olt={site.name}&port={pon.port}")
        page = visit.page
        expect(page.get_by_text("H902GPHF").first).to_be_visible()
        expect(page.get_by_text("missing", exact=True)).to_be_visible()
        page.get_by_text(f"{primary}, 1:4").click()
        expect(page.get_by_text(f"JC-{primary}")).to_be_visible()
        expect(page.get_by_text("0.05 dB, measured")).to_be_visible()
        fits(visit, f"network-cards-{size}")

        if size == "phone":
            continue
        visit.open("/numbers")
        expect(page.get_by_text("The numbers were never compared.")).to_be_visible()
        press(page, "Compare now")
        expect(page.get_by_text("All numbers on record agree with what is really in use.")).to_be_visible()
        fits(visit, "numbers")
        visit.open("/numbers?way=holds")
        page.get_by_label("Order").fill("O-999999")
        page.get_by_label("Until").fill("tomorrow")
        press(page, "Hold its numbers")
        expect(page.get_by_text("'tomorrow' is no time.")).to_be_visible()
        fits(visit, "holds")


class Held:
    """A worker that resets an ONT and, while it has the OLT's turn, waits until it is let go."""

    def __init__(self, mixed: Mixed) -> None:
        self._parts = mixed.plant.parts
        self._there, self._go = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, delivery_id: UUID) -> None:
        """Begin, and come back as soon as it has the turn."""
        resets = WORKFLOWS["ont_reset"]
        step = next(one for one in resets.steps if one.name == "Reset the ONT")

        def slowly(case: Any, site: Any) -> Any:
            self._there.set()
            assert self._go.wait(120)
            return step.do(case, site)

        steps = tuple(replace(one, do=slowly) if one is step else one for one in resets.steps)
        slow = {**WORKFLOWS, "ont_reset": replace(resets, steps=steps)}
        worker = Engine(parts=self._parts, worker="network-1", workflows=slow)
        self._thread = threading.Thread(target=worker.run, args=(delivery_id,))
        self._thread.start()
        assert self._there.wait(30)

    def end(self) -> None:
        """Let it go on, and wait until it is through."""
        self._go.set()
        if self._thread is not None:
            self._thread.join(60)


def test_who_works_on_an_olt_who_waits_and_who_is_there_is_seen_while_it_happens(
    desk: Running, mixed: Mixed, chromium: Browser
) -> None:
    """Twelve ONTs of one OLT are reset; the first worker is at it, somebody sits at the command line."""
    plant, olt = mixed.plant, mixed.olt_of("huawei")
    services = [line.key for line in mixed.lines(olt)[:12]]
    visit = Visit(new_context(chromium, "desktop"), desk.url)
    visit.sign_in("network", at=f"/olts?olt={olt}")
    page = visit.page
    now = page.locator("section.card").filter(has=page.get_by_role("heading", name="Now"))
    expect(now).to_contain_text(re.compile(r"At work on it\s*Nobody\s*In line for it\s*Nobody"))
    expect(now).to_contain_text("0 of at most 2 terminals")

    held = Held(mixed)
    resets = [care.reset_ont(plant.door, SYSTEM, service_code=code) for code in services]
    try:
        held.begin(resets[0])
        assert [plant.run(one) for one in resets[1:]] == [Ended.BLOCKED] * 11
        expect(now).to_contain_text(
            re.compile(rf"At work on it\s*Reset of an ONT running\s*{services[0]} · Reset the ONT")
        )
        expect(now).to_contain_text("by worker network-1")
        expect(now).to_contain_text("11 deliveries, the first to come first")
        waiting = now.locator("tbody tr")
        expect(waiting).to_have_count(10)
        expect(waiting.nth(0)).to_contain_text(f"{services[1]} · Reset the ONT")
        expect(now.get_by_role("link", name="and 1 more")).to_have_attribute(
            "href", f"./engine?standing=in_line&olt={olt}"
        )
        terminal_intake.begin_reading(plant.door, replace(SYSTEM, username="sue", name="Sue Byrne"), olt=olt)
        engine_intake.pause(plant.door, SYSTEM, what=olt, reason="Board swap at two")
        expect(now).to_contain_text(re.compile("Sue Byrne Reading"))
        expect(now).to_contain_text("The engine begins nothing on it since")
        expect(now).to_contain_text("until somebody resumes it: Board swap at two")
        fits(visit, "olts-now-desktop")
        phone = Visit(new_context(chromium, "phone"), desk.url)
        phone.sign_in("auditor", at=f"/olts?olt={olt}")
        expect(phone.page.get_by_text("11 deliveries, the first to come first")).to_be_visible()
        fits(phone, "olts-now-phone")
        now.get_by_role("link", name="and 1 more").click()
        expect(page.get_by_role("link", name="Reset of an ONT")).to_have_count(11)
        visit.open(f"/olts?olt={olt}")
        now.get_by_role("link", name=re.compile("Reset of an ONT")).first.click()
        expect(page.get_by_text("network-1, lease for")).to_be_visible()
    finally:
        held.end()
    visit.open(f"/olts?olt={olt}")
    expect(now).to_contain_text(re.compile(r"At work on it\s*Nobody\s*In line for it\s*11 deliveries"))
    expect(now).to_contain_text(re.compile(r"In the last hour\s*\d+ steps done"))
