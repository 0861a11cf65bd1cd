"""Displays: version, ports and profiles; ONTs found and registered, their state and their light.

Cells of tables are put into their columns by the cursor: back to the first column, then so many to the right.
"""

from collections.abc import Iterable

from isp_lifecycle.lab.habits import carried
from isp_lifecycle.lab.links import Link, Phase
from isp_lifecycle.lab.optics import Levels
from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.v1600g.command import PRIVILEGED, Command, only
from isp_lifecycle.lab.v1600g.config import Onu
from isp_lifecycle.lab.v1600g.console import NOTHING, Arguments, Console, Mode
from isp_lifecycle.lab.v1600g.device import Device

PHASES = {"dying-gasp": "DyingGasp", "LOS": "LOS", "LOSi/LOBi": "LOS"}
STATE_COLUMNS, INFO_COLUMNS, BRIEF_COLUMNS = (0, 12, 27, 41, 56), (0, 11, 32, 55, 63), (0, 13, 31, 41, 49, 59)


def _row(columns: Iterable[int], cells: Iterable[str]) -> str:
    """Return a row of a table; empty cells are not written."""
    placed = [(column, cell) for column, cell in zip(columns, cells, strict=True) if cell]
    return "".join(cell if column == 0 else f"\r\x1b[{column}C{cell}" for column, cell in placed)


def label(serial: str) -> str:
    """Return a serial number as this device writes it."""
    return serial_shown(serial).replace("-", "")


def _version(console: Console, given: Arguments) -> str:
    fields = (
        ("Olt Serial Number:", "V2600000001"),
        ("Olt Device Model:", console.device.site.model),
        ("Hardware Version:", "V3.1.4"),
        ("Software Version:", "V1.4.8R"),
        ("Software Created Time:", "Thu, 10 Apr 2025 11:09:48"),
    )
    return "\n".join([*(f"  {word:<29}{value}" for word, value in fields), "  Copyright 2020-2025"])


def _brief(console: Console, given: Arguments) -> str:
    configuration, lines = console.device.configuration, []
    lines.append("Port         Description         Status    Duplex  Speed     Type")
    lines.append("---          -----------         -----     ------  -----     ---")
    for port in configuration.uplinks:
        lines.append(_row(BRIEF_COLUMNS, (f"GE0/{port}", "", " up", " Full", " 10000M", "10GE SFP+")))
    for port in range(1, configuration.ports + 1):
        lines.append(_row(BRIEF_COLUMNS, (f"GPON0/{port}", "", " up", "", "", "GPON")))
    for ont in sorted(configuration.onts, key=lambda ont: ont.key):
        up = " up" if console.device.links.online(ont) else " down"
        lines.append(_row(BRIEF_COLUMNS, (ont.index, ont.description, up, "", "", "GPON-ONUID")))
    return "\n".join(lines)


def _dba(console: Console, given: Arguments) -> str:
    lines = ["###############DBA PROFILE###########"]
    for one in console.device.configuration.dba:
        lines += ["*" * 29, f"{'Id':>16}: {one.number}", f"{'name':>16}: {one.name}", f"{'type':>16}: {one.type}"]
        rates = (("fixed", one.fixed), ("assured", one.assured), ("maximum", one.maximum))
        lines += [*(f"{word:>16}: {rate} Kbps" for word, rate in rates if rate), ""]
    return "\n".join(lines)


def _traffic(console: Console, given: Arguments) -> str:
    lines = ["###############TRAFFIC PROFILE###########"]
    for one in console.device.configuration.traffic:
        lines += ["*" * 29, f"Id:   {one.number}", f"Name: {one.name}"]
        lines += [f"sir:  {one.sir} Kbps", f"pir:  {one.pir} Kbps", ""]
    return "\n".join(lines)


# --- ONTs of the PON port that the console is in ----------------------------------------------------------------------


def _found(console: Console) -> list[Link]:
    return [link for link in console.device.links.found() if link.port == console.view.number]


def _auto_find(console: Console, given: Arguments) -> str:
    """Say nothing when there is none."""
    found = _found(console)
    boxes = console.device.plant.state.boxes
    lines = ["Index\tSn                    Equipment ID"] if found else []
    lines += [f"{n}\tsn:{label(link.serial)}\t\t{boxes[link.serial].model}" for n, link in enumerate(found, start=1)]
    return "\n".join(lines)


def _phase(device: Device, ont: Onu) -> str:
    link = device.links.of_ont(ont)
    if link.phase is Phase.ONLINE:
        return "working" if link.config_state == "normal" else "syncMib"
    if link.phase is Phase.RANGING:
        return "logging"
    return PHASES.get(ont.history.down_cause or "", "offline")


def _onts(console: Console) -> list[Onu]:
    """Return those of the PON port; Rejected when there is none."""
    onts = console.device.configuration.onts_on(console.view.number)
    if not onts:
        raise Rejected(NOTHING)
    return onts


def _states(console: Console, given: Arguments) -> str:
    lines = ["OnuIndex    Admin State    OMCC State    Phase State    Serial Number", "-" * 63]
    phases = [(ont, _phase(console.device, ont)) for ont in _onts(console)]
    for ont, phase in phases:
        admin, omcc = ("enable" if yes else "disable" for yes in (ont.active, console.device.links.online(ont)))
        lines.append(_row(STATE_COLUMNS, (ont.index, admin, omcc, phase, label(ont.serial))))
    working = sum(phase == "working" for _, phase in phases)
    return "\n".join([*lines, f"pon: {console.view.number} total: {len(phases)} working: {working}"])


def _info(console: Console, given: Arguments) -> str:
    lines = [f"{'Onuindex   Model                Profile                Mode    AuthInfo':<93}", "-" * 93]
    boxes = console.device.plant.state.boxes
    for ont in _onts(console):
        seen = ont.serial in boxes and console.device.links.online(ont)
        model = boxes[ont.serial].model if seen else "unknown"
        lines += [_row(INFO_COLUMNS, (ont.index, model, ont.profile, "sn", label(ont.serial))), ""]
    return "\n".join(lines[:-1])


def _description(console: Console, given: Arguments) -> str:
    ont = console.onu(given.number("id"))
    return f"onu {ont.id} Description: {ont.description}"


def _distance(console: Console, given: Arguments) -> str:
    """Of one that is off the device's answer is not established; this one has no number."""
    ont = console.onu(given.number("id"))
    link = console.device.links.of_ont(ont)
    return f"onu {ont.id} Distance: {f'{link.distance_m}m' if link.phase is Phase.ONLINE else 'N/A'}"


def _detail(console: Console, given: Arguments) -> str:
    """Of one that is off the device's answer is not established."""
    device, ont = console.device, console.onu(given.number("id"))
    if not device.links.online(ont):
        raise Rejected("Error: onu is offline.")
    box = device.plant.box(ont.serial)
    began = ont.history.last_up or device.started_at
    fields = (
        ("Vendor ID:", box.vendor),
        ("Version:", f"V{box.character.randint(1, 9)}.{box.character.randint(0, 9)}"),
        ("SN:", label(ont.serial)),
        ("Admin status:", "unlock"),
        ("Battery monitor:", "false"),
        ("Security mode:", "aes"),
        ("Product code:", "0"),
        ("Total priority queue num:", "143"),
        ("Total traffic schedule num:", "31"),
        ("Traffic management option:", "priotity&rate controlled"),
        ("Operate status:", "enable"),
        ("Equipment ID:", box.model),
        ("OMCC Version:", "128"),
        ("Security capability:", "aes"),
        ("Model:", "N/A"),
        ("Survival time:", "N/A"),
        ("TotalGemPortNum:", "127"),
        ("Startup time:", f"{began:%a %b %e %H:%M:%S %Y}"),
        ("SysUpTime:", f"{int((device.now() - began).total_seconds())} s"),
        ("Region code:", "N/A"),
        ("Chip info:", "0"),
    )
    return "\n".join([f"---------onu {ont.id} defail-info---------", *(f"{key:<30}{value}" for key, value in fields)])


def _statistics(console: Console, given: Arguments) -> str:
    device, ont = console.device, console.onu(given.number("id"))
    through = carried(ont, now=device.now(), online=device.links.online(ont))
    fields = (
        ("Input rate(Bps):", through.up_rate),
        ("Output rate(Bps):", through.down_rate),
        ("Input bytes:", through.up_bytes),
        ("Output bytes:", through.down_bytes),
        ("Input packets:", through.up_packets),
        ("Output packets:", through.down_packets),
    )
    return "\n".join(f"{key:<30}{value}" for key, value in fields)


# --- light ------------------------------------------------------------------------------------------------------------


def _levels(device: Device, ont: Onu) -> Levels | None:
    return device.links.of_ont(ont).levels if device.links.online(ont) else None


def _optical(console: Console, given: Arguments) -> str:
    ont = console.onu(given.number("id"))
    levels = _levels(console.device, ont)
    if levels is None:
        raise Rejected("Error: onu is offline.")  # not established
    box = console.device.plant.box(ont.serial).character
    policy = "ont internal policy"
    fields = (
        ("Alarm", "enable"),
        ("Piggyback DBA rpt mode", "mode 0 only"),
        ("Rx optical level(ONU)", f"{levels.rx_dbm:.2f}"),
        ("Lower rx optical threshold", policy),
        ("Upper rx optical threshold", policy),
        ("Tx optical level", f"{levels.tx_dbm:.2f}"),
        ("Lower tx optical threshold", policy),
        ("Upper tx optical threshold", policy),
        ("ONU response time", "22320"),
        ("Power feed voltage", f"{box.uniform(3.24, 3.32):.2f}(V)"),
        ("Laser bias current", f"{box.uniform(9.0, 13.0):.3f}(mA)"),
        ("Temperature", f"{box.uniform(41.0, 55.0):.3f}(C)"),
    )
    return "\n".join(f"{word:<27}: {value}" for word, value in fields)


def _rx_powers(console: Console, given: Arguments) -> str:
    lines = ["Onu         ONU_Rx", "-" * 36]
    for ont in _onts(console):
        levels = _levels(console.device, ont)
        lines.append(f"{ont.id:<12}{f'{levels.rx_dbm:.2f}' if levels else 'N/A'}")
    return "\n".join(lines)


PON = only(Mode.PON)
COMMANDS = (
    Command("show version", PRIVILEGED, _version, Work.DISPLAY),
    Command("show interface brief", PRIVILEGED, _brief, Work.DISPLAY),
    Command("show profile dba", PON, _dba, Work.DISPLAY),
    Command("show profile traffic", PON, _traffic, Work.DISPLAY),
    Command("show onu auto-find", PON, _auto_find, Work.DISPLAY),
    Command("show onu state", PON, _states, Work.DISPLAY),
    Command("show onu info", PON, _info, Work.DISPLAY),
    Command("show onu {id} desc", PON, _description, Work.DISPLAY),
    Command("show onu {id} distance", PON, _distance, Work.DISPLAY),
    Command("show onu {id} optical_info", PON, _optical, Work.OMCI),
    Command("show onu detail-info {id}", PON, _detail, Work.OMCI),
    Command("show onu {id} statistics", PON, _statistics, Work.DISPLAY),
    Command("show pon onu all rx-power", PON, _rx_powers, Work.OMCI),
)
