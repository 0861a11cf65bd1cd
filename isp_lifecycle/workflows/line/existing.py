"""The start that every change of an existing line shares: a service in use, its line, its order, and nobody else at it.

What stands is read twice: when the delivery is first claimed, so that it can be shown and cancelled whatever there is,
and again in the first step, since between the two another change may have gone through.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Protocol
from uuid import UUID

from isp_lifecycle.events.views import unfinished_beside
from isp_lifecycle.foundation.errors import NeedsPerson, Unreachable
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, Olt, ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order
from isp_lifecycle.workflows.errors import ServiceNotActive
from isp_lifecycle.workflows.line import numbers
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.steps import Did, Room


class LineUnknown(NeedsPerson):
    """The inventory holds no line for a service that is in use."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The inventory holds no line for service {code}.",
            field="service",
            value=code,
            remedy="Have the network engineer find the ONT and record the line, then press Retry.",
        )


class OtherChangeUnfinished(Unreachable):
    """Another change of the same line has begun and is not through: it may stand half changed."""

    def __init__(self, code: str, other: str) -> None:
        super().__init__(
            f"Another change of {code} is not finished: {other.replace('_', ' ')}.",
            field="service",
            value=code,
            remedy=f"Finish or cancel the {other.replace('_', ' ')} of {code} first, then press Retry.",
        )


class AboutLine(Protocol):
    """An event that asks for a change of an existing line."""

    @property
    def order_id(self) -> UUID: ...
    @property
    def service_id(self) -> UUID: ...


@dataclass(frozen=True, kw_only=True)
class ExistingLine:
    """What stands when the workflow begins: the terms so far, the line on the device, address and IPv6 prefix."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    service_code: str
    olt: str
    terms: Terms
    wanted_terms: Terms
    target: Target | None
    prefix: str | None
    address: str | None
    gateway: str | None
    delegated: str | None = None
    wan: str | None = None

    def on_device(self) -> Target:
        """The line; the first step has made sure that there is one."""
        if self.target is None:
            raise LineUnknown(self.service_code)
        return self.target


def read_existing(event: AboutLine, room: Room) -> ExistingLine:
    """Gather it, whatever there is: an order must be cancellable even when its line cannot be found."""
    return _gather(event.order_id, event.service_id, room)


def as_now[C: ExistingLine](case: C, room: Room, *states: ServiceState) -> C:
    """The case with the line as it is now, for a step after which nobody else may change it.

    Raises OtherChangeUnfinished, ServiceNotActive (the service is in none of ``states``) and LineUnknown.
    """
    other = unfinished_beside(tx=room.tx, delivery_id=room.delivery_id, service_id=case.service_id)
    if other is not None:
        raise OtherChangeUnfinished(case.service_code, other)
    line = _gather(case.order_id, case.service_id, room)
    service = inventory.service_by_id(tx=room.tx, service_id=case.service_id)
    if service.state not in states:
        raise ServiceNotActive(code=service.code, state=service.state)
    line.on_device()
    return replace(case, **as_fields(line))


def as_fields(line: ExistingLine) -> dict[str, Any]:
    """The fields of the base, to make a workflow's own case from."""
    return {field.name: getattr(line, field.name) for field in fields(ExistingLine)}


def begin_order[C: ExistingLine](case: C, room: Room, *states: ServiceState) -> tuple[C, Order]:
    """The order is in progress, and the case is as the line is now."""
    case = as_now(case, room, *states)
    return case, orders.start(tx=room.tx, order_id=case.order_id)


def give_order_up[C: ExistingLine](case: C, room: Room) -> Did[C]:
    """The order is cancelled; the service stays as it was, and the record names what was built again."""
    line = inventory.line_of_service(tx=room.tx, service_id=case.service_id)
    stands = case.target
    if line is not None and stands is not None and stands.service_port is not None:
        inventory.record_line(tx=room.tx, line=replace(line, service_port=stands.service_port))
    order = orders.cancel(
        tx=room.tx,
        order_id=case.order_id,
        by=f"workflow:{room.workflow}",
        at=room.at,
        reason=say("The {workflow} was cancelled.", workflow=word(room.workflow)),
    )
    return Did(
        case,
        say(
            "Order {code} is cancelled; {service_code} stays as it was.",
            code=order.code,
            service_code=case.service_code,
        ),
    )


def recorded(case: ExistingLine, room: Room) -> Line:
    """The line as the inventory has it; raises LineUnknown."""
    line = inventory.line_of_service(tx=room.tx, service_id=case.service_id)
    if line is None:
        raise LineUnknown(case.service_code)
    return line


def _gather(order_id: UUID, service_id: UUID, room: Room) -> ExistingLine:
    order = orders.order_by_id(tx=room.tx, order_id=order_id)
    service = inventory.service_by_id(tx=room.tx, service_id=service_id)
    line = inventory.line_of_service(tx=room.tx, service_id=service.id)
    olt = inventory.olt_by_id(tx=room.tx, olt_id=line.olt_id) if line else None
    both = numbers.held_by(room, owner=service.id)
    held = both.ipv4
    return ExistingLine(
        order_id=order.id,
        customer_id=order.customer_id,
        service_id=service.id,
        service_code=service.code,
        olt=olt.name if olt else "",
        terms=service.terms,
        wanted_terms=order.terms,
        target=target_of(service.code, olt, line) if olt and line else None,
        prefix=str(held.prefix) if held else None,
        address=str(held.address) if held else None,
        gateway=str(held.gateway) if held and held.gateway else None,
        delegated=both.delegated,
        wan=both.wan,
    )


def target_of(key: str, olt: Olt, line: Line) -> Target:
    """The line as it was built, for a driver."""
    return Target(
        key=key,
        olt=olt.name,
        uplink=olt.uplink,
        pon_port=line.pon_port,
        serial=line.serial,
        vlan=line.vlan,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        ont_id=line.ont_id,
        service_port=line.service_port,
        enabled=line.enabled,
        inner=line.inner_vlan,
        user_vlan=line.user_vlan,
        ont=line.ont_mode,
        ont_address=line.ont_address,
        ont_gateway=line.ont_gateway,
    )
