"""The tables of documents that are kept of customers; a content stands apart from what is read for lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.customers.model import Document, DocumentKind
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx

customer_documents = sa.Table(
    "customer_documents",
    db.metadata,
    db.id_column(),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    db.text("kind"),
    db.text("name"),
    db.text("media_type"),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("sha256", pg.BYTEA(), nullable=False),
    db.instant("added_at"),
    db.text("added_by"),
    db.instant("removed_at", nullable=True),
    db.text("removed_by", nullable=True),
    db.text("reason", nullable=True),
    sa.CheckConstraint("kind IN ('" + "','".join(DocumentKind) + "')", name="kind_known"),
    sa.CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_by_somebody"),
)

customer_files = sa.Table(
    "customer_files",
    db.metadata,
    sa.Column("document_id", sa.ForeignKey("customer_documents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", pg.BYTEA(), nullable=False),
)


def insert(*, tx: Tx, document: Document, content: bytes) -> None:
    """Add a document with its content."""
    tx.execute(customer_documents.insert().values({**asdict(document), "kind": str(document.kind)}))
    tx.execute(customer_files.insert().values(document_id=document.id, content=content))


def kept_count(*, tx: Tx, customer_id: UUID) -> int:
    """How many documents are kept of a customer; whoever adds one at the same time is counted first, or after."""
    tx.execute(sa.text("SELECT FROM customers WHERE id = :id FOR UPDATE"), {"id": customer_id})
    here = sa.and_(customer_documents.c.customer_id == customer_id, customer_documents.c.removed_at.is_(None))
    return tx.execute(sa.select(sa.func.count()).select_from(customer_documents).where(here)).scalar_one()


def documents_of(*, tx: Tx, customer_id: UUID) -> Sequence[Document]:
    """What is, and was, kept of a customer, the newest first."""
    mine = customer_documents.c.customer_id == customer_id
    query = sa.select(customer_documents).where(mine).order_by(customer_documents.c.id.desc())
    return [_document(row) for row in tx.execute(query).mappings()]


def kept(*, tx: Tx, document_id: UUID) -> Document | None:
    """A document that is kept."""
    here = sa.and_(customer_documents.c.id == document_id, customer_documents.c.removed_at.is_(None))
    row = tx.execute(sa.select(customer_documents).where(here)).mappings().one_or_none()
    return _document(row) if row is not None else None


def content(*, tx: Tx, document_id: UUID) -> bytes | None:
    """The document itself."""
    query = sa.select(customer_files.c.content).where(customer_files.c.document_id == document_id)
    found = tx.execute(query).scalar_one_or_none()
    return bytes(found) if found is not None else None


def take_away(*, tx: Tx, document_id: UUID, values: Mapping[str, Any]) -> None:
    """Note that a document is no longer kept, and drop its content."""
    tx.execute(customer_documents.update().where(customer_documents.c.id == document_id).values(dict(values)))
    tx.execute(customer_files.delete().where(customer_files.c.document_id == document_id))


def erase(*, tx: Tx, customer_id: UUID, by: str, text: str, at: datetime) -> int:
    """Drop every content of a customer's documents, and put this text in place of their names; returns how many."""
    mine = sa.and_(customer_documents.c.customer_id == customer_id, customer_documents.c.name != text)
    ids = tx.execute(sa.select(customer_documents.c.id).where(mine)).scalars().all()
    tx.execute(customer_files.delete().where(customer_files.c.document_id.in_(ids)))
    values = {
        "name": text,
        "reason": text,
        "sha256": b"",
        "removed_at": sa.func.coalesce(customer_documents.c.removed_at, at),
        "removed_by": sa.func.coalesce(customer_documents.c.removed_by, by),
    }
    return tx.execute(customer_documents.update().where(mine).values(values)).rowcount


def _document(row: Mapping[Any, Any]) -> Document:
    return Document(**{**row, "kind": DocumentKind(row["kind"]), "sha256": bytes(row["sha256"])})
