"""The table of services."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.reach import CUSTOMER_WHO_ASKS, Answer, portal_is_answered, portal_reads
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.inventory.model import SERVICE_MOVES, Service, ServiceState, SuspendedFor, SuspendedWay

SERVICE_CODES = sa.Sequence("service_codes", metadata=db.metadata)

services = sa.Table(
    "services",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.id_ref("customer_id", index=True),
    db.id_ref("premises_id", index=True),
    sa.Column("order_id", pg.UUID(as_uuid=True), nullable=True, unique=True),
    db.text("state", index=True),
    db.jsonb("terms"),
    db.instant("opened_at"),
    sa.Column("active_on", sa.Date(), nullable=True),
    sa.Column("ended_on", sa.Date(), nullable=True),
    sa.Column("suspended_on", sa.Date(), nullable=True),
    db.text("suspended_way", nullable=True),
    db.text("suspended_for", nullable=True),
    sa.CheckConstraint("state IN ('" + "','".join(ServiceState) + "')", name="state_known"),
    sa.CheckConstraint("state NOT IN ('active', 'suspended') OR active_on IS NOT NULL", name="active_has_date"),
    sa.CheckConstraint("state <> 'suspended' OR suspended_on IS NOT NULL", name="suspended_has_date"),
    sa.CheckConstraint("(state = 'terminated') = (ended_on IS NOT NULL)", name="ended_has_date"),
)
tells(services, "services")

portal_reads(services, rows=f"customer_id = {CUSTOMER_WHO_ASKS}")
portal_is_answered(
    db.metadata,
    Answer(
        name="premises_in_use",
        arguments="wanted uuid[]",
        returns="SETOF uuid",
        body="""
        BEGIN
            RETURN QUERY SELECT DISTINCT s.premises_id FROM services s
                         WHERE s.premises_id = ANY (wanted) AND s.state <> 'terminated';
        END
        """,
    ),
)


def premises_in_use(*, tx: Tx, premises_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the premises that have a service; whose it is stays untold."""
    return frozenset(tx.execute(sa.text("SELECT premises_in_use(:ids)"), {"ids": list(premises_ids)}).scalars())


def insert_service(*, tx: Tx, service: Service) -> bool:
    """Add a service; False when its code or its order has one already."""
    values = {**asdict(service), "terms": service.terms.to_json()}
    statement = pg.insert(services).values(values).on_conflict_do_nothing().returning(services.c.id)
    return tx.execute(statement).scalar_one_or_none() is not None


def move_service(*, tx: Tx, code: str, to: ServiceState, also: Mapping[str, Any] | None = None) -> None:
    """Move a service by its table of moves; by its code, because that is what the refusal names."""
    move(tx=tx, table=services, moves=SERVICE_MOVES, key=code, key_column="code", to=to, also=also)


def write_terms(*, tx: Tx, service_id: UUID, terms: Terms) -> bool:
    """Replace the terms; False when the service has ended meanwhile."""
    statement = (
        services.update()
        .where(services.c.id == service_id, services.c.state != str(ServiceState.TERMINATED))
        .values(terms=terms.to_json())
    )
    return tx.execute(statement).rowcount == 1


def write_premises(*, tx: Tx, service_id: UUID, premises_id: UUID) -> bool:
    """Move to another address; False when the service has ended meanwhile."""
    statement = (
        services.update()
        .where(services.c.id == service_id, services.c.state != str(ServiceState.TERMINATED))
        .values(premises_id=premises_id)
    )
    return tx.execute(statement).rowcount == 1


def service_by_id(*, tx: Tx, service_id: UUID) -> Service | None:
    """The service with this id."""
    return _one(tx, services.c.id == service_id)


def service_by_code(*, tx: Tx, code: str) -> Service | None:
    """The service with this code."""
    return _one(tx, services.c.code == code)


def service_of_order(*, tx: Tx, order_id: UUID) -> Service | None:
    """The service that was opened for this order."""
    return _one(tx, services.c.order_id == order_id)


def services_where(*, tx: Tx, customer_id: UUID | None = None, premises_id: UUID | None = None) -> tuple[Service, ...]:
    """Services of a customer, or at a premises, the newest first."""
    query = sa.select(services).order_by(services.c.opened_at.desc(), services.c.code.desc())
    if customer_id is not None:
        query = query.where(services.c.customer_id == customer_id)
    if premises_id is not None:
        query = query.where(services.c.premises_id == premises_id)
    return tuple(read_service(row) for row in tx.execute(query).mappings())


def _one(tx: Tx, condition: sa.ColumnElement[bool]) -> Service | None:
    row = tx.execute(sa.select(services).where(condition)).mappings().one_or_none()
    return read_service(row) if row is not None else None


def read_service(row: Mapping[Any, Any]) -> Service:
    """A row of services as a value."""
    way, why = row["suspended_way"], row["suspended_for"]
    return Service(
        **{
            **row,
            "state": ServiceState(row["state"]),
            "terms": Terms.from_json(row["terms"]),
            "suspended_way": SuspendedWay(way) if way else None,
            "suspended_for": SuspendedFor(why) if why else None,
        }
    )
