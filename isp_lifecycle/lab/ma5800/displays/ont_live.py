"""Displays that ask the ONT itself over OMCI: optics, version, Ethernet ports, GEM ports (device-facts 1.7)."""

from isp_lifecycle.lab.habits import carried
from isp_lifecycle.lab.links import Phase
from isp_lifecycle.lab.ma5800.answers import NO_ONT, NOT_ONLINE, Rejected
from isp_lifecycle.lab.ma5800.command import PRIVILEGED, Command, only
from isp_lifecycle.lab.ma5800.commands.onts import required_ont
from isp_lifecycle.lab.ma5800.config import Ont
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.layout import RULE, dash, pair
from isp_lifecycle.lab.ma5800.displays.ont_detail import ETHERNET_PORTS
from isp_lifecycle.lab.ma5800.displays.onts import equipment_serial, hardware, mac, software
from isp_lifecycle.lab.ma5800.displays.traffic import of_flow
from isp_lifecycle.lab.optics import Levels
from isp_lifecycle.lab.terminal import Work

STATE_RULE = "  " + "-" * 74


def _online(console: Console, given: Arguments) -> Ont:
    ont = required_ont(console, given)
    if not console.device.links.online(ont):
        raise Rejected(NOT_ONLINE)
    return ont


def _levels(device: Device, ont: Ont) -> Levels:
    levels = device.links.of_ont(ont).levels
    assert levels is not None, "an online ONT has levels"
    return levels


def _optical(console: Console, given: Arguments) -> str:
    device = console.device
    ont = _online(console, given)
    levels, character = _levels(device, ont), device.plant.box(ont.serial).character
    fields = (
        ("ONU NNI port ID", "0"),
        ("Module type", "GPON"),
        ("Module sub-type", "CLASS B+"),
        ("Used type", "ONU"),
        ("Encapsulation Type", "BOSA ON BOARD"),
        ("Optical power precision(dBm)", "3.0"),
        ("Vendor name", "HUAWEI"),
        ("Vendor rev", "-"),
        ("Vendor PN", "HW-BOB-0007"),
        ("Vendor SN", f"1943W{ont.serial[-8:]}"),
        ("Date Code", "19-12-22"),
        ("Rx optical power(dBm)", f"{levels.rx_dbm:.2f}"),
        ("Rx power current warning threshold(dBm)", "[-,-]"),
        ("Rx power current alarm threshold(dBm)", "[-29.0,-7.0]"),
        ("Tx optical power(dBm)", f"{levels.tx_dbm:.2f}"),
        ("Tx power current warning threshold(dBm)", "[-,-]"),
        ("Tx power current alarm threshold(dBm)", "[0.0,5.0]"),
        ("Laser bias current(mA)", character.randint(9, 18)),
        ("Tx bias current warning threshold(mA)", "[-,-]"),
        ("Tx bias current alarm threshold(mA)", "[2.000,100.000]"),
        ("Temperature(C)", character.randint(44, 59)),
        ("Temperature warning threshold(C)", "[-,-]"),
        ("Temperature alarm threshold(C)", "[-61,95]"),
        ("Voltage(V)", f"{character.uniform(3.2, 3.4):.3f}"),
        ("Supply voltage warning threshold(V)", "[-,-]"),
        ("Supply voltage alarm threshold(V)", "[3.000,3.600]"),
        ("OLT Rx ONT optical power(dBm)", f"{levels.olt_rx_dbm:.2f}"),
        ("CATV Rx optical power(dBm)", "-"),
        ("CATV Rx power alarm threshold(dBm)", "[-,-]"),
    )
    return "\n".join([RULE, *(pair(key, value, width=39) for key, value in fields), RULE])


def _optical_all(console: Console, given: Arguments) -> str:
    device = console.device
    rows = []
    for ont in device.configuration.onts_on(console.view.slot, given.number("port")):
        link = device.links.of_ont(ont)
        if link.phase is not Phase.ONLINE or link.levels is None:
            continue
        character = device.plant.box(ont.serial).character
        current, temperature = character.randint(9, 18), character.randint(44, 59)
        voltage = f"{character.uniform(3.2, 3.4):.3f}"
        rows.append(
            f"  {ont.id:>3}  {link.levels.rx_dbm:<7.2f}   {link.levels.tx_dbm:<7.2f}   {link.levels.olt_rx_dbm:<10.2f}"
            f"  {temperature:<11}  {voltage:<7}  {current:<7}  {link.distance_m:<9}"
        )
    if not rows:
        raise Rejected(NOT_ONLINE)
    head = (
        RULE,
        "  ONT  Rx power  Tx power  OLT Rx ONT  Temperature  Voltage  Current  Distance",
        "  ID   (dBm)     (dBm)     power(dBm)  (C)          (V)      (mA)     (m)",
        RULE,
    )
    return "\n".join([*head, *rows, RULE])


def _version(console: Console, given: Arguments) -> str:
    ont = _online(console, given)
    box = console.device.plant.box(ont.serial)
    fields = (
        ("F/S/P", f"0/{ont.slot}/{ont.port}"),
        ("ONT-ID", ont.id),
        ("Vendor-ID", box.vendor),
        ("ONT Version", hardware(box)),
        ("Product-ID", "2102"),
        ("Equipment-ID", box.model),
        ("Main Software Version", software(box)),
        ("Standby Software Version", software(box)),
        ("OntProductDescription", f"EchoLife {box.model} GPON Terminal (CLASS B+/PRODUCT ID:2150083877)"),
        ("Support XML Version", "1.1.1.1"),
        ("Ont MAC", mac(box)),
        ("Ont Equipment SN", equipment_serial(box)),
    )
    return "\n".join([RULE, *(pair(key, value) for key, value in fields), RULE])


def _line_quality(console: Console, given: Arguments) -> str:
    """The layout is not established."""
    through = carried(_online(console, given), now=console.device.now(), online=True)
    fields = (
        ("Upstream frame BIP error count", through.up_damaged),
        ("Downstream frame BIP error count", through.down_damaged),
    )
    return "\n".join([RULE, *(pair(key, value, width=39) for key, value in fields), RULE])


def _traffic(console: Console, given: Arguments) -> str:
    """The layout is not established."""
    device, ont = console.device, _online(console, given)
    flows = [of_flow(device, flow) for flow in device.configuration.flows_of(ont.key)]
    fields = (
        ("Up traffic (kbps)", sum(flow.up_rate for flow in flows) * 8 // 1000),
        ("Down traffic (kbps)", sum(flow.down_rate for flow in flows) * 8 // 1000),
    )
    lines = (pair(key, value, width=39) for key, value in fields)
    return "\n".join([RULE, "  Traffic Information", RULE, *lines, RULE])


def _port_state(console: Console, given: Arguments) -> str:
    ont = _online(console, given)
    lines = [
        STATE_RULE,
        "  ONT-ID   ONT      ONT       Speed(Mbps)   Duplex   LinkState  RingStatus",
        "           port-ID  Port-type",
        STATE_RULE,
    ]
    wanted = given.maybe_number("eth")
    for eth in range(1, ETHERNET_PORTS + 1):
        if wanted in (None, eth):
            speed, duplex, state = ("1000", "full", "up") if eth == 1 else ("-", "-", "down")
            lines.append(f"  {ont.id:>6}   {eth:>7}         GE {speed:<13} {duplex:<8} {state:<10} noloop")
    return "\n".join([*lines, STATE_RULE])


def _gem_ports(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    profile = console.device.configuration.line_profiles.get(ont.line_profile)
    if profile is None:
        raise Rejected(NO_ONT)
    flows = {flow.gemport: flow for flow in console.device.configuration.flows_of(ont.key)}
    rule = "  " + "-" * 78
    lines = [
        f"  F/S/P: 0/{ont.slot}/{ont.port}     ONT ID: {ont.id}",
        rule,
        "  GEM port  T-CONT  Service  Encrypt  Up  Down  Traffic",
        "   ID       ID      type              PQ  PQ    table index",
        rule,
    ]
    for gem in sorted(profile.gems.values(), key=lambda gem: gem.id):
        table = flows[gem.id].inbound if gem.id in flows else None
        lines.append(
            f"  {gem.id:<9} {gem.tcont:<7} ETHERNET {'on' if gem.encrypt else 'off':<8}"
            f" {dash(gem.priority_queue):<3} adapt {dash(table)}"
        )
    notes = ("  Notes: Run the display traffic table ip command to query", "         traffic table configuration")
    return "\n".join([*lines, rule, *notes, rule, f"  The number of GEM ports is: {len(profile.gems)}"])


GPON = only(Mode.GPON)
COMMANDS = (
    Command("display ont optical-info {port} all", GPON, _optical_all, Work.OMCI),
    Command("display ont optical-info {port} {ont}", GPON, _optical, Work.OMCI),
    Command("display ont version {port} {ont}", GPON, _version, Work.OMCI),
    Command("display ont version {frame} {slot} {port} {ont}", PRIVILEGED - GPON, _version, Work.OMCI),
    Command("display statistics ont-line-quality {port} {ont}", GPON, _line_quality, Work.OMCI),
    Command("display ont traffic {port} {ont}", GPON, _traffic, Work.OMCI),
    Command("display ont port state {port} {ont} eth-port (all|{eth})", GPON, _port_state, Work.PORT_STATE),
    Command("display ont gemport {port} ontid {ont}", GPON, _gem_ports, Work.DISPLAY),
)
