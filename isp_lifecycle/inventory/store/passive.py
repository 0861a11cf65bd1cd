"""The tables of cards, of splice closures, and of the closures that a splitter's feed goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.upsert import Change, upsert
from isp_lifecycle.inventory.model import Card, Closure, Passage

cards = sa.Table(
    "cards",
    db.metadata,
    sa.Column("olt_id", sa.ForeignKey("olts.id"), primary_key=True),
    sa.Column("place", sa.Text(), primary_key=True),
    db.text("model"),
    db.text("state"),
    sa.Column("ports", pg.ARRAY(sa.Text()), nullable=False),
    db.instant("noted_at"),
    db.instant("seen_at"),
    db.instant("missing_since", nullable=True),
    db.text("was_model", nullable=True),
    db.instant("changed_at", nullable=True),
    sa.CheckConstraint("(was_model IS NULL) = (changed_at IS NULL)", name="change_has_instant"),
)

closures = sa.Table(
    "closures",
    db.metadata,
    sa.Column("code", sa.Text(), primary_key=True),
    sa.Column("splices", sa.SmallInteger(), nullable=False),
    sa.Column("latitude", sa.Double(), nullable=False),
    sa.Column("longitude", sa.Double(), nullable=False),
)

closure_passages = sa.Table(
    "closure_passages",
    db.metadata,
    sa.Column("splitter_code", sa.ForeignKey("splitters.code"), primary_key=True),
    sa.Column("number", sa.SmallInteger(), primary_key=True),
    sa.Column("closure", sa.ForeignKey("closures.code"), nullable=False, index=True),
    sa.Column("loss_db", sa.Double(), nullable=True),
)

#: Splices taken in a closure: by feeds that go through it, and by splitters that sit in it.
_TAKEN = """
    SELECT (SELECT count(*) FROM closure_passages p WHERE p.closure = :code AND p.splitter_code <> :but)
         + (SELECT coalesce(sum(s.ratio + 1), 0) FROM splitters s WHERE s.closure = :code AND s.code <> :but)
"""


def cards_of(*, tx: Tx, olt_id: UUID) -> tuple[Card, ...]:
    """An OLT's cards, by place."""
    query = sa.select(cards).where(cards.c.olt_id == olt_id).order_by(cards.c.place)
    return tuple(Card(**{**row, "ports": tuple(row["ports"])}) for row in tx.execute(query).mappings())


def replace_cards(*, tx: Tx, olt_id: UUID, kept: Sequence[Card]) -> None:
    """Keep exactly these of this OLT."""
    tx.execute(cards.delete().where(cards.c.olt_id == olt_id))
    if kept:
        tx.execute(cards.insert(), [{**asdict(card), "ports": list(card.ports)} for card in kept])


def upsert_closure(*, tx: Tx, closure: Closure) -> Change:
    """Insert the closure, or bring the one of its code to these values."""
    return upsert(tx=tx, table=closures, key=("code",), values=asdict(closure))


def closure_by_code(*, tx: Tx, code: str, lock: bool = False) -> Closure | None:
    """The closure of this code; with ``lock`` nobody else changes it, or what it holds, before this is through."""
    query = sa.select(closures).where(closures.c.code == code)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return Closure(**row) if row is not None else None


def splices_taken(*, tx: Tx, code: str, but: str = "") -> int:
    """How many splices a closure holds, not counting those of one splitter."""
    return int(tx.execute(sa.text(_TAKEN), {"code": code, "but": but}).scalar_one())


def passages_of(*, tx: Tx, splitters: Sequence[str]) -> dict[str, tuple[Passage, ...]]:
    """The closures that the feeds of these splitters go through, in order from the OLT on."""
    query = (
        sa.select(closure_passages)
        .where(closure_passages.c.splitter_code.in_(splitters))
        .order_by(closure_passages.c.splitter_code, closure_passages.c.number)
    )
    found: dict[str, list[Passage]] = {}
    for row in tx.execute(query):
        found.setdefault(row.splitter_code, []).append(Passage(closure=row.closure, loss_db=row.loss_db))
    return {code: tuple(passages) for code, passages in found.items()}


def replace_passages(*, tx: Tx, splitter: str, passages: Sequence[Passage]) -> None:
    """Let a splitter's feed go through exactly these."""
    tx.execute(closure_passages.delete().where(closure_passages.c.splitter_code == splitter))
    rows = [{"splitter_code": splitter, "number": n, **asdict(one)} for n, one in enumerate(passages, start=1)]
    if rows:
        tx.execute(closure_passages.insert(), rows)
