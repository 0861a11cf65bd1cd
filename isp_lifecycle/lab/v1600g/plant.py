"""Commands of the one-time plant configuration: VLANs, uplinks, profiles."""

from dataclasses import replace

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.v1600g.command import Command, only
from isp_lifecycle.lab.v1600g.config import DbaProfile, TrafficProfile
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode, View

NO_VLAN = "Error: vlan is not exist."  # not established
NO_PROFILE = "Error: profile isn't existed."
IN_USE = "Error: can't delete profile, it is used."


def _vlan(console: Console, given: Arguments) -> str:
    """Create VLANs and go into the first; those that stand already stay as they are, without a word."""
    configuration = console.device.configuration
    configuration.vlans = sorted({*configuration.vlans, *given.vlans()})
    console.view = View(Mode.VLAN, given.number("first"))
    console.device.commit()
    return ""


def _no_vlan(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    if given.number("vlan") not in configuration.vlans:
        raise Rejected(NO_VLAN)
    configuration.vlans.remove(given.number("vlan"))
    console.device.commit()
    return ""


def _tag(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    wanted = set(given.vlans())
    if not wanted <= set(configuration.vlans):
        raise Rejected(NO_VLAN)
    port = console.view.number
    configuration.uplinks[port] = sorted({*configuration.uplinks[port], *wanted})
    console.device.commit()
    return ""


def _untag(console: Console, given: Arguments) -> str:
    uplinks, port = console.device.configuration.uplinks, console.view.number
    uplinks[port] = [vlan for vlan in uplinks[port] if vlan not in given.vlans()]
    console.device.commit()
    return ""


def _type(console: Console, given: Arguments) -> str:
    """Write the draft's bandwidth; only `commit` makes a profile of it."""
    draft = console.view.draft
    assert isinstance(draft, DbaProfile)
    fixed, assured, maximum = (given.number(name) for name in ("fixed", "assured", "maximum"))
    written = replace(draft, type=given.number("class"), fixed=fixed, assured=assured, maximum=maximum)
    console.view = replace(console.view, draft=written)
    return ""


def _rates(console: Console, given: Arguments) -> str:
    draft = console.view.draft
    assert isinstance(draft, TrafficProfile)
    console.view = replace(console.view, draft=replace(draft, sir=given.number("sir"), pir=given.number("pir")))
    return ""


def _commit(console: Console, given: Arguments) -> str:
    """Make the draft a profile, or change the one that stands, and with it every ONT that uses it."""
    draft, configuration = console.view.draft, console.device.configuration
    if isinstance(draft, DbaProfile):
        others = [one for one in configuration.dba if one.number != draft.number]
        configuration.dba = sorted([*others, draft], key=lambda one: one.number)
    elif draft is not None:
        kept = [one for one in configuration.traffic if one.number != draft.number]
        configuration.traffic = sorted([*kept, draft], key=lambda one: one.number)
    console.device.commit()
    return ""


def _no_profile(console: Console, given: Arguments) -> str:
    configuration, number = console.device.configuration, given.number("profile_id")
    known = configuration.dba if given.word("dba") else configuration.traffic
    name = next((one.name for one in known if one.number == number), None)
    if name is None:
        raise Rejected(NO_PROFILE)
    used = {tcont.dba for ont in configuration.onts for tcont in ont.tconts.values()}
    if not given.word("dba"):
        used = {limit for ont in configuration.onts for gem in ont.gems.values() for limit in (gem.up, gem.down)}
    if name in used:
        raise Rejected(IN_USE)
    configuration.dba = [one for one in configuration.dba if not (given.word("dba") and one.number == number)]
    configuration.traffic = [one for one in configuration.traffic if given.word("dba") or one.number != number]
    console.device.commit()
    return ""


TYPE = "type {class} [fixed {fixed:kbps}] [assured {assured:kbps}] [maximum {maximum:kbps}]"
SOME = "{first:vlan} [(-|to) {last:vlan}]"
COMMANDS = (
    Command(f"vlan {SOME}", only(Mode.CONFIG, Mode.VLAN), _vlan, Work.CONFIG),
    Command("no vlan {vlan}", only(Mode.CONFIG, Mode.VLAN), _no_vlan, Work.CONFIG),
    Command(f"switchport hybrid vlan {SOME} tagged", only(Mode.UPLINK), _tag, Work.CONFIG),
    Command(f"no switchport hybrid vlan {SOME}", only(Mode.UPLINK), _untag, Work.CONFIG),
    Command(TYPE, only(Mode.DBA), _type, Work.CONFIG),
    Command("sir {sir:kbps} pir {pir:kbps}", only(Mode.TRAFFIC), _rates, Work.CONFIG),
    Command("commit", only(Mode.DBA, Mode.TRAFFIC), _commit, Work.CONFIG),
    Command("no profile (dba|traffic) id {profile_id}", only(Mode.CONFIG), _no_profile, Work.CONFIG),
)
