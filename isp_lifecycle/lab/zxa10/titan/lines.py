"""Commands of a C600 for VLANs, traffic profiles, and the flows on virtual ports (device-facts 2.6)."""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import Command, only
from isp_lifecycle.lab.zxa10.config import TrafficProfile
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode, View
from isp_lifecycle.lab.zxa10.lines import WAN_MODE, make_flow, no_wan_ip, remove_flow, wan_ip
from isp_lifecycle.lab.zxa10.plant import remove_traffic_profile, remove_vlan
from isp_lifecycle.lab.zxa10.titan.kinds import TITAN_KINDS
from isp_lifecycle.lab.zxa10.views import CONFIGURING, enter_interface, ready


def _vlan(console: Console, given: Arguments) -> str:
    """Create a VLAN unless it stands, and go into it."""
    configuration = console.device.configuration
    configuration.vlans = sorted({*configuration.vlans, given.number("vlan")})
    console.view = View(Mode.VLAN, vlan=given.number("vlan"))
    console.device.commit()
    return ""


def _interface(console: Console, given: Arguments) -> str:
    if not given.has("vport"):
        return enter_interface(console, given)
    key, number = given.vport()
    ready(console, key)
    if number not in console.onu(key).gems:
        raise Rejected(console.says.no_such)
    console.view = View(Mode.VPORT, onu=key, vport=number)
    return ""


def _admin(console: Console, given: Arguments) -> str:
    """Switch an ONT off or on; doing so twice is no error."""
    console.onu().active = given.word("enable")
    console.device.commit()
    return ""


def _flow(console: Console, given: Arguments) -> str:
    return make_flow(console, given, console.view.vport)


def _wan_ip(console: Console, given: Arguments) -> str:
    return (no_wan_ip if given.word("no") else wan_ip)(console, given, "wan-ip ipv4")


def _policy(console: Console, given: Arguments) -> str:
    """Limit a virtual port, hot; both directions are named after profiles of one kind."""
    gem = console.onu().gems.get(console.view.vport)
    if gem is None:
        raise Rejected(console.says.no_entry)
    if given.text("profile") not in console.device.configuration.traffic:
        raise Rejected(console.says.no_profile)
    if given.word("egress"):
        gem.down = given.text("profile")
    else:
        gem.up = given.text("profile")
    console.device.commit()
    return ""


def _traffic_profile(console: Console, given: Arguments) -> str:
    """Create a profile or change it, which changes every virtual port that uses it."""
    name = given.text("profile")
    console.device.configuration.traffic[name] = TrafficProfile(
        name=name,
        sir=given.number("cir"),
        pir=given.number("pir"),
        cbs=given.number("cbs"),
        pbs=given.number("pbs"),
    )
    console.device.commit()
    return ""


CONFIG, VPORT, ONU = only(Mode.CONFIG), only(Mode.VPORT), only(Mode.ONU)
COMMANDS = (
    Command("vlan {vlan}", CONFIG, _vlan, Work.CONFIG, TITAN_KINDS),
    Command("no vlan {vlan}", CONFIG, remove_vlan, Work.CONFIG, TITAN_KINDS),
    Command(
        "traffic-profile {profile} cir {cir:kbps} cbs {cbs:kbps} pir {pir:kbps} pbs {pbs:kbps}"
        " [color-mode blind policer-type enhanced_mef coupling-flag enable]",
        CONFIG,
        _traffic_profile,
        Work.CONFIG,
        TITAN_KINDS,
    ),
    Command("no traffic-profile {profile}", CONFIG, remove_traffic_profile, Work.CONFIG, TITAN_KINDS),
    Command("interface ({pon}|{onu}|{vport}|{uplink})", CONFIGURING, _interface, Work.VIEW, TITAN_KINDS),
    Command("admin (enable|disable)", ONU, _admin, Work.CONFIG, TITAN_KINDS),
    Command(
        "service-port {index} user-vlan {user_vlan:vlan} vlan {vlan} [svlan {svlan:vlan}]",
        VPORT,
        _flow,
        Work.CONFIG,
        TITAN_KINDS,
    ),
    Command(f"wan-ip ipv4 mode {WAN_MODE}", only(Mode.REMOTE), _wan_ip, Work.CONFIG, TITAN_KINDS),
    Command("no wan-ip ipv4", only(Mode.REMOTE), _wan_ip, Work.CONFIG, TITAN_KINDS),
    Command("no service-port {index}", VPORT, remove_flow, Work.CONFIG, TITAN_KINDS),
    Command("qos traffic-policy {profile} direction (egress|ingress)", VPORT, _policy, Work.CONFIG, TITAN_KINDS),
)
