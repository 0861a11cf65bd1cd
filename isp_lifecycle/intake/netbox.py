"""What is in use, written to NetBox: single addresses as IP addresses, blocks and delegated prefixes as prefixes.

Status follows the allocation: reserved is ``reserved``, assigned ``active``, released and resting ``deprecated``; what
is free again is removed. Only objects with the tag of the settings are changed or removed; what others wrote there is
named and left alone. Everything is written to the global table, without a VRF.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_interface
from itertools import batched

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.terms import policy_named
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, Door, enters, through
from isp_lifecycle.ipam.errors import NetBoxAnswerWrong
from isp_lifecycle.ipam.model import AllocationState
from isp_lifecycle.ipam.ports import NetBoxApi, Place, Thing, Write

#: NetBox's status of a prefix or an address, by where its allocation stands.
STATUS = {
    AllocationState.RESERVED: "reserved",
    AllocationState.ASSIGNED: "active",
    AllocationState.QUARANTINED: "deprecated",
}
#: The field that names an object of a kind, and by which it is asked for.
NAMED_BY = {Place.ADDRESSES: "address", Place.PREFIXES: "prefix"}
#: So many are asked for in one request, whose address would grow too long with more.
ASKED = 50

_IN_USE = """
    SELECT a.prefix, a.state, a.until, a.owner, p.policy, p.prefix AS pool_prefix, s.code, s.state AS service_state,
           o.code AS order_code
    FROM allocations a JOIN pools p ON p.id = a.pool_id LEFT JOIN services s ON s.id = a.owner
    LEFT JOIN orders o ON o.id = a.owner AND s.id IS NULL
    WHERE a.state <> 'free' ORDER BY a.prefix
"""


@dataclass(frozen=True, order=True)
class InUse:
    """An address (with its pool's mask) or a prefix, as NetBox is to have it."""

    place: Place
    text: str
    status: str
    description: str

    @property
    def key(self) -> str:
        """What is the same for it and for NetBox's object of it, whatever mask that has."""
        return _key(self.place, self.text)

    @property
    def fields(self) -> dict[str, str]:
        """What NetBox is to have of it; an object's tags, and all that people add to it, stay theirs."""
        return {NAMED_BY[self.place]: self.text, "status": self.status, "description": self.description}

    def __str__(self) -> str:
        return f"{self.text} {self.status}: {self.description}"


@dataclass(frozen=True)
class Change:
    """An object of ours in NetBox: what it is to become, or None when it is to be removed."""

    place: Place
    thing: Thing
    wanted: InUse | None

    def __str__(self) -> str:
        return str(self.wanted) if self.wanted else str(self.thing[NAMED_BY[self.place]])


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What an export did or, when not ``applied``, would do.

    ``foreign`` are addresses that stand in NetBox without our tag, ``refused`` what NetBox did not accept and why, and
    ``left`` how many are not as they should be although NetBox accepted them: somebody else wrote there meanwhile.
    """

    where: str
    applied: bool
    created: tuple[InUse, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    same: int
    foreign: tuple[tuple[InUse, str], ...]
    refused: tuple[str, ...] = ()
    left: int = 0


@dataclass(frozen=True)
class _Standing:
    place: Place
    key: str
    thing: Thing


@dataclass(frozen=True)
class _Differences:
    missing: tuple[InUse, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    same: int

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.changed) + len(self.removed)


@enters("netbox.export")
def begin(act: Act, *, netbox: str, applied: bool) -> tuple[InUse, ...]:
    """Read all that is in use; the audit keeps who had it shown or written, and where."""
    act.about("NetBox", netbox)
    return tuple(_in_use(row) for row in act.tx.execute(sa.text(_IN_USE)))


@through("netbox.export")
def export(door: Door, actor: Actor, *, netbox: NetBoxApi, applied: bool) -> Exported:
    """Compare what is in use with what NetBox has of ours and, when ``applied``, write the difference and look again.

    No transaction is open while NetBox is asked. A second export changes nothing; one that was cut off is completed by
    the next. Raises what NetBox's port raises, and Forbidden.
    """
    wanted = begin(door, actor, netbox=netbox.where, applied=applied)
    tag = door.settings.netbox.tag
    found = _compare(wanted, _ours(netbox, tag))
    foreign = _foreign(netbox, found.missing)
    theirs = {one.text for one, _ in foreign}
    created = tuple(one for one in found.missing if one.text not in theirs)
    refused: tuple[str, ...] = ()
    left = 0
    if applied and (created or found.changed or found.removed):
        refused = _write(netbox, tag, created, found)
        left = max(0, _compare(wanted, _ours(netbox, tag)).count - len(foreign) - len(refused))
    return Exported(
        where=netbox.where,
        applied=applied,
        created=created,
        changed=found.changed,
        removed=found.removed,
        same=found.same,
        foreign=foreign,
        refused=refused,
        left=left,
    )


def _in_use(row: sa.Row[tuple[object, ...]]) -> InUse:
    state = AllocationState(row.state)
    whose = f"{row.code} {row.service_state}" if row.code else f"service {row.owner}"
    if row.order_code and row.until:
        whose = f"held for order {row.order_code} until {row.until:%Y-%m-%d %H:%M} UTC"
    if state is AllocationState.QUARANTINED:
        whose = f"was of {row.code or row.owner}, rests until {row.until:%Y-%m-%d %H:%M} UTC"
    if policy_named(row.policy).is_block:
        return InUse(Place.PREFIXES, str(row.prefix), STATUS[state], whose)
    address = f"{row.prefix.network_address}/{row.pool_prefix.prefixlen}"
    return InUse(Place.ADDRESSES, address, STATUS[state], whose)


def _ours(netbox: NetBoxApi, tag: str) -> tuple[_Standing, ...]:
    """What in NetBox has our tag. The answer is checked object by object: removal hangs on it."""
    if not netbox.find(Place.TAGS, slug=tag):
        return ()
    found = tuple(_standing(netbox.where, place, thing) for place in NAMED_BY for thing in netbox.find(place, tag=tag))
    for one in found:
        if not _has(one.thing, tag):
            what = f"asked for the tag {tag}, it gave {one.place} {one.thing['id']} without it"
            raise NetBoxAnswerWrong(netbox.where, what)
    return found


def _standing(where: str, place: Place, thing: Thing) -> _Standing:
    try:
        return _Standing(place, _key(place, thing[NAMED_BY[place]]), thing)
    except (KeyError, ValueError):
        raise NetBoxAnswerWrong(
            where, say("{place} {number} has no {name}", place=place, number=thing["id"], name=NAMED_BY[place])
        ) from None


def _has(thing: Thing, tag: str) -> bool:
    tags = thing.get("tags")
    return isinstance(tags, list) and any(isinstance(one, dict) and one.get("slug") == tag for one in tags)


def _key(place: Place, text: str) -> str:
    return str(ip_interface(text).ip if place is Place.ADDRESSES else ip_interface(text).network)


def _compare(wanted: Sequence[InUse], ours: Sequence[_Standing]) -> _Differences:
    missing = {(one.place, one.key): one for one in wanted}
    changed, removed, same = [], [], 0
    for standing in ours:
        one = missing.pop((standing.place, standing.key), None)  # a second object of the same address finds none
        if one is None:
            removed.append(Change(standing.place, standing.thing, None))
        elif _fields(standing) != one.fields:
            changed.append(Change(standing.place, standing.thing, one))
        else:
            same += 1
    return _Differences(tuple(missing.values()), tuple(changed), tuple(removed), same)


def _fields(standing: _Standing) -> dict[str, object]:
    """What NetBox has of it, as we would write it."""
    status = standing.thing.get("status")
    name = NAMED_BY[standing.place]
    return {
        name: str(ip_interface(standing.thing[name])),
        "status": status.get("value") if isinstance(status, dict) else status,
        "description": standing.thing.get("description"),
    }


def _foreign(netbox: NetBoxApi, missing: Iterable[InUse]) -> tuple[tuple[InUse, str], ...]:
    """Of what would be created, what somebody else has in NetBox already, with its address there."""
    found = []
    for place, name in NAMED_BY.items():
        for some in batched((one for one in missing if one.place is place), ASKED):
            things = netbox.find(place, vrf_id="null", **{name: [one.key for one in some]})
            there = {s.key: s.thing for s in (_standing(netbox.where, place, thing) for thing in things)}
            found += [
                (one, str(thing.get("display_url") or thing.get("url") or thing["id"]))
                for one in some
                if (thing := there.get(one.key)) is not None
            ]
    return tuple(found)


def _write(netbox: NetBoxApi, tag: str, created: Sequence[InUse], found: _Differences) -> tuple[str, ...]:
    """Remove, change, create: in this order, so that what takes the place of something finds it free."""
    if not netbox.find(Place.TAGS, slug=tag):
        netbox.write(Write.CREATE, Place.TAGS, [{"name": tag, "slug": tag}])
    refused: list[str] = []
    for place, name in NAMED_BY.items():
        gone = [{"id": one.thing["id"]} for one in found.removed if one.place is place]
        changed = [
            {"id": one.thing["id"], **one.wanted.fields} for one in found.changed if one.place is place and one.wanted
        ]
        new = [{**one.fields, "tags": [{"slug": tag}]} for one in created if one.place is place]
        for what, bodies in ((Write.REMOVE, gone), (Write.CHANGE, changed), (Write.CREATE, new)):
            told = netbox.write(what, place, bodies)
            refused += [f"{one.body.get(name) or f'{place} {one.body["id"]}'}: {one.why}" for one in told]
    return tuple(refused)
