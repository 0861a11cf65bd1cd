"""The portal's database role: who it is, what it can reach, and whether that is still so.

Grants, row-level security and functions are made anew from the declarations (``foundation/reach.py``) whenever
``isp db upgrade`` finds them changed, in its one transaction. Whatever is not declared is taken away, so that a new
table is out of the portal's reach until somebody says otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from isp_lifecycle.foundation.claims import PORTAL_ROLE, SETTING, pads
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.reach import Answer, Reach, answers_of, may_draw, reaches_of
from isp_lifecycle.migrations.schema import complete_metadata

#: A schema that the portal's role may not even enter: the blocks that check claims, and what was last granted.
PRIVATE = "isp_private"
#: Other roles that an operator gave rights to (reporting, say) are bound by their grants alone, as before.
_OTHERS = f"CREATE POLICY portal_not ON {{table}} USING ((SELECT NOT pg_has_role('{PORTAL_ROLE}', 'MEMBER')))"

_KEPT = f"""
CREATE SCHEMA IF NOT EXISTS {PRIVATE};
CREATE TABLE IF NOT EXISTS {PRIVATE}.portal (
    single boolean PRIMARY KEY DEFAULT true CHECK (single), granted text, inner_block bytea, outer_block bytea
);
INSERT INTO {PRIVATE}.portal DEFAULT VALUES ON CONFLICT DO NOTHING;
REVOKE ALL ON SCHEMA {PRIVATE} FROM PUBLIC, {PORTAL_ROLE};
"""

#: HMAC-SHA-256 of what is claimed; both sides are hashed once more, so that no comparison's time tells how much fits.
_ASKS = Answer(
    name="portal_asks",
    arguments="kind text",
    returns="text",
    body=f"""
    DECLARE
        claim text := current_setting('{SETTING}', true);
        said text := substr(claim, 66);
        kept {PRIVATE}.portal;
    BEGIN
        IF claim IS NULL OR starts_with(said, kind || ':') IS NOT TRUE THEN RETURN NULL; END IF;
        SELECT * INTO kept FROM {PRIVATE}.portal;
        IF sha256(convert_to(left(claim, 64), 'UTF8')) = sha256(convert_to(encode(
            sha256(kept.outer_block || sha256(kept.inner_block || convert_to(said, 'UTF8'))), 'hex'), 'UTF8'))
        THEN RETURN substr(said, length(kind) + 2); END IF;
        RETURN NULL;
    END
    """,
)


class PortalRoleMissing(NeedsPerson):
    """The database server has no role for the portal, and this account may not make one."""

    def __init__(self) -> None:
        super().__init__(
            f"The database server has no role {PORTAL_ROLE}, and this account may not create roles.",
            field="role",
            value=PORTAL_ROLE,
            remedy=f"Have its administrator run once: CREATE ROLE {PORTAL_ROLE} NOLOGIN NOINHERIT; then try again.",
        )


def bring_up(*, tx: Tx) -> bool:
    """Make role, grants, policies and functions what is declared; returns whether anything had to be done."""
    _ensure_role(tx)
    _run(tx, _KEPT)
    statements = tuple(_statements())
    mark = hashlib.sha256("\0".join(statements).encode()).hexdigest()
    known = tx.execute(sa.text(f"SELECT granted FROM {PRIVATE}.portal")).scalar_one()
    if known == mark and granted(tx=tx) == declared() and not unruled(tx=tx):
        return False
    _run(tx, _TAKEN_AWAY)
    for statement in statements:
        _run(tx, statement)
    tx.execute(sa.text(f"UPDATE {PRIVATE}.portal SET granted = :mark"), {"mark": mark})
    return True


def trust(*, tx: Tx, key: str) -> None:
    """Have the database believe claims that are sealed with this key, and no others."""
    inner, outer = pads(key)
    statement = f"UPDATE {PRIVATE}.portal SET inner_block = :inner, outer_block = :outer"
    tx.execute(sa.text(statement), {"inner": inner, "outer": outer})


def admit(*, tx: Tx, url: str) -> None:
    """Let the portal's role sign in with the password of this URL."""
    password = unquote(urlsplit(url).password or "")
    if not re.fullmatch(r"[0-9A-Za-z_-]{16,}", password):
        raise ValueError("a password of the portal's role is one that was made by kept_secret")
    _run(tx, f"ALTER ROLE {PORTAL_ROLE} LOGIN NOINHERIT PASSWORD '{password}'")


def role_statement(password: str) -> str:
    """The statement that an administrator of a database server runs, where there is no such role yet and where is."""
    return (
        f"DO $$ BEGIN CREATE ROLE {PORTAL_ROLE}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        f"ALTER ROLE {PORTAL_ROLE} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS "
        f"PASSWORD '{password}';"
    )


def _ensure_role(tx: Tx) -> None:
    there = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if tx.execute(there, {"role": PORTAL_ROLE}).scalar_one_or_none():
        return
    try:
        with tx.begin_nested():
            _run(tx, f"CREATE ROLE {PORTAL_ROLE} NOLOGIN NOINHERIT")
    except sa.exc.ProgrammingError as error:
        # Roles belong to the whole server: another database's upgrade may have been faster.
        if not tx.execute(there, {"role": PORTAL_ROLE}).scalar_one_or_none():
            raise PortalRoleMissing from error
    except sa.exc.IntegrityError:
        return  # as above, at the very same moment


#: Everything that the role was ever given here goes; rules on rows that were made for it go with it.
_TAKEN_AWAY = f"""
DO $taken$
DECLARE found record;
BEGIN
    FOR found IN SELECT policyname, tablename FROM pg_policies
                 WHERE schemaname = 'public' AND starts_with(policyname, 'portal_') LOOP
        EXECUTE format('DROP POLICY %I ON %I', found.policyname, found.tablename);
        IF found.policyname = 'portal_not' THEN
            EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', found.tablename);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $taken$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {PORTAL_ROLE};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {PORTAL_ROLE};
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {PORTAL_ROLE};
GRANT USAGE ON SCHEMA public TO {PORTAL_ROLE};
"""


def _statements() -> Iterator[str]:
    metadata = complete_metadata()
    for answer in (_ASKS, *answers_of(metadata)):
        yield from _function(answer)
    for name in sorted(metadata.tables):
        reaches = reaches_of(metadata.tables[name])
        if reaches:
            yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
            yield _OTHERS.format(table=name)
        for number, reach in enumerate(reaches, 1):
            yield from _granted(name, reach, number)
    for sequence in sorted(metadata._sequences.values(), key=lambda one: one.name):
        if may_draw(sequence):
            yield f"GRANT USAGE ON SEQUENCE {sequence.name} TO {PORTAL_ROLE}"


def _granted(table: str, reach: Reach, number: int) -> Iterator[str]:
    columns = ", ".join(f'"{column}"' for column in sorted(reach.columns))
    yield f"GRANT {reach.verb} ({columns}) ON {table} TO {PORTAL_ROLE}"
    policy = f"CREATE POLICY portal_{number}_{reach.verb.lower()} ON {table} FOR {reach.verb} TO {PORTAL_ROLE}"
    if reach.verb == "INSERT":
        yield f"{policy} WITH CHECK ({reach.rows})"
    elif reach.verb == "UPDATE":
        yield f"{policy} USING ({reach.rows}) WITH CHECK ({reach.becomes})"
    else:
        yield f"{policy} USING ({reach.rows})"


def _function(answer: Answer) -> Iterator[str]:
    kind = "VOLATILE" if answer.volatile else "STABLE"
    yield (
        f"CREATE OR REPLACE FUNCTION {answer.name}({answer.arguments}) RETURNS {answer.returns} LANGUAGE plpgsql "
        f"{kind} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $answer${answer.body}$answer$"
    )
    yield f"REVOKE ALL ON FUNCTION {answer.signature} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {answer.signature} TO {PORTAL_ROLE}"


def _run(tx: Tx, statements: str) -> None:
    """In one message, a percent sign being one."""
    tx.exec_driver_sql(statements, execution_options={"no_parameters": True})


# --- whether it is so ---------------------------------------------------------------------------------------------


def declared() -> frozenset[tuple[str, str, str]]:
    """Every (table, column, verb) that the portal is to have."""
    return frozenset(
        (name, column, reach.verb)
        for name, table in complete_metadata().tables.items()
        for reach in reaches_of(table)
        for column in reach.columns
    )


_GRANTED = f"""
    SELECT c.relname, a.attname, verb.name
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) AS verb (name)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_column_privilege('{PORTAL_ROLE}', c.oid, a.attnum, verb.name)
    UNION ALL
    SELECT c.relname, '', verb.name FROM pg_class c
    CROSS JOIN (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS verb (name)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_table_privilege('{PORTAL_ROLE}', c.oid, verb.name)
"""


def granted(*, tx: Tx) -> frozenset[tuple[str, str, str]]:
    """Every (table, column, verb) that the portal has in truth, by whatever way."""
    return frozenset((row[0], row[1], row[2]) for row in tx.execute(sa.text(_GRANTED)))


_UNRULED = f"""
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
      AND has_any_column_privilege('{PORTAL_ROLE}', c.oid, 'SELECT, INSERT, UPDATE') ORDER BY 1
"""


def unruled(*, tx: Tx) -> tuple[str, ...]:
    """Tables that the portal can reach and that have no rule about rows."""
    return tuple(tx.execute(sa.text(_UNRULED)).scalars())
