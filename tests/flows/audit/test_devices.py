"""Damage on real devices: the audit names the object, and leaves to a workflow what it has in hand."""

from __future__ import annotations

from dataclasses import replace

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.drivers.contract import LineWanted, PonPort, Serial, Transcript
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.views.audit.whole import conflicts
from tests.flows.audit.conftest import Said, Town, agree

NORTH, SOUTH = "OLT-NORTH", "OLT-SOUTH"


def wanted(town: Town, code: str) -> LineWanted:
    """The line as the records have it."""
    row = town.plant.one(
        "SELECT l.*, o.uplink FROM lines l JOIN services s ON s.id = l.service_id JOIN olts o ON o.id = l.olt_id "
        "WHERE s.code = :code",
        code=code,
    )
    return LineWanted(
        key=code,
        port=PonPort.parse(row.pon_port),
        serial=Serial(row.serial),
        vlan=row.vlan,
        uplink=row.uplink,
        down_kbps=row.down_kbps,
        up_kbps=row.up_kbps,
    )


def codes(town: Town, olt: str) -> list[str]:
    rows = town.plant.many(
        "SELECT s.code FROM lines l JOIN services s ON s.id = l.service_id JOIN olts o ON o.id = l.olt_id "
        "WHERE o.name = :olt ORDER BY s.code",
        olt=olt,
    )
    return [row.code for row in rows]


def make(town: Town, olt: str, line: LineWanted) -> None:
    """Build a line behind the records' back."""
    with town.plant.parts.olts.writer(olt, Transcript()) as session:
        session.apply(session.plan(session.read(line), line))


def take(town: Town, olt: str, line: LineWanted) -> None:
    """Remove a line behind the records' back."""
    with town.plant.parts.olts.writer(olt, Transcript()) as session:
        session.apply(session.plan_removal(session.read(line), line.key))


def place(line: LineWanted, town: Town) -> tuple[int, int]:
    row = town.plant.one(
        "SELECT l.ont_id, l.service_port FROM lines l JOIN services s ON s.id = l.service_id WHERE s.code = :c",
        c=line.key,
    )
    return row.ont_id, row.service_port


def on_port(line: LineWanted, *commands: str) -> tuple[str, ...]:
    return (f"interface gpon {line.port.frame}/{line.port.slot}", *commands, "quit")


def test_each_damage_on_a_device_is_named(town: Town) -> None:
    house = town.plant.one(
        "SELECT p.code FROM premises p JOIN splitters q ON q.code = p.splitter_code JOIN pon_ports t ON "
        "t.id = q.pon_port_id JOIN olts o ON o.id = t.olt_id WHERE o.name = :olt AND NOT EXISTS "
        "(SELECT 1 FROM services s WHERE s.premises_id = p.id) LIMIT 1",
        olt=NORTH,
    ).code
    lines = [wanted(town, code) for code in codes(town, NORTH)]
    missing, slow, moved, off, other_box, renamed, flowless, twice_flow, two_keys, elsewhere, hand = lines[:11]
    suspended, unsuspended = lines[11:13]
    said: list[Said] = []

    take(town, NORTH, missing)
    said.append(("lost", "ONT", missing.key, "no ONT carries this code"))

    make(town, NORTH, replace(slow, down_kbps=77000))
    said.append(("lost", "service port", slow.key, f"has 77000 kbit/s down and {slow.up_kbps} kbit/s up, should have"))

    make(town, NORTH, replace(moved, vlan=333))
    said.append(("lost", "service port", moved.key, f"is on VLAN 333, should be on {moved.vlan}"))

    make(town, NORTH, replace(off, enabled=False))
    said.append(("lost", "ONT", off.key, "is switched off; the service is active"))

    new = Serial(f"48575443{new_id().hex[-8:].upper()}")
    make(town, NORTH, replace(other_box, serial=new, replaces=other_box.serial))
    said.append(("lost", "ONT", other_box.key, f"is {new}, recorded is {other_box.serial}"))

    make_id, _ = place(renamed, town)
    town.typed(NORTH, *on_port(renamed, f'ont modify {renamed.port.port} {make_id} desc "somebody"'))
    said.append(("lost", "ONT", renamed.key, "but carries “somebody” instead of this code"))

    _, flow = place(flowless, town)
    town.typed(NORTH, f"undo service-port {flow}")
    said.append(("lost", "service port", flowless.key, "has no service port"))

    ont, _ = place(twice_flow, town)
    town.typed(
        NORTH,
        f"service-port vlan 333 gpon {twice_flow.port} ont {ont} gemport 1 multi-service user-vlan 333 "
        "tag-transform translate inbound traffic-table index 10 outbound traffic-table index 10",
    )
    said.append(("doubled", "service port", twice_flow.key, "has 2 service ports"))

    copy = town.plugged(house)
    found = town.plant.lab.ont(copy)
    assert found.pon_port is not None
    extra = replace(two_keys, key="S-777777", serial=Serial(copy), port=PonPort.parse(found.pon_port), ont_id=120)
    make(town, NORTH, extra)
    town.typed(NORTH, *on_port(extra, f'ont modify {extra.port.port} 120 desc "{two_keys.key}"'))
    said.append(("doubled", "ONT", two_keys.key, "Two ONTs carry this code"))

    take(town, NORTH, elsewhere)
    make(town, NORTH, replace(elsewhere, ont_id=119))
    said.append(("lost", "ONT", elsewhere.key, "ONT 119, and is recorded at"))

    town.run("DELETE FROM lines WHERE service_id = (SELECT id FROM services WHERE code = :c)", c=hand.key)
    said.append(("lost", "service", hand.key, "holds no line"))
    said.append(("lost", "line", hand.key, "but the inventory holds no line for the service, which is active"))

    south = wanted(town, codes(town, SOUTH)[0])
    make(town, NORTH, replace(south, serial=Serial("48575443DDDDDDD1"), port=missing.port, ont_id=118))
    said.append(("doubled", "ONT", south.key, f"but the line is recorded at {SOUTH}"))

    make(town, NORTH, replace(missing, key="S-888888", serial=Serial("48575443DDDDDDD2"), ont_id=117))
    said.append(("leaked", "ONT", "S-888888", "but there is no such service"))

    gone = wanted(town, codes(town, SOUTH)[1])
    town.run("DELETE FROM lines WHERE service_id = (SELECT id FROM services WHERE code = :c)", c=gone.key)
    town.run("UPDATE services SET state = 'terminated', ended_on = current_date WHERE code = :c", c=gone.key)
    # A suspended line is off (hard) or slow (soft), as it is recorded: neither is a fault.
    make(town, NORTH, replace(suspended, enabled=False, down_kbps=1024))
    make(town, NORTH, replace(unsuspended, down_kbps=1024))
    shut = {"a": suspended.key, "b": unsuspended.key}
    town.run("UPDATE services SET state = 'suspended', suspended_on = current_date WHERE code IN (:a, :b)", **shut)
    mine = "service_id IN (SELECT id FROM services WHERE code IN (:a, :b))"
    town.run(f"UPDATE lines SET down_kbps = 1024 WHERE {mine}", **shut)
    town.run("UPDATE lines SET enabled = false WHERE serial = :serial", serial=suspended.serial.normal)
    report = town.audit()
    leaked = [f for f in report.findings if f.key == gone.key and f.about == "ONT"]
    assert "but the service is terminated" in leaked[0].what
    agree(
        replace(report, findings=tuple(f for f in report.findings if f.key != gone.key)),
        said,
    )
    numbers = conflicts(town.plant.window, SYSTEM, outside=town.outside())
    assert set(numbers.findings) == {f for f in report.findings if f.about in ("VLAN", "service port")}
    assert {str(f.kind) for f in numbers.findings} >= {"lost", "doubled"}
    notes = {note.about: [n.what for n in report.notes if n.about == note.about] for note in report.notes}
    assert "VLANs that the records do not know: 333." in notes[NORTH]
    assert "1 ONTs carry no code of ours and were not judged." in notes[NORTH]


def test_what_a_workflow_has_in_hand_is_left_to_it(town: Town) -> None:
    """An activation that failed after the OLT was configured: its ONT stands there for a service that is pending."""
    plant, house = town.plant, town.free_house()
    level = plant.lab.premises(house).rx_dbm
    assert level is not None
    plant.lab.splice("drop", house, loss_db=level + 28.0)
    service = town.activated()
    assert plant.one("SELECT state FROM services WHERE code = :c", c=service).state == "pending"
    report = town.audit()
    assert report.findings == ()
    assert any(f"not judged there: {service}" in note.what for note in report.notes)
    town.run("UPDATE incidents SET closed_at = now(), closed_by = 'x', outcome = 'x'")
    delivery = plant.one("SELECT id FROM deliveries WHERE state = 'failed'").id
    agree(town.audit(), [("unowned", "delivery", str(delivery), "“Measure the light” and has no open incident")])
