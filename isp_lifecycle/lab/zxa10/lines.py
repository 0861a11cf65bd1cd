"""Commands that register ONTs and make their flows (device-facts 2.4, 2.5)."""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import Command, only
from isp_lifecycle.lab.zxa10.config import Gem, Onu, Service, ServicePort, Tcont
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode


def _register(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    assert console.view.pon is not None
    slot, port = console.view.pon
    if given.text("type") not in configuration.onu_types:
        raise Rejected(console.says.no_type)
    # The text for a serial number that is registered elsewhere is not established; this one says as much.
    if configuration.ont((slot, port, given.number("id"))) or configuration.ont_by_serial(given.text("sn")):
        raise Rejected(console.says.exists)
    configuration.onts.append(
        Onu(slot=slot, port=port, id=given.number("id"), type=given.text("type"), serial=given.text("sn"))
    )
    console.device.announce((slot, port, given.number("id")))
    console.device.commit()
    return console.says.done


def _deregister(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    assert console.view.pon is not None
    ont = configuration.ont((*console.view.pon, given.number("id")))
    if ont is None:
        raise Rejected(console.says.no_entry)
    console.device.links.forget(ont)
    configuration.onts.remove(ont)
    console.device.commit()
    return console.says.done


def _swap(console: Console, given: Arguments) -> str:
    ont = console.onu()
    other = console.device.configuration.ont_by_serial(given.text("sn"))
    if other is not None and other is not ont:
        raise Rejected(console.says.exists)
    console.device.links.forget(ont)
    ont.serial = given.text("sn")
    console.device.commit()
    return ""


def _name(console: Console, given: Arguments) -> str:
    console.onu().name = given.text("name")
    console.device.commit()
    return ""


def _describe(console: Console, given: Arguments) -> str:
    console.onu().description = given.text("name")
    console.device.commit()
    return ""


def _admin(console: Console, given: Arguments) -> str:
    """Switch an ONT off or on; doing so twice is no error."""
    console.onu().active = given.word("no")
    console.device.commit()
    return ""


def _tcont(console: Console, given: Arguments) -> str:
    """Make a T-CONT or give it another profile, hot."""
    if given.text("profile") not in console.device.configuration.tconts:
        raise Rejected(console.says.no_profile)
    ont, number = console.onu(), given.number("index")
    old = ont.tconts.get(number)
    ont.tconts[number] = Tcont(profile=given.text("profile"), name=given.text("name") or (old.name if old else ""))
    console.device.commit()
    return ""


def _gem(console: Console, given: Arguments) -> str:
    ont, number = console.onu(), given.number("index")
    if given.number("tcont") not in ont.tconts:
        raise Rejected(console.says.no_entry)
    gem = ont.gems.setdefault(number, Gem(tcont=given.number("tcont")))
    gem.tcont, gem.name = given.number("tcont"), given.text("name") or gem.name
    console.device.commit()
    return ""


def _limit(console: Console, given: Arguments) -> str:
    gem = console.onu().gems.get(given.number("index"))
    named = {given.text("up"), given.text("down")} - {""}
    if gem is None:
        raise Rejected(console.says.no_entry)
    if not named <= set(console.device.configuration.traffic):
        raise Rejected(console.says.no_profile)
    gem.up, gem.down = given.text("up") or gem.up, given.text("down") or gem.down
    console.device.commit()
    return ""


def _flow(console: Console, given: Arguments) -> str:
    return make_flow(console, given, given.number("vport"))


def make_flow(console: Console, given: Arguments, vport: int) -> str:
    """Join a virtual port of the ONT that this console is in to a VLAN."""
    ont, number = console.onu(), given.number("index")
    svlan = given.number("svlan") if given.has("svlan") else None
    wanted = ServicePort(vport=vport, user_vlan=given.number("user_vlan"), vlan=given.number("vlan"), svlan=svlan)
    if wanted.vport not in ont.gems:
        raise Rejected(console.says.no_entry)
    if wanted.outer not in console.device.configuration.vlans:
        raise Rejected(console.says.no_such)
    if number in ont.service_ports:
        raise Rejected(console.says.service_exists)
    ont.service_ports[number] = wanted
    console.device.commit()
    return ""


def remove_flow(console: Console, given: Arguments) -> str:
    """Take away a flow of the ONT that this console is in."""
    if console.onu().service_ports.pop(given.number("index"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def _no_gem(console: Console, given: Arguments) -> str:
    if console.onu().gems.pop(given.number("index"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def _no_tcont(console: Console, given: Arguments) -> str:
    if console.onu().tconts.pop(given.number("index"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def _service(console: Console, given: Arguments) -> str:
    """Let the ONT put a VLAN into a GEM port, which must stand."""
    ont, name = console.onu(), given.text("name")
    if given.number("gem") not in ont.gems:
        raise Rejected(console.says.no_entry)
    if name in ont.services:
        raise Rejected(console.says.record_exists)
    ont.services[name] = Service(gem=given.number("gem"), vlan=given.number("vlan"))
    console.device.commit()
    return ""


def _no_service(console: Console, given: Arguments) -> str:
    if console.onu().services.pop(given.text("name"), None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def _reboot(console: Console, given: Arguments) -> str:
    """Restart the ONT that this console is inside; what is said of one that is off is not established."""
    ont = console.onu()
    if not console.device.links.online(ont):
        raise Rejected(console.says.offline)
    console.device.links.restart(ont.key, cause="reset")
    return ""


def _told(console: Console, head: str, words: str) -> str:
    """Keep what an ONT is told, in place of what it was told of the same before."""
    console.onu().remote[head] = words
    console.device.commit()
    return ""


def _port(console: Console, given: Arguments) -> str:
    """A tag on the ONT's first Ethernet port, or none."""
    if not given.word("no"):
        return _told(console, "vlan port eth_0/1", f"mode tag vlan {given.number('vlan')}")
    return _forget(console, "vlan port eth_0/1")


def _forget(console: Console, head: str) -> str:
    if console.onu().remote.pop(head, None) is None:
        raise Rejected(console.says.no_entry)
    console.device.commit()
    return ""


def wan_ip(console: Console, given: Arguments, head: str) -> str:
    """A router that tags by a profile, which must stand; the password is kept in the clear, as people's ZXA10s do."""
    if given.text("profile") not in console.device.configuration.onu_vlans:
        raise Rejected(console.says.no_profile)
    account = f" username {given.text('user')} password {given.text('secret')}" if given.has("user") else ""
    mode = "dhcp" if given.word("dhcp") else f"pppoe{account}"
    return _told(console, head, f"mode {mode} vlan-profile {given.text('profile')} host 1")


def no_wan_ip(console: Console, given: Arguments, head: str) -> str:
    """The router is none any more."""
    return _forget(console, head)


def _classic_wan_ip(console: Console, given: Arguments) -> str:
    return (no_wan_ip if given.word("no") else wan_ip)(console, given, "wan-ip 1")


def _wan_use(console: Console, given: Arguments) -> str:
    return _forget(console, "wan 1") if given.word("no") else _told(console, "wan 1", "service internet host 1")


def _vlan_profile(console: Console, given: Arguments) -> str:
    """Make a VLAN profile; that one of the same name is made again with its new VLAN is assumed."""
    console.device.configuration.onu_vlans[given.text("profile")] = given.number("vlan")
    console.device.commit()
    return ""


REBOOT_QUESTION = "Confirm to reboot? [yes/no]:"
WAN_MODE = "(pppoe [username {user:name} password {secret:name}]|dhcp) vlan-profile {profile} host {host:index}"
ONU, PON, REMOTE = only(Mode.ONU), only(Mode.PON), only(Mode.REMOTE)
COMMON = (
    Command("onu {id} type {type} sn {sn}", PON, _register, Work.CONFIG),
    Command("no onu {id}", PON, _deregister, Work.CONFIG),
    Command("registration-method sn {sn}", ONU, _swap, Work.CONFIG),
    Command("name {name}", ONU, _name, Work.CONFIG),
    Command("description {name}", ONU, _describe, Work.CONFIG),
    Command("tcont {index} [name {name}] profile {profile}", ONU, _tcont, Work.CONFIG),
    Command("no tcont {index}", ONU, _no_tcont, Work.CONFIG),
    Command("gemport {index} [name {name}] [unicast] tcont {tcont:index} [dir both]", ONU, _gem, Work.CONFIG),
    Command("no gemport {index}", ONU, _no_gem, Work.CONFIG),
    Command("service {name} gemport {gem:index} [cos {cos}] vlan {vlan}", REMOTE, _service, Work.CONFIG),
    Command("no service {name}", REMOTE, _no_service, Work.CONFIG),
    Command("reboot", REMOTE, _reboot, Work.CONFIG, confirm=REBOOT_QUESTION),
    Command("vlan port eth_0/1 mode tag vlan {vlan}", REMOTE, _port, Work.CONFIG),
    Command("no vlan port eth_0/1 mode", REMOTE, _port, Work.CONFIG),
    Command("wan 1 service internet host {host:index}", REMOTE, _wan_use, Work.CONFIG),
    Command("no wan 1", REMOTE, _wan_use, Work.CONFIG),
    Command("onu profile vlan {profile} tag-mode tag cvlan {vlan}", only(Mode.GPON), _vlan_profile, Work.CONFIG),
)
COMMANDS = (
    *COMMON,
    Command("[no] shutdown", ONU, _admin, Work.CONFIG),
    Command(
        "gemport {index} traffic-limit (upstream {up:profile} [downstream {down:profile}]|downstream {down:profile})",
        ONU,
        _limit,
        Work.CONFIG,
    ),
    Command(
        "service-port {index} vport {vport:index} user-vlan {user_vlan:vlan} vlan {vlan} [svlan {svlan:vlan}]",
        ONU,
        _flow,
        Work.CONFIG,
    ),
    Command(f"wan-ip 1 mode {WAN_MODE}", REMOTE, _classic_wan_ip, Work.CONFIG),
    Command("no wan-ip 1", REMOTE, _classic_wan_ip, Work.CONFIG),
    Command("no service-port {index}", ONU, remove_flow, Work.CONFIG),
)
