"""The running configuration as a V1600G prints it, whole (a V1600G1 V2.3.1R) or of one ONT (a V1600G0-B V1.4.8R)."""

from collections.abc import Iterator

from isp_lifecycle.lab.terminal import Work
from isp_lifecycle.lab.v1600g.command import PRIVILEGED, Command, only
from isp_lifecycle.lab.v1600g.config import Configuration, DbaProfile, Onu
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode
from isp_lifecycle.lab.v1600g.displays import label
from isp_lifecycle.lab.v1600g.kinds import number_list


def running_configuration(configuration: Configuration) -> str:
    """Return everything. That it ends with "end" is Quagga's way; no capture of its end is known."""
    return "\n".join([*_sections(configuration), "end"])


def _sections(configuration: Configuration) -> Iterator[str]:
    yield from ("Current configuration:", "!", "!Software Version      : V1.4.8R", "!")
    yield f"hostname {configuration.sysname}"
    yield "!"
    for numbers in number_list(configuration.vlans):
        yield from (f"vlan {numbers}", "exit")
    yield "!"
    for port, tagged in configuration.uplinks.items():
        yield from (f"interface gigabitethernet 0/{port}", "switchport mode hybrid")
        yield "switchport hybrid vlan 1 untagged"
        yield from (f"switchport hybrid vlan {numbers} tagged" for numbers in number_list(set(tagged) - {1}))
        yield from ("switchport hybrid pvid vlan 1", "no shutdown", "exit", "!")
    yield from _profiles(configuration)
    for port in range(1, configuration.ports + 1):
        yield from (f"interface gpon 0/{port}", "no shutdown", "no onu auto-learn")
        for ont in configuration.onts_on(port):
            yield from _onu(ont)
        yield from ("exit", "!")


def _profiles(configuration: Configuration) -> Iterator[str]:
    for dba in configuration.dba:
        yield from (f"profile dba id {dba.number} name {dba.name}", f"type {dba.type}{_bandwidth(dba)}", "exit", "!")
    for traffic in configuration.traffic:
        yield f"profile traffic id {traffic.number} name {traffic.name}"
        yield from (f"sir {traffic.sir} pir {traffic.pir}", "exit", "!")


def _bandwidth(profile: DbaProfile) -> str:
    words = (("fixed", profile.fixed), ("assured", profile.assured), ("maximum", profile.maximum))
    return "".join(f" {word} {rate}" for word, rate in words if rate)


def _onu(ont: Onu) -> Iterator[str]:
    """All lines of one ONT. That one switched off says so is assumed, for a restart would switch it on otherwise."""
    onu = f"onu {ont.id}"
    yield f"onu add {ont.id} profile {ont.profile} sn {label(ont.serial)}"
    yield from [f"{onu} desc {ont.description}"] if ont.description else []
    yield f"{onu} profile onu {ont.profile}"
    for number, tcont in sorted(ont.tconts.items()):
        yield f"{onu} tcont {number}{f' name {tcont.name}' if tcont.name else ''} dba {tcont.dba}"
    for number, gem in sorted(ont.gems.items()):
        name = f" gemport_name {gem.name}" if gem.name else ""
        yield f"{onu} gemport {number} tcont {gem.tcont}{name} portid {128 + 16 * ont.id + number}"
        up = f" upstream {gem.up}" if gem.up else ""
        down = f" downstream {gem.down}" if gem.down else ""
        yield from [f"{onu} gemport {number} traffic-limit{up}{down}"] if up or down else []
    yield from (f"{onu} service {name} gemport {one.gem} vlan {one.vlan}" for name, one in ont.services.items())
    for number, flow in sorted(ont.service_ports.items()):
        yield f"{onu} service-port {number} gemport {flow.gem} uservlan {flow.user_vlan} vlan {flow.vlan} new_cos 0"
    yield from [f"{onu} portvlan eth 1 mode tag vlan {ont.eth_vlan}"] if ont.eth_vlan else []
    for number, told in sorted(ont.connections.items()):
        yield f"{onu} pri wan_adv add route"
        yield from (f"{onu} pri wan_adv index {number} {head} {words}" for head, words in told.items())
    yield from [] if ont.active else [f"{onu} deactivate"]


def _all(console: Console, given: Arguments) -> str:
    return running_configuration(console.device.configuration)


def _one(console: Console, given: Arguments) -> str:
    ont = console.onu(given.number("id"))
    return "\n".join([f"----------onu {ont.id} running-config----------", *_onu(ont)])


COMMANDS = (
    Command("show running-config", PRIVILEGED, _all, Work.DISPLAY),
    Command("show running-config onu {id}", only(Mode.PON), _one, Work.DISPLAY),
)
