"""Displays of service ports (device-facts 1.7); TX stands for the inbound table, RX for the outbound one."""

from isp_lifecycle.lab.ma5800.answers import NO_FLOW, NO_FLOW_TO_OPERATE, Rejected
from isp_lifecycle.lab.ma5800.command import PRIVILEGED, Command
from isp_lifecycle.lab.ma5800.config import ServicePort
from isp_lifecycle.lab.ma5800.console import Arguments, Console
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.layout import RULE, dash, pair
from isp_lifecycle.lab.terminal import Work

NOTES = """   Note : F--Frame, S--Slot, P--Port,
          VPI indicates ONT ID for PON, VCI indicates GEM index for GPON,
          v/e--vlan/encap, pritag--priority-tagged,
          ppp--pppoe, ip--ipoe, ip4--ipv4oe, ip6--ipv6oe, vxl--vxlan."""
FLOW_RULE = "  " + "-" * 61


def is_up(device: Device, flow: ServicePort) -> bool:
    """Tell whether a flow carries traffic: switched on and its ONT online."""
    ont = device.configuration.ont(flow.ont_key)
    return flow.active and ont is not None and device.links.online(ont)


def _table(device: Device, flows: list[ServicePort]) -> str:
    if not flows:
        raise Rejected(NO_FLOW_TO_OPERATE)
    up = sum(is_up(device, flow) for flow in flows)
    state = {True: "up", False: "down"}
    rows = [
        f"  {f.index:>6} {f.vlan:<4} common   gpon 0/{f.slot:<2}/{f.port:<2} {f.ont:<4} {f.gemport:<5} vlan "
        f" {f.user_vlan or 'untag':<10} {dash(f.outbound):<4} {dash(f.inbound):<4} {state[is_up(device, f)]}"
        for f in flows
    ]
    return "\n".join(
        [
            "  Switch-Oriented Flow List",
            RULE,
            "   INDEX VLAN VLAN     PORT F/ S/ P VPI  VCI   FLOW  FLOW       RX   TX   STATE",
            "         ID   ATTR     TYPE                    TYPE  PARA",
            RULE,
            *rows,
            RULE,
            f"   Total : {len(flows)}  (Up/Down :    {up}/{len(flows) - up})",
            NOTES,
        ]
    )


def _all(console: Console, given: Arguments) -> str:
    flows = [flow for _, flow in sorted(console.device.configuration.service_ports.items())]
    if given.maybe_text("sort") == "vlan":
        flows.sort(key=lambda flow: (flow.vlan, flow.index))
    if given.maybe_text("sort") == "port":
        flows.sort(key=lambda flow: (flow.ont_key, flow.index))
    return _table(console.device, flows)


def _of_port(console: Console, given: Arguments) -> str:
    place = given.place("fsp")
    flows = [
        flow
        for _, flow in sorted(console.device.configuration.service_ports.items())
        if (flow.slot, flow.port) == place and (not given.has("ont") or flow.ont == given.number("ont"))
    ]
    return _table(console.device, flows)


def _of_vlan(console: Console, given: Arguments) -> str:
    flows = sorted(console.device.configuration.service_ports.items())
    return _table(console.device, [flow for _, flow in flows if flow.vlan == given.number("vlan")])


def _one(console: Console, given: Arguments) -> str:
    device = console.device
    flow = device.configuration.service_ports.get(given.number("index"))
    if flow is None:
        raise Rejected(NO_FLOW)
    tables = device.configuration.traffic_tables
    names = {index: table.name for index, table in tables.items()}
    fields = (
        ("Index", flow.index),
        ("VLAN ID", flow.vlan),
        ("VLAN attr", "common"),
        ("Port type", "gpon"),
        ("F/S/P", f"0/{flow.slot}/{flow.port}"),
        ("ONT ID", flow.ont),
        ("GEM port index", flow.gemport),
        ("Flow type", "vlan" if flow.user_vlan else "untag"),
        ("Flow para", dash(flow.user_vlan)),
        ("TX", dash(flow.inbound)),
        ("Inbound table name", names.get(-1 if flow.inbound is None else flow.inbound, "-")),
        ("RX", dash(flow.outbound)),
        ("Outbound table name", names.get(-1 if flow.outbound is None else flow.outbound, "-")),
        ("Admin status", "enable" if flow.active else "disable"),
        ("State", "up" if is_up(device, flow) else "down"),
        ("Label", "-"),
        ("Priority", "-"),
        ("PVC bundle", "no"),
        ("Max MAC count", dash(flow.max_mac)),
        ("Tag transform", flow.tag_transform),
        ("Inner VLAN", dash(flow.inner_vlan)),
        ("Description", flow.description),
        ("Remote description", ""),
        ("Service-port bundle", "-"),
        ("Cos", "-"),
        ("Static MAC", "-"),
        ("IP address", "-"),
    )
    return "\n".join([FLOW_RULE, *(pair(key, value, width=20).rstrip() for key, value in fields), FLOW_RULE, NOTES])


COMMANDS = (
    Command("display service-port all [sort-by {sort}]", PRIVILEGED, _all, Work.DISPLAY),
    Command("display service-port port {fsp} [ont {ont}]", PRIVILEGED, _of_port, Work.DISPLAY),
    Command("display service-port vlan {vlan}", PRIVILEGED, _of_vlan, Work.DISPLAY),
    Command("display service-port {index}", PRIVILEGED, _one, Work.DISPLAY),
)
