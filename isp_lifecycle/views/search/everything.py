"""The search: one text through every step that knows its form, exact keys first, and only what the actor may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ServerRefused, ServerUnreachable
from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import read, storable
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.views.search import keys, network, people
from isp_lifecycle.views.search.hits import OF_EACH, Finder, Hit
from isp_lifecycle.views.window import Look, Window, asks

#: A longer text is no search.
LONGEST = 120
#: Nothing that is typed may hold a connection for longer.
PATIENCE_MS = 2_000
#: What has a key of such a form means that and nothing else: words are not looked for then.
_BY_KEY: tuple[Finder, ...] = (
    keys.by_code,
    keys.by_id,
    network.by_serial,
    network.by_address,
    keys.by_contact,
    network.by_olt,
)
_BY_WORDS: tuple[Finder, ...] = (
    people.by_words,
    people.by_place,
    people.by_own_visit,
    people.by_subject,
    people.by_account,
)


@asks("order.read", "service.read", "visit.read", "visit.read_all", "ticket.read", "network.read")
def search(window: Window, actor: Actor, *, text: str) -> tuple[Hit, ...]:
    """What a text may mean, the likeliest first, at most OF_EACH of a kind.

    Each kind is looked for only if the actor may open its page; an installer finds their own visits and nothing else.
    """
    tidy = " ".join(storable(text)[:LONGEST].split())
    if not tidy:
        return ()
    with read(window.engine) as tx:
        tx.execute(sa.text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
        today = clocks.today(clock=window.clock, zone=window.settings.company.tz)
        look = Look(tx=tx, actor=actor, at=window.clock.now(), today=today, settings=window.settings)
        found = _some_of_each(_found(look, tidy))
        if found or not (mac := network.mac_of(tidy)) or not actor.may("service.read"):
            return found
        return tuple(_by_mac(window, look, mac))


def _found(look: Look, text: str) -> Iterator[Hit]:
    exact = False
    for finder in _BY_KEY:
        for hit in finder(look, text):
            exact = exact or hit.thing is not Thing.OLT
            yield hit
    for finder in () if exact else _BY_WORDS:
        yield from finder(look, text)


def _some_of_each(hits: Iterator[Hit]) -> tuple[Hit, ...]:
    """Each thing once, and not too many of a kind."""
    counted: Counter[Thing] = Counter()
    kept: dict[tuple[Thing, str], Hit] = {}
    for hit in hits:
        if (hit.thing, hit.key) not in kept and counted[hit.thing] < OF_EACH:
            counted[hit.thing] += 1
            kept[hit.thing, hit.key] = hit
    return tuple(kept.values())


_SIGNED_IN = """
    SELECT s.code, c.name, s.state FROM services s JOIN customers c ON c.id = s.customer_id WHERE s.code = ANY(:codes)
"""


def _by_mac(window: Window, look: Look, mac: str) -> Iterator[Hit]:
    """The services in whose live RADIUS sessions a gateway saw this MAC address; nothing while RADIUS is silent."""
    if window.accounts is None:
        return
    try:
        codes = window.accounts.seen_behind(mac)
    except (ServerUnreachable, ServerRefused):
        return  # whoever types the next letter asks again; the doctor says that RADIUS is silent
    for r in look.tx.execute(sa.text(_SIGNED_IN), {"codes": list(codes)}):
        yield Hit(Thing.SERVICE, r.code, r.name, f"{mac} · {r.code}", r.state)
