"""The running configuration as a C600 prints it: module by module, whole or of one interface (layout: a C620)."""

from collections.abc import Iterable, Iterator

from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import PRIVILEGED, Command
from isp_lifecycle.lab.zxa10.config import Configuration, Onu, TrafficProfile
from isp_lifecycle.lab.zxa10.console import Arguments, Console
from isp_lifecycle.lab.zxa10.kinds import number_list
from isp_lifecycle.lab.zxa10.running import bandwidth, remote_lines
from isp_lifecycle.lab.zxa10.syntax import TITAN
from isp_lifecycle.lab.zxa10.titan.kinds import TITAN_KINDS

Block = tuple[str, list[str]]
WORDS = {"xpon": "xpon", "msan": "MSAN", "if-intf": "if-intf"}


def running_configuration(configuration: Configuration) -> str:
    """Return everything."""
    return "\n".join(_printed(module, blocks) for module, blocks in _modules(configuration).items())


def _printed(module: str, blocks: Iterable[Block]) -> str:
    lines = [f"!<{module}>"]
    for head, body in blocks:
        section = head.startswith(("interface ", "pon", "gpon")) or (head.startswith("vlan ") and "list" not in head)
        lines += [head, *(f"  {line}" for line in body), *(["$"] if section else [])]
    return "\n".join([*lines, f"!</{module}>"])


def _modules(configuration: Configuration) -> dict[str, list[Block]]:
    return {
        "system-config": [(f"hostname {configuration.sysname}", [])],
        "if-intf": list(_interfaces(configuration)),
        "xpon": list(_xpon(configuration)),
        "MSAN": list(_msan(configuration)),
    }


def _ports(configuration: Configuration) -> Iterator[tuple[int, int]]:
    for slot in configuration.pon_slots:
        yield from ((slot, port) for port in range(1, configuration.ports_per_slot + 1))


def _onts(configuration: Configuration) -> list[Onu]:
    return sorted(configuration.onts, key=lambda ont: ont.key)


def _vport(ont: Onu, number: int) -> str:
    return f"interface vport-1/{ont.slot}/{ont.port}.{ont.id}:{number}"


def _interfaces(configuration: Configuration) -> Iterator[Block]:
    """Every interface, with what it has of its own."""
    for slot, port in _ports(configuration):
        yield f"interface {TITAN.pon(slot, port)}", []
    for ont in _onts(configuration):
        yield f"interface {TITAN.onu(ont.key)}", []
    for ont in _onts(configuration):
        yield from ((_vport(ont, number), []) for number in sorted(ont.gems))
    yield from ((f"interface {name}", ["no shutdown"]) for name in configuration.uplinks)


def _xpon(configuration: Configuration) -> Iterator[Block]:
    types = configuration.onu_types
    yield "pon", [f"onu-type {name} gpon description {name} speed-mode gpon" for name in types]
    for slot, port in _ports(configuration):
        onts = configuration.onts_on(slot, port)
        label = [f"onu {ont.id} type {ont.type} sn {serial_shown(ont.serial).replace('-', '')}" for ont in onts]
        yield f"interface {TITAN.pon(slot, port)}", label
    yield from ((f"interface {TITAN.onu(ont.key)}", list(_onu(ont))) for ont in _onts(configuration))
    profiles = [f"profile tcont {one.name} type {one.type}{bandwidth(one)}" for one in configuration.tconts.values()]
    vlans = configuration.onu_vlans.items()
    yield "gpon", [*profiles, *(f"onu profile vlan {name} tag-mode tag cvlan {vlan}" for name, vlan in vlans)]
    for ont in _onts(configuration):
        if ont.services or ont.remote:
            yield f"pon-onu-mng {TITAN.onu(ont.key)}", remote_lines(ont)


def _onu(ont: Onu) -> Iterator[str]:
    yield from [f"name {ont.name}"] if ont.name else []
    yield from [f"description {ont.description}"] if ont.description else []
    yield from [] if ont.active else ["admin disable"]
    for number, tcont in sorted(ont.tconts.items()):
        yield f"tcont {number}{f' name {tcont.name}' if tcont.name else ''} profile {tcont.profile}"
    for number, gem in sorted(ont.gems.items()):
        yield f"gemport {number}{f' name {gem.name}' if gem.name else ''} tcont {gem.tcont}"


def _msan(configuration: Configuration) -> Iterator[Block]:
    yield from ((f"interface {TITAN.pon(*place)}", ["no shutdown"]) for place in _ports(configuration))
    for ont in _onts(configuration):
        yield from ((_vport(ont, number), list(_flows(ont, number))) for number in sorted(ont.gems))
    for name, vlans in configuration.uplinks.items():
        tagged = [f"switchport vlan {number_list(vlans)} tag"] if vlans else []
        yield f"interface {name}", ["switchport mode trunk", *tagged]
    yield f"vlan list {number_list(configuration.vlans)}", []
    yield from ((f"vlan {vlan}", []) for vlan in configuration.vlans)
    yield from ((_traffic(profile), []) for profile in configuration.traffic.values())


def _flows(ont: Onu, number: int) -> Iterator[str]:
    for index, flow in sorted(ont.service_ports.items()):
        if flow.vport == number:
            second = f" svlan {flow.svlan}" if flow.svlan else ""
            yield f"service-port {index} user-vlan {flow.user_vlan} vlan {flow.vlan}{second}"
    gem = ont.gems[number]
    yield from [f"qos traffic-policy {gem.down} direction egress"] if gem.down else []
    yield from [f"qos traffic-policy {gem.up} direction ingress"] if gem.up else []


def _traffic(profile: TrafficProfile) -> str:
    rates = f"cir {profile.sir} cbs {profile.cbs} pir {profile.pir} pbs {profile.pbs}"
    return f"traffic-profile {profile.name} {rates} color-mode blind policer-type enhanced_mef coupling-flag enable"


def _all(console: Console, given: Arguments) -> str:
    return running_configuration(console.device.configuration)


def _module(console: Console, given: Arguments) -> str:
    name = next(module for word, module in WORDS.items() if given.word(word))
    return _printed(name, _modules(console.device.configuration)[name])


def _one(console: Console, given: Arguments) -> str:
    """Every section of an interface, also what its ONT holds itself."""
    heads = {f"interface {_name(console, given)}", f"pon-onu-mng {_name(console, given)}"}
    modules = _modules(console.device.configuration).items()
    found = ((module, [block for block in blocks if block[0] in heads]) for module, blocks in modules)
    parts = [_printed(module, blocks) for module, blocks in found if blocks]
    if not parts:
        raise Rejected(console.says.no_such)
    return "\n".join(parts)


def _name(console: Console, given: Arguments) -> str:
    if given.has("onu"):
        return console.says.onu(given.onu())
    if given.has("pon"):
        return console.says.pon(*given.pon())
    if given.has("vport"):
        (slot, port, ont_id), number = given.vport()
        return f"vport-1/{slot}/{port}.{ont_id}:{number}"
    return given.text("uplink")


COMMANDS = (
    Command("show running-config", PRIVILEGED, _all, Work.DISPLAY, TITAN_KINDS),
    Command("show running-config (xpon|msan|if-intf)", PRIVILEGED, _module, Work.DISPLAY, TITAN_KINDS),
    Command(
        "show running-config-interface ({pon}|{onu}|{vport}|{uplink})", PRIVILEGED, _one, Work.DISPLAY, TITAN_KINDS
    ),
)
