"""A race for what the OLT itself numbers, with real processes: as many ONT ids as customers, and some are killed."""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

from netmiko import ConnectHandler

from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.drivers.contract import PonPort, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.intake import field
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.reports.ports import NoReporter
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.parts import Parts
from tests.flows.line.acts import ADMIN, free_houses, ordered, plugged
from tests.flows.line.conftest import CREDENTIAL, Lab, Plant, accesses

PROCESSES, KILLED = 16, 5
OLT, PORT = "OLT-NORTH", "0/1/0"
#: The most that a GPON port has on a MA5800 (device-facts 1.3): ids 0 to 127.
ONT_IDS = 128
WITHIN_SECONDS = 300.0


def limits(var: Path) -> Settings:
    """Short leases, and no turn is handed on within a process: every delivery is fought for."""
    settings = load_settings(var=var)
    engine = settings.engine.model_copy(
        update={
            "lease_seconds": 2.0,
            "heartbeat_seconds": 0.4,
            "retry_first_seconds": 0.2,
            "retry_longest_seconds": 1.0,
            "retry_attempts": 50,
            "takeovers_at_most": 50,
            "turns_in_a_row": 0,
        }
    )
    network = settings.network.model_copy(update={"poll_seconds": 0.02, "online_within_seconds": 60})
    return settings.model_copy(update={"engine": engine, "network": network})


def work(url: str, ports: dict[str, int], var: Path, name: str) -> None:
    """One process of workers for the network, with sessions of its own that it gives back soon: the OLT takes few."""
    with Olts(accesses(make_town(), ports), idle_seconds=0.05) as olts:
        parts = Parts(
            engine=open_engine(url),
            clock=SystemClock(),
            settings=limits(var),
            olts=olts,
            sign_on=NotConnected(),
            crm=FileDrop(var / "crm"),
            mailer=Mailer("127.0.0.1", 9, "isp@example.org"),
            reporter=NoReporter(),
        )
        worker = Engine(parts=parts, worker=name)
        while True:
            worker.work("network")
            time.sleep(0.05)


def fill_port(plant: Plant, lab: Lab, *, leaving: int) -> int:
    """Give away the other ONT ids of the port, to ONTs that nobody has plugged in; returns how many were left to it."""
    place = {"device_type": "huawei_smartax", "host": "127.0.0.1", "port": lab.ports[OLT], "global_delay_factor": 0.1}
    account = dict(zip(("username", "password"), CREDENTIAL, strict=True))
    _frame, slot, port = PORT.split("/")
    free = [number for number in range(ONT_IDS) if number not in on_port(plant)]
    profiles = "omci ont-lineprofile-id 10 ont-srvprofile-id 10"
    with ConnectHandler(**place, **account) as olt:
        olt.enable()
        olt.config_mode()
        olt.send_command(f"interface gpon 0/{slot}", expect_string=rf"gpon-0/{slot}\)#")
        for number in free[leaving:]:
            said = olt.send_command(f'ont add {port} {number} sn-auth "48575443FF{number:06X}" {profiles} desc "spare"')
            assert "success: 1" in said
    return len(free)


def on_port(plant: Plant) -> dict[int, str]:
    """ONT id and serial number of every ONT that the port knows."""
    with plant.parts.olts.reader(OLT, Transcript()) as session:
        return {ont.ont_id: ont.serial.normal for ont in session.port_onts(PonPort.parse(PORT))}


def service_ports(plant: Plant) -> int:
    """How many the OLT has."""
    return len(re.findall(r"^ service-port \d+ vlan", plant.lab.olt(OLT).running_configuration, re.MULTILINE))


def houses_on_port(plant: Plant) -> list[str]:
    """Free houses whose fibre leads to the port."""
    splitters = {
        s.code for o in plant.town.olts for p in o.pon_ports if (o.name, p.port) == (OLT, PORT) for s in p.splitters
    }
    outlets = {p.code: p.outlet.splitter_code for p in plant.town.premises if p.outlet is not None}
    return [house for house in free_houses(plant) if outlets[house] in splitters]


def test_sixteen_processes_use_up_the_ont_ids_of_a_port_to_the_last(plant: Plant, lab: Lab) -> None:
    houses = houses_on_port(plant)[: PROCESSES + 1]
    assert len(houses) == PROCESSES + 1
    fill_port(plant, lab, leaving=PROCESSES)
    before = on_port(plant)
    flows, serials = service_ports(plant), []
    for house in houses:
        _order, _delivery, visit = ordered(plant, house=house)
        serials.append(plugged(plant, house))
        field.activate(plant.door, ADMIN, visit_code=visit, serial=serials[-1])
    race(plant, lab)
    lines = plant.many("SELECT ont_id, serial, service_port FROM lines ORDER BY ont_id")
    after = on_port(plant)
    # Every id is given, each once, and the device and the records agree on whose it is.
    assert sorted(after) == list(range(ONT_IDS))
    assert {line.ont_id: line.serial for line in lines} == {n: s for n, s in after.items() if n not in before}
    assert len(lines) == len({line.service_port for line in lines}) == PROCESSES
    (left_over,) = set(serials) - {line.serial for line in lines}
    (failed,) = plant.many("SELECT failure FROM deliveries WHERE state = 'failed'")
    assert (failed.failure["kind"], failed.failure["what"]) == (
        "refused",
        f"PON port {PORT} on OLT {OLT} is full: {ONT_IDS} ONTs.",
    )
    assert plant.lab.ont(left_over).ont_id is None
    # Nothing was built for the one that found no place, and nothing twice for those whose worker was killed.
    assert service_ports(plant) == flows + PROCESSES
    assert plant.one("SELECT sum(takeovers) AS n FROM deliveries").n >= 1


def race(plant: Plant, lab: Lab) -> None:
    """Let the processes work, kill some at random instants, sweep as the relay does, until nothing moves."""
    url = plant.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])

    def start(number: int) -> BaseProcess:
        process = context.Process(target=work, args=(url, lab.ports, plant.settings.var, f"w{number}"), daemon=True)
        process.start()
        return process

    chance = random.Random(7)
    processes = [start(number) for number in range(PROCESSES)]
    until, killed = time.monotonic() + WITHIN_SECONDS, 0
    lease = limits(plant.settings.var).lease
    try:
        while moving(plant):
            assert time.monotonic() < until, plant.many("SELECT state, blocked_on, failure FROM deliveries")
            with write(plant.engine) as tx:
                relay.sweep(tx=tx, now=plant.parts.clock.now(), lease=lease)
            at_work = plant.many("SELECT worker FROM deliveries WHERE queue = 'network' AND state = 'running'")
            if at_work and killed < KILLED and chance.random() < 0.5:
                number = int(at_work[0].worker.removeprefix("w"))
                processes[number].kill()
                processes[number].join()
                processes[number], killed = start(number), killed + 1
            time.sleep(chance.uniform(0.05, 0.3))
    finally:
        for process in processes:
            process.kill()
            process.join()
    assert killed > 1


def moving(plant: Plant) -> bool:
    """Whether anything of the network is not over and stands with nobody."""
    return bool(
        plant.one(
            "SELECT EXISTS (SELECT 1 FROM deliveries WHERE queue = 'network' AND state IN ('queued', 'running', "
            "'scheduled')) AS so"
        ).so
    )
