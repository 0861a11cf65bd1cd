"""The tables of customers and premises, and the search over addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.customers.model import Customer, Note, Premises
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.folding import PLACE
from isp_lifecycle.foundation.reach import (
    CUSTOMER_WHO_ASKS,
    Answer,
    portal_changes,
    portal_draws,
    portal_is_answered,
    portal_reads,
)
from isp_lifecycle.foundation.upsert import Change, upsert

CUSTOMER_CODES = sa.Sequence("customer_codes", metadata=db.metadata)

#: So many matching premises are ranked at most. More match only texts that are too short to mean one place.
RANKED = 400

#: So many words of the addresses are looked at when a word may be a typo; the search's model decides among them.
LOOKED_AT = 25

_ACCENTED = "ÁÀÂÄÃÅáàâäãåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÖÕØóòôöõøÚÙÛÜúùûüÝýÑñÇç"
_PLAIN = "AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOOooooooUUUUuuuuYyNnCc"


def _folded(text: str) -> str:
    """SQL that brings an address to small letters without accents, apostrophes and punctuation."""
    bare = f"translate({text}, '{_ACCENTED}’''', '{_PLAIN}')"
    return f"regexp_replace(lower({bare}), '[[:punct:][:space:]]+', ' ', 'g')"


_ADDRESS = (
    "' ' || code || ' ' || coalesce(unit, '') || ' ' || number || ' ' || street || ' ' || postcode || ' ' "
    "|| replace(postcode, ' ', '') || ' ' || city || ' ' || area || ' '"
)

#: The digits of a telephone number backwards, so that its end can be searched for: people leave the country out.
PHONE_BACKWARDS = "reverse(regexp_replace(phone, '[^0-9]', '', 'g'))"

customers = sa.Table(
    "customers",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("name"),
    db.text("email"),
    db.text("phone"),
    db.instant("created_at"),
    # In which language they are written to.
    sa.Column("language", sa.Text(), nullable=False, server_default="en"),
    sa.Index("uq_customers_email_lower", sa.text("lower(email)"), unique=True),
    # For a beginning of the address, whatever the database's collation, and for the end of the number.
    sa.Index("ix_customers_email_begins", sa.text("lower(email) text_pattern_ops")),
    sa.Index("ix_customers_phone_ends", sa.text(f"{PHONE_BACKWARDS} text_pattern_ops")),
)

tells(customers, "customers")

premises = sa.Table(
    "premises",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("area", index=True),
    db.text("street"),
    db.text("number"),
    db.text("unit", nullable=True),
    db.text("postcode"),
    db.text("city"),
    sa.Column("latitude", sa.Double(), nullable=False),
    sa.Column("longitude", sa.Double(), nullable=False),
    db.text("splitter_code", nullable=True),
    sa.Column("splitter_port", sa.SmallInteger(), nullable=True),
    sa.Column("drop_m", sa.Integer(), nullable=True),
    # Every word has a space on both sides, so that LIKE '% oak%' means "a word that begins with oak".
    sa.Column("address_text", sa.Text(), sa.Computed(_folded(_ADDRESS), persisted=True), nullable=False),
    sa.Index(
        "ix_premises_address_text",
        "address_text",
        postgresql_using="gin",
        postgresql_ops={"address_text": "gin_trgm_ops"},
    ),
    sa.Index("ix_premises_words", sa.text(PLACE), postgresql_using="gin"),
    sa.Index(
        "uq_premises_splitter_port",
        "splitter_code",
        "splitter_port",
        unique=True,
        postgresql_where=sa.text("splitter_port IS NOT NULL"),
    ),
    sa.CheckConstraint("splitter_port IS NULL OR splitter_code IS NOT NULL", name="port_has_splitter"),
)


customer_notes = sa.Table(
    "customer_notes",
    db.metadata,
    db.id_column(),
    sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    db.instant("at"),
    db.text("author"),
    db.text("text"),
    sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()),
    # When the text was erased, at the request of whom it was about.
    db.instant("erased_at", nullable=True),
)

# Every word that stands in an address: a few thousand even for a city, so that a typo is mended here, within a
# millisecond, and the premises are then searched for words that exist.
address_words = sa.Table(
    "address_words",
    db.metadata,
    sa.Column("word", sa.Text(), primary_key=True),
    sa.Index("ix_address_words_word", "word", postgresql_using="gist", postgresql_ops={"word": "gist_trgm_ops"}),
)

portal_draws(CUSTOMER_CODES)
portal_reads(customers, rows=f"id = {CUSTOMER_WHO_ASKS}")
_THEIRS = f"id = {CUSTOMER_WHO_ASKS}"
portal_changes(customers, rows=_THEIRS, becomes=_THEIRS, columns=["language"])
portal_reads(premises, rows="true")
portal_reads(address_words, rows="true")

#: A visitor cannot see customers, and yet their application is one's: a new one, or whoever has that e-mail address.
portal_is_answered(
    db.metadata,
    Answer(
        name="customer_of_application",
        arguments="new_id uuid, new_code text, new_name text, new_email text, new_phone text, new_at timestamptz, "
        "new_language text",
        returns="TABLE (customer_id uuid, created boolean)",
        body="""
        BEGIN
            INSERT INTO customers (id, code, name, email, phone, created_at, language)
            VALUES (new_id, new_code, new_name, new_email, new_phone, new_at, new_language)
            ON CONFLICT ((lower(email))) DO NOTHING;
            IF FOUND THEN RETURN QUERY SELECT new_id, true; RETURN; END IF;
            RETURN QUERY SELECT c.id, false FROM customers c WHERE lower(c.email) = lower(new_email);
        END
        """,
        volatile=True,
    ),
)


def customer_of_application(*, tx: Tx, customer: Customer) -> tuple[UUID, bool]:
    """The id of the customer of this e-mail address, and whether it is this one, who is new."""
    row = tx.execute(
        sa.text(
            "SELECT customer_id, created FROM "
            "customer_of_application(:id, :code, :name, :email, :phone, :created_at, :language)"
        ),
        asdict(customer),
    ).one()
    return row.customer_id, row.created


def insert_note(*, tx: Tx, note: Note) -> None:
    """Add a note about a customer."""
    tx.execute(customer_notes.insert().values(asdict(note)))


def note_by_id(*, tx: Tx, note_id: UUID) -> Note | None:
    """The note with this id."""
    row = tx.execute(sa.select(*_NOTE).where(customer_notes.c.id == note_id)).mappings().one_or_none()
    return Note(**row) if row is not None else None


def notes_of(*, tx: Tx, customer_id: UUID) -> tuple[Note, ...]:
    """All notes about a customer, the newest first."""
    query = sa.select(*_NOTE).where(customer_notes.c.customer_id == customer_id)
    return tuple(Note(**row) for row in tx.execute(query.order_by(customer_notes.c.number.desc())).mappings())


def set_pinned(*, tx: Tx, note_id: UUID, pinned: bool) -> None:
    """Put a note on top, or take it down."""
    tx.execute(customer_notes.update().where(customer_notes.c.id == note_id).values(pinned=pinned))


def erase_notes(*, tx: Tx, customer_id: UUID, text: str, at: datetime) -> int:
    """Put this text in place of every note about a customer; returns of how many."""
    mine = sa.and_(customer_notes.c.customer_id == customer_id, customer_notes.c.erased_at.is_(None))
    statement = customer_notes.update().where(mine).values(text=text, pinned=False, erased_at=at)
    return tx.execute(statement).rowcount


def set_language(*, tx: Tx, customer_id: UUID, language: str) -> None:
    """Write to a customer in another language."""
    tx.execute(customers.update().where(customers.c.id == customer_id).values(language=language))


def insert_customer(*, tx: Tx, customer: Customer) -> bool:
    """Add a customer; False when the e-mail address or the code is taken."""
    statement = pg.insert(customers).values(asdict(customer)).on_conflict_do_nothing().returning(customers.c.id)
    return tx.execute(statement).scalar_one_or_none() is not None


def customer_by_id(*, tx: Tx, customer_id: UUID) -> Customer | None:
    """The customer with this id."""
    return _customer_where(tx, customers.c.id == customer_id)


def customer_by_code(*, tx: Tx, code: str) -> Customer | None:
    """The customer with this code."""
    return _customer_where(tx, customers.c.code == code)


def customer_by_email(*, tx: Tx, email: str) -> Customer | None:
    """The customer of this e-mail address; letter case does not count."""
    return _customer_where(tx, sa.func.lower(customers.c.email) == sa.func.lower(email))


def _customer_where(tx: Tx, condition: sa.ColumnElement[bool]) -> Customer | None:
    row = tx.execute(sa.select(customers).where(condition)).mappings().one_or_none()
    return Customer(**row) if row is not None else None


def upsert_premises(*, tx: Tx, place: Premises) -> Change:
    """Insert the premises, or bring the one of its code to these values; the row's id stays."""
    values = asdict(place)
    return upsert(tx=tx, table=premises, key=("code",), once={"id": values.pop("id")}, values=values)


def premises_by_id(*, tx: Tx, premises_id: UUID) -> Premises | None:
    """The premises with this id."""
    return _premises_where(tx, premises.c.id == premises_id)


def premises_by_code(*, tx: Tx, code: str) -> Premises | None:
    """The premises with this code."""
    return _premises_where(tx, premises.c.code == code)


def premises_on_port(*, tx: Tx, splitter_code: str, splitter_port: int) -> Premises | None:
    """The premises that this port of a splitter leads to."""
    on_port = sa.and_(premises.c.splitter_code == splitter_code, premises.c.splitter_port == splitter_port)
    return _premises_where(tx, on_port)


def _premises_where(tx: Tx, condition: sa.ColumnElement[bool]) -> Premises | None:
    row = tx.execute(sa.select(*_PREMISES).where(condition)).mappings().one_or_none()
    return Premises(**row) if row is not None else None


def folded_words(*, tx: Tx, text: str) -> tuple[str, ...]:
    """The words of a search text, brought to the form of the stored text by the same expression."""
    return tuple(tx.execute(sa.text(f"SELECT {_folded(':text')}"), {"text": text}).scalar_one().split())


def premises_matching(*, tx: Tx, words: Sequence[Sequence[str]], whole: bool, limit: int) -> tuple[Premises, ...]:
    """Premises whose address has, for each of ``words``, one of its alternatives; the most similar address first.

    With ``whole``, every word but the last, which may still be being typed, must be a whole word of the address;
    otherwise beginnings suffice.
    """
    column = premises.c.address_text
    conditions = [
        sa.or_(*(column.like(f"% {word} %" if whole and place < len(words) - 1 else f"% {word}%") for word in choices))
        for place, choices in enumerate(words)
    ]
    found = sa.select(premises).where(*conditions).limit(RANKED).cte("found").prefix_with("MATERIALIZED")
    measured = sa.func.similarity(" ".join(choices[0] for choices in words), found.c.address_text)
    likeness = sa.func.round(sa.cast(measured, sa.Numeric()), 1).desc()  # rough: equals are listed along the street
    order = (likeness, found.c.street, sa.func.length(found.c.number), found.c.number, found.c.unit, found.c.code)
    query = sa.select(*(found.c[column.name] for column in _PREMISES)).order_by(*order).limit(limit)
    return tuple(Premises(**row) for row in tx.execute(query).mappings())


def learn_words(*, tx: Tx, code: str) -> None:
    """Note the words of one premises' address; in alphabetical order, so that two imports cannot block each other."""
    tx.execute(
        sa.text(
            "INSERT INTO address_words SELECT DISTINCT word FROM premises, "
            "regexp_split_to_table(btrim(address_text), ' ') AS word "
            "WHERE code = :code AND word !~ '[0-9]' ORDER BY word ON CONFLICT DO NOTHING"
        ),
        {"code": code},
    )


def similar_words(*, tx: Tx, word: str) -> tuple[str, ...]:
    """The words of addresses that share most trigrams with this one, the most similar first."""
    query = sa.select(address_words.c.word).order_by(address_words.c.word.op("<->")(word)).limit(LOOKED_AT)
    return tuple(tx.execute(query).scalars())


_NOTE = tuple(column for column in customer_notes.c if column.name != "number")
_PREMISES = tuple(column for column in premises.c if column.name != "address_text")
