"""Displays of what flows: counters of service ports, learned MAC addresses, WAN interfaces (device-facts 1.7)."""

from isp_lifecycle.lab.habits import Carried, carried
from isp_lifecycle.lab.ma5800.answers import NO_FLOW, NOT_ONLINE, Rejected
from isp_lifecycle.lab.ma5800.command import PRIVILEGED, Command
from isp_lifecycle.lab.ma5800.commands.onts import required_ont
from isp_lifecycle.lab.ma5800.config import ServicePort
from isp_lifecycle.lab.ma5800.console import Arguments, Console
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.flows import is_up
from isp_lifecycle.lab.ma5800.displays.layout import pair
from isp_lifecycle.lab.ma5800.displays.onts import mac
from isp_lifecycle.lab.terminal import Work

COUNTER_RULE = "  " + "-" * 70
WAN_RULE = "  " + "-" * 69
MAC_RULE = " " + "-" * 63
LOCATION_RULE = "  " + "-" * 71
LOCATION_NOTE = (
    "  Note: F--Frame, S--Slot, P--Port, F/S/P indicates PW Index for PW,\n"
    "        A--The MAC address is learned or configured on the aggregation port,\n"
    "        VPI indicates ONT ID for PON, VCI indicates GEM index for GPON,\n"
    "        v/e--vlan/encap, pritag--priority-tagged,\n"
    "        ppp--pppoe, ip--ipoe, ip4--ipv4oe, ip6--ipv6oe"
)


def of_flow(device: Device, flow: ServicePort) -> Carried:
    """Return what has gone through a flow."""
    ont = device.configuration.ont(flow.ont_key)
    if ont is None:
        return Carried()
    table = device.configuration.traffic_tables.get(-1 if flow.outbound is None else flow.outbound)
    kbps = table.cir if table else 1024
    return carried(ont, now=device.now(), online=device.links.online(ont), flow=flow.index, kbps=kbps)


def _counters(console: Console, given: Arguments) -> str:
    flow = console.device.configuration.service_ports.get(given.number("index"))
    if flow is None:
        raise Rejected(NO_FLOW)
    through = of_flow(console.device, flow)
    fields = (
        ("Number of upstream bytes", through.up_bytes),
        ("Number of upstream packets", through.up_packets),
        ("Number of upstream discard packets", through.up_packets // 5000),
        ("Number of downstream bytes", through.down_bytes),
        ("Number of downstream packets", through.down_packets),
        ("Number of downstream discard packets", through.down_packets // 4000),
    )
    return "\n".join([COUNTER_RULE, *(pair(key, value, width=37) for key, value in fields), COUNTER_RULE])


def _learned(console: Console, given: Arguments) -> str:
    """Show the address of the router behind an ONT, in each VLAN in which it speaks."""
    device = console.device
    ont = required_ont(console, given)
    flows = [flow for flow in device.configuration.flows_of(ont.key) if is_up(device, flow)]
    if not flows:
        raise Rejected("  Failure: There is not any MAC address record")
    address = mac(device.plant.box(ont.serial)).lower()
    rows = [f" 0/{ont.slot:>2}/{ont.port} {ont.id:>6}    ETH              1   {address} {f.vlan:>8}" for f in flows]
    head = (
        MAC_RULE,
        " F/S/P   ONTID    ONT        ONT       MAC-ADDRESS        VLAN",
        "                   port-type  port-ID",
        MAC_RULE,
    )
    return "\n".join([*head, *rows, MAC_RULE, f" Total: {len(rows)}"])


def _wan(console: Console, given: Arguments) -> str:
    """Show the ONT's own IP hosts, as far as they were configured over OMCI."""
    ont = required_ont(console, given)
    if not console.device.links.online(ont):
        raise Rejected(NOT_ONLINE)
    lines = [WAN_RULE, pair("F/S/P", f"0/{ont.slot}/{ont.port}", width=27), pair("ONT ID", ont.id, width=27), WAN_RULE]
    hosts = {head: words for head, words in ont.extras.items() if head.startswith("ont ipconfig ")}
    for head, words in hosts.items():
        index, kind = head.rsplit(" ", 1)[1], words.split(" ", 1)[0]
        vlan = words.split("vlan ", 1)[1].split(" ", 1)[0]
        fields = (
            ("Index", index),
            ("Service type", "Internet"),
            ("Connection type", "IP routed"),
            ("IPv4 Connection status", "Connected" if kind == "static" else "Connecting"),
            ("IPv4 access type", {"dhcp": "DHCP", "pppoe": "PPPoE"}.get(kind, "Static")),
            ("Manage VLAN", vlan),
            ("NAT switch", "Enable"),
            ("MAC address", mac(console.device.plant.box(ont.serial))),
        )
        lines += [*(pair(key, value, width=27) for key, value in fields), WAN_RULE]
    return "\n".join(lines)


def _location(console: Console, given: Arguments) -> str:
    """Find the flow behind which a MAC address was learned."""
    device, wanted = console.device, given.text("mac").lower()
    for _, flow in sorted(device.configuration.service_ports.items()):
        ont = device.configuration.ont(flow.ont_key)
        if ont and is_up(device, flow) and mac(device.plant.box(ont.serial)).lower() == wanted:
            place = f"0 /{flow.slot} /{flow.port}"
            row = f"   {flow.index:>5}     -  gpon {wanted} dynamic  {place:<9} {flow.ont:<4} {flow.gemport:<5}"
            head = "   SRV-P BUNDLE TYPE MAC            MAC TYPE F /S /P   VPI  VCI   VLAN ID"
            lines = [LOCATION_RULE, head, "   INDEX INDEX", LOCATION_RULE, f"{row} {flow.vlan:>7}", LOCATION_RULE]
            return "\n".join([*lines, LOCATION_NOTE])
    raise Rejected("  Failure: The MAC address does not exist")


COMMANDS = (
    Command("display location {mac}", PRIVILEGED, _location, Work.DISPLAY),
    Command("display statistics service-port {index}", PRIVILEGED, _counters, Work.DISPLAY),
    Command("display mac-address ont {fsp} {ont}", PRIVILEGED, _learned, Work.DISPLAY),
    Command("display mac-address port {fsp} ont {ont}", PRIVILEGED, _learned, Work.DISPLAY),
    Command("display ont wan-info {fs} {port} {ont}", PRIVILEGED, _wan, Work.OMCI),
    Command("display ont wan-info {frame} {slot} {port} {ont}", PRIVILEGED, _wan, Work.OMCI),
)
