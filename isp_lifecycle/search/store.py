"""The words by which customers are found, and what keeps them: triggers, so that no writer can forget it.

A row a customer has its name and every word of the name and of the places that they are or were served at. It is
written with the change itself, whoever makes it: a page, an import, a workflow, the portal's own role. The words are
looked up whole by an inverted index (GIN); typing errors are mended among the different words that there are, of which
a million customers have some hundred thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.folding import PLACE
from isp_lifecycle.search.model import Candidate

#: So many of those that fit are ranked; a text that fits more means nobody in particular.
RANKED = 200
#: So many that fit the longer words are looked through for one that has the short ones as well.
LOOKED_THROUGH = 2000
#: So many known words are looked at where one may be a typing error; the model decides among them.
LOOKED_AT = 25

customer_words = sa.Table(
    "customer_words",
    db.metadata,
    sa.Column("customer_id", pg.UUID(as_uuid=True), primary_key=True),
    # In the order of its bytes, in which an index answers for beginnings whatever the database's own order is.
    sa.Column("name", sa.Text(collation="C"), nullable=False),
    sa.Column("words", pg.TSVECTOR(), nullable=False),
    sa.Index("ix_customer_words_words", "words", postgresql_using="gin"),
    sa.Index("ix_customer_words_name", "name"),
)

known_words = sa.Table(
    "known_words",
    db.metadata,
    sa.Column("word", sa.Text(collation="C"), primary_key=True),
    sa.Index("ix_known_words_alike", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
)

_REMEMBERED = """
    INSERT INTO known_words SELECT DISTINCT word FROM {words} AS word
    WHERE length(word) > 2 AND word !~ '[0-9]' ORDER BY word ON CONFLICT DO NOTHING
"""

#: Writes the row of each of these customers anew. Planned once a session: otherwise planning it anew takes six times as
#: long as doing it (0.43 ms for 0.07 ms). A name with an apostrophe or a hyphen is found with it, without it
#: and in parts. An address that a stranger gave for somebody's order is nobody's until it was accepted.
_NOTED = f"""
CREATE FUNCTION search_noted(wanted uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH said AS (
        SELECT c.id, search_folded(c.name) AS name, array_remove(string_to_array(concat_ws(' ', search_folded(c.name),
                CASE WHEN c.name ~ '[''’-]' THEN
                    search_folded(translate(c.name, '''’-', '   ')) || ' ' || search_folded(replace(c.name, '-', ''))
                END,
                (SELECT search_folded(string_agg(concat_ws(' ', p.unit, p.number, p.street, p.postcode,
                                                           replace(p.postcode, ' ', ''), p.city), ' '))
                 FROM premises p WHERE p.id IN (
                    SELECT s.premises_id FROM services s WHERE s.customer_id = c.id
                    UNION ALL SELECT o.premises_id FROM orders o WHERE o.customer_id = c.id AND NOT o.claimed))
            ), ' '), '') AS words
        FROM customers c WHERE c.id = ANY (wanted)
    ), written AS (
        INSERT INTO customer_words AS known SELECT id, name, array_to_tsvector(words) FROM said ORDER BY id
        ON CONFLICT (customer_id) DO UPDATE SET name = EXCLUDED.name, words = EXCLUDED.words
        WHERE (known.name, known.words) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.words)
    )
    {_REMEMBERED.format(words="said, unnest(words)").strip()};
END $$
"""

#: The triggers' one function. It runs with the owner's rights, since the portal's role adds orders too; who may not
#: write a row causes nothing. Its argument is the column of the row that names the customer.
_HEARD = f"""
CREATE FUNCTION search_heard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    wanted uuid[];
BEGIN
    IF TG_TABLE_NAME = 'premises' THEN
        {_REMEMBERED.format(words="fresh, unnest(tsvector_to_array(search_place(unit, number, street, postcode, city)))").strip()};
        SELECT array_agg(DISTINCT customer_id) INTO wanted FROM (
            SELECT s.customer_id FROM fresh JOIN services s ON s.premises_id = fresh.id
            UNION ALL SELECT o.customer_id FROM fresh JOIN orders o ON o.premises_id = fresh.id) AS there;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM customer_words WHERE customer_id = OLD.id;
    ELSIF TG_OP = 'INSERT' AND TG_ARGV[0] = 'id' THEN
        SELECT array_agg(id) INTO wanted FROM fresh;
    ELSIF TG_TABLE_NAME = 'services' AND TG_OP = 'INSERT' THEN  -- the order for it has told the place already
        SELECT array_agg(DISTINCT f.customer_id) INTO wanted FROM fresh f WHERE NOT EXISTS (
            SELECT FROM orders o
            WHERE o.customer_id = f.customer_id AND o.premises_id = f.premises_id AND NOT o.claimed);
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT customer_id) INTO wanted FROM fresh;
    ELSIF TG_ARGV[0] = 'id' THEN
        wanted := ARRAY[NEW.id];
    ELSE
        wanted := ARRAY[OLD.customer_id, NEW.customer_id];
    END IF;
    IF wanted IS NOT NULL THEN PERFORM search_noted(wanted); END IF;
    RETURN NULL;
END $$
"""  # noqa: E501


def _trigger(table: str, what: str, rest: str) -> None:
    name = f"{table}_{what.lower()}_for_search"
    db.after_all(f"CREATE TRIGGER {name} AFTER {what} ON {table} {rest}")


def _whole_statements(table: str, what: str, column: str) -> None:
    """Have all rows of one statement noted together."""
    told = f"REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('{column}')"
    _trigger(table, what, told)


def _changed_rows(table: str, column: str, changes: str) -> None:
    """Have a changed row noted where one of these columns differs; most changes are of others, and cost nothing."""
    differs = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in changes.split())
    _trigger(table, "UPDATE", f"FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION search_heard('{column}')")


for _statement in (_HEARD, _NOTED):
    db.after_all(_statement)
_whole_statements("customers", "INSERT", "id")
_changed_rows("customers", "id", "name")
_trigger("customers", "DELETE", "FOR EACH ROW EXECUTE FUNCTION search_heard('id')")
_whole_statements("services", "INSERT", "customer_id")
_changed_rows("services", "customer_id", "customer_id premises_id")
_whole_statements("orders", "INSERT", "customer_id")
_changed_rows("orders", "customer_id", "customer_id premises_id claimed")
_whole_statements("premises", "INSERT", "")
_whole_statements("premises", "UPDATE", "")


def note_all(*, tx: Tx) -> int:
    """Write every customer's row anew, as an upgrade does that changed what words are; returns how many there are."""
    tx.execute(sa.text("SELECT search_noted(array(SELECT id FROM customers))"))
    return int(tx.execute(sa.text("SELECT count(*) FROM customer_words")).scalar_one())


_BY_NAME = "SELECT customer_id, name FROM customer_words WHERE name LIKE :beginning ORDER BY name LIMIT :many"
_BY_WORDS = """
    WITH fit AS MATERIALIZED (
        SELECT customer_id, name, words FROM customer_words WHERE words @@ CAST(:long AS tsquery) LIMIT :through
    )
    SELECT customer_id, name, similarity(name, :text) FROM fit
    WHERE :short = '' OR words @@ CAST(:short AS tsquery) LIMIT :many
"""
_PREMISES = f"""
    WITH fit AS MATERIALIZED (
        SELECT id, unit, number, street, postcode, city FROM premises
        WHERE {PLACE} @@ CAST(:long AS tsquery) LIMIT :through
    )
    SELECT id, similarity(search_folded(number || ' ' || street || ' ' || city), :text) FROM fit
    WHERE :short = '' OR {PLACE} @@ CAST(:short AS tsquery) LIMIT :many
"""


def named(*, tx: Tx, beginning: str, limit: int) -> list[Candidate]:
    """Customers whose name begins with this, by name; it is folded, so that no character in it means anything else."""
    found = tx.execute(sa.text(_BY_NAME), {"beginning": f"{beginning}%", "many": limit})
    return [Candidate(*row) for row in found]


def having(*, tx: Tx, long: str, short: str, text: str) -> list[Candidate]:
    """Customers whose words answer both tsqueries; ``short`` is not looked up, but looked for among those of the other.

    At most RANKED of them; ``text`` is what their names are compared with.
    """
    return [Candidate(*row) for row in tx.execute(sa.text(_BY_WORDS), _values(long, short, text))]


def premises_having(*, tx: Tx, long: str, short: str, text: str) -> dict[UUID, float]:
    """Premises in the same way, each with how alike its address is."""
    return {row[0]: row[1] for row in tx.execute(sa.text(_PREMISES), _values(long, short, text))}


def _values(long: str, short: str, text: str) -> dict[str, Any]:
    through = LOOKED_THROUGH if short else RANKED
    return {"long": long, "short": short, "text": text, "through": through, "many": RANKED}


def known(*, tx: Tx, words: Sequence[str]) -> frozenset[str]:
    """Which of these are words that somebody or some place has, whole."""
    query = sa.select(known_words.c.word).where(known_words.c.word.in_(words))
    return frozenset(tx.execute(query).scalars())


def alike(*, tx: Tx, word: str, tried: Collection[str]) -> tuple[str, ...]:
    """The known words among those that were tried out, and those that share most trigrams with this one."""
    one = known_words.c.word
    exact = sa.select(one).where(one == sa.func.any(sa.cast(sorted(tried), pg.ARRAY(sa.Text()))))
    similar = sa.select(one).where(one.op("%")(word)).order_by(sa.func.similarity(one, word).desc()).limit(LOOKED_AT)
    found = [*(tx.execute(exact).scalars() if tried else ()), *tx.execute(similar).scalars()]
    return tuple(dict.fromkeys(found))
