"""Customers with the lines that they already have, exactly as these stand on the devices (CSV).

Each row takes over one running service: customer, service, line as built, address, VLAN, and charging from the
current month on. Nothing is asked of a device and no event says that a line became active: it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from isp_lifecycle.billing import actions as billing
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Customer, Premises
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.terms import Family, Policy
from isp_lifecycle.foundation.texts import ENGLISH, say
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.errors import PremisesServed
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.errors import DiffersFromRecord, NotInPlant, RowWrong
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, LineSource, Route, Service, ServiceState
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.errors import AddressTaken, AddressWrong, NoSuchPool, OtherAddressHeld

#: What a VLAN of lines is noted for; the same word that an activation uses.
PURPOSE = "internet"


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A running service as the file has it."""

    customer_code: str
    name: str
    email: str
    phone: str
    premises_code: str
    plan_code: str
    since: date
    olt: str
    pon_port: str
    ont_id: int
    serial: str
    vlan: int
    service_port: int
    address: str
    service_code: str
    ipv6_prefix: str | None
    language: str | None = None

    @property
    def key(self) -> str:
        """The service's code: a customer may have several services."""
        return self.service_code


def read(cells: Cells) -> CustomerRow:
    """Read one customer's service."""
    return CustomerRow(
        customer_code=cells.text("customer_code"),
        name=cells.text("name"),
        email=cells.text("email"),
        phone=cells.text("phone"),
        premises_code=cells.text("premises_code"),
        plan_code=cells.text("plan_code"),
        since=cells.day("since"),
        olt=cells.text("olt"),
        pon_port=cells.text("pon_port"),
        ont_id=cells.integer("ont_id"),
        serial=cells.text("serial"),
        vlan=cells.integer("vlan"),
        service_port=cells.integer("service_port"),
        address=cells.text("address"),
        service_code=cells.text("service_code"),
        ipv6_prefix=cells.maybe_text("ipv6_prefix"),
        language=cells.maybe_text("language"),
    )


def put(act: Act, row: CustomerRow, known: Known) -> Landed:
    """Take the service over, or find it as the file has it; a service in use is never changed by a file."""
    if row.since > act.today:
        raise RowWrong(
            field="since",
            value=row.since,
            message=say("It lies ahead."),
            remedy=say("Import lines that are in use; order the others."),
        )
    premises = customers.premises_by_code(tx=act.tx, code=row.premises_code)
    route = _route(row, premises, known)
    customer, notes = _customer(act, row)
    service, made = _service(act, row, customer, premises, known)
    changes = {
        Change.CREATED if made else Change.SAME,
        _line(act, row, service, premises, route),
        _numbers(act, row, service),
    }
    if made:
        _charge(act, row, service)
        return Landed(change=Change.CREATED, notes=notes)
    return Landed(change=Change.SAME if changes == {Change.SAME} else Change.CHANGED, notes=notes)


def _customer(act: Act, row: CustomerRow) -> tuple[Customer, tuple[str, ...]]:
    """The customer, known by the e-mail address; what is on record of their name and number is kept."""
    found = customers.register_customer(
        tx=act.tx,
        name=row.name,
        email=row.email,
        phone=row.phone,
        at=act.at,
        code=row.customer_code,
        language=row.language or ENGLISH,
    )
    if found.customer.code != row.customer_code:
        raise RowWrong(
            field="customer_code",
            value=row.customer_code,
            message=say("{email} is customer {code}.", email=row.email, code=found.customer.code),
            remedy=say("Correct the code or the e-mail address."),
        )
    return found.customer, tuple(
        f"The {d.field} on record, {d.held!r}, was kept; the file says {d.given!r}." for d in found.kept
    )


def _route(row: CustomerRow, premises: Premises, known: Known) -> Route:
    """The way to the premises, which must begin at the PON port that the row names."""
    known.require_pon_port(olt=row.olt, port=row.pon_port)
    if premises.splitter_code is None:
        raise NotInPlant(
            field="premises_code",
            value=premises.code,
            message=say("{address} hangs on no splitter, so its line has no way.", address=premises.address),
            remedy=say("Import the premises with its splitter first."),
        )
    route = known.route(premises.splitter_code, drop_m=premises.drop_m or 0)
    if (route.olt.name, route.pon_port.port) != (row.olt, row.pon_port):
        raise NotInPlant(
            field="pon_port",
            value=f"{row.olt} {row.pon_port}",
            message=say(
                "By the plant, {address} hangs on {name} {port}.",
                address=premises.address,
                name=route.olt.name,
                port=route.pon_port.port,
            ),
            remedy=say("Correct the row, or the splitter of the premises."),
        )
    return route


def _service(act: Act, row: CustomerRow, customer: Customer, premises: Premises, known: Known) -> tuple[Service, bool]:
    """The service of that code, and whether it was made just now."""
    for other in inventory.services_at(tx=act.tx, premises_id=premises.id):
        if other.code != row.service_code and other.state is not ServiceState.TERMINATED:
            raise PremisesServed(premises.address, other.code)
    plan = known.plan(row.plan_code)
    service = inventory.open_service(
        tx=act.tx,
        customer_id=customer.id,
        premises_id=premises.id,
        # A line that has no IPv6 prefix yet gets it by an address change.
        terms=catalog.terms_of(plan) if row.ipv6_prefix else replace(catalog.terms_of(plan), ipv6_policy=None),
        at=start_of(row.since, zone=act.settings.company.tz),
        code=row.service_code,
    )
    if service.state is ServiceState.PENDING and service.order_id is None:
        return inventory.activate_service(tx=act.tx, service_id=service.id, on=row.since), True
    _compare(row, service)
    return service, False


def _compare(row: CustomerRow, service: Service) -> None:
    """Refuse a row that would change a service in use."""
    held_and_given: tuple[tuple[str, object, object], ...] = (
        ("plan_code", service.terms.plan_code, row.plan_code),
        ("since", service.active_on, row.since),
    )
    for field, held, given in held_and_given:
        if held != given:
            raise DiffersFromRecord(field=field, given=given, held=held, service=service.code)
    if service.state is ServiceState.TERMINATED:
        raise DiffersFromRecord(field="service_code", given=say("in use"), held=say("ended"), service=service.code)


def _line(act: Act, row: CustomerRow, service: Service, premises: Premises, route: Route) -> Change:
    """The line as it stands on the device. One that came by a file is corrected by a file; one built here is not."""
    held = inventory.line_of_service(tx=act.tx, service_id=service.id)
    serial = Serial.parse(row.serial).normal
    if held is not None and held.source is LineSource.ACTIVATION:
        _compare_line(row, held, serial, service)
        return Change.SAME
    return inventory.record_line(
        tx=act.tx,
        line=Line(
            service_id=service.id,
            olt_id=route.olt.id,
            pon_port=row.pon_port,
            ont_id=row.ont_id,
            serial=serial,
            vlan=row.vlan,
            service_port=row.service_port,
            down_kbps=service.terms.down_kbps,
            up_kbps=service.terms.up_kbps,
            expected_rx_dbm=route.expected_rx_dbm,
            measured_rx_dbm=held.measured_rx_dbm if held else None,
            splitter_code=premises.splitter_code,
            splitter_port=premises.splitter_port,
            built_at=start_of(row.since, zone=act.settings.company.tz),
            source=LineSource.IMPORT,
        ),
    ).change


def _compare_line(row: CustomerRow, held: Line, serial: str, service: Service) -> None:
    held_and_given: tuple[tuple[str, object, object], ...] = (
        ("pon_port", held.pon_port, row.pon_port),
        ("ont_id", held.ont_id, row.ont_id),
        ("serial", held.serial, serial),
        ("vlan", held.vlan, row.vlan),
        ("service_port", held.service_port, row.service_port),
    )
    for field, here, there in held_and_given:
        if here != there:
            raise DiffersFromRecord(field=field, given=there, held=here, service=service.code)


def _numbers(act: Act, row: CustomerRow, service: Service) -> Change:
    """The address that the line uses, its IPv6 prefix where it has one, and its VLAN."""
    vlan = ipam.reserve_vlan(tx=act.tx, olt=row.olt, number=row.vlan, purpose=PURPOSE, at=act.at)
    changes = {vlan.change, _adopted(act, service, "address", row.address, service.terms.address_policy)}
    if row.ipv6_prefix:
        changes.add(_adopted(act, service, "ipv6_prefix", row.ipv6_prefix, service.terms.ipv6_policy))
    return Change.SAME if changes == {Change.SAME} else Change.CHANGED


def _adopted(act: Act, service: Service, field: str, given: str, wanted: Policy | None) -> Change:
    """Put on record that the service uses this, which must be of the kind that its terms come with."""
    before = {ipam.allocation_of(tx=act.tx, owner=service.id, family=family) for family in Family}
    try:
        held = ipam.adopt(tx=act.tx, owner=service.id, address=given.partition("/")[0], at=act.at)
    except OtherAddressHeld as error:
        raise DiffersFromRecord(field=field, given=given, held=error.held, service=service.code) from None
    except AddressTaken as error:
        raise _with_code(act, error, field, given) from None
    except (AddressWrong, NoSuchPool) as error:
        raise RowWrong(field=field, value=given, message=error.message, remedy=error.remedy) from None
    if held.policy is not wanted:
        raise RowWrong(
            field=field,
            value=given,
            message=say(
                "Pool {pool} gives {policy} addresses, the plan comes with {kind}.",
                pool=held.pool,
                policy=held.policy,
                kind=_kind(wanted),
            ),
            remedy=say("Correct the address or the plan."),
        )
    return Change.SAME if held in before else Change.CHANGED


def _kind(policy: Policy | None) -> str:
    return f"a {policy} one" if policy else "none"


def _with_code(act: Act, error: AddressTaken, field: str, address: str) -> RowWrong | AddressTaken:
    """The refusal with the code of the service that has the address, which is what a person can look for."""
    if error.owner is None:
        return error
    try:
        other = inventory.service_by_id(tx=act.tx, service_id=error.owner)
    except NotFound:
        return error
    return RowWrong(
        field=field,
        value=address,
        message=say("It is the address of service {code}.", code=other.code),
        remedy=say("Correct the address, or first release it there."),
    )


def _charge(act: Act, row: CustomerRow, service: Service) -> None:
    """Charge from the current month on: all of it, or from the first day of a line that began in it."""
    terms = service.terms
    if (row.since.year, row.since.month) == (act.today.year, act.today.month):
        billing.start_charging(
            tx=act.tx,
            customer_id=service.customer_id,
            service_id=service.id,
            plan_name=terms.plan_name,
            price=terms.price,
            on=row.since,
            at=act.at,
        )
        return
    billing.charge_month(
        tx=act.tx,
        customer_id=service.customer_id,
        service_id=service.id,
        plan_name=terms.plan_name,
        price=terms.price,
        month=act.today,
        at=act.at,
    )


CUSTOMERS = Kind(
    name="customers",
    title="Customers and their lines",
    form=Form.CSV,
    level=Level(
        name="customers",
        key="service_code",
        columns=(
            Column(name="customer_code", meaning="C- and at least six digits"),
            Column(name="name", meaning="person or company"),
            Column(name="email", meaning="e-mail address; one customer has one"),
            Column(name="phone", meaning="telephone number"),
            Column(name="premises_code", meaning="premises on record, with its splitter"),
            Column(name="plan_code", meaning="plan on record"),
            Column(name="since", meaning="first day of the service, such as 2024-03-18"),
            Column(name="olt", meaning="name of the OLT"),
            Column(name="pon_port", meaning="frame/slot/port, such as 0/1/0"),
            Column(name="ont_id", meaning="the ONT's number on the port"),
            Column(name="serial", meaning="the ONT's serial number, 16 hex digits or as on the label"),
            Column(name="vlan", meaning="VLAN of the line"),
            Column(name="service_port", meaning="index of the service port on the OLT"),
            Column(name="address", meaning="IPv4 address, or the first address of the block"),
            Column(name="service_code", meaning="S- and at least six digits; the ONT's description on the OLT"),
            Column(name="ipv6_prefix", meaning="the delegated prefix, such as 2001:db8:0:100::/56", required=False),
            Column(name="language", meaning="in which they are written to: en (if empty) or de", required=False),
        ),
    ),
    read=read,
    put=put,
    renamed={
        "code": "customer_code",
        "premises": "premises_code",
        "plan": "plan_code",
        "OLT": "olt",
        "PON port": "pon_port",
        "port": "pon_port",
        "splitter": "premises_code",
        "splitter_port": "premises_code",
    },
)
