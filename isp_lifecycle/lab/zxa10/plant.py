"""Commands of the one-time plant configuration: VLANs, uplinks, profiles (device-facts 2.4)."""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import Command, only
from isp_lifecycle.lab.zxa10.config import TcontProfile, TrafficProfile
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode


def _vlan(console: Console, given: Arguments) -> str:
    """Create VLANs; one that stands already stays as it is, without a word."""
    configuration = console.device.configuration
    configuration.vlans = sorted({*configuration.vlans, *given.numbers("vlans")})
    console.device.commit()
    return ""


def remove_vlan(console: Console, given: Arguments) -> str:
    """Take a VLAN away."""
    configuration = console.device.configuration
    if given.number("vlan") not in configuration.vlans:
        raise Rejected(f"%Error 1002: vlan {given.number('vlan')} does not exist")
    configuration.vlans.remove(given.number("vlan"))
    console.device.commit()
    return ""


def _tag(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    wanted = set(given.numbers("vlans"))
    if not wanted <= set(configuration.vlans):
        raise Rejected(console.says.no_such)
    uplink = console.view.uplink
    configuration.uplinks[uplink] = sorted({*configuration.uplinks[uplink], *wanted})
    console.device.commit()
    return ""


def _untag(console: Console, given: Arguments) -> str:
    uplinks = console.device.configuration.uplinks
    gone = set(given.numbers("vlans"))
    uplinks[console.view.uplink] = [vlan for vlan in uplinks[console.view.uplink] if vlan not in gone]
    console.device.commit()
    return ""


def _tcont_profile(console: Console, given: Arguments) -> str:
    """Create a profile or change it, which changes every ONT that uses it."""
    name = given.text("profile")
    console.device.configuration.tconts[name] = TcontProfile(
        name=name,
        type=given.number("class"),
        fixed=given.number("fixed"),
        assured=given.number("assured"),
        maximum=given.number("maximum"),
    )
    console.device.commit()
    return console.says.done


def _traffic_profile(console: Console, given: Arguments) -> str:
    name = given.text("profile")
    profile = TrafficProfile(name=name, sir=given.number("sir"), pir=given.number("pir"))
    console.device.configuration.traffic[name] = profile
    console.device.commit()
    return console.says.done


def _no_tcont_profile(console: Console, given: Arguments) -> str:
    if console.device.configuration.tconts.pop(given.text("profile"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def remove_traffic_profile(console: Console, given: Arguments) -> str:
    """Take a traffic profile away; whoever refers to it is not asked."""
    if console.device.configuration.traffic.pop(given.text("profile"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


COMMON = (
    Command("switchport vlan {vlans} tag", only(Mode.UPLINK), _tag, Work.CONFIG),
    Command("no switchport vlan {vlans}", only(Mode.UPLINK), _untag, Work.CONFIG),
    Command(
        "profile tcont {profile} type {class} [fixed {fixed:kbps}] [assured {assured:kbps}] [maximum {maximum:kbps}]",
        only(Mode.GPON),
        _tcont_profile,
        Work.CONFIG,
    ),
    Command("no profile tcont {profile}", only(Mode.GPON), _no_tcont_profile, Work.CONFIG),
)
COMMANDS = (
    *COMMON,
    Command("vlan {vlans}", only(Mode.VLANS, Mode.CONFIG), _vlan, Work.CONFIG),
    Command("no vlan {vlan}", only(Mode.VLANS, Mode.CONFIG), remove_vlan, Work.CONFIG),
    Command("profile traffic {profile} sir {sir:kbps} pir {pir:kbps}", only(Mode.GPON), _traffic_profile, Work.CONFIG),
    Command("no profile traffic {profile}", only(Mode.GPON), remove_traffic_profile, Work.CONFIG),
)
