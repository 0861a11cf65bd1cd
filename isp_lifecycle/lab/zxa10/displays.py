"""Displays: system, profiles and VLANs; ONTs found and registered, their state and their light (device-facts 2.3)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from isp_lifecycle.lab.habits import carried
from isp_lifecycle.lab.links import Phase
from isp_lifecycle.lab.optics import Levels
from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import PRIVILEGED, Command, Handler
from isp_lifecycle.lab.zxa10.config import Onu
from isp_lifecycle.lab.zxa10.console import Arguments, Console
from isp_lifecycle.lab.zxa10.device import Device

CAUSES = {"dying-gasp": "DyingGasp", "LOS": "LOS", "LOSi/LOBi": "LOSi"}
NEVER = "0000-00-00 00:00:00"
HISTORY_ROWS = 10


def _system(console: Console, given: Arguments) -> str:
    device = console.device
    up = device.now() - device.started_at
    minutes = up.seconds // 60
    return (
        "System Description: C320 Version V2.1.0 Software, Copyright (c) by ZTE Corporation Compiled\n"
        "System ObjectId: .1.3.6.1.4.1.3902.1082.1001.320.2.1\n"
        f"Started before: {up.days} days, {minutes // 60} hours, {minutes % 60} minutes\n"
        "Contact with: +86-21-68895000\n"
        f"System name: {device.name}"
    )


def _cards(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    rows = [(slot, "GTGH", "GTGHK", configuration.ports_per_slot, "V2.1.0") for slot in configuration.pon_slots]
    rows += [(3, "PRAM", "PRAM", 3, "V1.01"), (4, "SMXA", "SMXA", 3, "V2.1.0")]
    lines = ["Rack Shelf Slot CfgType RealType Port  HardVer SoftVer         Status", "-" * 75]
    for slot, wanted, real, ports, version in rows:
        lines.append(f"1    1     {slot:<4} {wanted:<7} {real:<8} {ports:<5} V1.0.0  {version:<15} INSERVICE")
    return "\n".join(lines)


def _tconts(console: Console, given: Arguments) -> str:
    head = " Type           FBW(kbps)   ABW(kbps)   MBW(kbps)   PRIORITY   WEIGHT    "
    return "\n \n".join(
        f"Profile name :{one.name}  \n{head}\n"
        f" {one.type:<15}{one.fixed:<12}{one.assured:<12}{one.maximum:<12}N/A         N/A         "
        for one in console.device.configuration.tconts.values()
    )


def _traffic(console: Console, given: Arguments) -> str:
    head = "  SIR(kbps)           PIR(kbps)           CBS(kbytes)         PBS(kbytes)          "
    return "\n \n".join(
        f"Profile name  :{one.name}          \n{head}\n {one.sir:<20}{one.pir:<20}{'default':<20}{'default':<20}"
        for one in console.device.configuration.traffic.values()
    )


def _vlans(console: Console, given: Arguments) -> str:
    vlans = console.device.configuration.vlans
    numbers = ",".join(str(vlan) for vlan in vlans)
    return f"All created vlan num: {len(vlans)}\nDetails are following:\n {numbers}"


# --- ONTs -------------------------------------------------------------------------------------------------------------


def label(serial: str) -> str:
    """Return a serial number as its label has it, without the hyphen."""
    return serial_shown(serial).replace("-", "")


def _uncfg(console: Console, given: Arguments) -> str:
    links = console.device.links.found()
    if given.has("pon"):
        links = [link for link in links if (link.slot, link.port) == given.pon()]
    if not links:
        raise Rejected(console.says.nothing)
    lines = ["OnuIndex                 Sn                  State", "-" * 69]
    counts: dict[tuple[int, int], int] = {}
    for link in links:
        place = (link.slot, link.port)
        counts[place] = counts.get(place, 0) + 1
        index = console.says.onu((*place, counts[place]))
        lines.append(f"{index:<24} {label(link.serial):<19} unknown")
    return "\n".join(lines)


def phase_of(device: Device, ont: Onu) -> str:
    """Return how far an ONT has come, in the device's word."""
    link = device.links.of_ont(ont)
    if link.phase is Phase.ONLINE:
        return "working" if link.config_state == "normal" else "syncMib"
    if link.phase is Phase.RANGING:
        return "logging"
    return {"dying-gasp": "DyingGasp", "LOS": "LOS", "LOSi/LOBi": "LOS"}.get(ont.history.down_cause or "", "OffLine")


def onts_named(console: Console, given: Arguments) -> list[Onu]:
    """Return those of the PON port that was named, or all; Rejected when there is none."""
    onts = sorted(console.device.configuration.onts, key=lambda ont: ont.key)
    if given.has("pon"):
        onts = console.device.configuration.onts_on(*given.pon())
    if given.has("id"):
        onts = [ont for ont in onts if ont.id == given.number("id")]
    if not onts:
        raise Rejected(console.says.nothing)
    return onts


def _states(console: Console, given: Arguments) -> str:
    onts = onts_named(console, given)
    lines = ["OnuIndex   Admin State  OMCC State  Phase State  Channel    ", "-" * 62]
    for ont in onts:
        admin, omcc = ("enable" if yes else "disable" for yes in (ont.active, console.device.links.online(ont)))
        index = f"1/{ont.slot}/{ont.port}:{ont.id}"
        lines.append(f"{index:<11} {admin:<12} {omcc:<12} {phase_of(console.device, ont):<12} 1(GPON)")
    working = sum(phase_of(console.device, ont) == "working" for ont in onts)
    return "\n".join([*lines, f"ONU Number: {working}/{len(onts)}"])


def _base(console: Console, given: Arguments) -> str:
    lines = ["OnuIndex            Type        Mode    AuthInfo                State", "-" * 79]
    for ont in onts_named(console, given):
        lines.append(f"{console.says.onu(ont.key):<19} {ont.type[:11]:<11} sn      SN:{label(ont.serial):<20} ready")
        lines += [f"{'':<20}{ont.type[11:]:<40}"] if len(ont.type) > 11 else []
    return "\n".join(lines)


def _by_serial(console: Console, given: Arguments) -> str:
    ont = console.device.configuration.ont_by_serial(given.text("sn"))
    if ont is None:
        raise Rejected(console.says.nothing)
    return f"SearchResult\n{'-' * 19}\n{console.says.onu(ont.key)}"


def _detail(console: Console, given: Arguments) -> str:
    ont = device_onu(console, given)
    fields = (
        ("Name:", ont.name),
        ("Type:", ont.type),
        ("State:", "ready"),
        ("Configured channel:", "auto"),
        ("Current channel:", "1(GPON)"),
        *state_fields(console.device, ont),
        ("Authentication mode:", "sn"),
        ("SN Bind:", "enable with SN check"),
        ("Serial number:", label(ont.serial)),
        ("Password:", ""),
        ("Description:", described(ont)),
        ("Vport mode:", "gemport"),
        ("DBA Mode:", "Hybrid"),
        ("ONU Status:", "enable"),
        ("OMCI BW Profile:", ""),
        ("Line Profile:", "N/A"),
        ("Service Profile:", "N/A"),
        *link_fields(console.device, ont),
        ("FEC:", "none"),
        ("1PPS+ToD:", "disable"),
    )
    head = [f"ONU interface:         {console.says.onu(ont.key)}"]
    return detail([*head, *(f"  {key:<20} {value}".rstrip() for key, value in fields)], ont)


def described(ont: Onu) -> str:
    """Return what is shown as description, also of an ONT that nobody described."""
    return ont.description or f"ONU-{ont.port}:{ont.id}"


def state_fields(device: Device, ont: Onu) -> tuple[tuple[str, str], ...]:
    """Return the states of an ONT, named."""
    phase = phase_of(device, ont)
    return (
        ("Admin state:", "enable" if ont.active else "disable"),
        ("Phase state:", phase),
        ("Config state:", "success" if phase == "working" else "initial"),
    )


def link_fields(device: Device, ont: Onu) -> tuple[tuple[str, str], ...]:
    """Return how far an ONT is and how long it has been there, named."""
    link = device.links.of_ont(ont)
    up = device.now() - ont.history.last_up if ont.history.last_up and link.phase is Phase.ONLINE else None
    seconds = int(up.total_seconds()) if up else 0
    return (
        ("ONU Distance:", f"{link.distance_m}m" if link.phase is Phase.ONLINE else "N/A"),
        ("Online Duration:", f"{seconds // 3600}h {seconds // 60 % 60}m {seconds % 60}s"),
    )


def detail(head: list[str], ont: Onu) -> str:
    """Return the fields of an ONT with its history below."""
    rule = ["-" * 42, "       Authpass Time          OfflineTime             Cause"]
    return "\n".join([*head, *rule, *_history(ont)])


def device_onu(console: Console, given: Arguments) -> Onu:
    """Return the ONT that was named; a display of one that does not stand shows nothing."""
    ont = console.device.configuration.ont(given.onu())
    if ont is None:
        raise Rejected(console.says.nothing)
    return ont


def _history(ont: Onu) -> Iterable[str]:
    """Ten rows, the last two times online at most; what was before is not remembered."""
    past, rows = ont.history, []
    cause = CAUSES.get(past.down_cause or "", "")
    if past.last_down is not None and past.last_up is not None and past.last_down >= past.last_up:
        rows = [(_stamp(past.last_up), _stamp(past.last_down), cause)]
    else:
        rows += [(NEVER, _stamp(past.last_down), cause)] if past.last_down else []
        rows += [(_stamp(past.last_up), NEVER, "")] if past.last_up else []
    rows += [(NEVER, NEVER, "")] * (HISTORY_ROWS - len(rows))
    return [f"{n:>4}   {up}    {down}     {why}".rstrip() for n, (up, down, why) in enumerate(rows, start=1)]


def _stamp(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else NEVER


# --- what it is, and what goes through it -----------------------------------------------------------------------------


def _online(console: Console, given: Arguments) -> Onu:
    ont = device_onu(console, given)
    if not console.device.links.online(ont):
        raise Rejected(console.says.offline)
    return ont


def _equipment(console: Console, given: Arguments) -> str:
    ont = _online(console, given)
    box = console.device.plant.box(ont.serial)
    up = console.device.now() - (ont.history.last_up or console.device.started_at)
    fields = (
        ("Vendor ID:", box.vendor),
        ("Version:", f"V{box.character.randint(1, 9)}.{box.character.randint(0, 9)}"),
        ("SN:", label(ont.serial)),
        ("Admin status:", "unlock"),
        ("Battery monitor:", "false"),
        ("Security mode:", "aes"),
        ("Product code:", "0"),
        ("Total priority queue num:", "64"),
        ("Total traffic schedule num:", "8"),
        ("Traffic management option:", "priority-rate-controlled"),
        ("Operate status:", "enable"),
        ("Equipment ID:", box.model),
        ("OMCC version:", "b2"),
        ("Security capability:", "aes"),
        ("Model:", box.model),
        ("Survival time:", "N/A"),
        ("Total GEM port num:", "256"),
        ("System uptime:", f"{int(up.total_seconds())}.00 s"),
        ("Region code:", "N/A"),
        ("Product SN:", "N/A"),
        ("Chip info:", "0"),
    )
    return "\n".join(f"{key:<27}{value}" for key, value in fields)


def _unit(console: Console, given: Arguments) -> str:
    (ont,) = onts_named(console, given)
    if not console.device.links.online(ont):
        raise Rejected(console.says.nothing)
    box = console.device.plant.box(ont.serial)
    major, minor = box.character.randint(1, 9), box.character.randint(10, 60)
    lines = [
        f"{console.says.onu(ont.key).replace(':', ': ')}",
        f"RuVendorName : {box.vendor}",
        f"RuType       : {box.model}",
    ]
    for number, (build, yes) in enumerate(((minor, "Yes"), (minor - 4, "No")), start=1):
        fields = (("Vertag", f"V{major}.0.11P1N{build}"), ("Commited", yes), ("Activated", yes), ("Valid", "Yes"))
        lines += [f"Region {number}", *(f"{key:<14}: {value}" for key, value in fields)]
    return "\n".join(lines)


def _interface(console: Console, given: Arguments) -> str:
    device, ont = console.device, device_onu(console, given)
    through = carried(ont, now=device.now(), online=device.links.online(ont))
    up, down = f"{through.up_rate:>20} Bps {1205:>16} pps", f"{through.down_rate:>20} Bps {1565:>16} pps"
    return (
        f"ONU statistic:\n   Input rate :{up}\n   Output rate:{down}\n"
        "   Input bandwidth utilization :0.6%\n   Output bandwidth utilization: N/A\n"
        f"Interface peak rate:\n   Input peak rate :{up}\n   Output peak rate:{down}\n"
        f"Total statistic:\n Input :\n    Bytes:{through.up_bytes:<21}Packets:{through.up_packets}\n"
        f" Output:\n    Bytes:{through.down_bytes:<21}Packets:{through.down_packets}"
    )


# --- light ------------------------------------------------------------------------------------------------------------


def _levels(device: Device, ont: Onu) -> Levels | None:
    return device.links.of_ont(ont).levels if device.links.online(ont) else None


def _attenuation(console: Console, given: Arguments) -> str:
    ont = device_onu(console, given)
    head = f"           OLT                  ONU              Attenuation\n{'-' * 74}\n"
    levels = _levels(console.device, ont)
    tx = next(p.tx_dbm for p in console.device.site.pon_ports if p.port == f"1/{ont.slot}/{ont.port}")
    if levels is None:
        dark = f" down    Tx :{tx:.3f}(dbm)        Rx:N/A               N/A"
        return f"{head} up      Rx :no signal         Tx:N/A               N/A\n\n{dark}"
    lost_up, lost_down = levels.tx_dbm - levels.olt_rx_dbm, tx - levels.rx_dbm
    return (
        f"{head} up      Rx :{levels.olt_rx_dbm:.3f}(dbm)      Tx:{levels.tx_dbm:.3f}(dbm)        {lost_up:.3f}(dB)\n\n"
        f" down    Tx :{tx:.3f}(dbm)        Rx:{levels.rx_dbm:.3f}(dbm)      {lost_down:.3f}(dB)"
    )


def powers(heading: str, level: Callable[[Levels], float], *, width: int = 20) -> Handler:
    """Return a handler that lists one power of every ONT of a PON port, beside a first column of so many letters."""

    def run(console: Console, given: Arguments) -> str:
        lines = [f"{'Onu':<{width}}{heading}", "-" * 36]
        for ont in onts_named(console, given):
            levels = _levels(console.device, ont)
            power = f"{level(levels):.3f}(dbm)" if levels else "N/A"
            lines.append(f"{console.says.onu(ont.key):<{width}}{power}")
        return "\n".join(lines)

    return run


COMMON = (
    Command("show gpon profile tcont", PRIVILEGED, _tconts, Work.DISPLAY),
    Command("show vlan summary", PRIVILEGED, _vlans, Work.DISPLAY),
    Command("show gpon onu baseinfo {pon}", PRIVILEGED, _base, Work.DISPLAY),
    Command("show gpon onu by sn {sn}", PRIVILEGED, _by_serial, Work.DISPLAY),
    Command("show pon power attenuation {onu}", PRIVILEGED, _attenuation, Work.OMCI),
    Command("show gpon remote-onu equip {onu}", PRIVILEGED, _equipment, Work.OMCI),
    Command("show remote-unit information {pon} {id}", PRIVILEGED, _unit, Work.OMCI),
    Command("show interface {onu}", PRIVILEGED, _interface, Work.DISPLAY),
)
COMMANDS = (
    *COMMON,
    Command("show system-group", PRIVILEGED, _system, Work.DISPLAY),
    Command("show card", PRIVILEGED, _cards, Work.DISPLAY),
    Command("show gpon profile traffic", PRIVILEGED, _traffic, Work.DISPLAY),
    Command("show gpon onu uncfg [{pon}]", PRIVILEGED, _uncfg, Work.DISPLAY),
    Command("show gpon onu state [{pon} [{id}]]", PRIVILEGED, _states, Work.DISPLAY),
    Command("show gpon onu detail-info {onu}", PRIVILEGED, _detail, Work.DISPLAY),
    Command("show pon power onu-rx {pon}", PRIVILEGED, powers("Rx power", lambda at: at.rx_dbm), Work.OMCI),
    Command("show pon power onu-tx {pon}", PRIVILEGED, powers("Tx power", lambda at: at.tx_dbm), Work.OMCI),
    Command("show pon power olt-rx {pon}", PRIVILEGED, powers("Rx power", lambda at: at.olt_rx_dbm), Work.OMCI),
)
