"""From what stands and what is wanted to the changes between them. Pure, and the same for every vendor."""

from __future__ import annotations

from dataclasses import replace

from isp_lifecycle.drivers.contract import (
    Change,
    Difference,
    LineFound,
    LineWanted,
    OltProfile,
    OntFound,
    Plan,
    RateTable,
    Serial,
    ServicePortFound,
)
from isp_lifecycle.drivers.errors import (
    KeyElsewhere,
    OntIdTaken,
    PortFull,
    ProfileMissing,
    RateTableDiffers,
    SerialElsewhere,
    SwapTakesOthers,
    VlanOfOtherKind,
)
from isp_lifecycle.drivers.serving import check_offered, service_changes, service_pairs
from isp_lifecycle.drivers.vendor import Commands

_SHARED = "VLANs and rate tables are shared with other lines and stay"


def plan_line(
    *, found: LineFound, wanted: LineWanted, profile: OltProfile, commands: Commands, any_key: bool = False
) -> Plan:
    """The changes that make the line as wanted; empty when it is. With ``any_key`` its ONT may carry another key.

    Raises SerialElsewhere, KeyElsewhere, OntIdTaken, PortFull, VlanOfOtherKind (the line cannot be had),
    ProfileMissing, RateTableDiffers, SwapTakesOthers (a person must look at the plant).
    """
    check_offered(found.olt, wanted, commands)
    _check_profiles(found, profile, commands)
    ont = _existing_ont(found, wanted, any_key=any_key)
    down = commands.rate_table(wanted.down_kbps, "down", found, profile)
    up = commands.rate_table(wanted.up_kbps, "up", _with_table(found, down), profile)
    anew = True
    if ont is None:
        ont_id = _free_ont_id(found, wanted, profile, commands)
        onts = _new_ont(found, wanted, ont_id, profile, commands)
        flows: tuple[ServicePortFound, ...] = ()
    else:
        ont_id = ont.ont_id
        flows = found.flows(ont)
        rebuilt = bool(_other_references(ont, profile, commands))
        anew = _starts_anew(found, ont, wanted, profile, commands)
        onts = _ont_changes(ont, flows if rebuilt and not anew else (), wanted, profile, commands)
        flows = () if rebuilt or anew else flows
    joins = _flow_changes(flows, wanted, ont_id, down, up, profile, commands)
    tables = _rate_table_changes(found, (down, up), commands) if any(one.verb != "remove" for one in joins) else []
    serves = service_changes(found, wanted, ont_id, profile, commands, anew=anew)
    changes = (*_vlan_changes(found, wanted, commands), *tables, *onts, *joins, *serves)
    return Plan(found.olt, wanted.key, changes, wanted)


def plan_removal(*, found: LineFound, key: str, commands: Commands, only: Serial | None = None) -> Plan:
    """Service ports first, then the ONT (the device refuses the other order). Touches no other line.

    ``only`` names the one ONT of a line that is moving, since the other one carries the key as well.
    """
    changes: list[Change] = []
    for ont in _onts_with_key(found, key):
        if only is not None and ont.serial != only:
            continue
        changes += [_flow_removal(flow, commands, f"{key} ends") for flow in found.flows(ont)]
        why = f"{key} ends"
        changes.append(Change("remove", f"ONT {ont.serial} at {ont.place}", commands.remove_ont(ont), why))
    kept = [_SHARED]
    if found.ont is not None and found.ont.key != key:
        kept.append(f"ONT {found.ont.serial} at {found.ont.place}: it belongs to {found.ont.key or 'no known line'}")
    return Plan(found.olt, key, tuple(changes), None, tuple(kept))


def differences(
    *, found: LineFound, wanted: LineWanted, profile: OltProfile, commands: Commands
) -> tuple[Difference, ...]:
    """Field by field, where the device is not as wanted."""
    pairs: list[tuple[str, object, object]] = []
    vlan = found.vlan
    pairs.append(("vlan", f"{wanted.vlan} {commands.vlan_kind}", f"{vlan.number} {vlan.kind}" if vlan else "none"))
    uplinks = vlan.uplinks if vlan else ()
    pairs.append(("uplink", wanted.uplink, wanted.uplink if wanted.uplink in uplinks else ", ".join(uplinks) or "none"))
    ont = found.ont
    if ont is None:
        pairs.append(("ont", f"{wanted.serial} on {wanted.port}", "none"))
    else:
        pairs += _ont_pairs(ont, wanted)
        pairs += commands.references(ont, profile)
        pairs += _flow_pairs(found.flows(ont), wanted, profile)
        pairs += service_pairs(found, wanted)
    others = [
        other.place
        for other in found.same_key
        if (ont is None or other.place != ont.place) and (wanted.beside is None or other.serial != wanted.beside)
    ]
    pairs.append(("key", "carried once", f"also at {', '.join(others)}" if others else "carried once"))
    return tuple(Difference(name, str(want), str(have)) for name, want, have in pairs if want != have)


def _ont_pairs(ont: OntFound, wanted: LineWanted) -> list[tuple[str, object, object]]:
    return [
        ("port", wanted.port, ont.port),
        ("ont_id", ont.ont_id if wanted.ont_id is None else wanted.ont_id, ont.ont_id),
        ("key", wanted.key, ont.key or "none"),
        ("enabled", wanted.enabled, ont.enabled),
    ]


def _flow_pairs(
    flows: tuple[ServicePortFound, ...], wanted: LineWanted, profile: OltProfile
) -> list[tuple[str, object, object]]:
    mine = [flow for flow in flows if flow.gem_port == profile.gem_port]
    if len(mine) != 1:
        return [("service_port", f"one on {wanted.tags}", f"{len(mine)} on GEM port {profile.gem_port}")]
    flow = mine[0]
    return [
        ("service_port", f"on {wanted.tags}", f"on {flow.tags}"),
        ("user_vlan", wanted.user_vlan, wanted.user_vlan if carries(flow, wanted) else flow.user_vlan),
        ("down", f"{wanted.down_kbps} kbit/s", f"{flow.down.kbps} kbit/s" if flow.down else "no limit"),
        ("up", f"{wanted.up_kbps} kbit/s", f"{flow.up.kbps} kbit/s" if flow.up else "no limit"),
    ]


# --- refusals ---------------------------------------------------------------------------------------------------------


def _check_profiles(found: LineFound, profile: OltProfile, commands: Commands) -> None:
    have = {(one.kind, one.number) for one in found.profiles}
    for kind, number in commands.needed(profile):
        if (kind, number) not in have:
            raise ProfileMissing(found.olt, kind, number)


def _existing_ont(found: LineFound, wanted: LineWanted, *, any_key: bool) -> OntFound | None:
    """The ONT the line already has: the one with the serial, or the one that is to be exchanged. None: a new one."""
    ont = found.ont
    if ont is not None:
        wrong_place = ont.port != wanted.port or wanted.ont_id not in (None, ont.ont_id)
        if wrong_place or (not any_key and ont.key not in ("", wanted.key)):
            raise SerialElsewhere(found.olt, str(wanted.serial), ont.place, ont.key)
    for other in found.same_key:
        if ont is not None and other.place == ont.place:
            continue
        if wanted.beside is not None and other.serial == wanted.beside:
            continue  # the line is moving: the old one goes when the new one works
        exchanged = ont is None and other.serial == wanted.replaces and other.port == wanted.port
        if not exchanged:
            raise KeyElsewhere(found.olt, wanted.key, other.place, str(other.serial))
        ont = other
    return ont


def _starts_anew(found: LineFound, ont: OntFound, wanted: LineWanted, profile: OltProfile, commands: Commands) -> bool:
    """Whether an exchange of the ONT takes its flows along. Raises SwapTakesOthers, since only ours is made again."""
    if ont.serial == wanted.serial or not commands.swap_starts_anew:
        return False
    others = [flow for flow in found.flows(ont) if flow.gem_port != profile.gem_port]
    if others:
        words = tuple(f"service port {flow.index} on VLAN {flow.vlan}" for flow in others)
        raise SwapTakesOthers(found.olt, ont.place, words)
    return True


def _free_ont_id(found: LineFound, wanted: LineWanted, profile: OltProfile, commands: Commands) -> int:
    used = dict(found.on_port)
    if wanted.ont_id is not None:
        if wanted.ont_id in used:
            raise OntIdTaken(found.olt, f"{wanted.port} {wanted.ont_id}", str(used[wanted.ont_id] or "another ONT"))
        return wanted.ont_id
    for ont_id in range(commands.first_ont_id, commands.first_ont_id + profile.onts_per_port):
        if ont_id not in used:
            return ont_id
    raise PortFull(found.olt, str(wanted.port), len(used))


# --- changes ----------------------------------------------------------------------------------------------------------


def _vlan_changes(found: LineFound, wanted: LineWanted, commands: Commands) -> list[Change]:
    changes: list[Change] = []
    vlan = found.vlan
    if vlan is None:
        why = f"the OLT has no VLAN {wanted.vlan}"
        changes.append(Change("create", f"VLAN {wanted.vlan}", commands.create_vlan(wanted.vlan), why))
    elif vlan.kind != commands.vlan_kind:
        raise VlanOfOtherKind(found.olt, wanted.vlan, vlan.kind, commands.vlan_kind)
    if vlan is None or wanted.uplink not in vlan.uplinks:
        why = f"VLAN {wanted.vlan} does not leave the OLT there"
        what = f"VLAN {wanted.vlan} to uplink {wanted.uplink}"
        changes.append(Change("bind", what, commands.bind_vlan(wanted.vlan, wanted.uplink), why))
    return changes


def _with_table(found: LineFound, table: RateTable) -> LineFound:
    """As if this table already stood there, so that a second new one gets another index."""
    used = found.used_table_indexes | ({table.index} if table.index is not None else set())
    return replace(found, used_table_indexes=frozenset(used), rate_tables=(*found.rate_tables, table))


def _rate_table_changes(found: LineFound, tables: tuple[RateTable, RateTable], commands: Commands) -> list[Change]:
    changes: list[Change] = []
    standing = {table.name: table for table in found.rate_tables}
    for table in tables:
        here = standing.get(table.name)
        if here is None:
            why = "no line of this rate has been on this OLT yet"
            changes.append(Change("create", f"rate table {table.name}", commands.create_rate_table(table), why))
            standing[table.name] = table
        elif here.kbps != table.kbps:
            raise RateTableDiffers(found.olt, table.name, table.kbps, here.kbps)
    return changes


def _new_ont(
    found: LineFound, wanted: LineWanted, ont_id: int, profile: OltProfile, commands: Commands
) -> list[Change]:
    place = f"{wanted.port} ONT {ont_id}"
    why = f"{wanted.serial} is not registered on {found.olt}"
    changes = [Change("add", f"ONT {wanted.serial} at {place}", commands.add_ont(wanted, ont_id, profile), why)]
    if not wanted.enabled:
        off = commands.set_enabled(wanted.port, ont_id, enabled=False)
        changes.append(Change("set", f"{place} off", off, f"{wanted.key} is switched off"))
    return changes


def _other_references(ont: OntFound, profile: OltProfile, commands: Commands) -> tuple[tuple[str, object, object], ...]:
    """What the ONT refers to, when any of it is not as wanted."""
    all_of_it = commands.references(ont, profile)
    return all_of_it if any(want != have for _, want, have in all_of_it) else ()


def _ont_changes(
    ont: OntFound,
    rebuilt: tuple[ServicePortFound, ...],
    wanted: LineWanted,
    profile: OltProfile,
    commands: Commands,
) -> list[Change]:
    """``rebuilt``: the flows that must go before the ONT's profiles can change; they are made anew afterwards."""
    changes: list[Change] = []
    if ont.serial != wanted.serial:
        why = f"{ont.serial} is exchanged for {wanted.serial}"
        changes.append(Change("set", f"serial of {ont.place}", commands.set_serial(ont, wanted.serial), why))
    if ont.key != wanted.key:
        why = f"the ONT carries {ont.key or 'no key'}"
        changes.append(Change("set", f"key of {ont.place}", commands.set_key(ont, wanted.key), why))
    if others := _other_references(ont, profile, commands):
        why = f"it has {' and '.join(f'{name.replace("_", " ")} {have}' for name, _, have in others)}"
        changes += [_flow_removal(flow, commands, "profiles change only without it") for flow in rebuilt]
        changes.append(Change("set", f"profiles of {ont.place}", commands.set_profiles(ont, profile), why))
    if ont.enabled != wanted.enabled:
        lines = commands.set_enabled(ont.port, ont.ont_id, enabled=wanted.enabled)
        word = "on" if wanted.enabled else "off"
        changes.append(Change("set", f"{ont.place} {word}", lines, f"{wanted.key} is switched {word}"))
    return changes


def _flow_changes(
    flows: tuple[ServicePortFound, ...],
    wanted: LineWanted,
    ont_id: int,
    down: RateTable,
    up: RateTable,
    profile: OltProfile,
    commands: Commands,
) -> list[Change]:
    """Flows on other GEM ports are other services (telephony, television) and are left alone."""
    changes: list[Change] = []
    mine: ServicePortFound | None = None
    for flow in flows:
        if flow.gem_port != profile.gem_port:
            continue
        if mine is None and (flow.vlan, flow.inner) == (wanted.vlan, wanted.inner) and carries(flow, wanted):
            mine = flow
        else:
            changes.append(_flow_removal(flow, commands, f"{wanted.key} belongs on {wanted.tags}"))
    if mine is None:
        lines = commands.add_flow(wanted, ont_id, down, up, profile)
        what = f"service port for {wanted.port} ONT {ont_id} on {wanted.tags}"
        changes.append(Change("add", what, lines, f"nothing joins the ONT to {wanted.tags}"))
    elif _rates(mine) != (wanted.down_kbps, wanted.up_kbps):
        have = " down and ".join("no limit" if rate is None else f"{rate} kbit/s" for rate in _rates(mine))
        lines = commands.set_flow_rates(mine, down, up)
        changes.append(Change("set", f"rates of service port {mine.index}", lines, f"it has {have} up"))
    return changes


def carries(flow: ServicePortFound, wanted: LineWanted) -> bool:
    """Whether it takes what the ONT tags, as far as that is wanted to be something and the device told of it."""
    return wanted.user_vlan is None or flow.user_vlan in (None, wanted.user_vlan)


def _rates(flow: ServicePortFound) -> tuple[int | None, int | None]:
    return (flow.down.kbps if flow.down else None, flow.up.kbps if flow.up else None)


def _flow_removal(flow: ServicePortFound, commands: Commands, why: str) -> Change:
    what = f"service port {flow.index} of {flow.port} ONT {flow.ont_id} on {flow.tags}"
    return Change("remove", what, commands.remove_flow(flow), why)


def _onts_with_key(found: LineFound, key: str) -> tuple[OntFound, ...]:
    onts = {ont.place: ont for ont in found.same_key if ont.key == key}
    if found.ont is not None and found.ont.key == key:
        onts.setdefault(found.ont.place, found.ont)
    return tuple(onts.values())
