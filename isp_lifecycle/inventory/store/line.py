"""The table of lines as built. The foreign keys hold it to the plant: no line without its service and its PON port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.foundation.upsert import Change, upsert
from isp_lifecycle.inventory.model import Line, LineSource, Service
from isp_lifecycle.inventory.store.plant import olts
from isp_lifecycle.inventory.store.service import read_service, services

ONE_SERIAL = "uq_lines_serial"
ONE_ONT_ID = "uq_lines_ont_id"
ONE_SPLITTER_PORT = "uq_lines_splitter_port"
KNOWN_SERVICE = "fk_lines_service_id"
KNOWN_PORT = "fk_lines_pon_port"
KNOWN_SPLITTER = "fk_lines_splitter_code"

lines = sa.Table(
    "lines",
    db.metadata,
    sa.Column("service_id", sa.ForeignKey("services.id", name=KNOWN_SERVICE), primary_key=True),
    sa.Column("olt_id", sa.ForeignKey("olts.id"), nullable=False),
    db.text("pon_port"),
    sa.Column("ont_id", sa.SmallInteger(), nullable=False),
    db.text("serial"),
    sa.Column("vlan", sa.SmallInteger(), nullable=False),
    sa.Column("service_port", sa.Integer(), nullable=False),
    sa.Column("down_kbps", sa.Integer(), nullable=False),
    sa.Column("up_kbps", sa.Integer(), nullable=False),
    sa.Column("expected_rx_dbm", sa.Double(), nullable=False),
    sa.Column("measured_rx_dbm", sa.Double(), nullable=True),
    sa.Column("splitter_code", sa.ForeignKey("splitters.code", name=KNOWN_SPLITTER), nullable=True),
    sa.Column("splitter_port", sa.SmallInteger(), nullable=True),
    sa.Column("enabled", sa.Boolean(), nullable=False, server_default=sa.true()),
    sa.Column("inner_vlan", sa.SmallInteger(), nullable=True),
    sa.Column("user_vlan", sa.SmallInteger(), nullable=True),
    sa.Column("ont_mode", sa.Text(), nullable=False, server_default=str(OntMode.BRIDGE)),
    db.text("ont_address", nullable=True),
    db.text("ont_gateway", nullable=True),
    db.instant("built_at"),
    db.text("source"),
    sa.ForeignKeyConstraint(["olt_id", "pon_port"], ["pon_ports.olt_id", "pon_ports.port"], name=KNOWN_PORT),
    sa.UniqueConstraint("serial", name=ONE_SERIAL),
    sa.UniqueConstraint("olt_id", "pon_port", "ont_id", name=ONE_ONT_ID),
    sa.Index(ONE_SPLITTER_PORT, "splitter_code", "splitter_port", unique=True),
    # What people read from a label is mostly its number, without the vendor.
    sa.Index("ix_lines_serial_number", sa.text("right(serial, 8) text_pattern_ops")),
    sa.CheckConstraint("serial ~ '^[0-9A-F]{16}$'", name="serial_normal"),
)


def upsert_line(*, tx: Tx, line: Line) -> Change:
    """Insert the line of its service, or bring it to these values; when and how it was first built stays."""
    values = asdict(line) | {"ont_mode": str(line.ont_mode)}
    once = {"built_at": values.pop("built_at"), "source": str(values.pop("source"))}
    return upsert(tx=tx, table=lines, key=("service_id",), values=values, once=once)


def delete_line(*, tx: Tx, service_id: UUID) -> Line | None:
    """Remove the line of a service and return it as it was."""
    statement = lines.delete().where(lines.c.service_id == service_id).returning(lines)
    row = tx.execute(statement).mappings().one_or_none()
    return _line(row) if row is not None else None


def write_measured(*, tx: Tx, service_id: UUID, rx_dbm: float) -> bool:
    """Note the level as measured; False when there is no line."""
    statement = lines.update().where(lines.c.service_id == service_id).values(measured_rx_dbm=rx_dbm)
    return tx.execute(statement).rowcount == 1


def line_of_service(*, tx: Tx, service_id: UUID) -> Line | None:
    """The line of this service."""
    return _one(tx, lines.c.service_id == service_id)


def line_by_serial(*, tx: Tx, serial: str) -> Line | None:
    """The line of the ONT with this serial number."""
    return _one(tx, lines.c.serial == serial)


def code_of_line(
    *,
    tx: Tx,
    serial: str | None = None,
    ont: tuple[UUID, str, int] | None = None,
    splitter: tuple[str, int] | None = None,
) -> str | None:
    """The code of the service whose line has this serial number, ONT (OLT, port, id) or splitter port."""
    query = sa.select(services.c.code).join(lines, lines.c.service_id == services.c.id)
    if serial is not None:
        query = query.where(lines.c.serial == serial)
    if ont is not None:
        query = query.where(lines.c.olt_id == ont[0], lines.c.pon_port == ont[1], lines.c.ont_id == ont[2])
    if splitter is not None:
        query = query.where(lines.c.splitter_code == splitter[0], lines.c.splitter_port == splitter[1])
    return tx.execute(query).scalar_one_or_none()


def services_with_olts(
    *, tx: Tx, service_ids: Sequence[UUID] | None = None, codes: Sequence[str] | None = None
) -> tuple[tuple[Service, str | None], ...]:
    """Services by ids or codes, any number, each with the OLT of its line."""
    query = sa.select(services, olts.c.name.label("olt")).select_from(
        services.outerjoin(lines, lines.c.service_id == services.c.id).outerjoin(olts, olts.c.id == lines.c.olt_id)
    )
    if service_ids is not None:
        query = query.where(services.c.id == sa.func.any(sa.cast(list(service_ids), pg.ARRAY(pg.UUID(as_uuid=True)))))
    if codes is not None:
        query = query.where(services.c.code == sa.func.any(sa.cast(list(codes), pg.ARRAY(sa.Text()))))
    found = tx.execute(query.order_by(services.c.code)).mappings()
    return tuple((read_service({k: v for k, v in row.items() if k != "olt"}), row["olt"]) for row in found)


def lines_on(*, tx: Tx, olt_id: UUID) -> tuple[tuple[Service, Line], ...]:
    """Every line on record at one OLT with its service, by code."""
    query = (
        sa.select(
            *(column.label(f"service_{column.name}") for column in services.c),
            *(column.label(f"line_{column.name}") for column in lines.c),
        )
        .join(services, services.c.id == lines.c.service_id)
        .where(lines.c.olt_id == olt_id)
        .order_by(services.c.code)
    )
    return tuple(
        (read_service(_part(row, "service_")), _line(_part(row, "line_"))) for row in tx.execute(query).mappings()
    )


def _part(row: Mapping[Any, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}


def ports_with_lines(*, tx: Tx, splitter_code: str) -> tuple[int, ...]:
    """The ports of a splitter that lines are recorded on."""
    query = sa.select(lines.c.splitter_port).where(
        lines.c.splitter_code == splitter_code, lines.c.splitter_port.is_not(None)
    )
    return tuple(tx.execute(query).scalars())


def _one(tx: Tx, condition: sa.ColumnElement[bool]) -> Line | None:
    row = tx.execute(sa.select(lines).where(condition)).mappings().one_or_none()
    return _line(row) if row is not None else None


def _line(row: Mapping[Any, Any]) -> Line:
    return Line(**{**row, "source": LineSource(row["source"]), "ont_mode": OntMode(row["ont_mode"])})
