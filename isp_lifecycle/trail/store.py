"""The audit trail in PostgreSQL: lines that can be added, sealed once and erased once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation.db import Tx, ddl, id_column, instant, jsonb, metadata, text
from isp_lifecycle.foundation.reach import portal_adds
from isp_lifecycle.trail.model import Changed, Entry, Head, Kept

#: What a line is found by, as a row of it named ``a`` has it; its index has three letters of it each.
WORDS = "(a.actor || ' ' || a.subject_id || ' ' || a.action || ' ' || a.reason)"

audit = sa.Table(
    "audit",
    metadata,
    id_column(),
    instant("at", index=True),
    text("actor", index=True),
    text("role"),
    text("source"),
    text("address"),
    text("action", index=True),
    text("subject_kind"),
    text("subject_id"),
    text("reason"),
    jsonb("detail"),
    jsonb("changes"),
    sa.Column("told", pg.BYTEA(), nullable=False),
    sa.Column("salt", pg.BYTEA(), nullable=True),
    sa.Column("seq", sa.BigInteger(), nullable=True, unique=True),
    sa.Column("link", pg.BYTEA(), nullable=True),
    instant("erased_at", nullable=True),
    sa.Index("ix_audit_subject", "subject_kind", "subject_id"),
    sa.Index("ix_audit_trace", sa.text("(detail->>'trace')"), postgresql_where=sa.text("detail->>'trace' IS NOT NULL")),
    sa.Index(
        "ix_audit_words",
        sa.text(f"{WORDS.replace('a.', '')} gin_trgm_ops"),
        postgresql_using="gin",
    ),
    sa.Index("ix_audit_unsealed", "at", "id", postgresql_where=sa.text("seq IS NULL")),
    sa.CheckConstraint("(seq IS NULL) = (link IS NULL)", name="sealed_whole"),
    sa.CheckConstraint("(salt IS NULL) = (erased_at IS NOT NULL)", name="erased_whole"),
)

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("link", pg.BYTEA(), nullable=False),
    instant("at"),
    sa.Column("seal", pg.BYTEA(), nullable=False),
)

#: What sealing writes, and what erasing may change; a change of anything else is refused by the database itself.
_SEALED = ("seq", "link")
_ERASED = ("actor", "subject_id", "address", "reason", "detail", "changes", "salt", "erased_at")


def _array(names: Sequence[str]) -> str:
    return "ARRAY['" + "', '".join(names) + "']"


_KEEPER = f"""
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
        IF OLD.seq IS NULL AND NEW.seq IS NOT NULL
           AND to_jsonb(NEW) - {_array(_SEALED)} = to_jsonb(OLD) - {_array(_SEALED)} THEN
            RETURN NEW;
        END IF;
        IF NEW.erased_at IS NOT NULL
           AND to_jsonb(NEW) - {_array(_ERASED)} = to_jsonb(OLD) - {_array(_ERASED)} THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = 'The audit trail only grows: ' || lower(TG_OP) || ' of ' || TG_TABLE_NAME || ' is refused.';
END $$
"""


def _kept_by_trigger(table: sa.Table) -> None:
    """Have the database refuse whatever is not an addition."""
    name = table.name
    rows = f"CREATE TRIGGER {name}_only_grows BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"
    whole = f"CREATE TRIGGER {name}_is_not_emptied BEFORE TRUNCATE ON {name}"
    for statement in (rows, whole):
        sa.event.listen(table, "after_create", ddl(f"{statement} EXECUTE FUNCTION audit_only_grows()"))


sa.event.listen(audit, "after_create", ddl(_KEEPER))
_kept_by_trigger(audit)
_kept_by_trigger(audit_heads)

# The portal adds what its own people did, and reads none of it.
portal_adds(
    audit,
    rows="source = 'portal' AND role IN ('customer', 'applicant') AND seq IS NULL AND erased_at IS NULL",
    columns=[
        "id",
        "at",
        "actor",
        "role",
        "source",
        "address",
        "action",
        "subject_kind",
        "subject_id",
        "reason",
        "detail",
        "changes",
        "told",
        "salt",
    ],
)

#: Sealing takes turns, whoever does it.
_TURN = 7_361_902


def insert(*, tx: Tx, kept: Kept) -> None:
    """Add one line."""
    entry = kept.entry
    tx.execute(
        audit.insert().values(
            id=entry.id,
            at=entry.at,
            actor=entry.actor,
            role=entry.role,
            source=entry.source,
            address=entry.address,
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            reason=entry.reason,
            detail=dict(entry.detail),
            changes=[[c.what, c.before, c.after] for c in entry.changes],
            told=kept.told,
            salt=kept.salt,
        )
    )


def take_turn(*, tx: Tx) -> None:
    """Wait until nobody else is sealing; held until the transaction ends."""
    tx.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def last_link(*, tx: Tx) -> tuple[int, bytes] | None:
    """Number and hash of the last sealed line; None before the first."""
    row = tx.execute(sa.select(audit.c.seq, audit.c.link).order_by(audit.c.seq.desc().nulls_last()).limit(1)).first()
    return None if row is None or row.seq is None else (row.seq, row.link)


def unsealed(*, tx: Tx, limit: int) -> list[Kept]:
    """The oldest lines without a link."""
    query = sa.select(audit).where(audit.c.seq.is_(None)).order_by(audit.c.at, audit.c.id).limit(limit)
    return [_kept(row) for row in tx.execute(query).mappings()]


def seal(*, tx: Tx, links: Sequence[tuple[UUID, int, bytes]], head: Head) -> None:
    """Give lines their numbers and links, and keep the end of the chain."""
    tx.execute(
        audit.update().where(audit.c.id == sa.bindparam("line")).values(seq=sa.bindparam("n"), link=sa.bindparam("l")),
        [{"line": line, "n": seq, "l": link} for line, seq, link in links],
    )
    tx.execute(audit_heads.insert().values(seq=head.seq, link=head.link, at=head.at, seal=head.seal))


def chain(*, tx: Tx, page: int = 5000) -> Iterator[Kept]:
    """Every sealed line by its number; a page is in memory at a time."""
    after = -1
    while True:
        query = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(page)
        rows = [_kept(row) for row in tx.execute(query).mappings()]
        yield from rows
        if len(rows) < page or rows[-1].seq is None:
            return
        after = rows[-1].seq


def heads(*, tx: Tx) -> list[Head]:
    """Every end of the chain that was signed, in order."""
    return [Head(**row) for row in tx.execute(sa.select(audit_heads).order_by(audit_heads.c.seq)).mappings()]


def waiting(*, tx: Tx) -> tuple[int, datetime | None]:
    """How many lines are not sealed yet, and since when the oldest of them waits."""
    query = sa.select(sa.func.count(), sa.func.min(audit.c.at)).where(audit.c.seq.is_(None))
    number, oldest = tx.execute(query).one()
    return int(number), oldest


def naming(*, tx: Tx, names: Sequence[str]) -> list[Kept]:
    """The lines in whose told parts one of these stands, whole or within a longer text; locked."""
    told = sa.func.concat_ws(
        "\n",
        audit.c.actor,
        audit.c.subject_id,
        audit.c.reason,
        audit.c.detail.cast(sa.Text),
        audit.c.changes.cast(sa.Text),
    )
    wanted = sa.or_(*(told.icontains(name, autoescape=True) for name in names))
    query = sa.select(audit).where(wanted).order_by(audit.c.at).with_for_update()
    return [_kept(row) for row in tx.execute(query).mappings()]


def erase(*, tx: Tx, line: UUID, values: Mapping[str, Any], at: datetime) -> None:
    """Put these values in place of what a line told, and forget what would prove it."""
    tx.execute(audit.update().where(audit.c.id == line).values(**values, salt=None, erased_at=at))


def _kept(row: sa.RowMapping) -> Kept:
    return Kept(
        entry=entry_of(dict(row)),
        told=bytes(row["told"]),
        salt=bytes(row["salt"]) if row["salt"] is not None else None,
        seq=row["seq"],
        link=bytes(row["link"]) if row["link"] is not None else None,
        erased_at=row["erased_at"],
    )


def entry_of(row: Mapping[str, Any]) -> Entry:
    """A row of the table as a line."""
    fields = {name: row[name] for name in _ENTRY}
    return Entry(**fields, changes=tuple(Changed(*one) for one in row["changes"]))


_ENTRY = (
    "id",
    "at",
    "actor",
    "role",
    "source",
    "address",
    "action",
    "subject_kind",
    "subject_id",
    "reason",
    "detail",
)
