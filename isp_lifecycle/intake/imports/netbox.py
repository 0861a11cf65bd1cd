"""Address pools out of NetBox: what its prefixes say becomes rows of the kind ``pools``, with all that holds for these.

A pool is an active prefix with the tag, the role, or both that the settings name. Name, policy, area and gateway stand
in the prefix's description and custom fields; IP ranges with the same tag and role and the status ``reserved`` are
never given away. Only what stands there is put: a prefix that has gone from NetBox stays a pool, as people have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_interface, ip_network, summarize_address_range

from isp_lifecycle.foundation.sections import NetBox as NetBoxSettings
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.imports.files import land
from isp_lifecycle.intake.imports.model import Imported, Record, RowError, RowOutcome
from isp_lifecycle.intake.imports.pools import POOLS
from isp_lifecycle.ipam.errors import NetBoxPoolsUnnamed
from isp_lifecycle.ipam.model import Network, contains
from isp_lifecycle.ipam.ports import NetBoxApi, Place, Thing


@dataclass(frozen=True)
class NetBoxPools:
    """What NetBox has of pools: prefixes, and ranges in them that are reserved. As text it is what the audit keeps."""

    where: str
    prefixes: tuple[Thing, ...]
    ranges: tuple[Thing, ...]

    def __str__(self) -> str:
        return f"{self.where}, {len(self.prefixes)} prefixes, {len(self.ranges)} reserved ranges"


def read_pools(netbox: NetBoxApi, settings: NetBoxSettings) -> NetBoxPools:
    """Ask NetBox, before any transaction begins; raises NetBoxPoolsUnnamed and what NetBox's port raises."""
    named = {"tag": settings.pool_tag, "role": settings.pool_role}
    filters = {name: slug for name, slug in named.items() if slug}
    if not filters:
        raise NetBoxPoolsUnnamed
    prefixes = netbox.find(Place.PREFIXES, status="active", **filters)
    return NetBoxPools(netbox.where, prefixes, netbox.find(Place.RANGES, status="reserved", **filters))


@enters("import.run")
def preview(act: Act, *, pools: NetBoxPools) -> Imported:
    """Say what importing these would create, change and leave as it is, and what is wrong with them."""
    with act.tx.begin_nested() as trial:
        found = _import(act, pools, applied=False)
        trial.rollback()
    return found


@enters("import.run")
def apply(act: Act, *, pools: NetBoxPools) -> Imported:
    """Put every good one, all in one transaction; what is wrong with the others comes back."""
    return _import(act, pools, applied=True)


def _import(act: Act, pools: NetBoxPools, *, applied: bool) -> Imported:
    act.about("import", POOLS.name)
    settings = act.settings.netbox
    excluded, strays = _excluded(pools)
    records = [
        _record(number, thing, settings, excluded.get(_where(thing), ()))
        for number, thing in enumerate(pools.prefixes, 1)
    ]
    rows = [
        replace(row, errors=tuple(_by_netbox(error, record, settings) for error in row.errors))
        for record, row in zip(records, land(act, POOLS, records), strict=True)
    ]
    return Imported(kind=POOLS.name, file=pools.where, applied=applied, rows=(*rows, *strays))


def _record(number: int, thing: Thing, settings: NetBoxSettings, excluded: tuple[str, ...]) -> Record:
    """A prefix of NetBox as an entry of a file of pools."""
    broken: list[RowError] = []
    texts = {"prefix": str(thing.get("prefix", "")), "excluded": ", ".join(excluded)}
    for column, place in _columns(settings).items():
        value = _value(thing, place)
        text = _text(value)
        if text is None:
            what, remedy = "It is not one text.", "Make the field a text, a selection, or an object with a name."
            broken.append(RowError(line=number, field=column, value=str(value)[:200], what=what, remedy=remedy))
        texts[column] = text or ""
    texts["gateway"] = texts["gateway"].partition("/")[0]  # addresses stand with their mask in NetBox
    return Record(level=POOLS.level, line=number, texts=texts, broken=tuple(broken), place=_where(thing))


def _columns(settings: NetBoxSettings) -> dict[str, str]:
    """Where the settings say that a pool's fields stand."""
    return {
        "name": settings.name_field,
        "policy": settings.policy_field,
        "area": settings.area_field,
        "gateway": settings.gateway_field,
    }


def _value(thing: Thing, place: str) -> object:
    fields = thing.get("custom_fields")
    return thing.get("description") if place == "description" else (fields or {}).get(place)


def _text(value: object) -> str | None:
    """A field's text; of an object that a custom field points at, its address or name. None for anything else."""
    if isinstance(value, dict):
        value = value.get("address") or value.get("name")
        return value if isinstance(value, str) else None
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _where(thing: Thing) -> str:
    return str(thing.get("display_url") or thing.get("url") or f"object {thing['id']}")


def _by_netbox(error: RowError, record: Record, settings: NetBoxSettings) -> RowError:
    """An error by the prefix's address and the field's name in NetBox, rather than by a line and our name."""
    place = _columns(settings).get(error.field)
    named = error.field if place is None else place if place == "description" else f"custom_fields.{place}"
    return replace(error, place=record.place, field="IP ranges" if named == "excluded" else named)


def _excluded(pools: NetBoxPools) -> tuple[dict[str, tuple[str, ...]], list[RowOutcome]]:
    """The networks that are reserved in each prefix, by its address; and the ranges that lie in none of them."""
    prefixes = {_where(thing): network for thing in pools.prefixes if (network := _network(thing)) is not None}
    found: dict[str, tuple[str, ...]] = {}
    strays: list[RowOutcome] = []
    for number, thing in enumerate(pools.ranges, len(pools.prefixes) + 1):
        start, end = str(thing.get("start_address")), str(thing.get("end_address"))
        parts = tuple(_parts(start, end))
        homes = [where for where, prefix in prefixes.items() if parts and all(contains(prefix, p) for p in parts)]
        for home in homes:
            found[home] = (*found.get(home, ()), *map(str, parts))
        if not homes:
            strays.append(_stray(number, _where(thing), f"{start} - {end}"))
    return found, strays


def _stray(number: int, where: str, shown: str) -> RowOutcome:
    what = "It lies in none of the prefixes that are pools."
    remedy = "Take the pools' tag and role from it, or give them to the prefix that it lies in."
    error = RowError(line=number, field="start_address", value=shown, what=what, remedy=remedy, place=where)
    return RowOutcome(line=number, key=shown, errors=(error,))


def _network(thing: Thing) -> Network | None:
    try:
        return ip_network(str(thing.get("prefix")))
    except ValueError:
        return None


def _parts(start: str, end: str) -> Iterator[Network]:
    """A range of NetBox, whose ends stand with a mask, as networks; none when it is no range."""
    try:
        yield from summarize_address_range(ip_interface(start).ip, ip_interface(end).ip)
    except (ValueError, TypeError):
        return  # the caller names a range without networks
