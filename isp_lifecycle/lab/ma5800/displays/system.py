"""Displays about the OLT itself: boards, versions, VLANs, profiles, traffic tables, alarms (device-facts 1.7)."""

from isp_lifecycle.lab.ma5800.alarms import alarm_block
from isp_lifecycle.lab.ma5800.answers import (
    NO_BOARD,
    NO_DBA,
    NO_LINE_PROFILE,
    NO_SERVICE_PROFILE,
    NO_TABLE,
    NO_VLAN,
    Rejected,
)
from isp_lifecycle.lab.ma5800.command import ANYWHERE, PRIVILEGED, Command
from isp_lifecycle.lab.ma5800.config import CONTROL_SLOTS, DbaProfile
from isp_lifecycle.lab.ma5800.console import Arguments, Console
from isp_lifecycle.lab.ma5800.displays.layout import LONG_RULE, RULE, dash, lasted, pair, stamp
from isp_lifecycle.lab.ma5800.displays.ont_detail import line_profile_lines, service_profile_lines
from isp_lifecycle.lab.ma5800.displays.running import VERSION
from isp_lifecycle.lab.terminal import Work

BOARD_RULE = "  " + "-" * 73
SHORT_RULE = "  " + "-" * 50
TABLE_RULE = "  " + "-" * 48
VLAN_RULE = "  " + "-" * 59
OTHER_BOARDS = {8: ("H902MPLA", "Standby_normal"), 9: ("H902MPLA", "Active_normal"), 10: ("H901PILA", "Normal")}
SERVICES = (
    ("telnet", "23", "disable"),
    ("trace", "1026", "disable"),
    ("ssh", "22", "enable"),
    ("snmp", "161", "disable"),
    ("ftp-client", "----", "----"),
    ("sftp-client", "----", "----"),
    ("ntp", "123", "enable"),
    ("dhcp-relay", "67", "disable"),
    ("netconf", "830", "disable"),
)


def _boards(console: Console, given: Arguments) -> str:
    """Show what stands in the slots, GPON boards, control boards, power; or the ports of one GPON board."""
    if given.has("place") and given.place("place"):
        return _board_ports(console, given.place("place")[0])
    boards = dict.fromkeys(console.device.configuration.pon_slots, ("H902GPHF", "Normal")) | OTHER_BOARDS
    rows = []
    for slot in range(12):
        name, status = boards.get(slot, ("", ""))
        sub = "CPCF" if slot in CONTROL_SLOTS else ""
        rows.append(f"  {slot:<7} {name:<10} {status:<15} {sub:<8} {'':<11} " if name else f"  {slot}     ")
    head = "  SlotID  BoardName  Status          SubType0 SubType1    Online/Offline"
    return "\n".join([BOARD_RULE, head, BOARD_RULE, *rows, BOARD_RULE])


def _board_ports(console: Console, slot: int) -> str:
    device = console.device
    gpon = slot in device.configuration.pon_slots
    if not gpon and slot not in OTHER_BOARDS:
        raise Rejected(NO_BOARD)
    name, status = ("H902GPHF", "Normal") if gpon else OTHER_BOARDS[slot]
    rule = "  ---------------------------------------"
    lines = [rule, f"  Board Name          : {name}", f"  Board Status        : {status}", rule]
    if not gpon:
        return "\n".join(lines)
    lines += [
        "  " + "-" * 61,
        "    Port   Port   min-distance   max-distance   Optical-module",
        "           type       (km)           (km)           status",
        "  " + "-" * 61,
    ]
    used = {tuple(int(part) for part in pon.port.split("/")[1:]) for pon in device.site.pon_ports}
    for port in range(device.configuration.ports_per_slot):
        module = "Online" if (slot, port) in used else "Offline"
        lines.append(f"    {port:>2}     GPON        0              20          {module}")
    return "\n".join([*lines, "  " + "-" * 61])


def _version(console: Console, _: Arguments) -> str:
    areas = [
        "  Current Program Area : Area A",
        "  Current Data Area : Area A",
        "",
        f"  Program Area A Version : {VERSION}",
        f"  Program Area B Version : {VERSION}",
        "",
        f"  Data Area A Version : {VERSION}",
        f"  Data Area B Version : {VERSION}",
    ]
    return "\n".join(
        [
            "",
            f"  VERSION : {VERSION}",
            "  PATCH   : SPH613",
            "  PRODUCT : MA5800-X7",
            "",
            "  Active Mainboard Running Area Information:",
            SHORT_RULE,
            *areas,
            SHORT_RULE,
            "",
            "  Standby Mainboard Running Area Information:",
            SHORT_RULE,
            *areas,
            SHORT_RULE,
            "",
            f"  Uptime is {lasted(console.device.now() - console.device.started_at)}",
        ]
    )


def _uptime(console: Console, _: Arguments) -> str:
    return f"  System up time: {lasted(console.device.now() - console.device.started_at)}"


def _time(console: Console, _: Arguments) -> str:
    return f"  {stamp(console.device.now())}"


def _vlans(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    wanted = given.maybe_text("vlantype")
    rows = []
    for _, vlan in sorted(configuration.vlans.items()):
        if wanted in (None, vlan.kind):
            flows = sum(flow.vlan == vlan.id for flow in configuration.service_ports.values())
            rows.append(f"  {vlan.id:>4}   {vlan.kind:<9} common     {len(vlan.uplinks):>13}   {flows:>13}")
    head = "  VLAN   Type      Attribute  STND-Port NUM   SERV-Port NUM"
    note = "  Note : STND-Port--standard port, SERV-Port--service virtual port"
    return "\n".join([VLAN_RULE, head, VLAN_RULE, *rows, VLAN_RULE, f"  Total: {len(rows)}", note])


def _vlan(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    vlan = configuration.vlans.get(given.number("vlan"))
    if vlan is None:
        raise Rejected(NO_VLAN)
    flows = [flow for _, flow in sorted(configuration.service_ports.items()) if flow.vlan == vlan.id]
    lines = [
        pair("VLAN ID", vlan.id, width=22),
        pair("VLAN name", f"VLAN_{vlan.id:04d}", width=22),
        pair("VLAN type", vlan.kind, width=22),
        pair("VLAN attribute", "common", width=22),
        VLAN_RULE,
        "  F/S/P    Native VLAN   State",
        VLAN_RULE,
        *(f"  0/{slot}/{port}    1             up" for slot, port in sorted(vlan.uplinks)),
        VLAN_RULE,
        f"  Standard port number: {len(vlan.uplinks)}",
        f"  Service virtual port number: {len(flows)}",
        VLAN_RULE,
    ]
    return "\n".join(lines)


def _port_vlan(console: Console, given: Arguments) -> str:
    place = given.place("fsp")
    vlans = [v.id for _, v in sorted(console.device.configuration.vlans.items()) if place in v.uplinks]
    if not vlans:
        raise Rejected("  Failure: There is no VLAN on the port")
    rows = ["  " + "".join(f"{vlan:>6}" for vlan in vlans[n : n + 10]) for n in range(0, len(vlans), 10)]
    return "\n".join([RULE, *rows, RULE, f"  Total: {len(vlans)}", "  Native VLAN:    1", RULE])


def _tables(console: Console, given: Arguments) -> str:
    tables = sorted(console.device.configuration.traffic_tables.values(), key=lambda table: table.index)
    tables = [table for table in tables if table.index >= given.number("table")]
    if not tables:
        raise Rejected(NO_TABLE)
    rows = [
        f"  {t.index:>4} {t.cir:>8} {t.cbs:>9} {t.pir:>8} {t.pbs:>9} {t.priority:>3}  -            "
        f"{'local-pri' if t.policy == 'local-setting' else 'tag-pri'}"
        for t in tables
    ]
    head = "   TID      CIR       CBS      PIR       PBS Pri  Copy-policy  Pri-Policy"
    units = "        (kbps)   (bytes)   (kbps)   (bytes)"
    return "\n".join([RULE, head, units, RULE, *rows, RULE, f"  Total Num : {len(rows)}"])


def _table(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    table = configuration.traffic_tables.get(given.number("table")) if given.has("table") else None
    if name := given.maybe_text("table_name"):
        table = next((t for t in configuration.traffic_tables.values() if t.name == name), None)
    if table is None:
        raise Rejected(NO_TABLE)
    used = any(table.index in (flow.inbound, flow.outbound) for flow in configuration.service_ports.values())
    fields = (
        ("TD Index", table.index),
        ("TD Name", table.name),
        ("Priority", table.priority),
        ("Copy Priority", "-"),
        ("Mapping Index", "-"),
        ("CTAG Mapping Priority", "-"),
        ("CTAG Mapping Index", "-"),
        ("CTAG Default Priority", "0"),
        ("Priority Policy", "local-pri" if table.policy == "local-setting" else "tag-pri"),
        ("CIR", f"{table.cir} kbps"),
        ("CBS", f"{table.cbs} bytes"),
        ("PIR", f"{table.pir} kbps"),
        ("PBS", f"{table.pbs} bytes"),
        ("Fix", "0 kbps"),
        ("CAR Threshold Profile", "-"),
        ("Color Mode", "color-blind"),
        ("Color Policy", "dei"),
        ("Referenced Status", "used" if used else "not used"),
    )
    return "\n".join([TABLE_RULE, *(pair(key, value, width=23) for key, value in fields), TABLE_RULE])


def _dba_row(profile: DbaProfile) -> str:
    rates = f"{dash(profile.fix):>10} {dash(profile.assure):>10} {dash(profile.max):>10}"
    return f"  {profile.id:>10}  {profile.type:>4}  no            {rates}   {profile.name}"


def _dba_profiles(console: Console, given: Arguments) -> str:
    profiles = sorted(console.device.configuration.dba_profiles.values(), key=lambda profile: profile.id)
    if given.has("id"):
        profiles = [profile for profile in profiles if profile.id == given.number("id")]
    if not profiles:
        raise Rejected(NO_DBA)
    head = "  Profile-ID  type  Bandwidth        Fix(kbps)  Assure(kbps)  Max(kbps)   Profile-name"
    return "\n".join([RULE, head, "                    compensation", RULE, *map(_dba_row, profiles), RULE])


def _line_profiles(console: Console, _: Arguments) -> str:
    configuration = console.device.configuration
    rows = [
        (p.id, p.name, sum(ont.line_profile == p.id for ont in configuration.onts))
        for _, p in sorted(configuration.line_profiles.items())
    ]
    return _profile_table(rows, LONG_RULE)


def _service_profiles(console: Console, _: Arguments) -> str:
    configuration = console.device.configuration
    rows = [
        (p.id, p.name, sum(ont.service_profile == p.id for ont in configuration.onts))
        for _, p in sorted(configuration.service_profiles.items())
    ]
    return _profile_table(rows, RULE)


def _profile_table(rows: list[tuple[int, str, int]], rule: str) -> str:
    head = "  Profile-ID  Profile-name                                Binding times"
    lines = [f"  {number:<11} {name:<43} {bound:<13}" for number, name, bound in rows]
    return "\n".join([rule, head, rule, *lines, rule, f"  Total: {len(rows)}"])


def _line_profile(console: Console, given: Arguments) -> str:
    profile = console.device.configuration.line_profiles.get(given.number("id"))
    if profile is None:
        raise Rejected(NO_LINE_PROFILE)
    return "\n".join([*line_profile_lines(profile), RULE])


def _service_profile(console: Console, given: Arguments) -> str:
    profile = console.device.configuration.service_profiles.get(given.number("id"))
    if profile is None:
        raise Rejected(NO_SERVICE_PROFILE)
    return "\n".join(service_profile_lines(profile))


def _services(console: Console, _: Arguments) -> str:
    """Show which network services of the OLT are on: this one has SSH."""
    rule = "  " + "-" * 75
    rows = [f"  {name:<49} {port:<14} {state}" for name, port, state in SERVICES]
    head = "  Network service                                   Port           State"
    return "\n".join([rule, head, rule, *rows, rule])


def _alarms(console: Console, _: Arguments) -> str:
    alarms = console.device.alarms
    return "\n".join(alarm_block(alarm) for alarm in alarms) if alarms else "  Failure: There is no alarm record"


COMMANDS = (
    Command("display board [backplane|{place:frame_or_slot}]", ANYWHERE, _boards, Work.DISPLAY, pipe=False),
    Command("display version [backplane|{place:frame_or_slot}]", ANYWHERE, _version, Work.DISPLAY, pipe=False),
    Command("display sysuptime", ANYWHERE, _uptime, Work.DISPLAY),
    Command("display time", ANYWHERE, _time, Work.DISPLAY),
    Command("display vlan all [vlanattr {vlanattr}|{vlantype}]", PRIVILEGED, _vlans, Work.DISPLAY, pipe=False),
    Command("display vlan {vlan}", PRIVILEGED, _vlan, Work.DISPLAY),
    Command("display port vlan {fsp}", PRIVILEGED, _port_vlan, Work.DISPLAY),
    Command("display traffic table ip from-index {table}", PRIVILEGED, _tables, Work.DISPLAY),
    Command("display traffic table ip (index {table}|name {table_name})", PRIVILEGED, _table, Work.DISPLAY),
    Command("display dba-profile (all|profile-id {id:profile})", PRIVILEGED, _dba_profiles, Work.DISPLAY),
    Command("display ont-lineprofile gpon all", PRIVILEGED, _line_profiles, Work.DISPLAY),
    Command("display ont-lineprofile gpon profile-id {id:profile}", PRIVILEGED, _line_profile, Work.DISPLAY),
    Command("display ont-srvprofile gpon all", PRIVILEGED, _service_profiles, Work.DISPLAY),
    Command("display ont-srvprofile gpon profile-id {id:profile}", PRIVILEGED, _service_profile, Work.DISPLAY),
    Command("display sysman service state", PRIVILEGED, _services, Work.DISPLAY),
    Command("display alarm active all", PRIVILEGED, _alarms, Work.DISPLAY),
)
