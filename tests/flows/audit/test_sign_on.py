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
from isp_lifecycle.views.audit.whole import audit
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
