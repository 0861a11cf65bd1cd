"""The one address of each object: it leads to a page that is there, opens for whom it says, and names the object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import panel as pn
import pytest

from dashboards.parts.link import link
from dashboards.route import PageSession
from dashboards.routes import STAFF
from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.pages import PLACES, Thing, page_of
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.intake import bulk, leads
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.support import actions as support
from tests.flows.due.conftest import SALES, Provider, actor, provider
from tests.flows.due.test_due import book_visit, change

__all__ = ["provider"]

ADMINISTRATOR = actor(Role.ADMINISTRATOR)


def texts(part: object) -> Iterator[str]:
    """All that a part of a page says."""
    for held in ("object", "html", "value"):
        said = getattr(part, held, None)
        if isinstance(said, str):
            yield said
    if isinstance(part, pn.layout.base.ListLike):
        for inner in part:
            yield from texts(inner)


def opened(doors: Doors, address: str) -> str:
    """What the page at an address says, built as the server builds it."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    session = PageSession(actor=ADMINISTRATOR, doors=doors, settings=doors.settings, path=parts.path, query=query)
    return "\n".join(said for part in STAFF[parts.path].build(session) for said in texts(part))


@pytest.fixture
def objects(provider: Provider) -> dict[Thing, tuple[str, str]]:
    """One object of each kind: its key, and what its page must say."""
    provider.fill(3)
    order = change(provider)
    book_visit(provider, "S-000001")
    provider.do(
        """UPDATE visits SET (order_id, delivery_id) =
               (SELECT o.id, d.id FROM orders o, deliveries d WHERE d.subscriber = 'plan_change')"""
    )
    provider.do(
        """INSERT INTO splitters (code, pon_port_id, ratio, fibre_m, latitude, longitude)
           SELECT 'SP-1', id, 8, 900, 53, -6 FROM pon_ports ORDER BY id LIMIT 1"""
    )
    provider.do("UPDATE premises SET splitter_code = 'SP-1', splitter_port = 1, drop_m = 40 WHERE code = 'P-000001'")
    provider.do("UPDATE olts SET name = 'OLT NORTH' WHERE name = 'OLT-01'")
    with write(provider.engine) as tx:
        person = access.create_user(
            tx=tx, at=datetime(2026, 3, 1, tzinfo=UTC), username="nuala.o'shea", name="Nuala O'Shea", role=Role.SALES,
            password="not-a-secret-of-anybody",
        )  # fmt: skip
        at = provider.clock.now()
        ticket = support.open_ticket(tx=tx, subject="No light", at=at, by="nuala.o'shea", text="Since noon.")
        ipam.put_pool(tx=tx, name="north one", prefix="10.9.0.0/24", policy=AddressPolicy.DYNAMIC, area="North")
    change_of_many = bulk.propose_plan_change(
        provider.door, SALES, plan="home-100", to_plan="home-500", wanted_on=date(2026, 5, 1), reason="Offer"
    )
    lead = leads.take_lead(
        provider.door, SALES, contact=("Niamh Walsh", "", "+353 1 555 0177"), written="9 Far Lane", consent=True
    )
    delivery = provider.all("SELECT id FROM deliveries WHERE subscriber = 'plan_change'")[0][0]
    line = provider.all("SELECT id FROM audit ORDER BY at LIMIT 1")[0][0]
    return {
        Thing.CUSTOMER: ("C-000002", "c2@example.org"),
        Thing.PREMISES: ("P-000003", "3 Quay Street"),
        Thing.SERVICE: ("S-000001", "Customer 1"),
        Thing.ORDER: (order, "Home 500"),
        Thing.LEAD: (lead, "Niamh Walsh"),
        Thing.VISIT: ("V-000001", "Customer 1"),
        Thing.TICKET: (ticket.code, "No light"),
        Thing.DELIVERY: (str(delivery), "S-000001"),
        Thing.ONT: ("HWTC-00000002", "Customer 2"),
        Thing.ADDRESS: ("192.0.2.7", "Nobody had 192.0.2.7"),
        Thing.OLT: ("OLT NORTH", "Compared"),
        Thing.PON_PORT: ("OLT NORTH 0/1/0", "S-000001"),
        Thing.POOL: ("north one", "10.9.0.0/24"),
        Thing.BULK: (change_of_many.code, "Home 500"),
        Thing.DUE: (order, "Home 100 becomes Home 500"),
        Thing.ACCOUNT: (person.username, "Nuala O&#x27;Shea"),
        Thing.TRAIL_LINE: (str(line), "In the chain"),
    }


def test_every_address_opens_a_page_that_names_the_object(
    provider: Provider, objects: dict[Thing, tuple[str, str]]
) -> None:
    doors = Doors(provider.door, provider.window, provider.parts.settings)
    assert objects.keys() == PLACES.keys() == set(Thing)
    said = {thing: opened(doors, page_of(thing, key)) for thing, (key, _says) in objects.items()}
    assert {thing for thing, (_key, says) in objects.items() if says not in said[thing]} == set()
    bare = opened(doors, "/services")
    assert "HWTC-00000002" not in bare


def test_the_table_of_addresses_says_for_whom_pages_open() -> None:
    assert {t: STAFF[p.path].any_of for t, p in PLACES.items()} == {t: p.any_of for t, p in PLACES.items()}


@pytest.mark.parametrize(
    ("thing", "key", "address"),
    [
        (Thing.SERVICE, "S-000123", "/services?service=S-000123"),
        (Thing.PON_PORT, "OLT-NORTH 0/3/2", "/network?olt=OLT-NORTH&port=0/3/2"),
        (Thing.OLT, "Ost & West/2", "/olts?olt=Ost%20%26%20West/2"),
        (Thing.ADDRESS, "2001:db8::7", "/numbers?address=2001%3Adb8%3A%3A7"),
    ],
)
def test_an_address_is_written_so_that_it_is_read_as_it_was_meant(thing: Thing, key: str, address: str) -> None:
    assert page_of(thing, key) == address
    assert " ".join(value for _name, value in parse_qsl(urlsplit(address).query)) == key


def test_who_may_not_open_a_page_reads_the_name_without_a_link() -> None:
    make: Callable[..., str] = link
    assert make(actor(Role.SALES), Thing.OLT, "OLT-<1>") == "OLT-&lt;1&gt;"
    assert make(actor(Role.NETWORK), Thing.OLT, "OLT-<1>") == '<a href="./olts?olt=OLT-%3C1%3E">OLT-&lt;1&gt;</a>'
    assert make(actor(Role.NETWORK), Thing.OLT, None) == ""
