"""The light of every ONT read at night, on every vendor, kept, judged, and forgotten when it is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import light as intake
from isp_lifecycle.lab.town import VENDORS
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.telemetry.model import PortLook, Source
from isp_lifecycle.telemetry.model.weakness import Limits
from isp_lifecycle.views import network
from isp_lifecycle.views import port as ports
from isp_lifecycle.views.light import port as views
from isp_lifecycle.views.light.port import LIGHT
from isp_lifecycle.views.map import levels
from isp_lifecycle.views.map.model import Counts, OltNode, OntNode, SplitterNode, Standing
from tests.flows.drift.conftest import Mixed
from tests.flows.line.conftest import actor

NETWORK = actor(Role.NETWORK)


def looks_of(mixed: Mixed, olt: str) -> int:
    return int(
        mixed.plant.one("SELECT count(*) FROM light_looks w JOIN olts o ON o.id = w.olt_id WHERE o.name = :o", o=olt)[0]
    )


def test_every_olt_is_read_and_a_silent_one_fails_alone(mixed: Mixed) -> None:
    plant, lab = mixed.plant, mixed.plant.lab
    silent = mixed.olt_of("vsol")
    weak = mixed.lines(mixed.olt_of("huawei"))[0]
    (house,) = [c.premises_code for c in mixed.town.customers if c.service_code == weak.key]
    lab.splice("drop", house, loss_db=6.0)
    lab.fault(silent, "unreachable")

    assert intake.read_all(plant.door, SYSTEM) == len(mixed.town.olts)
    assert plant.work()["done"] == len(mixed.town.olts) - 1
    kept = plant.many("SELECT DISTINCT o.name FROM light_looks w JOIN olts o ON o.id = w.olt_id")
    assert {row.name for row in kept} == {olt.name for olt in mixed.town.olts} - {silent}
    (told,) = plant.many("SELECT d.state, i.what FROM incidents i JOIN deliveries d ON d.id = i.delivery_id")
    assert (told.state, silent in told.what) == ("failed", True)
    on_map = {one.name: one for one in levels.olts(plant.window, NETWORK)}
    assert (on_map[silent].standing, silent in on_map[silent].silent) == (Standing.SILENT, True)
    assert Standing.SILENT not in {one.standing for name, one in on_map.items() if name != silent}
    assert {one.name for one in network.plant(plant.window, NETWORK) if one.last_seen is None} == {silent}

    lab.clear_faults()
    assert intake.read_all(plant.door, SYSTEM) == len(mixed.town.olts)  # what failed goes on; the others begin anew
    assert set(plant.work()) == {"done"}
    for vendor in VENDORS:
        olt = mixed.olt_of(vendor)
        real = {ont.serial: ont.run_state for ont in lab.olt(olt).onts}
        rows = plant.many(
            "SELECT s.serial, s.state, s.rx_dbm FROM ont_states s JOIN olts o ON o.id = s.olt_id WHERE o.name = :olt",
            olt=olt,
        )
        assert {row.serial for row in rows} == set(real)
        assert {row.serial for row in rows if row.state == "down"} == {s for s, run in real.items() if run != "online"}
        assert all((row.rx_dbm is None) is (row.state == "down") for row in rows)
        assert looks_of(mixed, olt) == len({line.port for line in mixed.lines(olt)})
    (state,) = plant.many("SELECT state, whose FROM ont_states WHERE serial = :s", s=weak.serial.normal)
    assert (state.state, state.whose) == ("weak", "drop")
    (case,) = plant.many("""SELECT "case" FROM deliveries WHERE subscriber = 'light.reading' LIMIT 1""")
    assert case[0]["looks"] == []  # kept once, in its own table


def test_a_look_of_a_person_is_kept_once_an_hour_and_read_back(mixed: Mixed) -> None:
    plant = mixed.plant
    olt = mixed.olt_of("zte")
    port = str(mixed.lines(olt)[0].port)

    found = ports.port_now(plant.window, NETWORK, olt=olt, pon_port=port)
    assert found.light is not None
    assert intake.keep_look(plant.door, NETWORK, olt=olt, content=found.light)
    assert not intake.keep_look(plant.door, NETWORK, olt=olt, content=found.light)
    with pytest.raises(Forbidden):
        intake.keep_look(plant.door, actor(Role.SALES), olt=olt, content=found.light)

    frame = views.port_frame(plant.window, NETWORK, olt=olt, pon_port=port)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == LIGHT
    seen = {ont.serial: ont.ont_rx_dbm for ont in found.light.onts}
    assert dict(zip(frame["serial"], frame["ont_rx_dbm"].where(frame["ont_rx_dbm"].notna(), None), strict=True)) == {
        serial: None if level is None else pytest.approx(level, abs=0.006) for serial, level in seen.items()
    }
    over = views.port_over_time(plant.window, NETWORK, olt=olt, pon_port=port)
    assert [one.ont_id for one in over.onts] == [one.ont_id for one in found.light.onts]
    one = next(ont for ont in over.onts if ont.service_code)
    line = views.line_over_time(plant.window, NETWORK, service_code=one.service_code)
    assert line == one
    assert len(views.line_frame(plant.window, NETWORK, service_code=one.service_code)) == 1
    empty = views.line_frame(plant.window, NETWORK, service_code="S-NONE")
    assert {name: str(kind) for name, kind in empty.dtypes.items()} == LIGHT


def test_old_readings_are_forgotten_nightly_ones_last(mixed: Mixed) -> None:
    plant = mixed.plant
    olt = mixed.olt_of("huawei")
    found = ports.port_now(plant.window, NETWORK, olt=olt, pon_port=str(mixed.lines(olt)[0].port))
    assert found.light is not None
    now = plant.door.clock.now()
    ages = {(Source.NIGHTLY, 401), (Source.NIGHTLY, 399), (Source.LOOK, 31), (Source.LOOK, 29)}
    with write(plant.engine) as tx:
        for source, days in ages:
            look: PortLook = replace(found.light, source=source, at=now - timedelta(days=days))
            telemetry.keep_look(tx=tx, look=look, built={}, limits=Limits())
    assert intake.forget(plant.door, SYSTEM) == 2
    assert intake.forget(plant.door, SYSTEM) == 0
    rows = plant.many("SELECT source, at FROM light_looks")
    assert {(row.source, (now - row.at).days) for row in rows} == {("nightly", 399), ("look", 29)}


def test_the_map_shows_what_was_read_and_what_is_not_believed(mixed: Mixed) -> None:
    plant, lab = mixed.plant, mixed.plant.lab
    olt = mixed.olt_of("huawei")
    weak = mixed.lines(olt)[0]
    (house,) = [c.premises_code for c in mixed.town.customers if c.service_code == weak.key]
    window = plant.window

    def node(name: str) -> OltNode:
        return next(one for one in levels.olts(window, NETWORK) if one.name == name)

    assert node(olt).standing is Standing.UNKNOWN  # nobody has looked yet
    lab.splice("drop", house, loss_db=6.0)
    intake.read_one(plant.door, NETWORK, olt=olt)
    plant.work()
    assert node(olt).counts.weak >= 1
    assert node(olt).standing is Standing.TROUBLE

    cards = levels.cards(window, NETWORK, olt=olt)
    assert sum((card.counts for card in cards), Counts()) == node(olt).counts
    port = next(p for card in cards for p in card.ports if p.port == str(weak.port))
    behind = levels.behind(window, NETWORK, olt=olt, port=str(weak.port))
    assert sum((one.counts for one in behind), Counts()) == port.counts
    ont = next(one for one in all_onts(behind) if one.service_code == weak.key)
    assert (ont.standing, ont.says) == (Standing.TROUBLE, "weak: its drop")

    (place,) = levels.places(window, NETWORK, text=weak.key)
    assert (place.olt, place.port, place.serial) == (olt, str(weak.port), weak.serial.normal)
    assert [one.olt for one in levels.places(window, NETWORK, text=olt)] == [olt]
    splitter = next(one.code for one in behind if one.code)
    assert [(one.olt, one.port) for one in levels.places(window, NETWORK, text=splitter)] == [(olt, str(weak.port))]
    assert levels.places(window, NETWORK, text="nothing of the kind") == ()

    with write(plant.engine) as tx:
        tx.execute(sa.text("UPDATE ont_states SET at = at - interval '3 days'"))
        tx.execute(sa.text("UPDATE lines SET enabled = false WHERE serial = :s"), {"s": weak.serial.normal})
    assert node(olt).standing is Standing.UNKNOWN
    with write(plant.engine) as tx:
        tx.execute(sa.text("UPDATE ont_states SET at = at + interval '3 days', state = 'down'"))
    counts = node(olt).counts
    assert (counts.off, counts.up, counts.weak) == (1, 0, 0)  # what is switched off on purpose is not down
    with pytest.raises(Forbidden):
        levels.olts(window, actor(Role.SALES))


def all_onts(splitters: tuple[SplitterNode, ...]) -> list[OntNode]:
    return [one for s in splitters for one in (*s.onts, *all_onts(s.splitters))]
