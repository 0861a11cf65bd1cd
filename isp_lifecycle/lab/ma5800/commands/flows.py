"""Commands that create, change and remove service ports (device-facts 1.3, 1.5, 1.6)."""

from isp_lifecycle.lab.ma5800.answers import (
    NO_FLOW,
    NO_FLOW_TO_OPERATE,
    NO_GEM_PORT,
    NO_ONT,
    NO_TABLE,
    NO_VLAN,
    Rejected,
    flow_exists,
)
from isp_lifecycle.lab.ma5800.command import Command, only
from isp_lifecycle.lab.ma5800.config import Configuration, ServicePort, lowest_free
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.terminal import Work

HIGHEST_INDEX = 139263


def _table(configuration: Configuration, given: Arguments, direction: str) -> int | None:
    """Return the index of the traffic table named for a direction, by number or by name."""
    index = given.maybe_number(direction)
    if name := given.maybe_text(f"{direction}_name"):
        index = next((t.index for t in configuration.traffic_tables.values() if t.name == name), -1)
    if index is not None and index not in configuration.traffic_tables:
        raise Rejected(NO_TABLE)
    return index


def _flow(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    slot, port = given.place("fsp")
    wanted = ServicePort(
        index=-1,
        vlan=given.number("vlan"),
        slot=slot,
        port=port,
        ont=given.number("ont"),
        gemport=given.number("gem"),
        user_vlan=given.maybe_number("user_vlan"),
        tag_transform=given.maybe_text("transform") or "translate",
        inner_vlan=given.maybe_number("inner_vlan"),
        inbound=_table(configuration, given, "inbound"),
        outbound=_table(configuration, given, "outbound"),
    )
    _check(configuration, wanted)
    taken = set(configuration.service_ports)
    index = given.maybe_number("index")
    if index is not None and index in taken:
        raise Rejected(flow_exists(index))
    free = lowest_free(taken, start=1, end=HIGHEST_INDEX) if index is None else index
    assert free is not None
    wanted.index = free
    configuration.service_ports[free] = wanted
    console.device.commit()
    return ""


def _check(configuration: Configuration, wanted: ServicePort) -> None:
    """Refuse a flow whose VLAN, ONT or GEM port is missing, or that would collide with another."""
    if wanted.vlan not in configuration.vlans:
        raise Rejected(NO_VLAN)
    ont = configuration.ont(wanted.ont_key)
    if ont is None:
        raise Rejected(NO_ONT)
    profile = configuration.line_profiles.get(ont.line_profile)
    if profile is None or wanted.gemport not in profile.gems:
        raise Rejected(NO_GEM_PORT)
    for other in configuration.flows_of(wanted.ont_key):
        if (other.gemport, other.user_vlan) == (wanted.gemport, wanted.user_vlan):
            raise Rejected(flow_exists(other.index))


def _existing(console: Console, given: Arguments) -> ServicePort:
    flow = console.device.configuration.service_ports.get(given.number("index"))
    if flow is None:
        raise Rejected(NO_FLOW)
    return flow


def _change_rates(console: Console, given: Arguments) -> str:
    flow = _existing(console, given)
    configuration = console.device.configuration
    inbound, outbound = _table(configuration, given, "inbound"), _table(configuration, given, "outbound")
    flow.inbound = flow.inbound if inbound is None else inbound
    flow.outbound = flow.outbound if outbound is None else outbound
    console.device.commit()
    return ""


def _describe(console: Console, given: Arguments) -> str:
    _existing(console, given).description = given.text("note")
    console.device.commit()
    return ""


def _admin(console: Console, given: Arguments) -> str:
    _existing(console, given).active = given.text("enabling") == "enable"
    console.device.commit()
    return ""


def _max_macs(console: Console, given: Arguments) -> str:
    _existing(console, given).max_mac = given.number("macs")
    console.device.commit()
    return ""


def _undo(console: Console, given: Arguments) -> str:
    flow = _existing(console, given)
    del console.device.configuration.service_ports[flow.index]
    console.device.commit()
    return ""


def _undo_many(console: Console, given: Arguments) -> str:
    slot, port = given.place("fsp")
    flows = console.device.configuration.service_ports
    doomed = [
        flow.index
        for flow in flows.values()
        if (flow.slot, flow.port) == (slot, port)
        and (not given.has("vlan") or flow.vlan == given.number("vlan"))
        and (not given.has("ont") or flow.ont == given.number("ont"))
        and (not given.has("gem") or flow.gemport == given.number("gem"))
    ]
    if not doomed:
        raise Rejected(NO_FLOW_TO_OPERATE)
    for index in doomed:
        del flows[index]
    console.device.commit()
    count = len(doomed)
    return (
        "  The number of total service virtual port in this\n"
        f"  operation:       {count}\n"
        "  Deleting start...\n"
        "\n"
        "  Deleting end:\n"
        "  The number of total service virtual port which need be\n"
        f"  deleted:   {count}\n"
        "  The number of total service virtual port which have been\n"
        f"  deleted: {count}"
    )


CONFIG = only(Mode.CONFIG)
_UNDO_QUESTION = (
    "  Warning: The operation will delete multiple or all service ports and cause"
    " interruptions of many user services.\n"
    "  It will take several minutes, and console may timeout,\n"
    "  please use command idle-timeout to set time limit\n"
    "  Are you sure to release service virtual port(s)? (y/n)[n]:"
)
_INBOUND = "inbound traffic-table (index {inbound:table}|name {inbound_name:table_name})"
_OUTBOUND = "outbound traffic-table (index {outbound:table}|name {outbound_name:table_name})"
COMMANDS = (
    Command(
        "service-port [{index}] vlan {vlan} gpon {fsp} ont {ont} gemport {gem}"
        " multi-service user-vlan ({user_vlan:vlan}|untagged)"
        " [tag-transform {transform} [inner-vlan {inner_vlan:vlan} [inner-priority {inner_priority:priority}]]]"
        f" [{_INBOUND}] [{_OUTBOUND}]",
        CONFIG,
        _flow,
        Work.CONFIG,
    ),
    Command(f"service-port {{index}} ({_INBOUND} [{_OUTBOUND}]|{_OUTBOUND})", CONFIG, _change_rates, Work.CONFIG),
    Command("service-port desc {index} description {note}", CONFIG, _describe, Work.CONFIG),
    Command("service-port {index} adminstatus {enabling}", CONFIG, _admin, Work.CONFIG),
    Command("mac-address max-mac-count service-port {index} {macs}", CONFIG, _max_macs, Work.CONFIG),
    Command("undo service-port {index}", CONFIG, _undo, Work.CONFIG),
    Command(
        "undo service-port vlan {vlan} gpon {fsp} [ont {ont} [gemport {gem}]]",
        CONFIG,
        _undo_many,
        Work.CONFIG,
        _UNDO_QUESTION,
    ),
    Command(
        "undo service-port port {fsp} [ont {ont} [gemport {gem}]]", CONFIG, _undo_many, Work.CONFIG, _UNDO_QUESTION
    ),
)
