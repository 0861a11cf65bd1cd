"""Why does this customer's line not work? Each fault is caused for real, and its cause named in plain words.

The table that comes out, fault by fault with what was said, stands in ``build/diagnosis.md``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isp_lifecycle.access.model import VISITOR, Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.cli import line as command
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import engine, lines, portal, sales, support
from isp_lifecycle.lab.town.model import Customer
from isp_lifecycle.views.diagnosis import asking, records
from isp_lifecycle.views.diagnosis.find import find
from isp_lifecycle.views.diagnosis.model import Act, Diagnosis, How, Sure
from tests.contract.drivers import drift_contract as hands
from tests.flows.line.acts import ADMIN, day, free_houses
from tests.flows.line.conftest import actor
from tests.flows.why.conftest import SUPPORT, Street

TABLE = Path(__file__).parents[3] / "build" / "diagnosis.md"
NETWORK = actor(Role.NETWORK)
Cause = Callable[[Street, Customer], None]


@dataclass(frozen=True)
class Fault:
    """Something that is done to a line, and what must be said of it: the cause's name, and words of the sentence."""

    what: str
    done: Cause
    cause: str
    says: str
    act: Act
    sure: Sure = Sure.CERTAIN


def nothing(_street: Street, _one: Customer) -> None:
    """Nothing at all: a good line is called good."""


def no_power(street: Street, one: Customer) -> None:
    lost(street, one, lambda: street.plant.lab.power_off(one.serial))


def drop_cut(street: Street, one: Customer) -> None:
    lost(street, one, lambda: street.plant.lab.cut("drop", one.premises_code))


def splitter_cut(street: Street, one: Customer) -> None:
    lost(street, one, lambda: street.plant.lab.cut("splitter", street.splitter(one)))


def feeder_cut(street: Street, one: Customer) -> None:
    lost(street, one, lambda: street.plant.lab.cut("pon", f"{one.olt}:{one.pon_port}"))


def lost(street: Street, one: Customer, deed: Callable[[], object]) -> None:
    """Do it, and wait until the OLT has lost the ONT."""
    deed()
    street.plant.lab.wait_until(one.serial, "offline", seconds=10)


def power_cut(street: Street, one: Customer) -> None:
    for other in street.customers():
        street.plant.lab.power_off(other.serial)
    street.plant.lab.wait_until(one.serial, "offline", seconds=10)


def dirty_connector(street: Street, one: Customer) -> None:
    street.plant.lab.splice("drop", one.premises_code, loss_db=6.0)


def weak_feeder(street: Street, one: Customer) -> None:
    street.plant.lab.splice("pon", f"{one.olt}:{one.pon_port}", loss_db=5.0)


def weak_splitter(street: Street, one: Customer) -> None:
    street.plant.lab.splice("splitter", street.splitter(one), loss_db=5.0)


def olt_silent(street: Street, one: Customer) -> None:
    street.plant.lab.fault(one.olt, "unreachable")
    street.radius.write("UPDATE radacct SET acctstoptime = now()")


def olt_busy(street: Street, one: Customer) -> None:
    saving = "  Failure: System is busy, please retry after a while"
    street.plant.lab.fault(one.olt, "unknown_answer", match="display ont info", times=1000, text=saving)


def in_maintenance(street: Street, one: Customer) -> None:
    engine.pause(street.plant.door, NETWORK, what=one.olt, reason="New uplink card.", until="2099-01-01 04:00")
    street.plant.lab.fault(one.olt, "unreachable")


def exchanged_by_customer(street: Street, one: Customer) -> None:
    street.plant.lab.unplug(one.serial)
    street.plant.lab.plug("485754430BADCAFE", one.premises_code)
    street.plant.lab.wait_until("485754430BADCAFE", "autofind", seconds=10)


def by_hand(hand: hands.Hand) -> Cause:
    return lambda street, one: street.by_hand(one, hand)


def shut_for_debt(street: Street, one: Customer) -> None:
    lines.ask_suspension(
        street.plant.door,
        SUPPORT,
        service_code=one.service_code,
        wanted_on=day(street.plant),
        way="off",
        why="non_payment",
    )
    assert street.plant.work()["done"]


def plan_change_failed(street: Street, one: Customer) -> None:
    street.plant.lab.fault(one.olt, "unknown_answer", match="service-port|traffic", text="  Failure: error 4711")
    plan = "home-100" if one.plan_code != "home-100" else "home-500"
    portal.ask_plan_change(
        street.plant.door, ADMIN, service_code=one.service_code, plan_code=plan, wanted_on=day(street.plant)
    )
    assert street.plant.work()["failed"]
    street.plant.lab.clear_faults(one.olt)


def refused_by_radius(street: Street, one: Customer) -> None:
    street.radius.write(
        "INSERT INTO radcheck (username, attribute, op, value) VALUES (:u, 'Auth-Type', ':=', 'Reject')",
        u=one.service_code,
    )
    signed_out(street, one)


def signed_out(street: Street, one: Customer) -> None:
    street.radius.write("UPDATE radacct SET acctstoptime = now() WHERE username = :u", u=one.service_code)


def wrong_password(street: Street, one: Customer) -> None:
    signed_out(street, one)
    assert not street.radius.radtest(one.service_code, "wrong").accepted


def stale_session(street: Street, one: Customer) -> None:
    street.radius.write(
        "UPDATE radacct SET acctstarttime = now() - interval '3 days', acctupdatetime = now() - interval '2 days' "
        "WHERE username = :u",
        u=one.service_code,
    )


def address_twice(street: Street, one: Customer) -> None:
    street.radius.begin_session("S-000999", "s-other", one.address)


def reserved_for_another(street: Street, one: Customer) -> None:
    street.reserved_for("S-000998", one)


def other_address(street: Street, one: Customer) -> None:
    street.radius.write("UPDATE radacct SET framedipaddress = '100.64.3.99' WHERE username = :u", u=one.service_code)


def other_rates(street: Street, one: Customer) -> None:
    street.radius.write(
        "UPDATE radusergroup SET groupname = 'isp-open-1000k-1000k' WHERE username = :u", u=one.service_code
    )


_C = Sure.CERTAIN
FAULTS = (
    Fault("nothing is wrong", nothing, "healthy", "The line is good: everything", Act.ASK),
    Fault("power off at the home", no_power, "no power at the home", "has no power", Act.ASK),
    Fault("drop cut", drop_cut, "drop cut", "its drop is cut", Act.FIELD),
    Fault("fibre of the splitter cut", splitter_cut, "splitter feed cut", "No light behind splitter", Act.FIELD),
    Fault("feeder cut", feeder_cut, "feeder cut", "No light on the whole of PON port", Act.FIELD),
    Fault(
        "electricity out in the street", power_cut, "power cut", "The electricity is out", Act.LOOK_AGAIN, Sure.LIKELY
    ),
    Fault("dirty connector on the drop", dirty_connector, "low light on the drop", "connector is dirty", Act.FIELD),
    Fault("bad splice before the splitter", weak_splitter, "low light on the splitter", "not the cust", Act.FIELD),
    Fault("bad splice on the feeder", weak_feeder, "low light on the port", "not the customer's drop", Act.FIELD),
    Fault("OLT unreachable", olt_silent, "OLT does not answer", "could not be looked at", Act.NETWORK, Sure.LIKELY),
    Fault("OLT busy saving", olt_busy, "OLT busy", "could not be looked at", Act.LOOK_AGAIN, Sure.OPEN),
    Fault(
        "another ONT plugged in", exchanged_by_customer, "another ONT plugged in", "HWTC-0BADCAFE", Act.ASK, Sure.LIKELY
    ),
    Fault("another ONT registered by hand", by_hand(hands.exchanged), "another ONT in its place", "instead", Act.MEND),
    Fault("line removed by hand", by_hand(hands.removed), "ONT not registered", "The line was removed", Act.MEND),
    Fault("ONT deactivated by hand", by_hand(hands.switched_off), "ONT switched off by hand", "switched off", Act.MEND),
    Fault(
        "service port removed by hand",
        by_hand(hands.cut_from_its_vlan),
        "service port or VLAN changed",
        "VLAN",
        Act.MEND,
    ),
    Fault("VLAN changed by hand", by_hand(hands.on_another_vlan), "service port or VLAN changed", "VLAN", Act.MEND),
    Fault(
        "rates changed by hand",
        by_hand(hands.slowed_down),
        "rates changed on the OLT",
        "64 Mbit/s down instead of 1",
        Act.MEND,
    ),
    Fault("RADIUS told to refuse it", refused_by_radius, "refused by RADIUS", "is told to refuse", Act.NETWORK),
    Fault("router with a wrong password", wrong_password, "wrong password", "wrong password", Act.ASK),
    Fault("router not signed in", signed_out, "router not signed in", "router is not signed in", Act.ASK, Sure.LIKELY),
    Fault("session that its gateway lost", stale_session, "stale session", "still counts", Act.NETWORK, Sure.LIKELY),
    Fault("address given twice", address_twice, "address conflict", "S-000999 as well", Act.NETWORK),
    Fault("address kept for another", reserved_for_another, "address conflict", "S-000998 as well", Act.NETWORK),
    Fault("router with another address", other_address, "wrong address", "100.64.3.99", Act.NETWORK),
    Fault("rates differ in RADIUS", other_rates, "rates differ in RADIUS", "built for", Act.NETWORK),
)
#: These leave something in the records, so that each has a line of its own.
LASTING = (
    Fault("plan change failed at the OLT", plan_change_failed, "plan change failed", "failed at “", Act.RETRY),
    Fault("suspended for debt", shut_for_debt, "suspended for debt", "charges were not paid", Act.RESUME),
    Fault("OLT in maintenance", in_maintenance, "maintenance", "New uplink card.", Act.LOOK_AGAIN),
)


def told(street: Street) -> Iterator[tuple[Fault, Diagnosis]]:
    """Every fault, caused and looked into."""
    ada, *others = street.customers()
    for fault in FAULTS:
        street.put_right(ada)
        fault.done(street, ada)
        yield fault, street.why(ada.service_code)
    for fault, one in zip(LASTING, others, strict=False):
        street.put_right(one)
        fault.done(street, one)
        yield fault, street.why(one.service_code)


def ordered(street: Street) -> Iterator[tuple[Fault, Diagnosis]]:
    """Lines that never were: an order that nobody decided on, and one that waits for its visit."""
    placed = portal.place_application(
        street.plant.door,
        VISITOR,
        premises_code=free_houses(street.plant)[0],
        plan_code="home-500",
        name="Ada Byrne",
        email="ada@example.org",
        phone="+353 85 555 0100",
        consent=True,
    )
    fault = Fault("order never confirmed", nothing, "order never confirmed", "was never confirmed", Act.DECIDE)
    yield fault, street.why(placed.order_code)
    sales.confirm_order(street.plant.door, actor(Role.SALES), order_code=placed.order_code)
    street.plant.work()
    fault = Fault("waits for the installer", nothing, "line not built yet", "Wait for the installer", Act.LOOK_AGAIN)
    yield fault, street.why(placed.order_code)


def test_every_fault_has_its_cause_named_in_plain_words(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [*told(street), *ordered(street)]
    _written(found)
    wrong = [
        (fault.what, why.finding.cause, why.finding.says, why.finding.sure, why.finding.act)
        for fault, why in found
        if (why.finding.cause, why.finding.act, why.finding.sure) != (fault.cause, fault.act, fault.sure)
        or fault.says not in why.finding.says
    ]
    assert wrong == []
    for fault, why in found:
        assert why.final, fault.what
        assert why.finding.to_customer, fault.what
        assert why.finding.advice, fault.what
        bad = [link for link in why.chain if link.how is How.BAD]
        if fault.cause == "healthy":
            assert bad == []
            assert {link.name for link in why.good} >= SEEN
        elif fault.cause not in ELSEWHERE:
            assert bad, (fault.what, why.chain)
    _is_found_by_whatever_is_known(street)
    _is_told_on_a_terminal(street, monkeypatch)


#: What a good line was looked at for.
SEEN = {"Account", "Service", "RADIUS", "OLT", "PON port", "Splitter and drop", "ONT", "Settings on the OLT", "Router"}
#: Causes that break no link that can be seen.
ELSEWHERE = {"maintenance", "OLT does not answer", "OLT busy", "line not built yet"}


def _is_found_by_whatever_is_known(street: Street) -> None:
    one = street.customers()[0]
    label = f"{bytes.fromhex(one.serial[:8]).decode()}{one.serial[8:]}"
    for text in (one.service_code.lower(), one.serial, label, one.address, one.email, one.code, one.phone):
        found = find(street.plant.window, SUPPORT, text=text)
        assert [match.key for match in found] == [one.service_code], text
    assert find(street.plant.window, SUPPORT, text="%") == ()
    assert len(find(street.plant.window, SUPPORT, text="Lane")) > 1


def _is_told_on_a_terminal(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, one = street.plant, street.customers()[-1]
    monkeypatch.setattr(command, "_doors", lambda: Doors(plant.door, plant.window, plant.settings))
    street.put_right(one)
    good = CliRunner().invoke(command.line, ["why", one.service_code])
    assert (good.exit_code, "The line is good" in good.output) == (0, True), good.output
    drop_cut(street, one)
    cut = CliRunner().invoke(command.line, ["why", one.serial, "--json"])
    assert (cut.exit_code, json.loads(cut.output)["finding"]["cause"]) == (1, "drop cut")
    engine.resume(plant.door, NETWORK, what=one.olt)
    plant.lab.fault(one.olt, "unreachable")
    assert CliRunner().invoke(command.line, ["why", one.service_code]).exit_code == 3
    several = CliRunner().invoke(command.line, ["why", "Lane"])
    assert isinstance(several.exception, Refused)
    assert "means" in several.exception.message


def test_slow_olt_holds_nothing_up_and_what_lines_share_has_one_ticket(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, (one, other, *_others) = street.plant, street.customers()
    street.put_right(one)
    street.why(one.service_code)
    plant.lab.fault(one.olt, "slow", factor=200.0)
    looking = asking.look_into(plant.window, SUPPORT, key=one.service_code)
    while looking.seen().radius.pending:
        time.sleep(0.01)
    early = looking.so_far()
    assert "the ONT" in early.reading
    assert {link.name: link.how for link in early.chain}["RADIUS"] is How.GOOD
    assert not early.finding.healthy
    monkeypatch.setitem(asking.LIMITS, "olt", 0.01)
    given_up = looking.so_far()
    assert (given_up.final, given_up.finding.cause) == (True, "OLT does not answer")
    assert any("did not answer within" in missed.why for missed in given_up.missed)
    monkeypatch.undo()
    plant.lab.clear_faults(one.olt)
    assert looking.wait().finding.healthy

    feeder_cut(street, one)
    codes = set()
    for line in (one, other, one):
        told = street.why(line.service_code).finding
        subject = f"{told.common}: {told.cause}"
        about = {"about": line.service_code, "subject": subject, "text": told.says}
        codes.add(support.open_ticket(plant.door, SUPPORT, **about, severity="critical", shared=bool(told.common)))
    assert len(codes) == 1
    notes = [row.text for row in plant.many("SELECT text FROM ticket_notes ORDER BY number")]
    assert [note.partition(" No ")[0] for note in notes] == [notes[0], f"{other.service_code} as well.", notes[0]]
    near = street.why(other.service_code)
    assert near.finding.cause == "feeder cut"
    ticket = records.on_record(plant.window, SUPPORT, key=other.service_code).troubles[0]
    assert (ticket.subject, ticket.own, ticket.same_port) == (subject, False, True)


def _written(found: list[tuple[Fault, Diagnosis]]) -> None:
    head = [
        "| fault, caused for real | cause that was named | what it said | how sure | what to do |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {fault.what} | {why.finding.cause} | {why.finding.says} | {why.finding.sure} | {why.finding.advice} |"
        for fault, why in found
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
