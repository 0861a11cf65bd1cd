"""The portal's database role, by raw SQL as that very role: what it may do is exactly what is declared, row by row.

Whoever slips SQL into the portal can write statements like these; PostgreSQL itself refuses them, or shows no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import redis
import sqlalchemy as sa
from psycopg import errors, sql

from isp_lifecycle import bootstrap
from isp_lifecycle.access import actions as access
from isp_lifecycle.access import recovery as links
from isp_lifecycle.access.errors import SignInRefused
from isp_lifecycle.access.model import VISITOR
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine, read, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts, lines, recovery, sales
from isp_lifecycle.intake import portal as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.errors import AddressTaken, NotTheirsToOpen
from isp_lifecycle.migrations import portal
from isp_lifecycle.migrations.schema import complete_metadata
from isp_lifecycle.views import common as common_views
from isp_lifecycle.views import portal as views
from isp_lifecycle.views.window import Window
from tests.conftest import PORTAL_KEY, portal_engine_of, portal_url
from tests.contract.access.portal_world import AT, PASSWORD, STAFF, Person, person, town
from tests.databases import copied

REACH = Path(__file__).parents[3] / "build" / "portal-reach.md"
TABLES = sorted(complete_metadata().tables)


@pytest.fixture(scope="module")
def peopled(postgres: str, _template: str) -> Iterator[tuple[str, Person, Person]]:
    """The name of a database with two customers and staff, which each test's own is copied from."""
    with copied(postgres, _template) as url:
        engine = open_engine(url)
        town(engine)
        ada, bob = person(engine, "Ada", 1), person(engine, "Bob", 2)
        engine.dispose()
        yield url.rpartition("/")[2], ada, bob


@pytest.fixture
def ada(peopled: tuple[str, Person, Person]) -> Person:
    return peopled[1]


@pytest.fixture
def bob(peopled: tuple[str, Person, Person]) -> Person:
    return peopled[2]


@pytest.fixture
def database(postgres: str, peopled: tuple[str, Person, Person]) -> Iterator[str]:
    with copied(postgres, peopled[0]) as url:
        yield url


@pytest.fixture
def raw(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of the portal's role, in which any SQL can be typed."""
    with psycopg.connect(portal_url(database), autocommit=True) as connection:
        yield connection


def doors(engine: sa.Engine, tmp_path: Path) -> Doors:
    settings, clock = Settings(var=tmp_path), SystemClock()
    return Doors(Door(engine, clock, settings), Window(engine, clock, settings, Olts([])), settings)


@pytest.fixture
def faces(portal_engine: sa.Engine, tmp_path: Path) -> Doors:
    """The doors as the portal's process has them."""
    return doors(portal_engine, tmp_path)


def asks(raw: psycopg.Connection[Any], person: Person) -> None:
    """What the portal itself does at the beginning of a transaction, for the rest of the session."""
    raw.execute("SELECT set_config('isp.claim', %s, false)", [person.actor.claim.sealed(PORTAL_KEY)])


def claims(raw: psycopg.Connection[Any], kind: Any, value: object) -> None:
    """Another claim of the portal's own, for the rest of the session."""
    raw.execute("SELECT set_config('isp.claim', %s, false)", [Claim(kind, str(value)).sealed(PORTAL_KEY)])


def may(raw: psycopg.Connection[Any], statement: sql.Composed) -> bool:
    """Whether PostgreSQL lets the role do this at all; nothing is touched."""
    try:
        raw.execute(statement)
    except errors.InsufficientPrivilege:
        return False
    return True


def statements(table: str, column: str, *, made: bool) -> dict[str, sql.Composed]:
    """A statement of each verb on a column that does nothing where it is allowed."""
    name, one = sql.Identifier(table), sql.Identifier(column)
    found = {"SELECT": sql.SQL("SELECT {} FROM {} LIMIT 0").format(one, name)}
    if not made:
        found["INSERT"] = sql.SQL("INSERT INTO {} ({}) SELECT NULL WHERE false").format(name, one)
        found["UPDATE"] = sql.SQL("UPDATE {} SET {} = NULL WHERE false").format(name, one)
    return found


# --- what it can reach ---------------------------------------------------------------------------------------------


def test_each_verb_on_each_column_of_each_table_is_allowed_exactly_where_it_is_declared(
    raw: psycopg.Connection[Any],
) -> None:
    declared, tried, wrong = portal.declared(), 0, []
    for table in TABLES:
        for column in complete_metadata().tables[table].columns:
            made = column.computed is not None or column.identity is not None
            for verb, statement in statements(table, column.name, made=made).items():
                tried += 1
                if may(raw, statement) != ((table, column.name, verb) in declared):
                    wrong.append((table, column.name, verb))
        for statement in ("DELETE FROM {} WHERE false", "TRUNCATE {}", "LOCK TABLE {} IN EXCLUSIVE MODE"):
            with raw.transaction(force_rollback=True):
                assert not may(raw, sql.SQL(statement).format(sql.Identifier(table))), (table, statement)
    assert wrong == []
    assert tried > 1000


def test_what_postgresql_says_of_its_grants_is_what_is_declared(engine: sa.Engine) -> None:
    with read(engine) as tx:
        assert portal.granted(tx=tx) == portal.declared()
        assert portal.unruled(tx=tx) == ()


def test_a_new_table_and_a_grant_by_hand_are_out_of_reach_after_the_next_upgrade(
    engine: sa.Engine, raw: psycopg.Connection[Any]
) -> None:
    with write(engine) as tx:
        tx.execute(sa.text("CREATE TABLE somebodys (secret text)"))
        tx.execute(sa.text("GRANT SELECT ON olts TO isp_portal"))
        tx.execute(sa.text("ALTER TABLE charges DISABLE ROW LEVEL SECURITY"))
        tx.execute(
            sa.text("DO $$ BEGIN EXECUTE 'GRANT TEMPORARY ON DATABASE ' || current_database() || ' TO PUBLIC'; END $$")
        )
    assert not may(raw, sql.SQL("SELECT * FROM somebodys").format())
    with write(engine) as tx:
        assert portal.granted(tx=tx) != portal.declared()
        assert portal.unruled(tx=tx) == ("charges", "olts")
        assert portal.bring_up(tx=tx)
        assert not portal.bring_up(tx=tx)
        assert portal.granted(tx=tx) == portal.declared()
    assert not may(raw, sql.SQL("SELECT * FROM olts").format())
    assert not may(raw, sql.SQL("CREATE TEMPORARY TABLE mine (a text)").format())
    assert raw.execute("SELECT * FROM charges").fetchall() == []


#: Ways out of a database role. Each is refused, by these words of PostgreSQL.
WAYS_OUT = (
    "SET ROLE isp",
    "SET SESSION AUTHORIZATION isp",
    "ALTER ROLE isp_portal SUPERUSER",
    "CREATE ROLE another",
    "GRANT isp TO isp_portal",
    "GRANT SELECT ON users TO PUBLIC",
    "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON orders USING (true)",
    "DROP POLICY portal_1_select ON orders",
    "ALTER TABLE customers OWNER TO isp_portal",
    "CREATE OR REPLACE FUNCTION portal_asks(kind text) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
    "CREATE FUNCTION mine() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT 'x' $$",
    "CREATE TABLE mine (a text)",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "CREATE TRIGGER mine BEFORE INSERT ON orders EXECUTE FUNCTION audit_only_grows()",
    "COPY olts TO STDOUT",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY plans TO '/tmp/plans'",
    "COPY orders FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(0, '/tmp/out')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET log_statement = 'all'",
    "SET session_replication_role = 'replica'",
    "SET row_security = off; SELECT * FROM charges",
    "SELECT * FROM isp_private.portal",
    "UPDATE isp_private.portal SET inner_block = ''",
    "SELECT query_to_xml('SELECT * FROM olts', true, true, '')",
    "SELECT setval('order_codes', 1)",
    "SELECT nextval('service_codes')",
    "SELECT * FROM alembic_version",
)


def test_ways_out_of_the_role_are_refused(raw: psycopg.Connection[Any], bob: Person) -> None:
    asks(raw, bob)
    open_ways = []
    for way in WAYS_OUT:
        try:
            raw.execute(way)
            open_ways.append((way, "done"))
        except errors.InsufficientPrivilege:
            continue
        except psycopg.Error as error:
            open_ways.append((way, f"{type(error).__name__} {error}"))
    assert not open_ways, "\n".join(map(str, open_ways))


def test_large_objects_hold_nothing_of_anybody(raw: psycopg.Connection[Any], engine: sa.Engine) -> None:
    with write(engine) as tx:
        made = tx.execute(sa.text("SELECT lo_from_bytea(0, 'secret')")).scalar_one()
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("SELECT lo_get(%s)", [made])


def test_statistics_and_other_sessions_tell_nothing(raw: psycopg.Connection[Any], engine: sa.Engine) -> None:
    with engine.connect() as other:
        other.execute(sa.text("ANALYZE charges, users, customers, olts"))
        assert (
            raw.execute("SELECT * FROM pg_stats WHERE schemaname = 'public' AND tablename <> 'plans'").fetchall() == []
        )
        queries = raw.execute("SELECT query FROM pg_stat_activity WHERE usename <> current_user").fetchall()
        pid = other.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert {query for (query,) in queries} <= {"<insufficient privilege>", None, ""}


# --- whose rows -----------------------------------------------------------------------------------------------------

#: Every row of these that the portal can see is of one customer; and how many one has of each.
OWN = {"customers": 1, "services": 1, "orders": 1, "charges": 1, "allocations": 1, "pools": 1, "events": 1, "users": 1}


def seen(raw: psycopg.Connection[Any]) -> dict[str, int]:
    columns = {"deliveries": "id", "step_runs": "says"}
    tables = [*OWN, *columns]
    return {t: len(raw.execute(f"SELECT {columns.get(t, '*')} FROM {t}").fetchall()) for t in tables}


def test_a_visitor_sees_nobody(raw: psycopg.Connection[Any]) -> None:
    assert set(seen(raw).values()) == {0}
    assert len(raw.execute("SELECT * FROM plans").fetchall()) == 2


def test_a_customer_sees_their_own_rows_and_nobody_elses(
    raw: psycopg.Connection[Any], ada: Person, bob: Person
) -> None:
    asks(raw, ada)
    found = seen(raw)
    assert {table: found[table] for table in OWN} == OWN
    assert found["deliveries"] >= 1
    assert raw.execute("SELECT says FROM step_runs").fetchall() == [("Ada",)]
    for table, column in (("services", "customer_id"), ("orders", "customer_id"), ("charges", "customer_id")):
        wanted = sql.SQL("SELECT * FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
        assert raw.execute(wanted, [bob.customer_id]).fetchall() == []
        assert len(raw.execute(wanted, [ada.customer_id]).fetchall()) == 1
    assert raw.execute("SELECT username FROM users").fetchall() == [("ada@example.org",)]
    assert raw.execute("SELECT * FROM customers WHERE email ILIKE '%bob%' OR true").fetchone()[1:3] == (
        "C-000001",
        "Ada Byrne",
    )


def forged(ada: Person, bob: Person) -> dict[str, str]:
    """Claims to be Bob that somebody without the portal's key can make."""
    mine, theirs = ada.actor.claim.sealed(PORTAL_KEY), bob.actor.claim
    said = f"{theirs.kind}:{theirs.value}"
    return {
        "nothing but the claim": said,
        "no seal": f":{said}",
        "another's seal": f"{mine[:64]}:{said}",
        "another key": theirs.sealed("x" * 64),
        "zeros": f"{'0' * 64}:{said}",
        "quotes": f"{'0' * 64}:{said}' OR '1'='1",
        "mine and more": f"{mine}:{said}",
        "no hexadecimal": f"{'ü' * 64}:{said}",
        "percent": f"{'%' * 64}:{said}",
    }


def test_a_claim_cannot_be_forged(raw: psycopg.Connection[Any], ada: Person, bob: Person) -> None:
    for how, claim in forged(ada, bob).items():
        raw.execute("SELECT set_config('isp.claim', %s, false)", [claim])
        assert raw.execute("SELECT id FROM customers").fetchall() == [], how


def test_a_claim_of_one_kind_is_none_of_another(raw: psycopg.Connection[Any], ada: Person) -> None:
    """Whose password is being checked or set, whose session it is, or who is asked for as having forgotten theirs: each
    is an account, and nothing of the customer; only the first two change its password."""
    account = str(ada.actor.user_id)
    for kind, value, sets in (
        ("username", "ada@example.org", 1),
        ("link", account, 1),
        ("user", account, 0),
        ("forgotten", "ada@example.org", 0),
    ):
        claims(raw, kind, value)
        assert raw.execute("SELECT username FROM users").fetchall() == [("ada@example.org",)]
        assert raw.execute("SELECT id FROM customers").fetchall() == []
        assert raw.execute("UPDATE users SET password_hash = password_hash").rowcount == sets, kind
    for kind in ("username", "forgotten"):
        for name in ("boss", "boss@isp.example", "isp", "' OR true --"):
            claims(raw, kind, name)
            assert raw.execute("SELECT username FROM users").fetchall() == []
    assert raw.execute("SELECT name FROM own_roles").fetchall() == []


def test_a_claim_ends_with_its_transaction(portal_engine: sa.Engine, ada: Person) -> None:
    everybody = sa.text("SELECT count(*) FROM customers")
    with read(portal_engine, ada.actor.claim) as tx:
        assert tx.execute(everybody).scalar_one() == 1
    with read(portal_engine) as tx:
        assert tx.execute(everybody).scalar_one() == 0
    with portal_engine.connect() as connection:  # what a statement left behind in the session
        connection.execute(
            sa.text("SELECT set_config('isp.claim', :c, false)"), {"c": ada.actor.claim.sealed(PORTAL_KEY)}
        )
        connection.commit()
    with read(portal_engine) as tx:
        assert tx.execute(everybody).scalar_one() == 0


# --- writing --------------------------------------------------------------------------------------------------------


def terms_of(raw: psycopg.Connection[Any]) -> dict[str, Any]:
    return raw.execute("SELECT terms FROM services").fetchone()[0]


def order(raw: psycopg.Connection[Any], **values: Any) -> None:
    row = {
        "id": new_id(),
        "code": f"O-9{new_id().int % 10**8:08d}",
        "kind": "termination",
        "state": "submitted",
        "channel": "portal",
        "note": "",
        "claimed": False,
        "submitted_at": AT,
    } | values
    row = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in row.items()}
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    places = sql.SQL(", ").join(sql.Placeholder() * len(row))
    raw.execute(sql.SQL("INSERT INTO orders ({}) VALUES ({})").format(names, places), list(row.values()))


def test_what_a_customer_can_write_is_theirs_and_what_the_form_could(
    raw: psycopg.Connection[Any], ada: Person, bob: Person
) -> None:
    """Orders as an injected statement would write them: for another, at another price, decided already."""
    asks(raw, ada)
    mine = {"customer_id": ada.customer_id, "premises_id": ada.service.premises_id, "service_id": ada.service.id}
    mine["terms"] = terms = terms_of(raw)
    for wrong in (
        {"customer_id": bob.customer_id},
        {"service_id": bob.service.id},
        {"customer_id": bob.customer_id, "service_id": bob.service.id},
        {"state": "confirmed", "decided_by": "me"},
        {"state": "completed", "closed_at": AT},
        {"kind": "relocation"},
        {"kind": "address_change"},
        {"channel": "staff"},
        {"terms": terms | {"price": "0.01"}},
        {"kind": "plan_change", "terms": terms | {"price": "0.01"}},
        {"kind": "plan_change", "terms": terms | {"down_kbps": 999_999}},
        {"kind": "new_line"},
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            order(raw, **mine | wrong)
    order(raw, **mine)
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("UPDATE orders SET state = 'completed'")
    raw.execute("UPDATE orders SET state = 'confirmed', decided_at = now(), decided_by = 'me'")
    assert raw.execute("SELECT kind, state FROM orders ORDER BY kind").fetchall() == [
        ("new_line", "submitted"),
        ("termination", "confirmed"),
    ]


def event(
    raw: psycopg.Connection[Any],
    kind: str,
    *,
    payload: dict[str, Any] | None = None,
    at: datetime = AT,
    **ids: UUID,
) -> UUID:
    key = new_id()
    said = payload if payload is not None else {name: str(value) for name, value in ids.items()}
    row = {"id": key, "kind": kind, "version": 1, "payload": json.dumps(said), "trace": key, "actor": "me", **ids}
    names = sql.SQL(", ").join(map(sql.Identifier, (*row, "recorded_at")))
    places = sql.SQL(", ").join(sql.Placeholder() * (len(row) + 1))
    raw.execute(sql.SQL("INSERT INTO events ({}) VALUES ({})").format(names, places), [*row.values(), at])
    return key


def test_events_are_recorded_about_ones_own_only_and_only_those_that_the_pages_record(
    raw: psycopg.Connection[Any], engine: sa.Engine, ada: Person, bob: Person
) -> None:
    asks(raw, ada)
    own = {"order_id": ada.order_id, "customer_id": ada.customer_id, "service_id": ada.service.id}
    others = {"order_id": bob.order_id, "customer_id": bob.customer_id, "service_id": bob.service.id}
    for kind in ("LineActivated", "ActivationRequested", "OntSwapRequested", "ReportRequested", "Nonsense"):
        with pytest.raises(errors.InsufficientPrivilege):
            event(raw, kind, **own)
    for part in others:
        with pytest.raises(errors.InsufficientPrivilege):
            event(raw, "TerminationRequested", **own | {part: others[part]})
        said = {k: str(v) for k, v in (own | {part: others[part]}).items()}
        with pytest.raises(errors.InsufficientPrivilege):
            event(raw, "TerminationRequested", payload=said, **own)
    with write(engine) as tx:
        tx.execute(
            sa.text("UPDATE services SET state = 'suspended', suspended_on = now(), suspended_for = 'non_payment'")
        )
    with pytest.raises(errors.InsufficientPrivilege):
        event(raw, "ResumptionRequested", **own)
    event(raw, "TerminationRequested", **own)


@pytest.fixture
def boss(engine: sa.Engine) -> UUID:
    """An account of the staff with an address, a role that was defined here, and one customer's address as well."""
    with write(engine) as tx:
        tx.execute(sa.text("INSERT INTO own_roles VALUES ('chief', 'administrator', '{}')"))
        tx.execute(sa.text("UPDATE users SET email = 'Boss@isp.example', own_role = 'chief' WHERE username = 'boss'"))
        tx.execute(sa.text("UPDATE users SET email = 'Ada@post.example' WHERE username = 'ada@example.org'"))
        return tx.execute(sa.text("SELECT id FROM users WHERE username = 'boss'")).scalar_one()


def test_a_link_is_asked_for_whoever_is_named_and_for_nobody_of_the_staff(
    raw: psycopg.Connection[Any], engine: sa.Engine, ada: Person, bob: Person, boss: UUID
) -> None:
    """Statements slipped into “Forgot your password?”, with whatever a process of the portal would claim for it."""
    mine, now = {"user_id": str(ada.actor.user_id), "purpose": "reset"}, datetime.now(UTC)
    theirs = [mine | {"user_id": str(one)} for one in (boss, bob.actor.user_id, new_id())]

    def refused(payload: dict[str, Any], at: datetime = now, **ids: UUID) -> None:
        with pytest.raises(errors.InsufficientPrivilege):
            event(raw, "PasswordLinkAsked", payload=payload, at=at, **ids)

    refused(mine)
    account = ada.actor.user_id
    for kind, value in (("username", "ada@example.org"), ("user", account), ("link", account)):
        claims(raw, kind, value)
        refused(mine)
    asks(raw, ada)
    refused(mine)
    for name in ("boss", "boss@isp.example", str(boss)):
        claims(raw, "forgotten", name)
        for payload in (mine, *theirs):
            refused(payload)
    claims(raw, "forgotten", "ada@post.example")
    for payload in (*theirs, mine | {"purpose": "invitation"}, mine | {"note": "x"}, {"user_id": mine["user_id"]}):
        refused(payload)
    refused(mine | {"customer_id": str(ada.customer_id)}, customer_id=ada.customer_id)
    for away in (-timedelta(hours=2), timedelta(hours=2)):
        refused(mine, now + away)
    for _ in range(20):
        event(raw, "PasswordLinkAsked", payload=mine, at=now)
    refused(mine)  # whatever the form would have allowed: an hour's mails are told
    claims(raw, "forgotten", "bob@example.org")
    event(raw, "PasswordLinkAsked", payload=theirs[1], at=now)
    with write(engine) as tx:
        tx.execute(sa.text("UPDATE users SET active = false WHERE username = 'bob@example.org'"))
    refused(theirs[1])


def test_a_notice_is_of_ones_own_password_and_in_no_words_of_ones_own(
    raw: psycopg.Connection[Any], ada: Person, bob: Person, boss: UUID
) -> None:
    def told(what: str, user: object = ada.actor.user_id, address: object = "192.0.2.7", **more: Any) -> None:
        payload = {"user_id": str(user), "what": what, "address": address} | more
        event(raw, "AccountChanged", payload=payload, at=datetime.now(UTC))

    def refused(what: str, **how: Any) -> None:
        with pytest.raises(errors.InsufficientPrivilege):
            told(what, **how)

    for kind, value in (("forgotten", "ada@example.org"), ("username", "ada@example.org"), ("link", boss)):
        claims(raw, kind, value)
        for what in ("password", "password_by_link"):
            refused(what)
            refused(what, user=boss)
    for right, wrong in (("password", "password_by_link"), ("password_by_link", "password")):
        if right == "password":
            asks(raw, ada)
        else:
            claims(raw, "link", ada.actor.user_id)
        refused(wrong)
        refused("factor_removed")
        refused(right, user=boss)
        refused(right, user=bob.actor.user_id)
        refused(right, address="Call 1800 CHEAT now")
        refused(right, address=None)
        refused(right, note="x")
        told(right)


def test_no_account_of_the_staff_is_read_or_written_by_whatever_claim(
    raw: psycopg.Connection[Any], engine: sa.Engine, boss: UUID
) -> None:
    for kind in ("customer", "user", "link", "username", "forgotten"):
        for value in ("boss", "boss@isp.example") if kind in ("username", "forgotten") else (boss,):
            claims(raw, kind, value)
            assert raw.execute("SELECT * FROM users").fetchall() == []
            assert raw.execute("UPDATE users SET password_hash = 'x'").rowcount == 0
            assert raw.execute("SELECT name, permissions FROM own_roles").fetchall() == []
            assert raw.execute("SELECT portal_few_mails(%s)", [boss]).fetchone() == (False,)
    assert raw.execute("SELECT portal_few_mails(%s)", [new_id()]).fetchone() == (False,)


def test_a_delivery_is_only_for_who_hears_what_was_recorded_in_the_same_transaction(
    raw: psycopg.Connection[Any], engine: sa.Engine, ada: Person
) -> None:
    own = {"order_id": ada.order_id, "customer_id": ada.customer_id, "service_id": ada.service.id}
    into = """INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, service_id, trace, created_at)
              VALUES (%s, %s, %s, 'network', 'scheduled', now() + interval '1 day', %s, %s, now())"""
    hears = "termination"
    with engine.connect() as connection:
        heard = sa.text("SELECT subscriber FROM subscription_starts WHERE event_kind = 'TerminationRequested'")
        hears = sorted(connection.execute(heard).scalars())[0]
    asks(raw, ada)
    with pytest.raises(errors.InsufficientPrivilege):  # an event of an earlier transaction, which is hers
        raw.execute(into, [new_id(), ada.event_id, hears, ada.service.id, new_id()])
    with raw.transaction():
        key = event(raw, "TerminationRequested", **own)
        with pytest.raises(errors.InsufficientPrivilege), raw.transaction():
            raw.execute(into, [new_id(), key, "charging", ada.service.id, key])
        raw.execute(into, [new_id(), key, hears, ada.service.id, key])
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("UPDATE deliveries SET state = 'done' WHERE event_id = %s", [key])
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("UPDATE deliveries SET lease_token = 99")
    assert raw.execute("UPDATE deliveries SET attempt = 9 WHERE state <> 'scheduled'").rowcount == 0


def test_a_visitor_places_a_claimed_order_for_whom_they_name_and_no_other(
    raw: psycopg.Connection[Any], ada: Person, bob: Person
) -> None:
    asks(raw, ada)
    terms = terms_of(raw)
    raw.execute("RESET isp.claim")
    free = raw.execute("SELECT id FROM premises WHERE code = 'P-0090'").fetchone()[0]
    new = {"kind": "new_line", "premises_id": free, "terms": terms}
    for wrong in (
        {"customer_id": ada.customer_id},
        {"customer_id": new_id()},
        {"customer_id": ada.customer_id, "service_id": ada.service.id, "kind": "termination"},
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            order(raw, **new | wrong)
    asked = "SELECT * FROM customer_of_application(%s, %s, 'Eve Kelly', %s, '+353 1 555 0101', now(), 'en')"
    known = raw.execute(asked, [new_id(), "C-900001", "BOB@example.org"]).fetchone()
    assert known == (bob.customer_id, False)  # no more than: there is one, of this number
    with raw.transaction():
        key, created = raw.execute(asked, [new_id(), "C-900002", "eve@example.org"]).fetchone()
        assert created
        order(raw, **new, customer_id=key)
    assert raw.execute("SELECT * FROM customers").fetchall() == []
    with pytest.raises(errors.InsufficientPrivilege):  # she is known by now
        order(raw, **new, customer_id=key)


def test_accounts_are_nobodys_to_make_or_raise(raw: psycopg.Connection[Any], ada: Person) -> None:
    asks(raw, ada)
    for statement in (
        "UPDATE users SET role = 'administrator'",
        "UPDATE users SET customer_id = NULL",
        "UPDATE users SET active = true",
        "UPDATE users SET username = 'boss'",
        "INSERT INTO users (id, username, name, role, active, created_at) "
        "VALUES (gen_random_uuid(), 'eve', 'Eve', 'administrator', true, now())",
        "DELETE FROM users",
        "SELECT u.password_hash FROM users u WHERE u.role = 'administrator' FOR UPDATE OF u; SELECT 1 FROM olts",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(statement)
    assert raw.execute("UPDATE users SET password_hash = 'x'").rowcount == 1  # one's own
    raw.execute("RESET isp.claim")
    assert raw.execute("UPDATE users SET password_hash = 'x'").rowcount == 0


def test_the_audit_is_added_to_as_the_portal_and_never_read(raw: psycopg.Connection[Any], ada: Person) -> None:
    asks(raw, ada)
    into = """INSERT INTO audit (id, at, actor, role, source, address, action, subject_kind, subject_id, reason,
                                 detail, changes, told, salt)
              VALUES (gen_random_uuid(), now(), 'me', %s, %s, '', 'x', '', '', '', '{}', '[]', '', '')"""
    for role, source in (("administrator", "portal"), ("customer", "staff"), ("system", "system")):
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(into, [role, source])
    raw.execute(into, ["customer", "portal"])
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("SELECT * FROM audit")
    with pytest.raises(errors.InsufficientPrivilege):
        raw.execute("DELETE FROM audit")


# --- the portal's own doors, as that role ---------------------------------------------------------------------------


def test_a_visitor_applies_and_is_told_nothing_of_others(faces: Doors, engine: sa.Engine, tmp_path: Path) -> None:
    asked = {"plan_code": "home-100", "name": "Eve Kelly", "phone": "+353 1 555 0101", "consent": True}
    found = views.find_address(faces.window, VISITOR, text="anchor lane")
    assert {row.premises_code: row.occupied for row in found} == {"P-0001": True, "P-0002": True, "P-0090": False}
    with pytest.raises(AddressTaken):
        intake.place_application(faces.door, VISITOR, premises_code="P-0001", email="eve@example.org", **asked)
    placed = intake.place_application(faces.door, VISITOR, premises_code="P-0090", email="Bob@example.org", **asked)
    with pytest.raises(AddressTaken):
        intake.place_application(faces.door, VISITOR, premises_code="P-0090", email="eve@example.org", **asked)
    desk = doors(engine, tmp_path)
    sales.accept_applicant(desk.door, STAFF, order_code=placed.order_code)
    assert sales.confirm_order(desk.door, STAFF, order_code=placed.order_code).delivery_id


def test_a_customer_reads_changes_pauses_and_takes_back_what_is_theirs(
    faces: Doors, engine: sa.Engine, ada: Person, bob: Person
) -> None:
    today, actor, code = faces.window.clock.now().date(), ada.actor, ada.service.code
    later = today.replace(day=28) if today.day < 28 else today
    mine = views.my_account(faces.window, actor)
    assert [s.service_code for s in mine.services] == [code]
    assert next(s.ip_address for s in mine.services).startswith("198.51.100.")
    assert [c.description for c in mine.charges] == ["Home 100 for Ada"]
    change = intake.ask_plan_change(faces.door, actor, service_code=code, plan_code="home-500", wanted_on=later)
    pause = lines.ask_suspension(faces.door, actor, service_code=code, wanted_on=later)
    coming = {c.order_code for c in views.my_account(faces.window, actor).services[0].coming}
    if later > today:
        assert coming == {change.order_code, pause.order_code}
        lines.withdraw(faces.door, actor, order_code=change.order_code)
    assert len(views.my_account(faces.window, actor).orders) == 3
    assert common_views.timeline(faces.window, actor, order_code=change.order_code)
    intake.ask_termination(faces.door, actor, service_code=code, wanted_on=later)
    with write(engine) as tx:
        tx.execute(
            sa.text("UPDATE services SET state = 'suspended', suspended_on = now(), suspended_for = 'non_payment'")
        )
    with pytest.raises(NotTheirsToOpen):
        lines.ask_resumption(faces.door, actor, service_code=code, wanted_on=today)
    with write(engine) as tx:
        tx.execute(sa.text("UPDATE services SET suspended_for = 'customer_wish'"))
    lines.ask_resumption(faces.door, actor, service_code=code, wanted_on=today)
    for other in (
        lambda: intake.ask_termination(faces.door, actor, service_code=bob.service.code, wanted_on=later),
        lambda: lines.ask_suspension(faces.door, actor, service_code=bob.service.code, wanted_on=later),
    ):
        with pytest.raises(NotFound):  # for the portal there is no such service
            other()


def test_a_customer_signs_in_and_changes_their_password_and_staff_do_not(
    faces: Doors, portal_engine: sa.Engine, ada: Person
) -> None:
    new = "another long password"
    accounts.change_own_password(faces.door, ada.actor, current=PASSWORD, new=new, again=new)
    for name, password in (("ada@example.org", PASSWORD), ("boss", PASSWORD), ("nobody", new)):
        with pytest.raises(SignInRefused), write(portal_engine, Claim("username", name)) as tx:
            access.check_password(tx=tx, username=name, password=password)
    with write(portal_engine, Claim("username", "ada@example.org")) as tx:
        assert access.check_password(tx=tx, username="ada@example.org", password=new).id == ada.actor.user_id


def test_a_customer_who_forgot_their_password_sets_another_by_a_link(
    faces: Doors, portal_engine: sa.Engine, engine: sa.Engine, ada: Person
) -> None:
    """The portal's role alone does it: whoever it is about is claimed as what was typed, then as the link's account."""
    stranger = replace(VISITOR, source="portal", address="192.0.2.7")
    for name in ("Ada@example.org", "boss", "nobody"):
        assert recovery.ask_link(faces.door, stranger, name=name, realm="portal") is None
    with read(engine) as tx:
        asked = tx.execute(sa.text("SELECT payload->>'user_id' FROM events WHERE kind = 'PasswordLinkAsked'")).all()
        user = access.user_by_id(tx=tx, user_id=ada.actor.user_id)
        key = links.key_of(faces.settings, "portal")
        ends_at = faces.door.clock.now() + timedelta(minutes=5)
        token = links.make_token(tx=tx, key=key, user=user, purpose=links.Purpose.RESET, ends_at=ends_at)
    assert asked == [(str(user.id),)]
    new = "another long password"
    given = {"token": token, "realm": "portal", "new": new, "again": new}
    assert recovery.set_password_by_link(faces.door, stranger, **given).id == user.id
    with write(portal_engine, Claim("username", "ada@example.org")) as tx:
        assert access.check_password(tx=tx, username="ada@example.org", password=new).id == user.id


# --- Redis -----------------------------------------------------------------------------------------------------------


def test_the_portals_account_of_redis_knows_its_own_keys_and_does_nothing_else(
    portal_redis_url: str, redis_client: redis.Redis
) -> None:
    redis_client.set("isp:web:staff:session:one", "a session of the staff")
    redis_client.set("isp:web:portal:session:one", "a customer's")
    with redis.Redis.from_url(portal_redis_url) as own:
        assert own.get("isp:web:portal:session:one") == b"a customer's"
        own.publish("isp:web:portal:ended", "one")
        for refused in (
            lambda: own.get("isp:web:staff:session:one"),
            lambda: own.set("isp:web:staff:session:two", "made up"),
            lambda: own.delete("isp:web:staff:session:one"),
            lambda: own.publish("isp:web:staff:ended", "one"),
            lambda: own.execute_command("SUBSCRIBE", "isp:web:staff:ended"),
            lambda: own.get("celery"),
            lambda: own.execute_command("RENAME", "isp:web:portal:session:one", "isp:web:staff:session:three"),
            lambda: own.execute_command("COPY", "isp:web:staff:session:one", "isp:web:portal:session:two"),
            lambda: own.keys("*"),
            lambda: own.scan(0),
            lambda: own.eval("return redis.call('GET', 'isp:web:staff:session:one')", 0),
            lambda: own.config_get("requirepass"),
            lambda: own.acl_list(),
            lambda: own.monitor().__enter__(),
            lambda: own.flushall(),
            lambda: own.client_list(),
        ):
            with pytest.raises((redis.exceptions.NoPermissionError, redis.exceptions.ResponseError)):
                refused()
    assert redis_client.get("isp:web:staff:session:one") == "a session of the staff"


# --- the process ----------------------------------------------------------------------------------------------------


def test_the_portal_does_not_start_as_anybody_else(database: str, tmp_path: Path) -> None:
    with pytest.raises(bootstrap.SettingMissing, match="own way into the database"):
        bootstrap.open_portal_doors(Settings(var=tmp_path, environment="production", database_url=database))
    with pytest.raises(bootstrap.PortalTooStrong, match="signs in as isp,"):
        bootstrap.open_portal_doors(Settings(var=tmp_path, environment="production", portal_database_url=database))
    url = portal_url(database)
    opened = bootstrap.open_portal_doors(Settings(var=tmp_path, portal_database_url=url, portal_key=PORTAL_KEY))
    assert len(views.plans(opened.window, VISITOR)) == 2
    opened.door.engine.dispose()


def test_another_key_is_not_believed_until_the_database_knows_it(engine: sa.Engine, database: str, ada: Person) -> None:
    stranger = open_engine(portal_url(database), claim_key="n" * 64)
    with read(stranger, ada.actor.claim) as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM customers")).scalar_one() == 0
    with write(engine) as tx:
        portal.trust(tx=tx, key="n" * 64)
    with read(stranger, ada.actor.claim) as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM customers")).scalar_one() == 1
    stranger.dispose()
    old = portal_engine_of(database)
    with read(old, ada.actor.claim) as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM customers")).scalar_one() == 0
    old.dispose()


def test_the_reach_is_written() -> None:
    rows = [
        f"| `{table}` | {verb} | {', '.join(sorted(c for t, c, v in portal.declared() if (t, v) == (table, verb)))} |"
        for table, verb in sorted({(t, v) for t, _, v in portal.declared()})
    ]
    REACH.parent.mkdir(exist_ok=True)
    REACH.write_text("\n".join(["| table | verb | columns |", "|---|---|---|", *rows, ""]), encoding="utf-8")
    assert len(rows) < 25
