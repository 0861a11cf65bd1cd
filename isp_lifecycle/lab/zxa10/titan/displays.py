"""Displays of a C600 that look otherwise than a C320's (layouts: public captures of C600, C610 and C620)."""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import PRIVILEGED, Command
from isp_lifecycle.lab.zxa10.console import Arguments, Console
from isp_lifecycle.lab.zxa10.displays import (
    described,
    detail,
    device_onu,
    label,
    link_fields,
    onts_named,
    phase_of,
    powers,
    state_fields,
)
from isp_lifecycle.lab.zxa10.titan.kinds import TITAN_KINDS

WIDE = 23


def _software(console: Console, given: Arguments) -> str:
    device = console.device
    up = device.now() - device.started_at
    minutes = up.seconds // 60
    return (
        f"ZXA10 {console.says.product}\n"
        "ZTE ZXA10 Software, Version: V1.2.2, Release software\n"
        "Copyright (c) 2021 by ZTE Corporation\n"
        "Built on 2021/07/28 19:48:25\n"
        "System image is loaded from local\n"
        f"System uptime is {up.days} day(s), {minutes // 60} hour(s), {minutes % 60} minute(s)"
    )


def _cards(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    lines = ["Shelf Slot CfgType CardName     Port HardVer Status", "-" * 51]
    cards = [(slot, "GFGH", "GFGH", configuration.ports_per_slot) for slot in configuration.pon_slots]
    cards += [(4, "SFUQ", "SFUQ", 4), (5, "SFUQ", "", 4), (10, "PRVR", "PRVR", 0)]
    for slot, wanted, real, ports in cards:
        version, state = ("V1.0.0", "INSERVICE") if real else ("", "OFFLINE")
        lines.append(f"1     {slot:<5}{wanted:<8}{real:<13}{ports:<5}{version:<8}{state}")
    return "\n".join(lines)


def _uncfg(console: Console, given: Arguments) -> str:
    device = console.device
    links = device.links.found()
    if given.has("pon"):
        links = [link for link in links if (link.slot, link.port) == given.pon()]
    if not links:
        raise Rejected(console.says.nothing)
    lines = ["OltIndex            Model                SN                 PW", "-" * 77]
    for link in links:
        model = device.plant.box(link.serial).model
        index = console.says.pon(link.slot, link.port)
        lines.append(f"{index:<20}{model[:20]:<21}{label(link.serial):<19}N/A")
    return "\n".join(lines)


def _states(console: Console, given: Arguments) -> str:
    lines = ["OnuIndex     Admin state  OMCC state  Phase state  Speed mode ", "-" * 63]
    for ont in onts_named(console, given):
        admin, omcc = ("enable" if yes else "disable" for yes in (ont.active, console.device.links.online(ont)))
        index, phase = f"1/{ont.slot}/{ont.port}:{ont.id}", phase_of(console.device, ont)
        mode = "GPON" if ont.active else "N/A"
        lines.append(f"{index:<13} {admin:<12} {omcc:<11} {phase:<12} {mode}")
    return "\n".join(lines)


def _detail(console: Console, given: Arguments) -> str:
    ont = device_onu(console, given)
    fields = (
        ("Name:", ont.name),
        ("Splitter:", ""),
        ("Type:", ont.type),
        ("Configured speed mode:", "auto"),
        ("Current speed mode:", "GPON"),
        *state_fields(console.device, ont),
        ("Authentication mode:", "sn"),
        ("SN Bind:", "enable with SN check"),
        ("Serial number:", label(ont.serial)),
        ("Password:", ""),
        ("Description:", described(ont)),
        ("Vport mode:", "gemport"),
        ("DBA Mode:", "Hybrid"),
        ("ONU Status:", "enable"),
        ("OMCI BW Profile:", "704kbps"),
        ("OMCC Encrypt:", "disable"),
        ("Line Profile:", "N/A"),
        ("Service Profile:", "N/A"),
        *link_fields(console.device, ont),
        ("FEC:", "disable"),
        ("FEC actual mode:", "disable"),
        ("1PPS+ToD:", "disable"),
        ("Auto replace:", "disable"),
        ("Multicast encryption:", "disable"),
        ("Multicast encryption current state:", "N/A"),
    )
    head = [f"ONU interface:          {console.says.onu(ont.key)}"]
    return detail([*head, *(f"  {key:<22}{value}".rstrip() for key, value in fields)], ont)


COMMANDS = (
    Command("show software", PRIVILEGED, _software, Work.DISPLAY, TITAN_KINDS),
    Command("show card", PRIVILEGED, _cards, Work.DISPLAY, TITAN_KINDS),
    Command("show pon onu uncfg [{pon}]", PRIVILEGED, _uncfg, Work.DISPLAY, TITAN_KINDS),
    Command("show gpon onu state [{pon} [{id}]]", PRIVILEGED, _states, Work.DISPLAY, TITAN_KINDS),
    Command("show gpon onu detail-info {onu}", PRIVILEGED, _detail, Work.DISPLAY, TITAN_KINDS),
    *(
        Command(
            f"show pon power {which} {{pon}}", PRIVILEGED, powers(heading, level, width=WIDE), Work.OMCI, TITAN_KINDS
        )
        for which, heading, level in (
            ("onu-rx", "Rx power", lambda at: at.rx_dbm),
            ("onu-tx", "Tx power", lambda at: at.tx_dbm),
            ("olt-rx", "Rx power", lambda at: at.olt_rx_dbm),
        )
    ),
)
