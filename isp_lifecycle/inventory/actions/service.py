"""The life of a service. What is reported again (the service stands there already) changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.codes import given_code, next_code
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.errors import ServiceCodeTaken, ServiceEnded
from isp_lifecycle.inventory.model import Service, ServiceState, SuspendedFor, SuspendedWay
from isp_lifecycle.inventory.store import service as store

CODE_PREFIX = "S"


def open_service(
    *,
    tx: Tx,
    customer_id: UUID,
    premises_id: UUID,
    terms: Terms,
    at: datetime,
    order_id: UUID | None = None,
    code: str | None = None,
) -> Service:
    """Open a pending service; for an order, or a given code, that has one already, return that one as it is.

    ``code`` takes over the key that stands on the device for a service that an import brings. Raises
    ServiceCodeTaken where that code is another customer's or premises' service, and CodeMalformed.
    """
    held = _held(tx, order_id=order_id, code=code)
    if held is None:
        service = Service(
            id=new_id(),
            code=_code(tx, code),
            customer_id=customer_id,
            premises_id=premises_id,
            order_id=order_id,
            state=ServiceState.PENDING,
            terms=terms,
            opened_at=at,
        )
        if store.insert_service(tx=tx, service=service):
            return service
        held = _held(tx, order_id=order_id, code=service.code)
    if held is None or (held.customer_id, held.premises_id) != (customer_id, premises_id):
        raise ServiceCodeTaken(held.code if held else code or "")
    return held


def _held(tx: Tx, *, order_id: UUID | None, code: str | None) -> Service | None:
    if order_id is not None and (held := store.service_of_order(tx=tx, order_id=order_id)) is not None:
        return held
    return store.service_by_code(tx=tx, code=code) if code is not None else None


def _code(tx: Tx, given: str | None) -> str:
    if given is None:
        return next_code(tx=tx, sequence=store.SERVICE_CODES, prefix=CODE_PREFIX)
    return given_code(tx=tx, sequence=store.SERVICE_CODES, prefix=CODE_PREFIX, code=given)


def activate_service(*, tx: Tx, service_id: UUID, on: date) -> Service:
    """The line works: the service is in use from this date. Raises IllegalMove unless it was pending or is active."""
    return _moved(tx, service_id, frm=ServiceState.PENDING, to=ServiceState.ACTIVE, active_on=on)


def suspend_service(*, tx: Tx, service_id: UUID, on: date, way: SuspendedWay, why: SuspendedFor) -> Service:
    """Shut an active service from the day ``on``. Raises IllegalMove unless it was active or is suspended."""
    kept = {"suspended_on": on, "suspended_way": str(way), "suspended_for": str(why)}
    return _moved(tx, service_id, frm=ServiceState.ACTIVE, to=ServiceState.SUSPENDED, **kept)


def resume_service(*, tx: Tx, service_id: UUID) -> Service:
    """Open a suspended service again. Raises IllegalMove unless it was suspended or is active."""
    none = {"suspended_on": None, "suspended_way": None, "suspended_for": None}
    return _moved(tx, service_id, frm=ServiceState.SUSPENDED, to=ServiceState.ACTIVE, **none)


def terminate_service(*, tx: Tx, service_id: UUID, on: date) -> Service:
    """End a service that was in use; ``on`` is its last day. Raises IllegalMove for one that is still pending."""
    service = service_by_id(tx=tx, service_id=service_id)
    if service.state is ServiceState.PENDING:
        raise IllegalMove("Service", service.code, service.state, say("terminated: it is withdrawn instead"))
    return _moved(tx, service_id, frm=service.state, to=ServiceState.TERMINATED, ended_on=on)


def withdraw_service(*, tx: Tx, service_id: UUID, on: date) -> Service:
    """Give up a service that was never in use, because its order was cancelled. Raises IllegalMove for any other."""
    return _moved(tx, service_id, frm=ServiceState.PENDING, to=ServiceState.TERMINATED, ended_on=on)


def _moved(tx: Tx, service_id: UUID, *, frm: ServiceState, to: ServiceState, **also: Any) -> Service:
    service = service_by_id(tx=tx, service_id=service_id)
    if service.state is to:
        return service
    if service.state is not frm:
        raise IllegalMove("Service", service.code, service.state, to)
    store.move_service(tx=tx, code=service.code, to=to, also=also)
    return service_by_id(tx=tx, service_id=service_id)


def change_terms(*, tx: Tx, service_id: UUID, terms: Terms) -> Service:
    """Put other terms in force. Raises ServiceEnded for a service that has ended."""
    service = service_by_id(tx=tx, service_id=service_id)
    if not store.write_terms(tx=tx, service_id=service_id, terms=terms):
        raise ServiceEnded(service.code)
    return service_by_id(tx=tx, service_id=service_id)


def move_premises(*, tx: Tx, service_id: UUID, premises_id: UUID) -> Service:
    """The service is at another address now. Raises ServiceEnded for a service that has ended."""
    service = service_by_id(tx=tx, service_id=service_id)
    if not store.write_premises(tx=tx, service_id=service_id, premises_id=premises_id):
        raise ServiceEnded(service.code)
    return service_by_id(tx=tx, service_id=service_id)


def service_by_id(*, tx: Tx, service_id: UUID) -> Service:
    """The service with this id; raises NotFound."""
    service = store.service_by_id(tx=tx, service_id=service_id)
    if service is None:
        raise NotFound("service", service_id)
    return service


def service_by_code(*, tx: Tx, code: str) -> Service:
    """The service with this code; raises NotFound."""
    service = store.service_by_code(tx=tx, code=code)
    if service is None:
        raise NotFound("service", code)
    return service


def services_of(*, tx: Tx, customer_id: UUID) -> tuple[Service, ...]:
    """A customer's services, the newest first, also those that have ended."""
    return store.services_where(tx=tx, customer_id=customer_id)


def premises_in_use(*, tx: Tx, premises_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the premises that have a service; whose it is stays untold."""
    return store.premises_in_use(tx=tx, premises_ids=premises_ids)


def services_at(*, tx: Tx, premises_id: UUID) -> tuple[Service, ...]:
    """The services at a premises, the newest first, also those that have ended."""
    return store.services_where(tx=tx, premises_id=premises_id)
