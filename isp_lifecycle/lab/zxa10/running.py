"""The running configuration as a ZXA10 prints it, whole or of one interface (layout: a C320 of V2.1)."""

from collections.abc import Iterable, Iterator

from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import PRIVILEGED, Command
from isp_lifecycle.lab.zxa10.config import Configuration, Onu, TcontProfile
from isp_lifecycle.lab.zxa10.console import Arguments, Console
from isp_lifecycle.lab.zxa10.kinds import number_list
from isp_lifecycle.lab.zxa10.syntax import CLASSIC

Block = tuple[str, list[str]]


def running_configuration(configuration: Configuration) -> str:
    """Return everything."""
    return _framed(_blocks(configuration))


def _framed(blocks: Iterable[Block]) -> str:
    lines = ["Building configuration...", "!"]
    for head, body in blocks:
        lines += [head, *(f"  {line}" for line in body), "!"]
    return "\n".join([*lines, "end"])


def _blocks(configuration: Configuration) -> Iterator[Block]:
    yield "gpon", list(_profiles(configuration))
    yield "pon", [f"onu-type {name} gpon" for name in configuration.onu_types]
    yield "vlan database", [f"vlan {number_list(configuration.vlans)}"]
    for slot in configuration.pon_slots:
        for port in range(1, configuration.ports_per_slot + 1):
            yield _pon(configuration, slot, port)
            for ont in configuration.onts_on(slot, port):
                yield _onu(ont)
    for name in configuration.uplinks:
        yield _uplink(configuration, name)
    for ont in sorted(configuration.onts, key=lambda ont: ont.key):
        if ont.services or ont.remote:
            yield _remote(ont)
    yield f"hostname {configuration.sysname}", []


def _profiles(configuration: Configuration) -> Iterator[str]:
    for tcont in configuration.tconts.values():
        yield f"profile tcont {tcont.name} type {tcont.type}{bandwidth(tcont)}"
    for profile in configuration.traffic.values():
        yield f"profile traffic {profile.name} sir {profile.sir} pir {profile.pir}"
    yield from (f"onu profile vlan {name} tag-mode tag cvlan {vlan}" for name, vlan in configuration.onu_vlans.items())


def bandwidth(profile: TcontProfile) -> str:
    """Return the rates of a T-CONT profile as they are typed."""
    words = (("fixed", profile.fixed), ("assured", profile.assured), ("maximum", profile.maximum))
    return "".join(f" {word} {rate}" for word, rate in words if rate)


def _pon(configuration: Configuration, slot: int, port: int) -> Block:
    label = [
        f"onu {ont.id} type {ont.type} sn {serial_shown(ont.serial).replace('-', '')}"
        for ont in configuration.onts_on(slot, port)
    ]
    return f"interface {CLASSIC.pon(slot, port)}", ["no shutdown", "linktrap disable", *label]


def _onu(ont: Onu) -> Block:
    body = [] if ont.active else ["shutdown"]
    body += [f"name {ont.name}"] if ont.name else []
    body += [f"description {ont.description}"] if ont.description else []
    body.append("sn-bind enable sn")
    for number, tcont in sorted(ont.tconts.items()):
        body.append(f"tcont {number}{f' name {tcont.name}' if tcont.name else ''} profile {tcont.profile}")
    for number, gem in sorted(ont.gems.items()):
        body.append(f"gemport {number}{f' name {gem.name}' if gem.name else ''} tcont {gem.tcont}")
        up = f" upstream {gem.up}" if gem.up else ""
        down = f" downstream {gem.down}" if gem.down else ""
        body += [f"gemport {number} traffic-limit{up}{down}"] if up or down else []
    for number, flow in sorted(ont.service_ports.items()):
        tags = f"user-vlan {flow.user_vlan} vlan {flow.vlan}{f' svlan {flow.svlan}' if flow.svlan else ''}"
        body.append(f"service-port {number} vport {flow.vport} {tags} ")
    return f"interface {CLASSIC.onu(ont.key)}", body


def _uplink(configuration: Configuration, name: str) -> Block:
    tagged = number_list(configuration.uplinks[name])
    body = ["no shutdown", "negotiation auto", "linktrap enable", "switchport mode trunk"]
    return f"interface {name}", [*body, *([f"switchport vlan {tagged} tag"] if tagged else [])]


def _remote(ont: Onu) -> Block:
    return f"pon-onu-mng {CLASSIC.onu(ont.key)}", remote_lines(ont)


def remote_lines(ont: Onu) -> list[str]:
    """Return what an ONT itself is told."""
    services = [f"service {name} gemport {one.gem} vlan {one.vlan}" for name, one in ont.services.items()]
    return [*services, *(f"{head} {words}" for head, words in ont.remote.items())]


def _all(console: Console, given: Arguments) -> str:
    return running_configuration(console.device.configuration)


def _one(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    if given.has("onu"):
        return _framed([_onu(console.onu(given.onu()))])
    if given.has("pon"):
        if not configuration.has_port(*given.pon()):
            raise Rejected(console.says.no_such)
        return _framed([_pon(configuration, *given.pon())])
    if given.text("uplink") not in configuration.uplinks:
        raise Rejected(console.says.no_such)
    return _framed([_uplink(configuration, given.text("uplink"))])


def _inside(console: Console, given: Arguments) -> str:
    head, body = _remote(console.onu(given.onu()))
    return "\n".join([head, *(f"  {line}" for line in body), "!"])


COMMANDS = (
    Command("show running-config", PRIVILEGED, _all, Work.DISPLAY),
    Command("show running-config interface ({pon}|{onu}|{uplink})", PRIVILEGED, _one, Work.DISPLAY),
    Command("show onu running config {onu}", PRIVILEGED, _inside, Work.DISPLAY),
)
