"""The one address of each object in the staff suite: what search, links between pages, notices and the bell lead to.

An address begins with a slash and is relative to where the suite stands (``dashboards.parts.html.tag`` and the bell
write it as seen from a page), so that it is right below whatever path a proxy puts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Thing(StrEnum):
    """A kind of object that has a page, by the word that people use for it."""

    CUSTOMER = "customer"
    PREMISES = "premises"
    SERVICE = "service"
    ORDER = "order"
    LEAD = "lead"
    VISIT = "visit"
    TICKET = "ticket"
    DELIVERY = "delivery"  #: An event for one subscriber: what it did, and why it stands.
    ONT = "ONT"  #: Known by its serial number; its page is that of the line it is on.
    ADDRESS = "address"  #: An IP address, and whose it is.
    OLT = "OLT"
    PON_PORT = "PON port"  #: Known by the OLT's name, a space and the port: ``OLT-NORTH 0/3/2``.
    POOL = "pool"
    BULK = "bulk change"
    DUE = "what will happen"
    ACCOUNT = "account"
    TRAIL_LINE = "trail line"


@dataclass(frozen=True)
class Place:
    """Where objects of a kind are shown: the page, by which parameters it opens one, and who may open the page."""

    path: str
    parameters: tuple[str, ...]
    any_of: tuple[str, ...]


_WHO_SEES_CUSTOMERS = ("order.read", "service.read")

PLACES: Mapping[Thing, Place] = {
    Thing.CUSTOMER: Place("/customers", ("customer",), _WHO_SEES_CUSTOMERS),
    Thing.PREMISES: Place("/customers", ("premises",), _WHO_SEES_CUSTOMERS),
    Thing.SERVICE: Place("/services", ("service",), ("service.read",)),
    Thing.ORDER: Place("/orders", ("order",), ("order.read",)),
    Thing.LEAD: Place("/leads", ("lead",), ("lead.read",)),
    Thing.VISIT: Place("/visits", ("visit",), ("visit.read", "visit.read_all")),
    Thing.TICKET: Place("/tickets", ("ticket",), ("ticket.read",)),
    Thing.DELIVERY: Place("/support", ("delivery",), ("delivery.read",)),
    Thing.ONT: Place("/services", ("serial",), ("service.read",)),
    Thing.OLT: Place("/olts", ("olt",), ("network.read",)),
    Thing.PON_PORT: Place("/network", ("olt", "port"), ("network.read",)),
    Thing.ADDRESS: Place("/numbers", ("address",), ("network.read", "order.confirm")),
    Thing.POOL: Place("/network", ("pool",), ("network.read",)),
    Thing.BULK: Place("/bulk", ("bulk",), ("bulk.read",)),
    Thing.DUE: Place("/due", ("key",), ("due.read",)),
    Thing.ACCOUNT: Place("/accounts", ("account",), ("user.read",)),
    Thing.TRAIL_LINE: Place("/trail", ("line",), ("audit.read",)),
}


def opens(thing: Thing, may: Callable[[str], bool]) -> bool:
    """Whether somebody may open the pages of such things; ``may`` tells of each permission whether they hold it."""
    return any(may(permission) for permission in PLACES[thing].any_of)


def page_of(thing: Thing, key: object) -> str:
    """The address of one object: ``page_of(Thing.SERVICE, "S-000123")`` is ``/services?service=S-000123``."""
    place = PLACES[thing]
    first, *rest = place.parameters
    values = str(key).rsplit(" ", len(rest)) if rest else [str(key)]
    pairs = zip((first, *rest), values, strict=True)
    return f"{place.path}?{'&'.join(f'{name}={quote(value, safe="/")}' for name, value in pairs)}"
