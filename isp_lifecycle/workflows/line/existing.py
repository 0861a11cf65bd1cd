"""The start that plan change and termination share: a service in use, its line, its order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.events.vocabulary import PlanChangeRequested, TerminationRequested
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, Olt, ServiceState
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.errors import ServiceNotActive
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.steps import Room


class LineUnknown(NeedsPerson):
    """The inventory holds no line for a service that is in use."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The inventory holds no line for service {code}.",
            field="service",
            value=code,
            remedy="Have the network engineer find the ONT and record the line, then press Retry.",
        )


@dataclass(frozen=True, kw_only=True)
class ExistingLine:
    """What stands when the workflow begins: the terms so far, the line on the device, the address."""

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

    def on_device(self) -> Target:
        """The line; the first step has made sure that there is one."""
        if self.target is None:
            raise LineUnknown(self.service_code)
        return self.target


def require_line(case: ExistingLine, room: Room) -> None:
    """Refuse to begin without a service in use and its line: raises ServiceNotActive and LineUnknown."""
    service = inventory.service_by_id(tx=room.tx, service_id=case.service_id)
    if service.state not in {ServiceState.ACTIVE, ServiceState.SUSPENDED}:
        raise ServiceNotActive(code=service.code, state=service.state)
    case.on_device()


def _target(key: str, olt: Olt, line: Line) -> Target:
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
    )


def read_existing(event: PlanChangeRequested | TerminationRequested, room: Room) -> ExistingLine:
    """Gather it, whatever there is: an order must be cancellable even when its line cannot be found."""
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    line = inventory.line_of_service(tx=room.tx, service_id=service.id)
    olt = inventory.olt_by_id(tx=room.tx, olt_id=line.olt_id) if line else None
    held = ipam.allocation_of(tx=room.tx, owner=service.id)
    return ExistingLine(
        order_id=order.id,
        customer_id=order.customer_id,
        service_id=service.id,
        service_code=service.code,
        olt=olt.name if olt else "",
        terms=service.terms,
        wanted_terms=order.terms,
        target=_target(service.code, olt, line) if olt and line else None,
        prefix=str(held.prefix) if held else None,
        address=str(held.address) if held else None,
        gateway=str(held.gateway) if held and held.gateway else None,
    )
