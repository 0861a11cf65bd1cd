"""Commands of the one-time plant configuration: VLANs, uplinks, profiles, traffic tables, PON ports (facts 1.4)."""

from copy import deepcopy

from isp_lifecycle.lab.ma5800.answers import (
    COMMIT_NEEDED,
    DBA_EXISTS,
    NO_BOARD,
    NO_BOARD_SUPPORT,
    NO_DBA,
    NO_GEM_PORT,
    NO_LINE_PROFILE,
    NO_PORT,
    NO_SERVICE_PROFILE,
    NO_VLAN,
    OMCI_TYPE4,
    PORT_IN_VLAN,
    REPEATED,
    TABLE_EXISTS,
    VLAN_EXISTS,
    Rejected,
)
from isp_lifecycle.lab.ma5800.command import Command, only
from isp_lifecycle.lab.ma5800.config import (
    CONTROL_SLOTS,
    UPLINK_PORTS,
    DbaProfile,
    GemMapping,
    GemPort,
    LineProfile,
    ServiceProfile,
    TrafficTable,
    Vlan,
    lowest_free,
)
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode, View
from isp_lifecycle.lab.ma5800.day_one import bucket
from isp_lifecycle.lab.terminal import Work

OMCI_TCONT = 0


def _vlan(console: Console, given: Arguments) -> str:
    vlans = console.device.configuration.vlans
    for number in given.numbers("vlans"):
        if number in vlans:
            raise Rejected(VLAN_EXISTS)
    for number in given.numbers("vlans"):
        kind = given.text("vlantype")
        assert kind in ("smart", "mux", "standard")
        vlans[number] = Vlan(id=number, kind=kind)  # type: ignore[arg-type]
    console.device.commit()
    return ""


def _uplink_board(console: Console, given: Arguments) -> int:
    """Return the slot of the board whose uplink ports are named."""
    (slot,) = given.place("fs")
    if slot in console.device.configuration.pon_slots:
        raise Rejected(NO_BOARD_SUPPORT)
    if slot not in CONTROL_SLOTS:
        raise Rejected(NO_BOARD)
    if not set(given.numbers("ports")) <= UPLINK_PORTS:
        raise Rejected(NO_PORT)
    return slot


def _port_vlan(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    slot = _uplink_board(console, given)
    for number in given.numbers("vlans"):
        if number not in configuration.vlans:
            raise Rejected(NO_VLAN)
        carried = configuration.vlans[number].uplinks
        for port in given.numbers("ports"):
            if (slot, port) in carried:
                raise Rejected(PORT_IN_VLAN)
    for number in given.numbers("vlans"):
        configuration.vlans[number].uplinks += [(slot, port) for port in given.numbers("ports")]
    console.device.commit()
    return ""


def _undo_port_vlan(console: Console, given: Arguments) -> str:
    (slot,) = given.place("fs")
    leaving = {(slot, port) for port in given.numbers("ports")}
    for number in given.numbers("vlans"):
        vlan = console.device.configuration.vlans.get(number)
        if vlan is None:
            raise Rejected(NO_VLAN)
        vlan.uplinks = [port for port in vlan.uplinks if port not in leaving]
    console.device.commit()
    return ""


def _dba_profile(console: Console, given: Arguments) -> str:
    profiles = console.device.configuration.dba_profiles
    number = given.maybe_number("id") if given.has("id") else lowest_free(set(profiles), start=10, end=512)
    assert number is not None
    name = given.maybe_text("profile_name") or f"dba-profile_{number}"
    if number in profiles or any(profile.name == name for profile in profiles.values()):
        raise Rejected(DBA_EXISTS)
    kind = next(n for n in (1, 2, 3, 4, 5) if given.word(f"type{n}"))
    profiles[number] = DbaProfile(
        id=number,
        name=name,
        type=kind,
        fix=given.maybe_number("fix"),
        assure=given.maybe_number("assure"),
        max=given.maybe_number("max"),
    )
    console.device.commit()
    return f"  Adding a DBA profile succeeded\n  Profile ID   : {number}\n  Profile name : {name}"


def _dba_delete(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    number = given.number("id")
    if number not in configuration.dba_profiles:
        raise Rejected(NO_DBA)
    if any(number in line.tconts.values() for line in configuration.line_profiles.values()):
        raise Rejected("  Failure: The DBA-profile has been bound to the T-CONT")
    del configuration.dba_profiles[number]
    console.device.commit()
    return ""


def _line_profile(console: Console, given: Arguments) -> str:
    profiles = console.device.configuration.line_profiles
    number = given.number("id")
    draft = deepcopy(profiles.get(number)) or LineProfile(id=number, name=f"line-profile_{number}")
    draft.name = given.maybe_text("profile_name") or draft.name
    console.view = View(Mode.LINE, draft=draft)
    return ""


def _service_profile(console: Console, given: Arguments) -> str:
    profiles = console.device.configuration.service_profiles
    number = given.number("id")
    draft = deepcopy(profiles.get(number)) or ServiceProfile(id=number, name=f"srv-profile_{number}")
    draft.name = given.maybe_text("profile_name") or draft.name
    console.view = View(Mode.SERVICE, draft=draft)
    return ""


def _undo_line_profile(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    number = given.number("id")
    if number not in configuration.line_profiles:
        raise Rejected(NO_LINE_PROFILE)
    if any(ont.line_profile == number for ont in configuration.onts):
        raise Rejected("  Failure: The profile has been bound to the ONT")
    del configuration.line_profiles[number]
    console.device.commit()
    return ""


def _undo_service_profile(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    number = given.number("id")
    if number not in configuration.service_profiles:
        raise Rejected(NO_SERVICE_PROFILE)
    if any(ont.service_profile == number for ont in configuration.onts):
        raise Rejected("  Failure: The profile has been bound to the ONT")
    del configuration.service_profiles[number]
    console.device.commit()
    return ""


def _line_draft(console: Console) -> LineProfile:
    draft = console.view.draft
    assert isinstance(draft, LineProfile)
    return draft


def _service_draft(console: Console) -> ServiceProfile:
    draft = console.view.draft
    assert isinstance(draft, ServiceProfile)
    return draft


def _tcont(console: Console, given: Arguments) -> str:
    profile = console.device.configuration.dba_profiles.get(given.number("id"))
    if profile is None:
        raise Rejected(NO_DBA)
    if given.number("tcont") == OMCI_TCONT and profile.type == 4:
        raise Rejected(OMCI_TYPE4)
    _line_draft(console).tconts[given.number("tcont")] = given.number("id")
    return ""


def _gem_add(console: Console, given: Arguments) -> str:
    draft = _line_draft(console)
    number = given.number("gem")
    if number in draft.gems:
        raise Rejected("  Failure: The GEM port exists already")
    if given.number("tcont") not in draft.tconts:
        raise Rejected("  Failure: The T-CONT does not exist")
    draft.gems[number] = GemPort(
        id=number,
        tcont=given.number("tcont"),
        encrypt=given.maybe_text("on_off") == "on",
        priority_queue=given.maybe_number("queue"),
    )
    return ""


def _gem_mapping(console: Console, given: Arguments) -> str:
    gem = _line_draft(console).gems.get(given.number("gem"))
    if gem is None:
        raise Rejected(NO_GEM_PORT)
    mapping = GemMapping(index=given.number("mapping"), vlan=given.number("vlan"))
    if mapping in gem.mappings:
        raise Rejected(REPEATED)
    gem.mappings = [other for other in gem.mappings if other.index != mapping.index] + [mapping]
    return ""


def _gem_delete(console: Console, given: Arguments) -> str:
    if _line_draft(console).gems.pop(given.number("gem"), None) is None:
        raise Rejected(NO_GEM_PORT)
    return ""


def _ont_port(console: Console, given: Arguments) -> str:
    draft = _service_draft(console)
    draft.eth = given.maybe_text("eth") or draft.eth
    draft.pots = given.maybe_text("pots") or draft.pots
    return ""


def _eth_vlan(console: Console, given: Arguments) -> str:
    _service_draft(console).port_vlans[given.number("eth")] = given.number("vlan")
    return ""


def _commit_line(console: Console, _: Arguments) -> str:
    draft = _line_draft(console)
    console.device.configuration.line_profiles[draft.id] = deepcopy(draft)
    console.device.commit()
    return ""


def _commit_service(console: Console, _: Arguments) -> str:
    draft = _service_draft(console)
    console.device.configuration.service_profiles[draft.id] = deepcopy(draft)
    console.device.commit()
    return ""


def _leave_profile(console: Console, _: Arguments) -> str:
    """Leave a profile view; what was not committed is lost, and the device says so."""
    draft = console.view.draft
    configuration = console.device.configuration
    real = (
        configuration.line_profiles.get(draft.id)
        if isinstance(draft, LineProfile)
        else configuration.service_profiles.get(draft.id)
        if draft is not None
        else None
    )
    console.view = View(Mode.CONFIG)
    return "" if real == draft else COMMIT_NEEDED


def _traffic_table(console: Console, given: Arguments) -> str:
    tables = console.device.configuration.traffic_tables
    index = given.maybe_number("table") if given.has("table") else lowest_free(set(tables), start=7, end=1023)
    assert index is not None
    name = given.maybe_text("table_name") or f"ip-traffic-table_{index}"
    if index in tables or any(table.name == name for table in tables.values()):
        raise Rejected(TABLE_EXISTS)
    cir = given.number("cir")
    pir = given.maybe_number("pir") or cir
    tables[index] = TrafficTable(
        index=index,
        name=name,
        cir=cir,
        pir=pir,
        cbs=given.maybe_number("cbs") or bucket(cir),
        pbs=given.maybe_number("pbs") or bucket(pir),
        priority=given.number("priority"),
        policy=given.text("priority_policy"),
    )
    console.device.commit()
    return (
        "  Create traffic descriptor record successfully\n"
        "  ------------------------------------------------\n"
        f"  Traffic Table Index : {index}\n"
        f"  Traffic Table Name  : {name}\n"
        "  ------------------------------------------------"
    )


def _autofind(console: Console, given: Arguments) -> str:
    return _switch(console, given, console.device.configuration.autofind_ports, on=given.text("enabling") == "enable")


def _laser(console: Console, given: Arguments) -> str:
    return _switch(console, given, console.device.configuration.dark_ports, on=given.text("on_off") == "off")


def _switch(console: Console, given: Arguments, ports: list[tuple[int, int]], *, on: bool) -> str:
    """Put the port into a list or take it out; twice the same is a failure."""
    key = (console.view.slot, given.number("port"))
    if (key in ports) == on:
        raise Rejected(REPEATED)
    if on:
        ports.append(key)
    else:
        ports.remove(key)
    console.device.commit()
    return ""


CONFIG = only(Mode.CONFIG)
LINE = only(Mode.LINE)
SERVICE = only(Mode.SERVICE)
GPON = only(Mode.GPON)
_DBA_RATES = (
    "(type1 fix {fix:kbps}|type2 assure {assure:kbps}|type3 assure {assure:kbps} max {max:kbps}|type4 max {max:kbps}"
    "|type5 fix {fix:kbps} assure {assure:kbps} max {max:kbps})"
)
COMMANDS = (
    Command("vlan {vlans} {vlantype}", CONFIG, _vlan, Work.CONFIG),
    Command("port vlan {vlans} {fs} {ports}", CONFIG, _port_vlan, Work.CONFIG),
    Command("undo port vlan {vlans} {fs} {ports}", CONFIG, _undo_port_vlan, Work.CONFIG),
    Command(
        f"dba-profile add [profile-id {{id:profile}}] [profile-name {{profile_name}}] {_DBA_RATES}",
        CONFIG,
        _dba_profile,
        Work.CONFIG,
    ),
    Command("dba-profile delete profile-id {id:profile}", CONFIG, _dba_delete, Work.CONFIG),
    Command(
        "ont-lineprofile gpon profile-id {id:profile} [profile-name {profile_name}]", CONFIG, _line_profile, Work.VIEW
    ),
    Command(
        "ont-srvprofile gpon profile-id {id:profile} [profile-name {profile_name}]", CONFIG, _service_profile, Work.VIEW
    ),
    Command("undo ont-lineprofile gpon profile-id {id:profile}", CONFIG, _undo_line_profile, Work.CONFIG),
    Command("undo ont-srvprofile gpon profile-id {id:profile}", CONFIG, _undo_service_profile, Work.CONFIG),
    Command("tcont {tcont} dba-profile-id {id:profile}", LINE, _tcont, Work.CONFIG),
    Command("gem add {gem} eth tcont {tcont} [priority-queue {queue}] [encrypt {on_off}]", LINE, _gem_add, Work.CONFIG),
    Command("gem mapping {gem} {mapping} vlan {vlan}", LINE, _gem_mapping, Work.CONFIG),
    Command("gem delete {gem}", LINE, _gem_delete, Work.CONFIG),
    Command("commit", LINE, _commit_line, Work.CONFIG),
    Command(
        "ont-port (eth {eth:count} [pots {pots:count}]|pots {pots:count} [eth {eth:count}])",
        SERVICE,
        _ont_port,
        Work.CONFIG,
    ),
    Command("port vlan eth {eth} {vlan}", SERVICE, _eth_vlan, Work.CONFIG),
    Command("commit", SERVICE, _commit_service, Work.CONFIG),
    Command("quit", LINE | SERVICE, _leave_profile, Work.VIEW),
    Command(
        "traffic table ip [index {table}] [name {table_name}] cir {cir} [cbs {cbs:burst}] [pir {pir}]"
        " [pbs {pbs:burst}] priority {priority} priority-policy {priority_policy}",
        CONFIG,
        _traffic_table,
        Work.CONFIG,
    ),
    Command("port {port} ont-auto-find {enabling}", GPON, _autofind, Work.CONFIG),
    Command("port {port} laser-switch {on_off}", GPON, _laser, Work.CONFIG),
)
