"""Displays about ONTs: autofind, lists, one ONT at length, summaries (device-facts 1.7)."""

from collections.abc import Iterable

from isp_lifecycle.lab.links import Link, Phase
from isp_lifecycle.lab.ma5800.answers import NO_ONT, NO_SUCH_ONT, NOTHING_FOUND, Rejected
from isp_lifecycle.lab.ma5800.command import PRIVILEGED, Command, only
from isp_lifecycle.lab.ma5800.config import Ont
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.layout import (
    BLOCK_RULE,
    LONG_RULE,
    RULE,
    dash,
    lasted,
    pair,
    short_stamp,
    stamp,
)
from isp_lifecycle.lab.ma5800.displays.ont_detail import profile_lines
from isp_lifecycle.lab.plant import Box
from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import Work


def shown_serial(serial: str) -> str:
    """Return both spellings of a serial number."""
    return f"{serial} ({serial_shown(serial)})"


def _autofind_block(device: Device, number: int, link: Link) -> Iterable[str]:
    box = device.plant.box(link.serial)
    fields = (
        ("Number", number),
        ("F/S/P", f"0/{link.slot}/{link.port}"),
        ("ONT NNI type", "2.5G/1.25G"),
        ("Ont SN", shown_serial(link.serial)),
        ("Password", "0x" + "00" * 10),
        ("Loid", ""),
        ("Checkcode", ""),
        ("VendorID", box.vendor),
        ("Ont Version", hardware(box)),
        ("Ont SoftwareVersion", software(box)),
        ("Ont EquipmentID", box.model),
        ("Ont Customized Info", "COMMON"),
        ("Ont MAC", mac(box)),
        ("Ont Equipment SN", equipment_serial(box)),
        ("Ont autofind time", stamp(link.found_at)),
        ("Multi channel", "-"),
    )
    yield from (f"   {key:<20}: {value}".rstrip() for key, value in fields)
    yield BLOCK_RULE


def hardware(box: Box) -> str:
    """Return the hardware version of a box."""
    return f"{box.character.randint(100, 999)}D.A"


def software(box: Box) -> str:
    """Return the software version of a box."""
    return f"V5R0{box.character.randint(19, 22)}C10S{box.character.randint(100, 399)}"


def mac(box: Box) -> str:
    """Return the MAC address of a box, in the vendor's spelling."""
    return f"00E0-FC{box.serial[-6:-4]}-{box.serial[-4:]}"


def equipment_serial(box: Box) -> str:
    """Return the number on the case of a box."""
    return f"21500838{box.character.randint(10, 99)}{box.serial[-10:]}"


def _autofind(console: Console, given: Arguments) -> str:
    """Show the ONTs that answered and are not registered; in a board's view those of one port."""
    device = console.device
    links = device.links.found()
    if given.has("port"):
        links = [link for link in links if (link.slot, link.port) == (console.view.slot, given.number("port"))]
    if not links:
        raise Rejected(NOTHING_FOUND)
    lines = [BLOCK_RULE]
    for number, link in enumerate(links, start=1):
        lines += _autofind_block(device, number, link)
    return "\n".join([*lines, f"   The number of GPON autofind ONT is {len(links)}"])


def states(device: Device, ont: Ont) -> tuple[str, str, str]:
    """Return run, config and match state of a registered ONT."""
    link = device.links.of_ont(ont)
    if link.phase is not Phase.ONLINE:
        return "offline", "initial", "initial"
    return "online", link.config_state, "match" if link.config_state == "normal" else "initial"


def control_flag(device: Device, ont: Ont) -> str:
    """Return what the operator wants of an ONT."""
    if not ont.active:
        return "deactive"
    link = device.links.of_ont(ont)
    return "configuring" if link.phase is Phase.ONLINE and link.config_state != "normal" else "active"


def _port_list(device: Device, slot: int, port: int) -> str:
    onts = device.configuration.onts_on(slot, port)
    if not onts:
        raise Rejected("  Failure: There is no ONT available")
    place = f"0/{slot:>2}/{port}"
    lines = [
        RULE,
        "  F/S/P   ONT         SN         Control     Run      Config   Match    Protect",
        "          ID                     flag        state    state    state    side",
        RULE,
    ]
    for ont in onts:
        run, config, match = states(device, ont)
        flag = control_flag(device, ont)
        lines.append(f"  {place:<6} {ont.id:>4}  {ont.serial}  {flag:<11} {run:<8} {config:<8} {match:<8} no")
    lines += [RULE, "  F/S/P   ONT-ID   Description", RULE]
    lines += [f"  {place:<6} {ont.id:>7}   {ont.description}" for ont in onts]
    online = sum(device.links.online(ont) for ont in onts)
    lines += [RULE, f"  In port {place}, the total number of ONTs are: {len(onts)}, online: {online}", RULE]
    return "\n".join(lines)


def _info_all(console: Console, given: Arguments) -> str:
    slot = console.view.slot
    if given.has("fs"):
        (slot,) = given.place("fs")
    elif given.has("slot"):
        slot = given.number("slot")
    return _port_list(console.device, slot, given.number("port"))


def _info_many(console: Console, given: Arguments) -> str:
    """List every port of the frame, or of one board, that has ONTs."""
    slots = (given.number("slot"),) if given.has("slot") else ()
    ports = sorted({(ont.slot, ont.port) for ont in console.device.configuration.onts if slots in ((), (ont.slot,))})
    if not ports:
        raise Rejected("  Failure: There is no ONT available")
    return "\n".join(_port_list(console.device, slot, port) for slot, port in ports)


def _info_one(console: Console, given: Arguments) -> str:
    ont = console.device.configuration.ont(given.ont_key(console))
    if ont is None:
        raise Rejected(NO_ONT)
    return _detail(console.device, ont)


def _info_by_serial(console: Console, given: Arguments) -> str:
    ont = console.device.configuration.ont_by_serial(given.text("sn"))
    if ont is None:
        raise Rejected(NO_SUCH_ONT)
    return _detail(console.device, ont)


def _info_by_description(console: Console, given: Arguments) -> str:
    onts = [ont for ont in console.device.configuration.onts if ont.description == given.text("desc")]
    if not onts:
        raise Rejected(NO_SUCH_ONT)
    return "\n".join(_detail(console.device, ont) for ont in onts)


def _detail(device: Device, ont: Ont) -> str:
    run, config, match = states(device, ont)
    link = device.links.of_ont(ont)
    online = run == "online"
    character = device.plant.box(ont.serial).character if ont.serial in device.plant.state.boxes else None
    measured = online and character is not None
    history = ont.history
    duration = lasted(device.now() - history.last_up) if online and history.last_up else "-"
    fields = (
        ("F/S/P", f"0/{ont.slot}/{ont.port}"),
        ("ONT-ID", ont.id),
        ("Control flag", control_flag(device, ont)),
        ("Run state", run),
        ("Config state", config),
        ("Match state", match),
        ("DBA type", "SR" if online else "-"),
        ("ONT distance(m)", link.distance_m if online else "-"),
        ("ONT last distance(m)", dash(link.distance_m if online else history.distance_m)),
        ("ONT battery state", "not support" if online else "-"),
        ("Memory occupation", f"{character.randint(30, 60)}%" if measured and character else "-"),
        ("CPU occupation", f"{character.randint(1, 9)}%" if measured and character else "-"),
        ("Temperature", f"{character.randint(44, 59)}(C)" if measured and character else "-"),
        ("Authentic type", "SN-auth"),
        ("SN", shown_serial(ont.serial)),
        ("Management mode", "OMCI"),
        ("Software work mode", "normal"),
        ("Isolation state", "normal"),
        ("ONT IP 0 address/mask", "-"),
        ("Description", ont.description),
        ("Last down cause", dash(history.down_cause)),
        ("Last up time", stamp(history.last_up)),
        ("Last down time", stamp(history.last_down)),
        ("Last dying gasp time", stamp(history.last_gasp)),
        ("ONT online duration", duration),
        ("Type C support", "Not support"),
        ("Interoperability-mode", "ITU-T"),
    )
    return "\n".join([RULE, *(pair(key, value) for key, value in fields), *profile_lines(device.configuration, ont)])


def _summary(console: Console, given: Arguments) -> str:
    """Show the inventory of one port, or of every port of a board or of the whole frame."""
    configuration = console.device.configuration
    places: tuple[int, ...] = given.place("fsp") if given.has("fsp") else given.place("fs") if given.has("fs") else ()
    ports = sorted({(ont.slot, ont.port) for ont in configuration.onts if places in ((), (ont.slot,))})
    if len(places) == 2:
        ports = [(places[0], places[1])]
    blocks = [_summary_block(console.device, slot, port) for slot, port in ports]
    return "  Command is being executed. Please wait\n" + "\n\n".join(blocks)


def _summary_block(device: Device, slot: int, port: int) -> str:
    onts = device.configuration.onts_on(slot, port)
    online = sum(device.links.online(ont) for ont in onts)
    lines = [
        LONG_RULE,
        f"  In port 0/{slot}/{port}, the total of ONTs are: {len(onts)}, online: {online}",
        LONG_RULE,
        "  ONT  Run     Last                Last                Last",
        "  ID   State   UpTime              DownTime            DownCause",
        LONG_RULE,
    ]
    for ont in onts:
        run = "online" if device.links.online(ont) else "offline"
        up, down = short_stamp(ont.history.last_up), short_stamp(ont.history.last_down)
        lines.append(f"  {ont.id:<4} {run:<7} {up:<19} {down:<19} {dash(ont.history.down_cause)[:25]:<25}")
    lines += [
        LONG_RULE,
        "  ONT        SN        Type          Distance Rx/Tx power  Description",
        "  ID                                    (m)      (dBm)",
        LONG_RULE,
        *(_summary_row(device, ont) for ont in onts),
        LONG_RULE,
    ]
    return "\n".join(lines)


def _summary_row(device: Device, ont: Ont) -> str:
    link = device.links.of_ont(ont)
    boxes = device.plant.state.boxes
    model = boxes[ont.serial].model if ont.serial in boxes else "-"
    distance, power = "-", "-/-"
    if link.phase is Phase.ONLINE and link.levels:
        distance, power = str(link.distance_m), f"{link.levels.rx_dbm:.2f}/{link.levels.tx_dbm:.2f}"
    return f"  {ont.id:<3} {ont.serial} {model[:13]:<13} {distance:<7} {power:<12} {ont.description[:21]:<21}"


GPON = only(Mode.GPON)
COMMANDS = (
    Command("display ont autofind all", PRIVILEGED, _autofind, Work.DISPLAY),
    Command("display ont autofind {port}", GPON, _autofind, Work.DISPLAY),
    Command("display ont info {frame} all", PRIVILEGED - GPON, _info_many, Work.DISPLAY),
    Command("display ont info {frame} {slot} all", PRIVILEGED - GPON, _info_many, Work.DISPLAY),
    Command("display ont info {frame} {slot} {port} all", PRIVILEGED, _info_all, Work.DISPLAY),
    Command("display ont info {frame} {slot} {port} {ont}", PRIVILEGED, _info_one, Work.DISPLAY),
    Command("display ont info {fs} {port} all", PRIVILEGED, _info_all, Work.DISPLAY),
    Command("display ont info {fs} {port} {ont}", PRIVILEGED, _info_one, Work.DISPLAY),
    Command("display ont info {port} all", GPON, _info_all, Work.DISPLAY),
    Command("display ont info {port} {ont}", GPON, _info_one, Work.DISPLAY),
    Command("display ont info by-sn {sn}", PRIVILEGED, _info_by_serial, Work.DISPLAY),
    Command("display ont info by-desc {desc}", PRIVILEGED, _info_by_description, Work.DISPLAY),
    Command("display ont info summary ({fsp}|{fs}|{frame})", PRIVILEGED, _summary, Work.DISPLAY),
)
