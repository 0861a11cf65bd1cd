"""Commands that register, change and remove ONTs, in the view of their board (device-facts 1.5 and 1.6)."""

from isp_lifecycle.lab.ma5800.answers import (
    NO_IP_INTERFACE,
    NO_LINE_PROFILE,
    NO_ONT,
    NO_SERVICE_PROFILE,
    NOT_ONLINE,
    ONT_HAS_FLOWS,
    ONT_ID_EXISTS,
    PORT_FULL,
    REPEATED,
    SERIAL_EXISTS,
    Rejected,
)
from isp_lifecycle.lab.ma5800.command import Command, Handler, only
from isp_lifecycle.lab.ma5800.config import Ont, lowest_free
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.terminal import Work

HIGHEST_ONT_ID = 127
RESET_CAUSE = "ONT is reset by ONT command"
REREGISTER_CAUSE = "re-register"
RESTORE_CAUSE = "factory setting restore"


def required_ont(console: Console, given: Arguments) -> Ont:
    """Return the ONT the command is about, or refuse."""
    ont = console.device.configuration.ont(given.ont_key(console))
    if ont is None:
        raise Rejected(NO_ONT)
    return ont


def _profile(console: Console, given: Arguments) -> tuple[int | None, int | None]:
    """Return the ids of the line and service profiles that were named, checked."""
    configuration = console.device.configuration
    line = given.maybe_number("line")
    if name := given.maybe_text("line_name"):
        line = next((p.id for p in configuration.line_profiles.values() if p.name == name), -1)
    if line is not None and line not in configuration.line_profiles:
        raise Rejected(NO_LINE_PROFILE)
    service = given.maybe_number("service")
    if name := given.maybe_text("service_name"):
        service = next((p.id for p in configuration.service_profiles.values() if p.name == name), -1)
    if service is not None and service not in configuration.service_profiles:
        raise Rejected(NO_SERVICE_PROFILE)
    return line, service


def _add(console: Console, given: Arguments) -> str:
    device, slot, port = console.device, console.view.slot, given.number("port")
    configuration = device.configuration
    number = given.maybe_number("ont")
    if number is not None and configuration.ont((slot, port, number)):
        raise Rejected(ONT_ID_EXISTS)
    if configuration.ont_by_serial(given.text("sn")):
        raise Rejected(SERIAL_EXISTS)
    line, service = _profile(console, given)
    if number is None:
        number = lowest_free({ont.id for ont in configuration.onts_on(slot, port)}, start=0, end=HIGHEST_ONT_ID)
    if number is None:
        raise Rejected(PORT_FULL)
    ont = Ont(
        slot=slot,
        port=port,
        id=number,
        serial=given.text("sn"),
        line_profile=10 if line is None else line,
        service_profile=10 if service is None else service,
    )
    ont.description = given.maybe_text("desc") or ont.description
    configuration.onts.append(ont)
    device.commit()
    return f"  Number of ONTs that can be added: 1, success: 1\n  PortID :{port}, ONTID :{number}"


def _delete(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    configuration = console.device.configuration
    if configuration.flows_of(ont.key):
        raise Rejected(ONT_HAS_FLOWS)
    configuration.onts.remove(ont)
    console.device.commit()
    return "  Number of ONTs that can be deleted: 1, success: 1"


def _modify_serial(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    serial = given.text("sn")
    if ont.serial == serial:
        raise Rejected(REPEATED)
    if console.device.configuration.ont_by_serial(serial):
        raise Rejected(SERIAL_EXISTS)
    console.device.links.forget(ont)
    ont.serial = serial
    console.device.commit()
    return ""


def _modify_description(console: Console, given: Arguments) -> str:
    required_ont(console, given).description = given.text("desc")
    console.device.commit()
    return ""


def _modify_profiles(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    line, service = _profile(console, given)
    ont.line_profile = ont.line_profile if line is None else line
    ont.service_profile = ont.service_profile if service is None else service
    console.device.commit()
    return ""


def _activate(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    wanted = given.word("activate")
    if ont.active == wanted:
        raise Rejected(REPEATED)
    ont.active = wanted
    console.device.commit()
    return ""


def _restart(cause: str) -> Handler:
    """Return a handler that sends an online ONT through ranging again, for this cause."""

    def run(console: Console, given: Arguments) -> str:
        ont = required_ont(console, given)
        if not console.device.links.online(ont):
            raise Rejected(NOT_ONLINE)
        console.device.links.restart(ont.key, cause=cause)
        return ""

    return run


def _native_vlan(console: Console, given: Arguments) -> str:
    ont = required_ont(console, given)
    setting = (given.number("vlan"), given.maybe_number("priority") or 0)
    if ont.native_vlans.get(given.number("eth")) == setting:
        raise Rejected(REPEATED)
    ont.native_vlans[given.number("eth")] = setting
    console.device.commit()
    return "  Set ONT port(s) VLAN configuration, success: 1, failed: 0"


def _port_vlan(console: Console, given: Arguments) -> str:
    eth, vlan = given.number("eth"), given.number("vlan")
    _remember(console, given, f"ont port vlan {{port}} {{ont}} eth {eth}", str(vlan))
    return "  Set ONT port(s) VLAN configuration, success: 1, failed: 0"


def _ip_config(console: Console, given: Arguments) -> str:
    tail = f"vlan {given.number('vlan')} priority {given.maybe_number('priority') or 0}"
    if given.word("dhcp"):
        words = f"dhcp {tail}"
    elif given.word("pppoe"):
        words = f"pppoe {tail} user-account username {given.text('user')} password ******"
    else:
        servers = f"pri-dns {given.text('dns')}" if given.has("dns") else ""
        servers += f" slave-dns {given.text('dns2')}" if given.has("dns2") else ""
        where = f"ip-address {given.text('address')} mask {given.text('mask')} gateway {given.text('gateway')}"
        words = " ".join(f"static {where} {servers} {tail}".split())
    index = given.maybe_number("ip_index") or 0
    _remember(console, given, f"ont ipconfig {{port}} {{ont}} ip-index {index}", words)
    return ""


def _internet_config(console: Console, given: Arguments) -> str:
    _needs_ip_host(console, given)
    index = given.number("ip_index")
    _remember(console, given, f"ont internet-config {{port}} {{ont}} ip-index {index}", "")
    return ""


def _wan_config(console: Console, given: Arguments) -> str:
    _needs_ip_host(console, given)
    index, profile = given.number("ip_index"), given.number("profile")
    _remember(console, given, f"ont wan-config {{port}} {{ont}} ip-index {index}", f"profile-id {profile}")
    return ""


def _forget(*parts: str) -> Handler:
    """Return a handler that takes lines of an ONT's configuration away, by their heads; refused when none stands."""

    def run(console: Console, given: Arguments) -> str:
        ont = required_ont(console, given)
        index = "" if given.maybe_number("ip_index") is None else f" {given.number('ip_index')}"
        heads = tuple(f"ont {part} {ont.port} {ont.id} ip-index{index}" for part in parts)
        doomed = [head for head in ont.extras if head.startswith(heads)]
        if not doomed:
            raise Rejected(NO_IP_INTERFACE)
        for head in doomed:
            del ont.extras[head]
        console.device.commit()
        return ""

    return run


def _tr069_config(console: Console, given: Arguments) -> str:
    profile = given.number("profile")
    _remember(console, given, "ont tr069-server-config {port} {ont}", f"profile-id {profile}")
    return ""


def _needs_ip_host(console: Console, given: Arguments) -> None:
    ont = required_ont(console, given)
    head = f"ont ipconfig {ont.port} {ont.id} ip-index {given.number('ip_index')}"
    if head not in ont.extras:
        raise Rejected(NO_IP_INTERFACE)


def _remember(console: Console, given: Arguments, head: str, words: str) -> None:
    """Keep a setting of an ONT as the line it makes in the configuration."""
    ont = required_ont(console, given)
    head = head.format(port=ont.port, ont=ont.id)
    if ont.extras.get(head) == words:
        raise Rejected(REPEATED)
    ont.extras[head] = words
    console.device.commit()


GPON = only(Mode.GPON)
_LINE = "(ont-lineprofile-id {line:profile}|ont-lineprofile-name {line_name:profile_name})"
_SERVICE = "(ont-srvprofile-id {service:profile}|ont-srvprofile-name {service_name:profile_name})"
_RESET_QUESTION = "  Are you sure to reset the ONT(s)? (y/n)[n]:"
_RESTORE_QUESTION = "  Are you sure to restore the ONT factory setting? (y/n)[n]:"
COMMANDS = (
    Command(
        f"ont add {{port}} [{{ont}}] sn-auth {{sn}} omci {_LINE} {_SERVICE} [desc {{desc}}] [ont-type {{ont_type}}]",
        GPON,
        _add,
        Work.CONFIG,
    ),
    Command("ont delete {port} {ont}", GPON, _delete, Work.CONFIG),
    Command("ont modify {port} {ont} sn {sn}", GPON, _modify_serial, Work.CONFIG),
    Command("ont modify {port} {ont} desc {desc}", GPON, _modify_description, Work.CONFIG),
    Command(f"ont modify {{port}} {{ont}} ({_LINE} [{_SERVICE}]|{_SERVICE})", GPON, _modify_profiles, Work.CONFIG),
    Command("ont (activate|deactivate) {port} {ont}", GPON, _activate, Work.CONFIG),
    Command("ont reset {port} {ont}", GPON, _restart(RESET_CAUSE), Work.CONFIG, _RESET_QUESTION),
    Command("ont re-register {port} {ont}", GPON, _restart(REREGISTER_CAUSE), Work.CONFIG),
    Command("ont factory-setting-restore {port} {ont}", GPON, _restart(RESTORE_CAUSE), Work.CONFIG, _RESTORE_QUESTION),
    Command(
        "ont port native-vlan {port} {ont} eth {eth} vlan {vlan} [priority {priority}]",
        GPON,
        _native_vlan,
        Work.CONFIG,
    ),
    Command("ont port vlan {port} {ont} eth {eth} {vlan}", GPON, _port_vlan, Work.CONFIG),
    Command(
        "ont ipconfig {port} {ont} [ip-index {ip_index}] (dhcp vlan {vlan} [priority {priority}]"
        "|static ip-address {address} mask {mask:address} gateway {gateway:address} [pri-dns {dns:address}]"
        " [slave-dns {dns2:address}] vlan {vlan} [priority {priority}]"
        "|pppoe vlan {vlan} [priority {priority}] user-account username {user} password {password})",
        GPON,
        _ip_config,
        Work.CONFIG,
    ),
    Command("ont internet-config {port} {ont} ip-index {ip_index}", GPON, _internet_config, Work.CONFIG),
    Command("ont wan-config {port} {ont} ip-index {ip_index} profile-id {profile}", GPON, _wan_config, Work.CONFIG),
    Command("ont tr069-server-config {port} {ont} profile-id {profile}", GPON, _tr069_config, Work.CONFIG),
    Command("undo ont internet-config {port} {ont}", GPON, _forget("internet-config"), Work.CONFIG),
    Command("undo ont wan-config {port} {ont} ip-index {ip_index}", GPON, _forget("wan-config"), Work.CONFIG),
    Command(
        "undo ont ipconfig {port} {ont} ip-index {ip_index}",
        GPON,
        _forget("ipconfig", "internet-config", "wan-config"),
        Work.CONFIG,
    ),
)
