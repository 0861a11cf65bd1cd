"""The running configuration as command lines, whole or in part, wrapped as the device wraps it."""

from collections.abc import Iterable, Iterator

from isp_lifecycle.lab.ma5800.answers import NO_FLOW, NO_ONT, Rejected
from isp_lifecycle.lab.ma5800.command import PRIVILEGED, Command
from isp_lifecycle.lab.ma5800.config import Configuration, DbaProfile, Ont, ServicePort
from isp_lifecycle.lab.ma5800.console import Arguments, Console
from isp_lifecycle.lab.ma5800.displays.layout import wrapped
from isp_lifecycle.lab.terminal import Work

VERSION = "MA5800V100R018C00"
BUILD = "8012"


def running_configuration(configuration: Configuration) -> str:
    """Return everything."""
    parts = [
        _section("global-config", "global-config", [f"sysname {configuration.sysname}"]),
        _section("public-config", "public-config", _public(configuration)),
        _section("vlan-config", "vlan-config", _vlans(configuration)),
        *(_board(configuration, slot) for slot in configuration.pon_slots),
        _flows([flow for _, flow in sorted(configuration.service_ports.items())]),
    ]
    return _framed(parts)


def _framed(parts: Iterable[str]) -> str:
    return "\n".join([f"[{VERSION}: {BUILD}]", "#", "\n#\n".join(part for part in parts if part), "#", "return"])


def _section(head: str, inner: str, lines: Iterable[str]) -> str:
    text = [wrapped(f" {line}") for line in lines]
    return "\n".join([f"[{head}]", f"  <{inner}>", *text]) if text else ""


def _public(configuration: Configuration) -> Iterator[str]:
    for _, table in sorted(configuration.traffic_tables.items()):
        yield (
            f'traffic table ip index {table.index} name "{table.name}" cir {table.cir} cbs {table.cbs}'
            f" pir {table.pir} pbs {table.pbs} priority {table.priority} priority-policy {table.policy}"
        )
    for _, dba in sorted(configuration.dba_profiles.items()):
        yield f'dba-profile add profile-id {dba.id} profile-name "{dba.name}" {dba_words(dba)}'
    for _, line in sorted(configuration.line_profiles.items()):
        yield f'ont-lineprofile gpon profile-id {line.id} profile-name "{line.name}"'
        yield from (f" tcont {tcont} dba-profile-id {dba_id}" for tcont, dba_id in sorted(line.tconts.items()))
        for _, gem in sorted(line.gems.items()):
            queue = "" if gem.priority_queue is None else f" priority-queue {gem.priority_queue}"
            yield f" gem add {gem.id} eth tcont {gem.tcont}{queue}{' encrypt on' if gem.encrypt else ''}"
            yield from (f" gem mapping {gem.id} {mapping.index} vlan {mapping.vlan}" for mapping in gem.mappings)
        yield " commit"
        yield " quit"
    for _, service in sorted(configuration.service_profiles.items()):
        yield f'ont-srvprofile gpon profile-id {service.id} profile-name "{service.name}"'
        yield f" ont-port pots {service.pots} eth {service.eth}"
        yield from (f" port vlan eth {eth} {vlan}" for eth, vlan in sorted(service.port_vlans.items()))
        yield " commit"
        yield " quit"


def dba_words(profile: DbaProfile) -> str:
    """Return the rates of a DBA profile as they are typed."""
    rates = (("fix", profile.fix), ("assure", profile.assure), ("max", profile.max))
    return " ".join([f"type{profile.type}", *(f"{word} {rate}" for word, rate in rates if rate is not None)])


def _vlans(configuration: Configuration) -> Iterator[str]:
    for _, vlan in sorted(configuration.vlans.items()):
        yield f"vlan {vlan.id} {vlan.kind}"
    for _, vlan in sorted(configuration.vlans.items()):
        for slot, port in sorted(vlan.uplinks):
            yield f"port vlan {vlan.id} 0/{slot} {port}"


def _board(configuration: Configuration, slot: int, onts: list[Ont] | None = None) -> str:
    """Return one board's section, with all its ONTs and port switches or with the given ONTs alone."""
    lines = [f"interface gpon 0/{slot}"]
    if onts is None:
        lines += [f" port {port} ont-auto-find enable" for s, port in sorted(configuration.autofind_ports) if s == slot]
        lines += [f" port {port} laser-switch off" for s, port in sorted(configuration.dark_ports) if s == slot]
        onts = configuration.onts_on(slot)
    for ont in onts:
        lines += [f" {line}" for line in ont_lines(ont)]
    return _section("gpon", f"gpon-0/{slot}", lines)


def ont_lines(ont: Ont) -> Iterator[str]:
    """Yield the commands that make an ONT what it is."""
    yield (
        f'ont add {ont.port} {ont.id} sn-auth "{ont.serial}" omci ont-lineprofile-id {ont.line_profile}'
        f' ont-srvprofile-id {ont.service_profile} desc "{ont.description}"'
    )
    if not ont.active:
        yield f"ont deactivate {ont.port} {ont.id}"
    for eth, (vlan, priority) in sorted(ont.native_vlans.items()):
        yield f"ont port native-vlan {ont.port} {ont.id} eth {eth} vlan {vlan} priority {priority}"
    yield from (f"{head} {words}".rstrip() for head, words in ont.extras.items())


def _flows(flows: list[ServicePort]) -> str:
    return _section("bbs-config", "bbs-config", (line for flow in flows for line in flow_lines(flow)))


def flow_lines(flow: ServicePort) -> Iterator[str]:
    """Yield the commands that make a service port what it is."""
    inner = "" if flow.inner_vlan is None else f" inner-vlan {flow.inner_vlan}"
    rates = "" if flow.inbound is None else f" inbound traffic-table index {flow.inbound}"
    rates += "" if flow.outbound is None else f" outbound traffic-table index {flow.outbound}"
    yield (
        f"service-port {flow.index} vlan {flow.vlan} gpon 0/{flow.slot}/{flow.port} ont {flow.ont} gemport"
        f" {flow.gemport} multi-service user-vlan {flow.user_vlan or 'untagged'}"
        f" tag-transform {flow.tag_transform}{inner}{rates}"
    )
    if flow.max_mac is not None:
        yield f"mac-address max-mac-count service-port {flow.index} {flow.max_mac}"
    if flow.description:
        yield f'service-port desc {flow.index} description "{flow.description}"'
    if not flow.active:
        yield f"service-port {flow.index} adminstatus disable"


def _everything(console: Console, _: Arguments) -> str:
    return running_configuration(console.device.configuration)


def _section_of(console: Console, given: Arguments) -> str:
    """Return the parts whose heading is the given word."""
    whole = running_configuration(console.device.configuration).removesuffix("\n#\nreturn")
    head = f"[{given.text('name')}]\n"
    parts = [part for part in whole.split("\n#\n") if part.startswith(head)]
    if not parts:
        raise Rejected("  Failure: The section does not exist")
    return _framed(parts)


def _one_ont(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    ont = configuration.ont(given.ont_key(console))
    if ont is None:
        raise Rejected(NO_ONT)
    return _framed([_board(configuration, ont.slot, [ont]), _flows(configuration.flows_of(ont.key))])


def _one_port(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    slot, port = given.place("fsp")
    flows = [f for _, f in sorted(configuration.service_ports.items()) if (f.slot, f.port) == (slot, port)]
    return _framed([_board(configuration, slot, configuration.onts_on(slot, port)), _flows(flows)])


def _one_flow(console: Console, given: Arguments) -> str:
    flow = console.device.configuration.service_ports.get(given.number("index"))
    if flow is None:
        raise Rejected(NO_FLOW)
    return _framed([_flows([flow])])


COMMANDS = (
    Command("display current-configuration [simple]", PRIVILEGED, _everything, Work.DISPLAY),
    Command("display current-configuration section {name}", PRIVILEGED, _section_of, Work.DISPLAY),
    Command("display current-configuration ont {fsp} {ont}", PRIVILEGED, _one_ont, Work.DISPLAY),
    Command("display current-configuration port {fsp}", PRIVILEGED, _one_port, Work.DISPLAY),
    Command("display current-configuration service-port {index}", PRIVILEGED, _one_flow, Work.DISPLAY),
)
