"""What each level of the map shows, counted by the database: all OLTs, one OLT's cards and ports, what hangs on a port.

How an ONT stands is what its last look told, whoever took it: the night's reading or a person. What nobody looked at
for ``BELIEVED`` is unknown. A line that is switched off, on purpose, is not down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model import OntState
from isp_lifecycle.views.map.model import CardNode, Counts, OltNode, OntNode, Place, PortNode, SplitterNode, Standing
from isp_lifecycle.views.map.together import Together
from isp_lifecycle.views.search.everything import search
from isp_lifecycle.views.window import Look, Window, asks, shows

#: Two nights, and some hours for a late one.
BELIEVED = timedelta(hours=54)

#: Every ONT on record, with how it stands; lines have a splitter, those that somebody took note of have none.
_ONTS = """
    SELECT n.olt_id, n.pon_port, n.ont_id, n.serial, n.service_id, n.splitter_code, s.whose, s.rx_dbm, s.since, s.at,
           CASE WHEN s.at > :fresh AND s.serial = n.serial
                THEN CASE WHEN NOT n.enabled AND s.state = 'down' THEN 'no power' ELSE s.state END END AS state
    FROM (SELECT olt_id, pon_port, ont_id, serial, service_id, splitter_code, enabled FROM lines {only}
          UNION ALL
          SELECT olt_id, pon_port, ont_id, serial, NULL, NULL, true FROM adopted_onts {only}) n
    LEFT JOIN ont_states s ON s.olt_id = n.olt_id AND s.pon_port = n.pon_port AND s.ont_id = n.ont_id
"""
_COUNTED = """
    count(*) FILTER (WHERE n.state = 'up') AS up, count(*) FILTER (WHERE n.state = 'weak') AS weak,
    count(*) FILTER (WHERE n.state = 'down') AS down, count(*) FILTER (WHERE n.state = 'no power') AS off,
    count(*) FILTER (WHERE n.olt_id IS NOT NULL AND n.state IS NULL) AS unknown, max(n.at) AS at
"""
#: OLTs whose nightly work stands still because they do not answer.
_SILENT = """
    SELECT e.payload->>'olt' AS olt, max(d.failure->>'what') AS what
    FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.state = 'failed' AND d.subscriber IN ('light.reading', 'reconciliation')
      AND d.failure->>'kind' = 'unreachable' GROUP BY 1
"""
_OLTS = f"""
    WITH counted AS (SELECT n.olt_id, {_COUNTED} FROM ({_ONTS.format(only="")}) n GROUP BY n.olt_id)
    SELECT o.name, o.area, o.vendor || ' ' || o.model AS model, c.*, q.what AS silent
    FROM olts o LEFT JOIN counted c ON c.olt_id = o.id LEFT JOIN ({_SILENT}) q ON q.olt = o.name ORDER BY o.name
"""  # noqa: S608 - the fragments are constants of this module
_ONE = "WHERE olt_id = (SELECT id FROM olts WHERE name = :olt)"
_PORTS = f"""
    WITH counted AS (SELECT n.pon_port, {_COUNTED} FROM ({_ONTS.format(only=_ONE)}) n GROUP BY n.pon_port)
    SELECT p.port, c.* FROM (
        SELECT port FROM pon_ports {_ONE} UNION SELECT pon_port FROM counted) p
    LEFT JOIN counted c ON c.pon_port = p.port ORDER BY string_to_array(p.port, '/')::int[]
"""  # noqa: S608 - the fragments are constants of this module
_CARDS = f"""
    SELECT place, model, ports, missing_since IS NOT NULL AS missing FROM cards {_ONE}
    AND cardinality(ports) > 0 ORDER BY string_to_array(place, '/')::int[]
"""  # noqa: S608 - the fragment is a constant of this module
_HERE = f"{_ONE} AND pon_port = :port"
_BEHIND = f"""
    SELECT n.*, v.code, c.name FROM ({_ONTS.format(only=_HERE)}) n
    LEFT JOIN services v ON v.id = n.service_id LEFT JOIN customers c ON c.id = v.customer_id ORDER BY n.ont_id
"""  # noqa: S608 - the fragments are constants of this module
_SPLITTERS = f"""
    SELECT code, parent, ratio FROM splitters
    WHERE pon_port_id = (SELECT id FROM pon_ports {_ONE} AND port = :port) ORDER BY parent_port, code
"""  # noqa: S608 - the fragment is a constant of this module

_STANDING = {
    None: Standing.UNKNOWN,
    OntState.UP: Standing.UP,
    OntState.WEAK: Standing.TROUBLE,
    OntState.DOWN: Standing.DOWN,
    OntState.NO_POWER: Standing.OFF,
}


type _Onts = Mapping[str, list[OntNode]]


#: All maps of a process that are told of the same change ask together: it costs a tenth of a second at 100,000 ONTs.
_ASKED: WeakKeyDictionary[sa.Engine, Together[tuple[OltNode, ...]]] = WeakKeyDictionary()


@asks("network.read")
def olts(window: Window, actor: Actor) -> tuple[OltNode, ...]:
    """Every OLT with how it stands, by name."""
    del actor
    return _ASKED.setdefault(window.engine, Together()).ask(lambda: _olts(window))


def _olts(window: Window) -> tuple[OltNode, ...]:
    with read(window.engine) as tx:
        rows = tx.execute(sa.text(_OLTS), {"fresh": window.clock.now() - BELIEVED})
        return tuple(OltNode(r.name, r.area, r.model, _counts(r), r.silent or "") for r in rows)


@shows("network.read")
def cards(look: Look, *, olt: str) -> tuple[CardNode, ...]:
    """An OLT's cards with their ports, by slot; ports of no card on record stand in one without a place."""
    values = {"olt": olt, "fresh": look.at - BELIEVED}
    ports = {r.port: PortNode(r.port, _counts(r)) for r in look.tx.execute(sa.text(_PORTS), values)}
    found = []
    for card in look.tx.execute(sa.text(_CARDS), values):
        own = tuple(ports.pop(port) for port in card.ports if port in ports)
        found.append(CardNode(card.place, card.model, own, card.missing))
    return (*found, CardNode("", "", tuple(ports.values()))) if ports else tuple(found)


@shows("network.read")
def behind(look: Look, *, olt: str, port: str) -> tuple[SplitterNode, ...]:
    """What hangs on a port: its first splitters with all behind them; ONTs of none stand in one without a code."""
    values = {"olt": olt, "port": port, "fresh": look.at - BELIEVED}
    onts: dict[str, list[OntNode]] = {}
    for row in look.tx.execute(sa.text(_BEHIND), values):
        onts.setdefault(row.splitter_code or "", []).append(_ont(row))
    rows = look.tx.execute(sa.text(_SPLITTERS), values).all()
    children: dict[str | None, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    roots = tuple(_splitter(row, children, onts) for row in children.get(None, ()))
    placed = {row.code for row in rows}
    loose = tuple(one for code, some in onts.items() if code not in placed for one in some)
    return (*roots, SplitterNode("", 0, (), loose)) if loose else roots


def _splitter(
    row: Any, children: Mapping[str | None, Sequence[Any]], onts: Mapping[str, list[OntNode]]
) -> SplitterNode:
    inner = tuple(_splitter(child, children, onts) for child in children.get(row.code, ()))
    return SplitterNode(row.code, row.ratio, inner, tuple(onts.get(row.code, ())))


def _counts(row: Any) -> Counts:
    return Counts(row.up or 0, row.weak or 0, row.down or 0, row.off or 0, row.unknown or 0, row.at)


def _ont(row: Any) -> OntNode:
    state = OntState(row.state) if row.state is not None else None
    says = {"drop": say("weak: its drop"), "splitter": say("weak: its splitter"), "feeder": say("weak: the feeder")}
    return OntNode(
        ont_id=row.ont_id,
        serial=row.serial,
        service_code=row.code or "",
        customer=row.name or "",
        standing=_STANDING[state],
        says=says.get(row.whose or "", "weak") if state is OntState.WEAK else str(state or "unknown"),
        rx_dbm=row.rx_dbm if state is not None else None,
        since=row.since if state is not None else None,
        at=row.at,
    )


# --- finding ----------------------------------------------------------------------------------------------------------

#: So many places are offered.
OFFERED = 12
_LINES = """
    SELECT o.name AS olt, l.pon_port, l.serial, s.code, c.name FROM lines l JOIN olts o ON o.id = l.olt_id
    JOIN services s ON s.id = l.service_id JOIN customers c ON c.id = s.customer_id
    WHERE s.code = ANY(:services) OR c.code = ANY(:customers) ORDER BY s.code LIMIT :many
"""
_SPLITTER = """
    SELECT o.name AS olt, p.port, s.code FROM splitters s JOIN pon_ports p ON p.id = s.pon_port_id
    JOIN olts o ON o.id = p.olt_id WHERE s.code = upper(:text)
"""


@asks("network.read")
def places(window: Window, actor: Actor, *, text: str) -> tuple[Place, ...]:
    """Where something is: an OLT, a port, a splitter by its code, a line by whatever the search knows it by."""
    own = _splitters(window, actor, text=text.strip())
    if own:
        return own
    hits = search(window, actor, text=text)
    found = [Place(olt=one.key, says=one.key) for one in hits if one.thing is Thing.OLT]
    for one in hits:
        if one.thing is Thing.PON_PORT:
            olt, _, port = one.key.rpartition(" ")
            found.append(Place(olt=olt, port=port, says=one.key))
    services = [one.key for one in hits if one.thing is Thing.SERVICE]
    customers = [one.key for one in hits if one.thing is Thing.CUSTOMER]
    return (*found, *_lines(window, actor, services=services, customers=customers))[:OFFERED]


@shows("network.read")
def _splitters(look: Look, *, text: str) -> tuple[Place, ...]:
    return tuple(Place(r.olt, r.port, "", r.code) for r in look.tx.execute(sa.text(_SPLITTER), {"text": text}))


@shows("network.read")
def _lines(look: Look, *, services: list[str], customers: list[str]) -> tuple[Place, ...]:
    values = {"services": services, "customers": customers, "many": OFFERED}
    rows = look.tx.execute(sa.text(_LINES), values) if services or customers else ()
    return tuple(
        Place(r.olt, r.pon_port, r.serial, f"{r.name}, {r.code}, {Serial(r.serial).display} on {r.olt} {r.pon_port}")
        for r in rows
    )
