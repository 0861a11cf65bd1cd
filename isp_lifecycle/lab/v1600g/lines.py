"""Commands that register ONTs and make their flows, all of them inside a PON port.

What is said about something that stands already is not established (but see `NOTHING` and the profiles' texts).
"""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.v1600g.command import Command, Handler, only
from isp_lifecycle.lab.v1600g.config import SLOT, Gem, Onu, Service, ServicePort, Tcont
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode
from isp_lifecycle.lab.v1600g.plant import NO_PROFILE, NO_VLAN

ONU_EXISTS = "Error: onu {} is already existed."
SN_EXISTS = "Error: onu sn is already existed."
SERVICE_EXISTS = "Error: service is already existed."
FLOW_EXISTS = "Error: service-port is already existed."
NO_TCONT, NO_GEM = "Error: tcont is not exist.", "Error: gemport is not exist."
NO_CONNECTION = "Error: wan is not exist."
NO_SERVICE, NO_FLOW = "Error: service is not exist.", "Error: service-port is not exist."


def _register(console: Console, given: Arguments) -> str:
    configuration, port, number = console.device.configuration, console.view.number, given.number("id")
    if given.text("profile") not in configuration.onu_profiles:
        raise Rejected(NO_PROFILE)
    if configuration.ont((SLOT, port, number)):
        raise Rejected(ONU_EXISTS.format(number))
    if configuration.ont_by_serial(given.text("sn")):
        raise Rejected(SN_EXISTS)
    configuration.onts.append(Onu(port=port, id=number, profile=given.text("profile"), serial=given.text("sn")))
    console.device.commit()
    return f"Note: Register pon {port} onu {number} OK."


def _deregister(console: Console, given: Arguments) -> str:
    ont = console.onu(given.number("id"))
    console.device.links.forget(ont)
    console.device.configuration.onts.remove(ont)
    console.device.commit()
    return ""


def _describe(console: Console, given: Arguments) -> str:
    console.onu(given.number("id")).description = given.text("name")
    console.device.commit()
    return ""


def _admin(console: Console, given: Arguments) -> str:
    """Switch an ONT off or on; doing so twice is no error."""
    console.onu(given.number("id")).active = given.word("activate")
    console.device.commit()
    return ""


def _tcont(console: Console, given: Arguments) -> str:
    """Make a T-CONT or give it another profile, hot."""
    if given.text("dba") not in {one.name for one in console.device.configuration.dba}:
        raise Rejected(NO_PROFILE)
    ont, number = console.onu(given.number("id")), given.number("index")
    old = ont.tconts.get(number)
    ont.tconts[number] = Tcont(dba=given.text("dba"), name=given.text("name") or (old.name if old else ""))
    console.device.commit()
    return ""


def _no_tcont(console: Console, given: Arguments) -> str:
    if console.onu(given.number("id")).tconts.pop(given.number("index"), None) is None:
        raise Rejected(NO_TCONT)
    console.device.commit()
    return ""


def _gem(console: Console, given: Arguments) -> str:
    ont, number = console.onu(given.number("id")), given.number("index")
    if given.number("tcont") not in ont.tconts:
        raise Rejected(NO_TCONT)
    gem = ont.gems.setdefault(number, Gem(tcont=given.number("tcont")))
    gem.tcont, gem.name = given.number("tcont"), given.text("name") or gem.name
    console.device.commit()
    return ""


def _limit(console: Console, given: Arguments) -> str:
    gem = console.onu(given.number("id")).gems.get(given.number("index"))
    if gem is None:
        raise Rejected(NO_GEM)
    named = {given.text("up"), given.text("down")} - {""}
    if not named <= {one.name for one in console.device.configuration.traffic}:
        raise Rejected(NO_PROFILE)
    gem.up, gem.down = given.text("up") or gem.up, given.text("down") or gem.down
    console.device.commit()
    return ""


def _no_gem(console: Console, given: Arguments) -> str:
    if console.onu(given.number("id")).gems.pop(given.number("index"), None) is None:
        raise Rejected(NO_GEM)
    console.device.commit()
    return ""


def _service(console: Console, given: Arguments) -> str:
    """Let the ONT put a VLAN into a GEM port, which must stand."""
    ont, name = console.onu(given.number("id")), given.text("name")
    if given.number("gem") not in ont.gems:
        raise Rejected(NO_GEM)
    if name in ont.services:
        raise Rejected(SERVICE_EXISTS)
    ont.services[name] = Service(gem=given.number("gem"), vlan=given.number("vlan"))
    console.device.commit()
    return ""


def _no_service(console: Console, given: Arguments) -> str:
    if console.onu(given.number("id")).services.pop(given.text("name"), None) is None:
        raise Rejected(NO_SERVICE)
    console.device.commit()
    return ""


def _flow(console: Console, given: Arguments) -> str:
    ont, number = console.onu(given.number("id")), given.number("index")
    wanted = ServicePort(gem=given.number("gem"), user_vlan=given.number("user_vlan"), vlan=given.number("vlan"))
    if wanted.gem not in ont.gems:
        raise Rejected(NO_GEM)
    if wanted.vlan not in console.device.configuration.vlans:
        raise Rejected(NO_VLAN)
    if number in ont.service_ports:
        raise Rejected(FLOW_EXISTS)
    ont.service_ports[number] = wanted
    console.device.commit()
    return ""


def _no_flow(console: Console, given: Arguments) -> str:
    if console.onu(given.number("id")).service_ports.pop(given.number("index"), None) is None:
        raise Rejected(NO_FLOW)
    console.device.commit()
    return ""


def _reboot(console: Console, given: Arguments) -> str:
    """Restart an ONT, without a question; what is said of one that is off is not established."""
    ont = console.onu(given.number("id"))
    if not console.device.links.online(ont):
        raise Rejected("Error: onu is offline.")
    console.device.links.restart(ont.key, cause="reset")
    return ""


def _eth(console: Console, given: Arguments) -> str:
    console.onu(given.number("id")).eth_vlan = given.number("vlan") if given.word("tag") else None
    console.device.commit()
    return ""


def _add_route(console: Console, given: Arguments) -> str:
    """The text is not established beyond "number is" and the number."""
    connections = console.onu(given.number("id")).connections
    number = max(connections, default=0) + 1
    connections[number] = {}
    console.device.commit()
    return f"The wan_adv index number is {number}"


def _route(head: str, words: str) -> Handler:
    """Return a handler that keeps a line of a connection; its words are fields of what was typed.

    A password is shown as asterisks (a simulator says so that was made from a real V1600G0-B).
    """

    def run(console: Console, given: Arguments) -> str:
        told = console.onu(given.number("id")).connections.get(given.number("connection"))
        if told is None:
            raise Rejected(NO_CONNECTION)
        values = {name: given.text(name) for name in ("mode", "user", "ip", "mask", "gw", "dns", "dns2")}
        numbers = {name: given.number(name) for name in ("mtu", "vlan") if given.has(name)}
        told[head] = words.format(**values, **numbers).replace(" slave  ", " ").replace(" dns master  ", " ")
        console.device.commit()
        return ""

    return run


def _no_route(console: Console, given: Arguments) -> str:
    if console.onu(given.number("id")).connections.pop(given.number("connection"), None) is None:
        raise Rejected(NO_CONNECTION)
    console.device.commit()
    return ""


def _commit(console: Console, given: Arguments) -> str:
    console.onu(given.number("id"))
    return ""


PON = only(Mode.PON)
LIMIT = "(upstream {up:name} [downstream {down:name}]|downstream {down:name})"
FLOW = "service-port {index} gemport {gem:index} uservlan {user_vlan:vlan} vlan {vlan} [new_cos {cos}]"
WAN = "onu {id} pri wan_adv index {connection:index}"
COMMANDS = (
    Command("onu add {id} profile {profile:name} sn {sn}", PON, _register, Work.CONFIG),
    Command("no onu {id}", PON, _deregister, Work.CONFIG),
    Command("onu {id} desc {name}", PON, _describe, Work.CONFIG),
    Command("onu {id} (activate|deactivate)", PON, _admin, Work.CONFIG),
    Command("onu {id} reboot", PON, _reboot, Work.CONFIG),
    Command("onu {id} tcont {index} [name {name}] dba {dba:name}", PON, _tcont, Work.CONFIG),
    Command("no onu {id} tcont {index}", PON, _no_tcont, Work.CONFIG),
    Command("onu {id} gemport {index} tcont {tcont:index} [gemport_name {name}]", PON, _gem, Work.CONFIG),
    Command(f"onu {{id}} gemport {{index}} traffic-limit {LIMIT}", PON, _limit, Work.CONFIG),
    Command("no onu {id} gemport {index}", PON, _no_gem, Work.CONFIG),
    Command("onu {id} service {name} gemport {gem:index} vlan {vlan} [cos {cos}]", PON, _service, Work.CONFIG),
    Command("no onu {id} service {name}", PON, _no_service, Work.CONFIG),
    Command(f"onu {{id}} {FLOW}", PON, _flow, Work.CONFIG),
    Command("no onu {id} service-port {index}", PON, _no_flow, Work.CONFIG),
    Command("onu {id} portvlan eth 1 mode (transparent|tag vlan {vlan})", PON, _eth, Work.CONFIG),
    Command("onu {id} pri wan_adv add route", PON, _add_route, Work.CONFIG),
    Command(
        f"{WAN} route mode {{mode:name}} mtu {{mtu:kbps}}",
        PON,
        _route("route mode", "{mode} mtu {mtu}"),
        Work.CONFIG,
    ),
    Command(f"{WAN} route ipv4 dhcp", PON, _route("route ipv4", "dhcp"), Work.CONFIG),
    Command(
        f"{WAN} route ipv4 pppoe proxy disable user {{user:name}} pwd {{secret:name}} mode auto nat enable",
        PON,
        _route("route ipv4", "pppoe proxy disable user {user} pwd ****** mode auto nat enable"),
        Work.CONFIG,
    ),
    Command(
        f"{WAN} route ipv4 static ip {{ip:name}} mask {{mask:name}} gw {{gw:name}}"
        " [dns master {dns:name} [slave {dns2:name}]] nat enable",
        PON,
        _route("route ipv4", "static ip {ip} mask {mask} gw {gw} dns master {dns} slave {dns2} nat enable"),
        Work.CONFIG,
    ),
    Command(f"{WAN} vlan tag wan_vlan {{vlan}} {{cos}}", PON, _route("vlan tag wan_vlan", "{vlan} 0"), Work.CONFIG),
    Command(f"{WAN} bind lan1 lan2 lan3 lan4 ssid1", PON, _route("bind", "lan1 lan2 lan3 lan4 ssid1"), Work.CONFIG),
    Command("onu {id} pri wan_adv delete index {connection:index}", PON, _no_route, Work.CONFIG),
    Command("onu {id} pri wan_adv commit", PON, _commit, Work.CONFIG),
)
