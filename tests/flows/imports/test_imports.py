"""Imports on a real database: what they create, that twice is once, and that each bad row names itself."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.billing import actions as billing
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.terms import Family, Ipv6Policy
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.errors import KindUnknown
from isp_lifecycle.intake.imports.files import apply, preview
from isp_lifecycle.intake.imports.kinds import KINDS
from isp_lifecycle.intake.imports.model import Imported, ImportFile
from isp_lifecycle.intake.portal import ask_plan_change
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import LineSource, ServiceState
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.lab.town import Town, write_files

#: What a complete import of the small town below creates.
CREATED = {
    "plans": 4, "pools": 5, "nats": 1, "closures": 60, "plant": 62, "splitters": 48, "premises": 24, "staff": 14,
    "customers": 6,
}  # fmt: skip

type Put = Callable[..., Imported]


@pytest.fixture(scope="session")
def town(town: Town) -> Town:
    """Six customers of the town and the premises around them: as many as a quick test needs."""
    some = town.customers[:6]
    wired = {c.premises_code for c in some}
    others = [p for p in town.premises if p.code not in wired]
    homes = [p for p in town.premises if p.code in wired]
    unserved = [p for p in others if p.outlet is None][:2]
    free = [p for p in others if p.outlet is not None][:16]
    return replace(town, customers=some, premises=tuple(homes + free + unserved))


@pytest.fixture
def put(door: Door, administrator: Actor, files: Path) -> Put:
    """Import a file of the town, or the given content."""

    def do(kind: str, content: bytes | None = None, *, dry: bool = False) -> Imported:
        name = f"{kind}.{KINDS[kind].form}"
        file = ImportFile(name, content if content is not None else (files / name).read_bytes())
        return (preview if dry else apply)(door, administrator, kind=kind, file=file)

    return do


@pytest.fixture
def loaded(put: Put) -> Put:
    """The whole town is there."""
    for kind in KINDS:
        assert put(kind).errors == ()
    return put


def counted(done: Imported) -> tuple[int, int, int, int]:
    return done.count(Change.CREATED), done.count(Change.CHANGED), done.count(Change.SAME), done.rejected


def rows_of(engine: sa.Engine) -> dict[str, int]:
    """How many rows each table has, but for the audit, which tells of each look, too."""
    tables = ("plans", "pools", "olts", "splitters", "premises", "users", "engineers", "customers", "services")
    tables += ("lines", "allocations", "vlans", "charges", "events", "deliveries")
    with engine.connect() as connection:
        return {t: connection.execute(sa.text(f"SELECT count(*) FROM {t}")).scalar_one() for t in tables}


def customer_rows(files: Path, **changed: str) -> bytes:
    """The town's first customer with some cells changed."""
    with (files / "customers.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    target = io.StringIO()
    writer = csv.DictWriter(target, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row | changed)
    return target.getvalue().encode()


def document(files: Path, kind: str) -> Any:
    return yaml.safe_load((files / f"{kind}.yaml").read_text())


def as_yaml(value: Any) -> bytes:
    return yaml.safe_dump(value, sort_keys=False).encode()


# --- once and again ---


def test_importing_the_town_creates_everything_and_twice_changes_nothing(put: Put, engine: sa.Engine) -> None:
    created = {kind: (CREATED[kind], 0, 0, 0) for kind in KINDS}
    created["splitters"] = (0, CREATED["splitters"], 0, 0)  # the plant's file has them, without their closures
    assert {kind: counted(put(kind)) for kind in KINDS} == created
    before = rows_of(engine)
    assert {kind: counted(put(kind)) for kind in KINDS} == {kind: (0, 0, CREATED[kind], 0) for kind in KINDS}
    assert rows_of(engine) == before


def test_a_preview_tells_what_happens_then_and_writes_nothing(put: Put, engine: sa.Engine) -> None:
    for kind in KINDS:
        before = rows_of(engine)
        told = put(kind, dry=True)
        assert rows_of(engine) == before
        done = put(kind)
        assert (told.rows, told.applied, done.applied) == (done.rows, False, True)


def test_an_imported_line_is_in_use_as_it_stands_on_the_device(
    loaded: Put, engine: sa.Engine, town: Town, door: Door, clock: PushableClock
) -> None:
    zone = door.settings.company.tz
    with read(engine) as tx:
        for given in town.customers:
            service = inventory.service_by_code(tx=tx, code=given.service_code)
            assert (service.state, service.active_on) == (ServiceState.ACTIVE, given.since)
            line = inventory.line_of_service(tx=tx, service_id=service.id)
            assert line is not None
            assert (line.pon_port, line.ont_id, line.serial, line.vlan, line.service_port, line.source) == (
                *(given.pon_port, given.ont_id, given.serial, given.vlan, given.service_port),
                LineSource.IMPORT,
            )
            assert -27 < line.expected_rx_dbm < -10
            held = ipam.allocation_of(tx=tx, owner=service.id)
            assert held is not None
            assert given.address in (str(held.address), str(held.prefix.network_address))
            assert customers.customer_by_id(tx=tx, customer_id=service.customer_id).email == given.email
            (charge,) = billing.charges_of(tx=tx, service_id=service.id)
            month = clock.now().astimezone(zone).date().replace(day=1)
            assert (charge.period.first, charge.amount) == (month, service.terms.price)
        assert {v.number for v in ipam.vlans(tx=tx, olt="OLT-NORTH")} <= {100, 200, 300}
    assert rows_of(engine)["events"] == 0, "a line that was there did not become active"


def test_the_plan_of_an_imported_line_can_be_changed(loaded: Put, door: Door, town: Town) -> None:
    some = next(c for c in town.customers if c.plan_code == "home-100")
    system = Actor(None, "sam", "Sam", Role.SALES, ROLES[Role.SALES], "staff")
    placed = ask_plan_change(
        door, system, service_code=some.service_code, plan_code="home-500", wanted_on=date(2026, 4, 1)
    )
    assert placed.order_code == "O-000001"


def test_an_imported_line_that_began_this_month_is_charged_from_its_first_day(
    put: Put, files: Path, engine: sa.Engine
) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    assert counted(put("customers", customer_rows(files, since="2026-03-17", plan_code="pro-500"))) == (1, 0, 0, 0)
    with read(engine) as tx:
        service = inventory.service_by_code(tx=tx, code="S-000001")
        (charge,) = billing.charges_of(tx=tx, service_id=service.id)
    assert (charge.period.first, charge.period.last) == (date(2026, 3, 17), date(2026, 3, 31))
    assert charge.amount.amount == (Decimal("59.00") * 15 / 31).quantize(Decimal("0.01"))


def test_a_changed_file_changes_what_differs_and_only_that(loaded: Put, files: Path) -> None:
    plans = document(files, "plans")
    plans["plans"][0]["price"] = "31.90"
    done = loaded("plans", as_yaml(plans))
    assert counted(done) == (0, 1, 3, 0)
    assert [row.key for row in done.rows if row.change is Change.CHANGED] == ["home-100"]


def test_a_line_that_came_by_a_file_is_corrected_by_a_file(loaded: Put, files: Path, engine: sa.Engine) -> None:
    assert counted(loaded("customers", customer_rows(files, serial="HWTC-00C0FFEE"))) == (0, 1, 0, 0)
    with read(engine) as tx:
        line = inventory.line_by_serial(tx=tx, serial="4857544300C0FFEE")
    assert line is not None


def test_what_people_gave_otherwise_is_kept_and_told(loaded: Put, files: Path) -> None:
    done = loaded("customers", customer_rows(files, phone="+353 20 910 0000"))
    assert counted(done) == (0, 0, 1, 0)
    (note,) = done.rows[0].notes
    assert note.startswith("The phone on record, ")
    assert note.endswith("was kept; the file says '+353 20 910 0000'.")


# --- bad rows ---


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"plan_code": "home-9"}, "plan_code", "There is no plan home-9."),
        ({"premises_code": "P-99999"}, "premises_code", "There is no premises P-99999."),
        ({"olt": "OLT-EAST"}, "olt", "There is no OLT OLT-EAST."),
        ({"pon_port": "0/7/7"}, "pon_port", "There is no PON port "),
        ({"service_code": "S12"}, "service_code", "'S12' is not a code like S-000123."),
        ({"customer_code": "K-000001"}, "customer_code", "'K-000001' is not a code like C-000123."),
        ({"email": "nobody"}, "email", "The e-mail address 'nobody' is not valid"),
        ({"serial": "XYZ"}, "serial", "serial 'XYZ' is not an ONT serial number."),
        ({"ont_id": "300"}, "ont_id", "Line: ont_id is 300, but must be 0 to 255."),
        ({"vlan": "4095"}, "vlan", "Line: vlan is 4095, but must be 2 to 4094."),
        ({"address": "192.0.2.9"}, "address", "Address 192.0.2.9 belongs to no pool."),
        ({"address": "198.51.100.1"}, "address", "Address 198.51.100.1 of pool static-1 cannot be taken"),
        ({"address": "100.64.0.9"}, "address", "Pool cgnat-1 gives dynamic addresses"),
        ({"since": "2026-03-19"}, "since", "It lies ahead."),
    ],
)
def test_a_bad_customer_is_named_by_line_field_and_value(
    put: Put, files: Path, engine: sa.Engine, changed: dict[str, str], field: str, says: str
) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    before = rows_of(engine)
    done = put("customers", customer_rows(files, **changed))
    (error,) = done.errors
    assert (error.line, error.field) == (2, field)
    assert error.value == changed[field]
    assert error.what.startswith(says)
    assert error.remedy
    assert rows_of(engine) == before, "nothing of a bad row stays"


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("serial", "is on record for service S-000002."),
        ("address", "It is the address of service S-000002."),
    ],
)
def test_what_another_service_has_is_refused_and_that_service_named(
    put: Put, files: Path, town: Town, column: str, says: str
) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    with (files / "customers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert counted(put("customers", _table([rows[1]]))) == (1, 0, 0, 0)
    (error,) = put("customers", _table([rows[0] | {column: rows[1][column]}])).errors
    assert (error.field, error.value) == (column, rows[1][column])
    assert error.what.endswith(says)


def _table(rows: list[dict[str, str]]) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


@pytest.mark.parametrize(("column", "value"), [("plan_code", "home-100"), ("since", "2024-01-01")])
def test_a_service_in_use_is_not_changed_by_a_file(loaded: Put, files: Path, column: str, value: str) -> None:
    (error,) = loaded("customers", customer_rows(files, **{column: value})).errors
    assert (error.field, error.value) == (column, value)
    assert error.what.startswith(f"Service S-000001 has {column} ")


def test_a_line_elsewhere_than_the_plant_says_is_refused(put: Put, files: Path, town: Town) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    first = town.customers[0]
    other = next(p.port for o in town.olts if o.name == first.olt for p in o.pon_ports if p.port != first.pon_port)
    (error,) = put("customers", customer_rows(files, pon_port=other)).errors
    assert (error.field, error.value) == ("pon_port", other)
    assert error.what.endswith(f"hangs on {first.olt} {first.pon_port}.")


def test_premises_behind_an_unknown_splitter_or_port_are_refused(put: Put, files: Path) -> None:
    put("plant")
    with (files / "premises.csv").open(newline="") as file:
        first, second = list(csv.DictReader(file))[:2]
    first["splitter_code"], second["splitter_port"] = "XX9", "99"
    errors = put("premises", _table([first, second])).errors
    assert [(e.line, e.field, e.value) for e in errors] == [(2, "splitter_code", "XX9"), (3, "splitter_port", "99")]
    assert errors[0].what == "There is no splitter XX9."
    assert errors[1].what.endswith("has 8 ports.")


def test_a_line_comes_with_its_delegated_prefix_and_keeps_it(
    put: Put, files: Path, engine: sa.Engine, town: Town
) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    plans = document(files, "plans")
    home = next(p for p in plans["plans"] if p["code"] == town.customers[0].plan_code)
    home["ipv6_policy"] = "pd56"
    put("plans", as_yaml(plans))
    with (files / "customers.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    row["ipv6_prefix"] = "2001:db8:0:4200::/56"
    assert counted(put("customers", _table([row]))) == (1, 0, 0, 0)
    assert counted(put("customers", _table([row]))) == (0, 0, 1, 0)
    with read(engine) as tx:
        service = inventory.service_by_code(tx=tx, code=row["service_code"])
        held = ipam.allocation_of(tx=tx, owner=service.id, family=Family.IPV6)
    assert (service.terms.ipv6_policy, held and held.shown) == (Ipv6Policy.PD56, "2001:db8:0:4200::/56")
    for wrong, what in (
        ("2001:db8:0:4300::/56", "on record"),
        ("2001:db8:1000::/48", "on record"),
        ("2001:db9::", "belongs to no pool"),
        ("2001:", "is not an IP address"),
    ):
        (error,) = put("customers", _table([row | {"ipv6_prefix": wrong}])).errors
        assert (error.field, what in error.what) == ("ipv6_prefix", True), error


def test_an_overlapping_prefix_is_refused_and_the_other_pool_named(loaded: Put) -> None:
    pools = {"pools": [{"name": "more", "policy": "dynamic", "prefix": "100.64.2.0/24"}]}
    (error,) = loaded("pools", as_yaml(pools)).errors
    assert (error.line, error.field, error.value) == (4, "prefix", "100.64.2.0/24")
    assert error.what == "Pool more (100.64.2.0/24) overlaps pool cgnat-1 (100.64.0.0/22)."


def test_a_nat_that_leaves_no_room_and_one_that_is_mistyped_are_refused_by_field(put: Put) -> None:
    good = {"name": "n", "inside": "100.64.0.0/24", "outside": "192.0.2.0/29", "ports": 1000, "excluded": "5060-5061"}
    wrong = [good | {"outside": "192.0.2.0/31"}, good | {"inside": "100.64.0.1/24"}, good | {"excluded": "sip"}]
    done = put("nats", as_yaml({"nats": [row | {"name": f"n{n}"} for n, row in enumerate(wrong)]}))
    assert [e.field for e in done.errors] == ["outside", "inside", "excluded"]
    assert done.errors[0].what == "NAT n0: outside is '192.0.2.0/31', but must be room for 256 blocks of 1000, not 128."
    assert counted(put("nats", as_yaml({"nats": [good]}))) == (1, 0, 0, 0)
    assert counted(put("nats", as_yaml({"nats": [good | {"ports": 500}]}))) == (0, 1, 0, 0)


def test_a_bad_splitter_is_rejected_inside_its_olt_and_can_be_corrected_there(put: Put, files: Path) -> None:
    plant = document(files, "plant")
    plant["olts"][0]["pon_ports"][0]["splitters"][1]["ratio"] = 7
    done = put("plant", as_yaml(plant))
    assert (counted(done)[0], done.rejected) == (61, 1)
    (error,) = done.errors
    assert (error.field, error.value) == ("ratio", "7")
    rejected = yaml.safe_load(done.rejected_text)
    (olt,) = rejected["olts"]
    (port,) = olt["pon_ports"]
    (splitter,) = port["splitters"]
    assert splitter["error"].startswith("ratio: ")
    splitter["ratio"] = 8
    assert counted(put("plant", as_yaml(rejected))) == (1, 0, 2, 0)


def test_good_rows_are_imported_although_others_are_bad(put: Put, files: Path) -> None:
    for kind in ("plans", "pools", "plant", "premises"):
        put(kind)
    with (files / "customers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    bad = [dict(row) for row in rows]
    bad[2]["plan_code"], bad[4]["since"] = "gone", "yesterday"
    done = put("customers", _table(bad))
    assert counted(done) == (4, 0, 0, 2)
    rejected = list(csv.DictReader(io.StringIO(done.rejected_text)))
    assert [row["service_code"] for row in rejected] == ["S-000003", "S-000005"]
    assert [row["error"] for row in rejected] == ["plan_code: There is no plan gone.", "since: It is not a date."]
    rejected[0]["plan_code"], rejected[1]["since"] = rows[2]["plan_code"], rows[4]["since"]
    assert counted(put("customers", _table(rejected))) == (2, 0, 0, 0)
    assert counted(put("customers")) == (0, 0, 6, 0)


def test_bad_closures_and_splitters_are_named_with_field_and_value(put: Put, files: Path) -> None:
    for kind in ("closures", "plant"):
        put(kind)
    with (files / "closures.csv").open(newline="") as file:
        closures = [dict(row) for row in csv.DictReader(file)][:2]
    closures[0]["splices"], closures[1]["latitude"] = "5000", "north"
    done = put("closures", _table(closures))
    assert [(e.line, e.field, e.value) for e in done.errors] == [(2, "splices", "5000"), (3, "latitude", "north")]
    with (files / "splitters.csv").open(newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    bad = [dict(rows[0]) for _ in range(4)]
    bad[0] |= {"code": "N1", "closure": "SC-GONE"}
    bad[1] |= {"code": "N2", "through": "JC-HB1:much"}
    bad[2] |= {"code": "N3", "through": "JC-HB1:9"}
    bad[3] |= {"code": "N4", "closure": "JC-HB1", "ratio": "16"}
    done = put("splitters", _table([*bad, rows[0]]))
    assert counted(done) == (0, 1, 0, 4)
    assert [(e.line, e.field, e.value) for e in done.errors] == [
        (2, "closure", "SC-GONE"), (3, "through", "JC-HB1:much"), (4, "through", "JC-HB1:9"), (5, "closure", "JC-HB1"),
    ]  # fmt: skip
    assert "room for 12 splices" in done.errors[3].what


def test_a_key_that_comes_twice_is_named_with_the_line_of_the_first(put: Put, files: Path) -> None:
    put("plant")
    with (files / "premises.csv").open(newline="") as file:
        first = next(csv.DictReader(file))
    done = put("premises", _table([first, first]))
    assert counted(done) == (1, 0, 0, 1)
    (error,) = done.errors
    assert (error.line, error.field, error.value) == (3, "premises_code", first["premises_code"])
    assert error.what == f"Line 2 is about {first['premises_code']} already."


def test_staff_become_accounts_without_a_password_and_installers_engineers(loaded: Put, engine: sa.Engine) -> None:
    with engine.connect() as connection:
        users = connection.execute(sa.text("SELECT role, password_hash IS NULL FROM users")).all()
        engineers = connection.execute(sa.text("SELECT area FROM engineers WHERE active ORDER BY 1")).scalars().all()
    assert {empty for _role, empty in users} == {True}
    assert Counter(role for role, _ in users)["installer"] == 4
    assert engineers == ["Harbour", "Hillcrest", "Millside", "Old Town"]


def test_somebody_who_is_no_installer_any_more_gets_no_visits(loaded: Put, files: Path, engine: sa.Engine) -> None:
    staff = document(files, "staff")
    installer = next(s for s in staff["staff"] if s["role"] == "installer")
    installer["role"] = "dispatcher"
    assert counted(loaded("staff", as_yaml(staff))) == (0, 1, 13, 0)
    with engine.connect() as connection:
        active = connection.execute(
            sa.text("SELECT active FROM engineers WHERE username = :u"), {"u": installer["username"]}
        ).scalar_one()
    assert active is False


@pytest.mark.parametrize("role", ["customer", "system", "applicant", "owner"])
def test_a_role_that_is_not_a_staffs_is_refused(put: Put, role: str) -> None:
    row = {"username": "x", "name": "X Y", "role": role, "email": "x@y.example"}
    (error,) = put("staff", as_yaml({"staff": [row]})).errors
    assert (error.line, error.field, error.value) == (4, "role", role)


# --- the door ---


def test_an_import_is_permitted_to_few_and_audited_with_the_files_hash(put: Put, door: Door, engine: sa.Engine) -> None:
    clerk = Actor(None, "sam", "Sam", Role.SALES, ROLES[Role.SALES], "staff")
    with pytest.raises(Forbidden):
        apply(door, clerk, kind="plans", file=ImportFile("plans.yaml", b""))
    put("plans")
    with engine.connect() as connection:
        ((action, subject, detail),) = connection.execute(
            sa.text("SELECT action, subject_id, detail FROM audit WHERE action <> 'refused'")
        ).all()
    assert (action, subject) == ("files.apply", "plans")
    assert detail["file"].startswith("plans.yaml, ")
    assert "SHA-256" in detail["file"]


def test_an_unknown_kind_is_refused_with_those_that_there_are(door: Door, administrator: Actor) -> None:
    with pytest.raises(KindUnknown) as caught:
        preview(door, administrator, kind="invoices", file=ImportFile("x", b""))
    assert (
        caught.value.remedy
        == "Choose one of plans, pools, nats, closures, plant, splitters, premises, staff, customers."
    )


def test_the_town_written_again_is_the_same(loaded: Put, town: Town, tmp_path: Path) -> None:
    write_files(town, tmp_path)
    for kind in KINDS:
        assert counted(loaded(kind, (tmp_path / f"{kind}.{KINDS[kind].form}").read_bytes()))[2] == CREATED[kind]
