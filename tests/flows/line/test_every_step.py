"""For every workflow of a line: each step twice is each step once, death anywhere changes nothing, undo leaves nothing.

One lab at high speed; a line of the town that stands on it is on record, so that a scenario begins with the request.
What a run without disturbance leaves is what every other run is compared with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.contract import LineWanted, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.events import relay
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.subscriptions import SUBSCRIPTIONS, Queue
from isp_lifecycle.foundation.db import open_engine, read, write
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import care, drift, lines, portal, sales, support
from isp_lifecycle.intake import field as field_intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.notices.sink import LocalSink
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.line.existing import target_of
from isp_lifecycle.workflows.line.light import nothing_to_take_back
from isp_lifecycle.workflows.registry import WORKFLOWS
from isp_lifecycle.workflows.steps import Did, Irreversible, OutsideStep, PersonStep, Workflow
from tests.contract.drivers.drift_contract import made
from tests.databases import copied
from tests.flows.line.acts import ADMIN, day, free_houses
from tests.flows.line.conftest import Lab, Plant, actor, planted
from tests.flows.line.fate import Died, Fate, doubled, watched
from tests.flows.line.world import configured, records, settled, standing, whole

#: A day on which nothing crosses a month, at an hour at which nothing crosses a day.
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
NEW = "48575443AB00C001"
TOWN = make_town()
CUSTOMER = next(
    c
    for c in TOWN.customers
    if c.plan_code == "home-100" and c.premises_code not in {b.premises_code for b in TOWN.blemishes}
)
LINE = CUSTOMER.service_code


class TickingClock:
    """Goes on as time does, from a chosen instant, and can be pushed."""

    def __init__(self) -> None:
        self._ahead = START - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def push(self, by: timedelta) -> None:
        self._ahead += by


# --- the scenarios -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scenario:
    """A workflow, how it is asked for, and what was before."""

    workflow: str
    ask: Callable[[Plant], object]
    before: Callable[[Plant], object] = lambda _plant: None
    plugs: Callable[[Plant], str] | None = None
    """The house at which the new ONT is plugged in."""
    note: str = ""
    undone: bool = True
    """False: its one effect is stated to be irreversible."""
    once: str = ""
    """The beginning of a command that a device is given once, however often workers die."""

    def __str__(self) -> str:
        return f"{self.workflow} {self.note}".strip()


def own_house(plant: Plant) -> str:
    plant.lab.unplug(CUSTOMER.serial)
    return CUSTOMER.premises_code


def new_house(plant: Plant) -> str:
    """A free house on the same OLT, which is the harder case."""
    return next(h for h in free_houses(plant) if plant.lab.premises(h).olt == CUSTOMER.olt)


def suspend(plant: Plant, way: str) -> None:
    lines.ask_suspension(plant.door, ADMIN, service_code=LINE, wanted_on=day(plant), way=way, why="non_payment")


def suspended(plant: Plant) -> None:
    suspend(plant, "off")
    plant.work()


def activate(plant: Plant) -> None:
    house = new_house(plant)
    who = {"name": "Ada Byrne", "email": "ada@example.org", "phone": "+353 85 555 0100"}
    sales.create_activation(plant.door, ADMIN, premises_code=house, plan_code="home-500", **who)


def drifted(plant: Plant) -> None:
    """Somebody slowed the line down at the console, and a comparison has found it."""
    line = wanted_of(plant)
    with plant.parts.olts.writer(CUSTOMER.olt, Transcript()) as olt:
        made(olt, replace(line, down_kbps=64_000))
    drift.compare(plant.door, ADMIN, olt=CUSTOMER.olt)
    plant.work()


def moved_by_hand(plant: Plant) -> None:
    """Somebody gave the line another ONT id at the console, and a comparison has found it."""
    line = wanted_of(plant)
    with plant.parts.olts.writer(CUSTOMER.olt, Transcript()) as olt:
        olt.apply(olt.plan_removal(olt.read(line), line.key))
        made(olt, replace(line, ont_id=line.ont_id + 40))
    drift.compare(plant.door, ADMIN, olt=CUSTOMER.olt)
    plant.work()


def wanted_of(plant: Plant) -> LineWanted:
    with read(plant.engine) as tx:
        olt = inventory.olt_by_name(tx=tx, name=CUSTOMER.olt)
        ((service, line),) = inventory.lines_on(tx=tx, olt_id=olt.id)
    return target_of(service.code, olt, line).wanted()


def repair(plant: Plant) -> None:
    found = plant.one("SELECT id FROM drifts WHERE key = :c AND state = 'open'", c=LINE)
    drift.repair(plant.door, ADMIN, drift_id=found.id)


def take_as_found(plant: Plant) -> None:
    found = plant.one("SELECT id FROM drifts WHERE key = :c AND state = 'open'", c=LINE)
    drift.take_as_found(plant.door, ADMIN, drift_id=found.id)


SCENARIOS = (
    Scenario("activation", activate, plugs=new_house),
    Scenario(
        "plan_change",
        lambda p: portal.ask_plan_change(p.door, ADMIN, service_code=LINE, plan_code="home-500", wanted_on=day(p)),
    ),
    Scenario("termination", lambda p: portal.ask_termination(p.door, ADMIN, service_code=LINE, wanted_on=day(p))),
    Scenario("suspension", lambda p: suspend(p, "slow"), note="slow"),
    Scenario("suspension", lambda p: suspend(p, "off"), note="off"),
    Scenario(
        "resumption",
        lambda p: lines.ask_resumption(p.door, ADMIN, service_code=LINE, wanted_on=day(p)),
        before=suspended,
    ),
    Scenario("ont_swap", lambda p: lines.swap_ont(p.door, ADMIN, service_code=LINE, serial=NEW), plugs=own_house),
    Scenario("ont_swap_visit", lambda p: lines.ask_ont_swap(p.door, ADMIN, service_code=LINE), plugs=own_house),
    Scenario(
        "relocation",
        lambda p: lines.ask_relocation(p.door, ADMIN, service_code=LINE, premises_code=new_house(p)),
        plugs=new_house,
    ),
    Scenario(
        "address_change",
        lambda p: lines.ask_address_change(p.door, ADMIN, service_code=LINE, wanted_on=day(p), policy="static"),
    ),
    Scenario("line_repair", repair, before=drifted, undone=False),
    Scenario("line_recording", take_as_found, before=moved_by_hand),
    Scenario("ont_reset", lambda p: care.reset_ont(p.door, ADMIN, service_code=LINE), undone=False, once="ont reset "),
)
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
each_undone = pytest.mark.parametrize("scenario", [one for one in SCENARIOS if one.undone], ids=str)
#: They change nothing on a line.
HARMLESS = {"olt.save", "prepared.look", "reconciliation", "light.reading"}


def test_no_line_workflow_is_left_out() -> None:
    """A workflow that will be added to the network's queue must be added above."""
    network = {s.subscriber for s in SUBSCRIPTIONS if s.queue is Queue.NETWORK}
    assert network - HARMLESS == {s.workflow for s in SCENARIOS}


# --- the stage -----------------------------------------------------------------------------------------------------


@dataclass
class Stage:
    """A plant with the line on record, one scenario, and how its one delivery is worked on."""

    plant: Plant
    clock: TickingClock
    scenario: Scenario
    fate: Fate = field(default_factory=Fate)

    @property
    def workflow(self) -> Workflow[Any]:
        return WORKFLOWS[self.scenario.workflow]

    def prepare(self) -> None:
        self.scenario.before(self.plant)
        if self.scenario.plugs is not None:
            self.plant.lab.plug(NEW, self.scenario.plugs(self.plant))
            self.plant.lab.wait_until(NEW, "autofind", seconds=10)

    def ask(self) -> UUID:
        self.scenario.ask(self.plant)
        query = "SELECT id FROM deliveries WHERE subscriber = :s AND state = 'queued'"
        delivery: UUID = self.plant.one(query, s=self.scenario.workflow).id
        return delivery

    def state(self, delivery_id: UUID) -> str:
        state: str = self.plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery_id).state
        return state

    def press(self, delivery_id: UUID) -> None:
        """The engineer on site presses Activate."""
        visit = self.plant.one("SELECT code FROM visits WHERE delivery_id = :d", d=delivery_id).code
        field_intake.activate(self.plant.door, ADMIN, visit_code=visit, serial=NEW)

    def run(self, delivery_id: UUID, workflow: Workflow[Any]) -> None:
        """Work on the delivery, with a new worker whenever one has died, until it waits or has ended."""
        workflows = {**WORKFLOWS, workflow.name: workflow}
        while self.state(delivery_id) == DeliveryState.QUEUED:
            worker = Engine(parts=self.plant.parts, worker=f"worker-{len(self.fate.died)}", workflows=workflows)
            self.fate.armed = True
            try:
                worker.run(delivery_id)
            except Died:
                self.fate.armed = False
                self.take_over()
                if self.fate.only is not None:
                    return
            finally:
                self.fate.armed = False

    def die_at(self, delivery_id: UUID, place: tuple[str, str]) -> None:
        """Work on the delivery until a worker dies at this place."""
        self.fate = Fate(only=place)
        workflow = watched(self.workflow, self.fate.watch)
        self.run(delivery_id, workflow)
        if self.state(delivery_id) == DeliveryState.WAITING and not self.fate.died:
            self.press(delivery_id)
            self.run(delivery_id, workflow)
        assert self.fate.died == [place]

    def take_over(self) -> None:
        """The dead worker's lease runs out, and the relay gives its work to others."""
        self.clock.push(self.plant.settings.lease + timedelta(seconds=1))
        with write(self.plant.engine) as tx:
            relay.sweep(tx=tx, now=self.clock.now(), lease=self.plant.settings.lease)

    def carry_out(self, workflow: Workflow[Any]) -> None:
        """Ask, work on it to its end with the engineer's help, then let the office react."""
        delivery_id = self.ask()
        self.run(delivery_id, workflow)
        if self.state(delivery_id) == DeliveryState.WAITING:
            self.press(delivery_id)
            self.run(delivery_id, workflow)
        failure = self.plant.one("SELECT failure FROM deliveries WHERE id = :d", d=delivery_id).failure
        assert (self.state(delivery_id), failure) == ("done", None)
        self.plant.work()


@pytest.fixture(scope="session")
def _standing(postgres: str, _loaded: str) -> Iterator[str]:
    """The name of a database in which one of the town's customers is on record with the line that stands on the lab."""
    row = {"customer_code": CUSTOMER.code, **asdict(CUSTOMER)}
    del row["code"]
    file = ImportFile("customers.csv", "\n".join((",".join(row), ",".join(map(str, row.values())))).encode())
    with copied(postgres, _loaded) as url:
        engine = open_engine(url)
        door = Door(engine=engine, clock=TickingClock(), settings=load_settings())
        assert apply(door, ADMIN, kind="customers", file=file).errors == ()
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture(scope="module")
def smtp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of one mail relay for all scenarios; which mails were sent stands in the records."""
    port = free_port()
    with LocalSink(tmp_path_factory.mktemp("mail"), port):
        yield port


type Stages = Callable[[Scenario], AbstractContextManager[Stage]]


@pytest.fixture
def stages(postgres: str, _standing: str, lab_process: Lab, olts: Olts, smtp: int, tmp_path: Path) -> Stages:
    """Set the stage for a scenario: everything as on the first day, and what was before."""

    @contextmanager
    def stage(scenario: Scenario) -> Iterator[Stage]:
        lab_process.client.reset()
        clock = TickingClock()
        with planted(
            server=postgres, template=_standing, lab=lab_process, olts=olts, var=tmp_path, smtp=smtp, clock=clock
        ) as plant:
            made = Stage(plant, clock, scenario)
            made.prepare()
            yield made

    return stage


@pytest.fixture(scope="session")
def _references() -> dict[str, dict[str, Any]]:
    return {}


@pytest.fixture
def undisturbed(stages: Stages, _references: dict[str, dict[str, Any]]) -> Callable[[Scenario], dict[str, Any]]:
    """What a run without disturbance leaves, worked out once for each scenario."""

    def world(scenario: Scenario) -> dict[str, Any]:
        if str(scenario) not in _references:
            with stages(scenario) as stage:
                stage.carry_out(stage.workflow)
                _references[str(scenario)] = whole(stage.plant)
        return _references[str(scenario)]

    return world


# --- the promises --------------------------------------------------------------------------------------------------


@each
def test_every_step_twice_is_every_step_once(
    scenario: Scenario, stages: Stages, undisturbed: Callable[[Scenario], dict[str, Any]]
) -> None:
    """A step of the database is rolled back with its record, so only one outside it can be done twice."""
    expected = undisturbed(scenario)
    with stages(scenario) as stage:

        def twice(step: str, do: Callable[[], Did[Any]]) -> Did[Any]:
            do()
            once = {**configured(stage.plant), **records(stage.plant)}
            again = do()
            assert {**configured(stage.plant), **records(stage.plant)} == once, step
            return again

        stage.carry_out(doubled(stage.workflow, twice))
        settled(stage.plant, whole, expected)


@each
def test_death_anywhere_changes_nothing(
    scenario: Scenario,
    stages: Stages,
    undisturbed: Callable[[Scenario], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once at every moment of every step, after each change on a device, at every commit: one delivery, many deaths."""
    expected = undisturbed(scenario)
    began = time.time()
    with stages(scenario) as stage, stage.fate.rules(stage.plant.engine, monkeypatch):
        stage.carry_out(watched(stage.workflow, stage.fate.watch))
        settled(stage.plant, whole, expected)
        moments = {place for place in stage.fate.died if isinstance(place[0], str)}
        commits = [place for place in stage.fate.died if place[1] == "commit"]
        assert {step for step, _moment in moments} == {step.name for step in stage.workflow.steps}
        assert len(commits) > len(stage.workflow.steps)
        given = [one.what for one in stage.plant.lab.activity(since=began) if one.kind == "command"]
        assert not scenario.once or sum(line.startswith(scenario.once) for line in given) == 1


@each_undone
def test_cancel_after_every_step_leaves_nothing_behind(
    scenario: Scenario, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same line is asked for the same again and again, and given up one moment later each time.

    The last time the workers that undo it die as well, once at every moment.
    """
    with stages(scenario) as stage:
        before = standing(stage.plant)
        places = moments_to_cancel(stage.workflow)
        for place in places:
            delivery_id = stage.ask()
            stage.die_at(delivery_id, place)
            support.cancel(stage.plant.door, actor(Role.SUPPORT), delivery_id=delivery_id, reason="As a test.")
            stage.fate = Fate(mortal=place == places[-1])
            with stage.fate.rules(stage.plant.engine, monkeypatch):
                stage.run(delivery_id, watched(stage.workflow, stage.fate.watch))
            assert stage.state(delivery_id) == DeliveryState.CANCELLED, place
            settled(stage.plant, standing, before)
        assert stage.fate.died


def moments_to_cancel(workflow: Workflow[Any]) -> list[tuple[str, str]]:
    """Before each step but the first, and where a step has changed something that its record does not know yet."""
    places = []
    for step in workflow.steps:
        if step is not workflow.steps[0]:
            places.append((step.name, "before ask" if isinstance(step, PersonStep) else "before do"))
        if isinstance(step, OutsideStep) and step.undo not in (nothing_to_take_back, Irreversible):
            places.append((step.name, "after do"))
    return places
