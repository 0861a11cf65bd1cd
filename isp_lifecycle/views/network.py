"""What the network engineer sees: the plant with its fill, lines, pools, VLANs, ONTs in sight."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.ids import first_id
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Launch
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.live import LiveOnts, ask_unconfigured
from isp_lifecycle.views.window import Look, Window, asks, shows

#: So many OLTs are asked at the same time; each is waited for nearly all of the time.
OLTS_AT_ONCE = 16


@dataclass(frozen=True)
class OltRow:
    """An OLT with how much hangs on it; ``last_seen`` is when a step, or the night, last spoke with it well."""

    name: str
    vendor: str
    model: str
    area: str
    address: str
    pon_ports: int
    lines: int
    last_seen: datetime | None


@dataclass(frozen=True)
class HostKeyRow:
    """The SSH host key that an OLT must have (empty: none is known yet), and the one it shows now."""

    olt: str
    pinned: str
    found: str

    @property
    def fits(self) -> bool:
        """Whether it is the one that is known."""
        return self.pinned == self.found


@dataclass(frozen=True)
class PonPortRow:
    """A PON port: ``capacity`` is the ports of its last splitters, ``lines`` those in the inventory.

    ``typical`` when nobody said with which level it really sends.
    """

    port: str
    tx_dbm: float
    splitters: int
    capacity: int
    lines: int
    typical: bool = False


@dataclass(frozen=True)
class CardRow:
    """A card of an OLT as it was last seen; ``pon_ports`` of which ``in_use`` have lines.

    ``missing_since`` is when it was first not found any more; ``was_model`` stood there until ``changed_at``.
    """

    place: str
    model: str
    state: str
    pon_ports: int
    in_use: int
    seen_at: datetime
    missing_since: datetime | None
    was_model: str | None
    changed_at: datetime | None


@dataclass(frozen=True)
class LineRow:
    """A line as built."""

    service_code: str
    customer: str
    ont_id: int
    serial: str
    vlan: int
    plan_name: str
    expected_rx_dbm: float
    measured_rx_dbm: float | None
    state: str


@dataclass(frozen=True)
class PoolRow:
    """An address pool and how full it is; ``share`` is 0 to 1."""

    pool: str
    area: str | None
    policy: str
    prefix: str
    size: int
    taken: int
    quarantined: int
    free: int
    share: float


@dataclass(frozen=True)
class VlanRow:
    """A VLAN that is in use on an OLT."""

    number: int
    purpose: str


#: An OLT is read each night; steps that spoke with it are looked for in so long a time only, or all history were read.
LATELY = timedelta(days=2)
_PLANT = """
    WITH spoken AS MATERIALIZED (
        SELECT d."case"->>'olt' AS olt, max(s.finished_at) AS at
        FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
        WHERE s.id >= :floor AND s.state IN ('done', 'undone') AND s.device_seconds > 0 GROUP BY 1)
    SELECT o.name, o.vendor, o.model, o.area, o.host || ':' || o.port AS address,
           (SELECT count(*) FROM pon_ports t WHERE t.olt_id = o.id) AS ports,
           (SELECT count(*) FROM lines l WHERE l.olt_id = o.id) AS lines,
           greatest((SELECT p.at FROM spoken p WHERE p.olt = o.name),
                    (SELECT max(t.at) FROM ont_states t WHERE t.olt_id = o.id)) AS last_seen
    FROM olts o ORDER BY o.name
"""


@shows("network.read")
def plant(look: Look) -> tuple[OltRow, ...]:
    """All OLTs with their fill."""
    rows = look.tx.execute(sa.text(_PLANT), {"floor": first_id(look.at - LATELY)})
    return tuple(OltRow(r.name, r.vendor, r.model, r.area, r.address, r.ports, r.lines, r.last_seen) for r in rows)


@shows("network.read")
def pon_ports(look: Look, *, olt: str) -> tuple[PonPortRow, ...]:
    """The PON ports of one OLT; capacity counts the splitters that nothing else hangs on."""
    rows = look.tx.execute(
        sa.text(
            """
            SELECT t.port, t.tx_dbm, t.launch,
                   (SELECT count(*) FROM splitters s WHERE s.pon_port_id = t.id) AS splitters,
                   (SELECT coalesce(sum(s.ratio), 0) FROM splitters s WHERE s.pon_port_id = t.id
                     AND NOT EXISTS (SELECT 1 FROM splitters child WHERE child.parent = s.code)) AS capacity,
                   (SELECT count(*) FROM lines l WHERE l.olt_id = o.id AND l.pon_port = t.port) AS lines
            FROM pon_ports t JOIN olts o ON o.id = t.olt_id WHERE o.name = :olt ORDER BY t.port
            """
        ),
        {"olt": olt},
    )
    return tuple(
        PonPortRow(r.port, r.tx_dbm, r.splitters, r.capacity, r.lines, typical=r.launch == Launch.TYPICAL) for r in rows
    )


_CARDS = """
    SELECT c.place, c.model, c.state, cardinality(c.ports) AS ports, c.seen_at, c.missing_since, c.was_model,
           c.changed_at,
           (SELECT count(DISTINCT l.pon_port) FROM lines l
             WHERE l.olt_id = c.olt_id AND l.pon_port = ANY(c.ports)) AS in_use
    FROM cards c JOIN olts o ON o.id = c.olt_id WHERE o.name = :olt ORDER BY string_to_array(c.place, '/')::int[]
"""


@shows("network.read")
def cards(look: Look, *, olt: str) -> tuple[CardRow, ...]:
    """The cards that were found in one OLT when somebody took note of it, by slot."""
    rows = look.tx.execute(sa.text(_CARDS), {"olt": olt})
    return tuple(
        CardRow(r.place, r.model, r.state, r.ports, r.in_use, r.seen_at, r.missing_since, r.was_model, r.changed_at)
        for r in rows
    )


@shows("network.read")
def lines(look: Look, *, olt: str, pon_port: str) -> tuple[LineRow, ...]:
    """The lines on one PON port, by ONT id."""
    rows = look.tx.execute(
        sa.text(
            """
            SELECT s.code, c.name, l.ont_id, l.serial, l.vlan, s.terms, l.expected_rx_dbm, l.measured_rx_dbm, s.state
            FROM lines l JOIN olts o ON o.id = l.olt_id JOIN services s ON s.id = l.service_id
            JOIN customers c ON c.id = s.customer_id WHERE o.name = :olt AND l.pon_port = :port ORDER BY l.ont_id
            """
        ),
        {"olt": olt, "port": pon_port},
    )
    return tuple(
        LineRow(
            service_code=r.code,
            customer=r.name,
            ont_id=r.ont_id,
            serial=r.serial,
            vlan=r.vlan,
            plan_name=Terms.from_json(r.terms).plan_name,
            expected_rx_dbm=r.expected_rx_dbm,
            measured_rx_dbm=r.measured_rx_dbm,
            state=r.state,
        )
        for r in rows
    )


@asks("network.read_live")
def unconfigured(window: Window, actor: Actor, *, olt: str) -> LiveOnts:
    """Ask one OLT, now, which ONTs it sees that nobody has registered."""
    return ask_unconfigured(window.olts, window.clock, olt=olt)


@asks("network.read_live")
def unconfigured_everywhere(window: Window, actor: Actor) -> tuple[LiveOnts, ...]:
    """Ask every OLT, several at a time; one that does not answer says why in its place. By name."""
    del actor
    with read(window.engine) as tx:
        names = [olt.name for olt in inventory.all_olts(tx=tx)]
    with ThreadPoolExecutor(OLTS_AT_ONCE, thread_name_prefix="unconfigured") as askers:
        return tuple(askers.map(lambda name: ask_unconfigured(window.olts, window.clock, olt=name), names))


@shows("network.read")
def pools(look: Look) -> tuple[PoolRow, ...]:
    """All address pools, the fullest first."""
    rows = [
        PoolRow(
            pool=f.pool,
            area=f.area,
            policy=str(f.policy),
            prefix=str(f.prefix),
            size=f.size,
            taken=f.taken,
            quarantined=f.quarantined,
            free=f.free,
            share=f.share,
        )
        for f in ipam.fill(tx=look.tx)
    ]
    return tuple(sorted(rows, key=lambda row: -row.share))


@shows("network.read")
def vlans(look: Look, *, olt: str) -> tuple[VlanRow, ...]:
    """The VLANs that are in use on one OLT, by the records."""
    return tuple(VlanRow(v.number, v.purpose) for v in ipam.vlans(tx=look.tx, olt=olt))


@asks("network.read_live")
def host_key(window: Window, actor: Actor, *, olt: str) -> HostKeyRow:
    """Ask an OLT for its SSH host key, without logging in. Raises NotFound and OltUnreachable."""
    del actor
    pinned, found = window.olts.host_key(olt)
    return HostKeyRow(olt, pinned, found)
