"""What staff see of a service: its line, what is coming, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from isp_lifecycle.drivers.errors import SerialMalformed
from isp_lifecycle.drivers.values import Serial
from isp_lifecycle.foundation.terms import Family, Terms
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.common import ADDRESS, TimelineRow, timeline_of, title_of
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class UnderWay:
    """A change of the line that is coming, or goes on: ``can_withdraw`` while it has not begun."""

    order_code: str
    words: str
    state: str
    on: date | None
    can_withdraw: bool


@dataclass(frozen=True)
class ServiceDetail:
    """One service with its line as built. Levels are dBm; ``suspended`` says since when, how and why."""

    service_code: str
    customer: str
    customer_code: str
    address: str
    state: str
    plan_code: str
    plan_name: str
    down_kbps: int
    up_kbps: int
    price: str
    address_policy: str
    active_on: date | None
    ip_address: str | None
    seen_as: str | None
    ipv6_prefix: str | None
    ipv6_policy: str | None
    place: str | None
    serial: str | None
    vlan: int | None
    line_down_kbps: int | None
    line_up_kbps: int | None
    expected_rx_dbm: float | None
    measured_rx_dbm: float | None
    suspended_on: date | None
    suspended: str | None
    under_way: tuple[UnderWay, ...]
    timeline: tuple[TimelineRow, ...]
    ipv6_address: str | None = None
    """The router's own, beside the delegated prefix."""


_ONE = f"""
    SELECT s.id, c.name, c.code AS customer_code, {ADDRESS} AS address, o.name AS olt, l.*
    FROM services s JOIN customers c ON c.id = s.customer_id JOIN premises p ON p.id = s.premises_id
    LEFT JOIN lines l ON l.service_id = s.id LEFT JOIN olts o ON o.id = l.olt_id WHERE s.code = :code
"""  # noqa: S608 - the fragment is a constant of this package
_UNDER_WAY = """
    SELECT o.code, d.subscriber, d.state, o.wanted_on, o.terms->>'plan_name' AS plan_name,
           d.state = 'scheduled' AND d.failure IS NULL AND o.state = 'confirmed' AS can_withdraw
    FROM deliveries d JOIN events e ON e.id = d.event_id JOIN orders o ON o.id = e.order_id
    WHERE d.service_id = :service AND d.queue = 'network' AND d.state NOT IN ('done', 'cancelled') ORDER BY d.due_at
"""


@shows("service.read")
def service_of_ont(look: Look, *, serial: str) -> str | None:
    """The code of the service whose line has the ONT with this serial number, in any form; None without one."""
    try:
        normal = Serial.parse(serial).normal
    except SerialMalformed:
        return None
    line = inventory.line_by_serial(tx=look.tx, serial=normal)
    return inventory.service_by_id(tx=look.tx, service_id=line.service_id).code if line else None


@shows("service.read")
def service(look: Look, *, service_code: str) -> ServiceDetail:
    """One service, its line as built, and what is under way."""
    one = inventory.service_by_code(tx=look.tx, code=service_code)
    row = look.tx.execute(sa.text(_ONE), {"code": service_code}).one()
    terms: Terms = one.terms
    held = ipam.allocation_of(tx=look.tx, owner=one.id)
    delegated = ipam.allocation_of(tx=look.tx, owner=one.id, family=Family.IPV6)
    seen = ipam.seen_outside(tx=look.tx, inside=held.address, at=look.at) if held else None
    why = (one.suspended_way, one.suspended_for)
    return ServiceDetail(
        service_code=one.code,
        customer=row.name,
        customer_code=row.customer_code,
        address=row.address,
        state=str(one.state),
        plan_code=terms.plan_code,
        plan_name=terms.plan_name,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        price=str(terms.price),
        address_policy=str(terms.address_policy),
        active_on=one.active_on,
        ip_address=held.shown if held else None,
        seen_as=f"{seen[0]}, ports {seen[1]}" if seen else None,
        ipv6_prefix=delegated.shown if delegated else None,
        ipv6_policy=str(terms.ipv6_policy) if terms.ipv6_policy else None,
        place=f"{row.olt} {row.pon_port} ONT {row.ont_id}" if row.olt else None,
        serial=row.serial,
        vlan=row.vlan,
        line_down_kbps=row.down_kbps,
        line_up_kbps=row.up_kbps,
        expected_rx_dbm=row.expected_rx_dbm,
        measured_rx_dbm=row.measured_rx_dbm,
        suspended_on=one.suspended_on,
        suspended=", ".join(str(word).replace("_", " ") for word in why if word) or None,
        under_way=tuple(
            UnderWay(r.code, title_of(r.subscriber), r.state, r.wanted_on, r.can_withdraw)
            for r in look.tx.execute(sa.text(_UNDER_WAY), {"service": one.id})
        ),
        timeline=timeline_of(look.tx, "e.service_id = :key", {"key": one.id}),
        ipv6_address=str(delegated.wan) if delegated and delegated.wan else None,
    )
