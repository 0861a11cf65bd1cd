"""Lines as a real FreeRADIUS and Kea let them on, against the records; damage is found, and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Network

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.both import Both
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.intake import portal
from isp_lifecycle.views.audit.model import AuditReport, Outcome
from isp_lifecycle.views.audit.outside import Outside, SignOnServer
from isp_lifecycle.views.audit.whole import audit, conflicts
from tests.flows.audit.conftest import ADMIN, Town
from tests.flows.line.acts import day
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.kea import kea_adapter


class Connected:
    """The town, whose lines a real FreeRADIUS and Kea let on."""

    def __init__(self, town: Town, freeradius: FreeRadius, kea_engine: sa.Engine) -> None:
        subnets = {
            IPv4Network(pool.prefix): number for number, pool in enumerate(town.plant.town.pools, 1) if pool.gateway
        }
        self.town, self.kea_engine = town, kea_engine
        kea, radius = kea_adapter(kea_engine, subnets=subnets), freeradius.adapter()
        self.servers: tuple[SignOnServer, ...] = (kea, radius)
        town.plant = replace(town.plant, parts=replace(town.plant.parts, sign_on=Both([kea, radius])))

    def audit(self) -> AuditReport:
        """The audit of records and servers; no OLT is asked."""
        outside: Outside = replace(self.town.outside(), sign_on=self.servers)
        return audit(self.town.plant.window, SYSTEM, outside=outside, devices=False)

    def found(self, code: str) -> list[tuple[str, str, str]]:
        """What it found about one service: kind, server and what is the matter."""
        return [(str(f.kind), f.about, f.what) for f in self.audit().findings if f.key == code]

    def conflicts(self) -> dict[str, tuple[str, str]]:
        """What disagrees about numbers: kind and words, by address."""
        outside: Outside = replace(self.town.outside(), sign_on=self.servers)
        report = conflicts(self.town.plant.window, SYSTEM, outside=outside, devices=False)
        return {f.key: (str(f.kind), f.what) for f in report.findings}

    def kea_run(self, statement: str) -> None:
        """Somebody types at Kea's database."""
        with self.kea_engine.begin() as tx:
            tx.execute(sa.text(statement))


@pytest.fixture
def connected(town: Town, freeradius: FreeRadius, kea_engine: sa.Engine) -> Connected:
    """The town with both servers."""
    return Connected(town, freeradius, kea_engine)


def test_line_that_was_activated_agrees_and_those_taken_over_are_named(connected: Connected) -> None:
    service = connected.town.activated()
    report = connected.audit()
    taken_over = {row.code for row in connected.town.plant.many("SELECT code FROM services")} - {service}
    assert {(f.key, f.about) for f in report.findings} == {
        (code, server) for code in taken_over for server in ("Kea", "FreeRADIUS")
    }
    assert {f.kind for f in report.findings} == {"lost"}
    assert [(seen.what, seen.count) for seen in report.looked_at if seen.what in ("Kea", "FreeRADIUS")] == [
        ("Kea", 1),
        ("FreeRADIUS", 1),
    ]


def test_what_somebody_changed_there_is_named_with_both_sides(connected: Connected, freeradius: FreeRadius) -> None:
    service = connected.town.activated()
    freeradius.write("UPDATE radusergroup SET groupname = 'isp-open-1k-1k'")
    connected.kea_run("UPDATE hosts SET ipv4_address = 1")
    line = connected.town.plant.one("SELECT down_kbps, up_kbps FROM lines ORDER BY built_at DESC LIMIT 1")
    kea, radius = sorted(connected.found(service), key=lambda said: said[1], reverse=True)
    assert (kea[:2], radius[:2]) == (("lost", "Kea"), ("lost", "FreeRADIUS"))
    assert "and stands 0.0.0.1 in subnet" in kea[2]
    assert f"It is to stand there in group isp-open-{line.down_kbps}k-{line.up_kbps}k with" in radius[2]
    assert "and stands in group isp-open-1k-1k with" in radius[2]


def test_line_that_ended_and_is_let_on_still_is_leaked(connected: Connected, freeradius: FreeRadius) -> None:
    service = connected.town.activated()
    plant = connected.town.plant
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    plant.work()
    assert connected.found(service) == []
    freeradius.write(
        "INSERT INTO radusergroup (username, groupname, priority) VALUES (:s, 'isp-open-1k-1k', 1)", s=service
    )
    (leak,) = connected.found(service)
    assert leak[:2] == ("leaked", "FreeRADIUS")
    assert "not to be known there (terminated)" in leak[2]


def test_users_and_hosts_of_others_are_left_alone(connected: Connected, freeradius: FreeRadius) -> None:
    freeradius.write("INSERT INTO radusergroup (username, groupname, priority) VALUES ('router-1', 'isp-staff', 1)")
    connected.kea_run(
        "INSERT INTO hosts (dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, hostname) "
        "VALUES ('\\x01', 0, 1, 'printer')"
    )
    assert not {"router-1", "printer", "PRINTER"} & {f.key for f in connected.audit().findings}


def test_addresses_that_are_really_in_use_are_held_against_the_pools(
    connected: Connected, freeradius: FreeRadius
) -> None:
    service = connected.town.activated()
    plant = connected.town.plant
    own = plant.one("SELECT a.prefix FROM allocations a JOIN services s ON s.id = a.owner WHERE s.code = :c", c=service)
    address = str(own.prefix.network_address)
    freeradius.begin_session(service, "good", address)
    other = plant.one(
        "SELECT s.code, host(a.prefix) AS address FROM allocations a JOIN services s ON s.id = a.owner "
        "WHERE s.code <> :c AND family(a.prefix) = 4 LIMIT 1",
        c=service,
    )
    assert connected.conflicts() == {}
    freeradius.begin_session(service, "s-2", other.address)
    freeradius.begin_session("router-1", "s-3", "100.64.3.200")
    freeradius.begin_session(service, "s-4", "10.9.9.9")
    freeradius.begin_session("router-1", "s-5", "10.9.9.10")  # neither ours nor of a pool: nothing to say
    delegated = "Delegated-IPv6-Prefix = 2001:db8:ff::/56"
    strange = "Framed-IPv6-Address = 2001:db8:2000::ff"  # that of a router to which nothing is delegated
    started = "Acct-Status-Type = Start"
    freeradius.account(f'User-Name = "{service}"', 'Acct-Session-Id = "s-6"', started, delegated, strange)
    connected.kea_run(
        "INSERT INTO lease4 (address, hwaddr, valid_lifetime, expire, subnet_id, state) VALUES "
        "('100.64.3.201'::inet - '0.0.0.0'::inet, '\\x02000000000a', 3600, now() + interval '1 hour', 1, 0), "
        "('100.64.3.202'::inet - '0.0.0.0'::inet, '\\x02000000000b', 3600, now() - interval '1 hour', 1, 0)"
    )
    found = connected.conflicts()
    assert {key: kind for key, (kind, _what) in found.items()} == {
        f"{other.address}/32": "doubled",
        "100.64.3.200/32": "leaked",
        "10.9.9.9/32": "lost",
        "100.64.3.201/32": "leaked",
        "2001:db8:ff::/56": "leaked",
        "2001:db8:2000::ff/128": "leaked",
    }
    gateway = "on gateway 127.0.0.1"
    assert found[f"{other.address}/32"][1] == (
        f"By FreeRADIUS {service} has it, in session s-2 {gateway}; on record it is assigned for {other.code}."
    )
    assert found["100.64.3.200/32"][1].endswith("pool cgnat-1 counts it as free or keeps it out.")
    assert found["100.64.3.201/32"][1].startswith("By Kea 02:00:00:00:00:0a has it, leased to 02:00:00:00:00:0a until ")
    assert found["10.9.9.9/32"][1].endswith("; it is of no pool.")


def test_address_that_rests_and_is_still_used_is_a_conflict(connected: Connected, freeradius: FreeRadius) -> None:
    service = connected.town.activated()
    plant = connected.town.plant
    own = plant.one("SELECT a.prefix FROM allocations a JOIN services s ON s.id = a.owner WHERE s.code = :c", c=service)
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    plant.work()
    freeradius.begin_session(service, "late", str(own.prefix.network_address))
    found = connected.conflicts()
    assert len(found) == 1, found
    ((key, (kind, what)),) = found.items()
    assert (key, kind) == (str(own.prefix), "leaked")
    assert "it was released and rests until" in what


def test_server_that_does_not_answer_leaves_the_audit_incomplete(connected: Connected, freeradius: FreeRadius) -> None:
    with _renamed(freeradius):
        report = connected.audit()
    assert report.outcome is Outcome.INCOMPLETE
    (missed,) = report.not_looked_at
    assert (missed.what, "ISP_RADIUS__DATABASE_URL" in missed.remedy) == ("FreeRADIUS", True)


def test_without_servers_the_audit_says_so(connected: Connected) -> None:
    report = audit(connected.town.plant.window, SYSTEM, outside=connected.town.outside(), devices=False)
    notes = {note.about: note.what for note in report.notes}
    assert notes["RADIUS and DHCP"] == "No RADIUS or DHCP is connected; nothing was written."


@contextmanager
def _renamed(freeradius: FreeRadius) -> Iterator[None]:
    """A table is not where it is looked for."""
    freeradius.write("ALTER TABLE radusergroup RENAME TO elsewhere")
    yield
    freeradius.write("ALTER TABLE elsewhere RENAME TO radusergroup")
