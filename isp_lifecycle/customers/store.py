"""The tables of customers and premises, and the search over addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.customers.model import Customer, Premises
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
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

customers = sa.Table(
    "customers",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("name"),
    db.text("email"),
    db.text("phone"),
    db.instant("created_at"),
    sa.Index("uq_customers_email_lower", sa.text("lower(email)"), unique=True),
)

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
    sa.Index(
        "uq_premises_splitter_port",
        "splitter_code",
        "splitter_port",
        unique=True,
        postgresql_where=sa.text("splitter_port IS NOT NULL"),
    ),
    sa.CheckConstraint("splitter_port IS NULL OR splitter_code IS NOT NULL", name="port_has_splitter"),
)


# Every word that stands in an address: a few thousand even for a city, so that a typo is mended here, within a
# millisecond, and the premises are then searched for words that exist.
address_words = sa.Table(
    "address_words",
    db.metadata,
    sa.Column("word", sa.Text(), primary_key=True),
    sa.Index("ix_address_words_word", "word", postgresql_using="gist", postgresql_ops={"word": "gist_trgm_ops"}),
)


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


_PREMISES = tuple(column for column in premises.c if column.name != "address_text")
