"""Search from anywhere: which texts find what first, for whom, and that every writer is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import VISITOR, Actor, Role
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.intake import portal
from isp_lifecycle.search import actions as words
from isp_lifecycle.support import actions as support
from isp_lifecycle.views import sales
from isp_lifecycle.views.search.everything import search
from isp_lifecycle.views.search.hits import OF_EACH, Hit
from tests.flows.due.conftest import Provider, actor, provider

__all__ = ["provider", "relay"]

ADMINISTRATOR, INSTALLER = actor(Role.ADMINISTRATOR), actor(Role.INSTALLER, "ina")

#: Code, name, e-mail, telephone; unit, number, street, postcode, city.
PEOPLE = (
    "C-000111|Maria Garcia|maria@example.org|+353 1 555 0111||12|Lima Street|D01 X2F4|Dublin",
    "C-000112|Ana Garcia Lopez|ana@example.org|+353 1 555 0112||12|Oak Road|D02 A1B2|Dublin",
    "C-000113|Siobhán O'Sullivan|so@example.org|+353 86 123 4567|Apt 4|7|O'Connell Street|T12|Cork",
    "C-000114|Łukasz Wiśniewski|lw@example.org|+48 22 555 01 99||3|Größlstraße|8010|Graz",
    "C-000115|Wei Li|wei@example.org|+353 1 555 0115||1|Main Street|H91|Galway",
    "C-000116|Lima Marina Ltd|office@lima.example|+353 1 555 0116||9|Quay Street|H92|Galway",
    "C-000117|Eve Smith-Jones|eve@example.org|+353 1 555 0117||2|Rue de l'Église|75001|Paris",
    "C-000118|محمد علي|ma@example.org|+353 1 555 0118||44|Park Lane|D04|Dublin",
)


@pytest.fixture
def people(provider: Provider) -> Provider:
    """Eight customers, each served where they live, beside thirty who are called alike."""
    provider.fill(30)
    at = provider.clock.now()
    with write(provider.engine) as tx:
        for n, line in enumerate(PEOPLE):
            code, name, email, phone, unit, number, street, postcode, city = line.split("|")
            one = customers.register_customer(tx=tx, name=name, email=email, phone=phone, at=at, code=code).customer
            place = customers.put_premises(
                tx=tx, code=f"P-10000{n}", area="West", street=street, number=number, postcode=postcode, city=city,
                latitude=53.0, longitude=-6.0, unit=unit or None,
            ).value  # fmt: skip
            tx.execute(
                sa.text(
                    """INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at)
                       SELECT :id, :code, :customer, :premises, 'pending', terms, opened_at FROM services LIMIT 1"""
                ),
                {"id": new_id(), "code": f"S-0000{51 + n}", "customer": one.id, "premises": place.id},
            )
        customers.put_premises(
            tx=tx, code="P-200000", area="West", street="Unbuilt Way", number="5", postcode="D09", city="Dublin",
            latitude=53.0, longitude=-6.0,
        )  # fmt: skip
        support.open_ticket(tx=tx, subject="Slow at night", at=at, by="support", text="Since May.")
    return provider


def found(provider: Provider, text: str, who: Actor = ADMINISTRATOR) -> list[tuple[Thing, str]]:
    """Kind and key of what a text finds."""
    return [(hit.thing, hit.key) for hit in search(provider.window, who, text=text)]


CUSTOMER, SERVICE = Thing.CUSTOMER, Thing.SERVICE
#: What somebody types, and what must come first.
FIRST: tuple[tuple[str, tuple[Thing, str]], ...] = (
    ("c-000113", (CUSTOMER, "C-000113")),
    ("C112", (CUSTOMER, "C-000112")),
    ("S-000052", (SERVICE, "S-000052")),
    ("O-000001", (Thing.ORDER, "O-000001")),
    ("P-200000", (Thing.PREMISES, "P-200000")),
    ("maria garcia", (CUSTOMER, "C-000111")),
    ("GARCIA MARIA", (CUSTOMER, "C-000111")),
    ("garcia lima str 12", (CUSTOMER, "C-000111")),
    ("12 lima st", (CUSTOMER, "C-000111")),
    ("garcia oak rd", (CUSTOMER, "C-000112")),
    ("lopez", (CUSTOMER, "C-000112")),
    ("ana garcia", (CUSTOMER, "C-000112")),
    ("lima", (CUSTOMER, "C-000116")),
    ("li", (CUSTOMER, "C-000116")),
    ("wei l", (CUSTOMER, "C-000115")),
    ("mari", (CUSTOMER, "C-000111")),
    ("garzia", (CUSTOMER, "C-000111")),
    ("maira garcia", (CUSTOMER, "C-000111")),
    ("evee smitth-jones", (CUSTOMER, "C-000117")),
    ("osullivan", (CUSTOMER, "C-000113")),
    ("o'sulivan", (CUSTOMER, "C-000113")),
    ("o sullivan siobhan", (CUSTOMER, "C-000113")),
    ("sullivan cork", (CUSTOMER, "C-000113")),
    ("oconell street 7", (CUSTOMER, "C-000113")),
    ("wisniewski lukasz", (CUSTOMER, "C-000114")),
    ("Wiśniewsky", (CUSTOMER, "C-000114")),
    ("grosslstrasse 3", (CUSTOMER, "C-000114")),
    ("größl", (CUSTOMER, "C-000114")),
    ("smithjones", (CUSTOMER, "C-000117")),
    ("smith jones", (CUSTOMER, "C-000117")),
    ("eglise paris", (CUSTOMER, "C-000117")),
    ("محمد", (CUSTOMER, "C-000118")),
    ("d01x2f4", (CUSTOMER, "C-000111")),
    ("D01 X2F4", (CUSTOMER, "C-000111")),
    ("so@example.org", (CUSTOMER, "C-000113")),
    ("office@li", (CUSTOMER, "C-000116")),
    ("086 123 4567", (CUSTOMER, "C-000113")),
    ("+353861234567", (CUSTOMER, "C-000113")),
    ("5550199", (CUSTOMER, "C-000114")),
    ("unbuilt way 5", (Thing.PREMISES, "P-200000")),
    ("unbiult", (Thing.PREMISES, "P-200000")),
    ("HWTC-00000004", (SERVICE, "S-000004")),
    ("hwtc00000004", (SERVICE, "S-000004")),
    ("4857544300000004", (SERVICE, "S-000004")),
    ("48575443 00000004", (SERVICE, "S-000004")),
    ("HWTC-0000001", (SERVICE, "S-000016")),
    ("0000000a", (SERVICE, "S-000010")),
    ("10.9.0.7", (SERVICE, "S-000003")),
    ("2001:db8:9:700::1", (SERVICE, "S-000003")),
    ("10.9.0.0/29", (Thing.POOL, "north")),
    ("10.9.0.", (Thing.POOL, "north")),
    ("192.0.2.77", (Thing.ADDRESS, "192.0.2.77")),
    ("OLT-03 0/1/2", (Thing.PON_PORT, "OLT-03 0/1/2")),
    ("0/1/2", (Thing.PON_PORT, "OLT-00 0/1/2")),
    ("olt-1", (Thing.OLT, "OLT-10")),
    ("slow at", (Thing.TICKET, "T-000001")),
)  # fmt: skip


def with_numbers(provider: Provider) -> None:
    """An order, and addresses of both protocols for the third service."""
    portal.ask_plan_change(
        provider.door, actor(Role.SALES), service_code="S-000001", plan_code="home-500",
        wanted_on=(provider.clock.now() + timedelta(days=40)).date(),
    )  # fmt: skip
    for name, prefix, taken in (
        ("north", "10.9.0.0/24", "10.9.0.7/32"),
        ("six", "2001:db8:9::/48", "2001:db8:9:700::/56"),
    ):
        policy = "dynamic" if "." in prefix else "pd56"
        pool = new_id()
        provider.do(
            """INSERT INTO pools (id, name, policy, prefix, excluded, size)
               VALUES (:id, :name, :policy, CAST(:prefix AS cidr), '{}', 250)""",
            id=pool, name=name, policy=policy, prefix=prefix,
        )  # fmt: skip
        provider.do(
            """INSERT INTO allocations (id, pool_id, prefix, owner, state, reserved_at)
               SELECT :id, :pool, CAST(:taken AS cidr), id, 'assigned', :at FROM services WHERE code = 'S-000003'""",
            id=new_id(), pool=pool, taken=taken, at=provider.clock.now() - timedelta(days=1),
        )  # fmt: skip


def test_each_text_finds_first_what_is_meant(people: Provider) -> None:
    with_numbers(people)
    wrong = {text: hits[:3] for text, first in FIRST if not (hits := found(people, text)) or hits[0] != first}
    assert wrong == {}


def test_what_means_nothing_finds_nothing_and_breaks_nothing(people: Provider) -> None:
    for text in ("", "   ", "'", "\\", "%", "_", "a\x00b", "|&!():*", "<->", "🦊", "x" * 400, "zzzzqqq"):
        assert found(people, text) == [], text


def test_there_are_few_of_a_kind_however_many_fit(people: Provider) -> None:
    hits = search(people.window, ADMINISTRATOR, text="customer quay street")
    many = {thing: sum(hit.thing is thing for hit in hits) for thing in (CUSTOMER, SERVICE)}
    assert many == {CUSTOMER: OF_EACH, SERVICE: OF_EACH}
    assert hits[0] == Hit(
        CUSTOMER, "C-000001", "Customer 1", "C-000001 · 1 Quay Street, D01 Dublin · +353 1 555 0100", "active"
    )


def test_everybody_finds_only_what_they_may_open(people: Provider) -> None:
    with_numbers(people)
    texts = ("garcia", "HWTC-00000004", "10.9.0.", "O-000001", "T-000001", "olt-03")
    roles = (Role.SALES, Role.DISPATCHER, Role.NETWORK, Role.INSTALLER)
    seen = {role: {thing for text in texts for thing, _key in found(people, text, actor(role))} for role in roles}
    own = {CUSTOMER, SERVICE}
    assert seen == {
        Role.SALES: {*own, Thing.ORDER, Thing.TICKET},
        Role.DISPATCHER: {*own, Thing.ORDER},
        Role.NETWORK: {*own, Thing.TICKET, Thing.OLT, Thing.POOL},
        Role.INSTALLER: set(),
    }
    with pytest.raises(Forbidden):
        found(people, "garcia", VISITOR)


def test_an_installer_finds_their_own_visits_and_nobody_elses(people: Provider) -> None:
    mine, others = new_id(), new_id()
    for engineer, username in ((mine, "ina"), (others, "ian")):
        people.do(
            """INSERT INTO engineers (id, username, name, phone, email, active)
               VALUES (:id, :name, :name, '+1 555 0100', :name || '@example.org', true)""",
            id=engineer, name=username,
        )  # fmt: skip
    with_numbers(people)
    for code, engineer in (("V-000001", mine), ("V-000002", others)):
        people.do(
            """INSERT INTO visits (id, code, service_id, order_id, delivery_id, engineer_id, during, state, address,
                                   instructions, created_at)
               SELECT :id, :code, s.id, o.id, :id, :engineer,
                      tstzrange(:at, CAST(:at AS timestamptz) + interval '1 hour'), 'booked', '1 Quay Street, Dublin',
                      '', :at FROM services s, orders o WHERE s.code = 'S-000001' LIMIT 1""",
            id=new_id(), code=code, engineer=engineer, at=people.clock.now() + timedelta(days=1),
        )  # fmt: skip
    for text in ("quay street", "customer 1", "V-000001"):
        assert found(people, text, INSTALLER) == [(Thing.VISIT, "V-000001")], text
    assert found(people, "V-000002", INSTALLER) == []
    assert {key for _thing, key in found(people, "V-000002", actor(Role.DISPATCHER))} == {"V-000002"}


def test_a_mac_address_is_found_in_live_sessions_in_any_notation(people: Provider) -> None:
    """FreeRADIUS's table, as gateways fill it: each writes MAC addresses in its own way."""
    people.do("CREATE SCHEMA radius")
    people.do("CREATE TABLE radius.radacct (username text, callingstationid text, acctstoptime timestamptz)")
    people.do(
        """INSERT INTO radius.radacct VALUES ('S-000003', '00-00-5E-00-53-01', NULL),
                                             ('S-000004', '00005e005302', NULL),
                                             ('S-000005', '00\\:00\\:5e\\:00\\:53\\:01', now())"""
    )
    engine = sa.create_engine(people.engine.url, connect_args={"options": "-c search_path=radius"})
    window = replace(people.window, accounts=Accounts(Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", engine)))
    for text in ("00:00:5e:00:53:01", "0000.5E00.5301", "00-00-5E-00-53-01", "00005e005301"):
        hits = search(window, ADMINISTRATOR, text=text)
        assert [(hit.thing, hit.key) for hit in hits] == [(SERVICE, "S-000003")], text
    people.do("DROP TABLE radius.radacct")
    assert search(window, ADMINISTRATOR, text="00:00:5e:00:53:01") == ()  # a silent server breaks nothing
    people.do("DROP SCHEMA radius")
    engine.dispose()


def known(provider: Provider, code: str) -> Any:
    """What is kept of a customer's words."""
    query = "SELECT name, words FROM customer_words JOIN customers c ON c.id = customer_id WHERE c.code = :c"
    return provider.all(query.replace("name, words", "customer_words.name, words"), c=code)[0]


def test_every_writer_is_heard_with_the_change_itself(people: Provider) -> None:
    people.do("UPDATE customers SET name = 'Maria Ferreira' WHERE code = 'C-000111'")
    assert known(people, "C-000111")[0] == "maria ferreira"
    people.do("UPDATE premises SET street = 'Cedar Walk' WHERE code = 'P-100000'")
    assert found(people, "ferreira cedar wlak")[0] == (CUSTOMER, "C-000111")
    people.do(
        """UPDATE services SET premises_id = (SELECT id FROM premises WHERE code = 'P-200000')
           WHERE code = 'S-000051'"""
    )
    assert found(people, "ferreira unbuilt")[0] == (CUSTOMER, "C-000111")
    with people.engine.connect() as connection:  # and never committed
        connection.execute(sa.text("UPDATE customers SET name = 'Never Committed' WHERE code = 'C-000111'"))
    assert found(people, "never committed") == []
    before = people.all("SELECT customer_id, name, words::text FROM customer_words ORDER BY customer_id")
    with write(people.engine) as tx:
        tx.execute(sa.text("DELETE FROM customer_words"))
        assert words.note_all(tx=tx) == len(before)
    assert people.all("SELECT customer_id, name, words::text FROM customer_words ORDER BY customer_id") == before


def test_words_are_looked_up_and_never_read_through(people: Provider) -> None:
    """The plans of both questions use the inverted indexes, however small the tables are."""
    for statement in (
        "SELECT 1 FROM customer_words WHERE words @@ CAST('garcia' AS tsquery)",
        "SELECT 1 FROM premises WHERE search_place(unit, number, street, postcode, city) @@ CAST('lima' AS tsquery)",
        "SELECT 1 FROM customers WHERE reverse(regexp_replace(phone, '[^0-9]', '', 'g')) LIKE '7654%'",
        "SELECT 1 FROM customers WHERE lower(email) LIKE 'maria%'",
        "SELECT 1 FROM lines WHERE right(serial, 8) LIKE '0000%'",
        "SELECT 1 FROM known_words WHERE word % 'garzia'",
        "SELECT 1 FROM customer_words WHERE name LIKE 'maria%' ORDER BY name LIMIT 8",
    ):
        with read(people.engine) as tx:
            tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
            tx.execute(sa.text("SET LOCAL enable_sort = off"))
            plan = "\n".join(tx.execute(sa.text(f"EXPLAIN {statement}")).scalars())
        assert "Seq Scan" not in plan, plan
        assert "Sort" not in plan, plan


def test_the_sales_desk_is_told_who_may_be_the_same(people: Provider) -> None:
    at = people.clock.now()
    with write(people.engine) as tx:
        customers.register_customer(
            tx=tx, name="Maria Garzia", email="m.garcia@example.org", phone="01 555 0111", at=at
        )
    portal.ask_plan_change(
        people.door, actor(Role.SALES), service_code="S-000001", plan_code="home-500",
        wanted_on=(at + timedelta(days=40)).date(),
    )  # fmt: skip
    people.do("UPDATE orders SET customer_id = (SELECT id FROM customers WHERE name = 'Maria Garzia')")
    hints = sales.order(people.window, actor(Role.SALES), order_code="O-000001").hints
    assert "May be Maria Garcia (C-000111): same telephone number, name like it." in hints
