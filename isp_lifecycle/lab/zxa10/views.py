"""Commands that move about in the command line, and the one that saves."""

from isp_lifecycle.lab.links import OntKey
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import ANYWHERE, PRIVILEGED, Command, Handler, only
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode, View

CONFIGURING = frozenset(Mode) - {Mode.USER, Mode.PRIVILEGED}


def _to(mode: Mode) -> Handler:
    """Return a handler that goes to a mode."""

    def run(console: Console, given: Arguments) -> str:
        console.view = View(mode)
        return ""

    return run


def _configure(console: Console, given: Arguments) -> str:
    console.view = View(Mode.CONFIG)
    return console.says.configuring


def enter_interface(console: Console, given: Arguments) -> str:
    """Go into a PON port, an ONT or a port towards the core."""
    configuration = console.device.configuration
    if given.has("pon"):
        if not configuration.has_port(*given.pon()):
            raise Rejected(console.says.no_such)
        console.view = View(Mode.PON, pon=given.pon())
    elif given.has("onu"):
        console.view = View(Mode.ONU, onu=_ready(console, given))
    else:
        if given.text("uplink") not in configuration.uplinks:
            raise Rejected(console.says.no_such)
        console.view = View(Mode.UPLINK, uplink=given.text("uplink"))
    return ""


def _remote(console: Console, given: Arguments) -> str:
    console.view = View(Mode.REMOTE, onu=_ready(console, given))
    return ""


def _ready(console: Console, given: Arguments) -> OntKey:
    """Return the ONT that was named, once its interface has come."""
    return ready(console, given.onu())


def ready(console: Console, key: OntKey) -> OntKey:
    """Return an ONT's key once its interface has come; Rejected when there is none (yet)."""
    key = console.onu(key).key
    if not console.device.has_interface(key):
        raise Rejected(console.says.no_such)
    return key


def _exit(console: Console, given: Arguments) -> str:
    """Go one level up; from the top, leave."""
    if console.view.mode in (Mode.USER, Mode.PRIVILEGED):
        console.leaving = True
    else:
        console.view = View(Mode.PRIVILEGED if console.view.mode is Mode.CONFIG else Mode.CONFIG)
    return ""


def _length(console: Console, given: Arguments) -> str:
    console.page_lines = given.number("lines") or None
    return ""


def _write(console: Console, given: Arguments) -> str:
    console.device.start_saving()
    return ""


COMMON = (
    Command("enable", only(Mode.USER, Mode.PRIVILEGED), _to(Mode.PRIVILEGED), Work.VIEW),
    Command("configure terminal", only(Mode.PRIVILEGED), _configure, Work.VIEW),
    Command("gpon", CONFIGURING, _to(Mode.GPON), Work.VIEW),
    Command("pon-onu-mng {onu}", CONFIGURING, _remote, Work.VIEW),
    Command("exit", ANYWHERE, _exit, Work.VIEW),
    Command("end", CONFIGURING, _to(Mode.PRIVILEGED), Work.VIEW),
    Command("terminal length {lines}", PRIVILEGED, _length, Work.VIEW),
    Command("write", only(Mode.PRIVILEGED), _write, Work.CONFIG),
)
COMMANDS = (
    *COMMON,
    Command("vlan database", CONFIGURING, _to(Mode.VLANS), Work.VIEW),
    Command("interface ({pon}|{onu}|{uplink})", CONFIGURING, enter_interface, Work.VIEW),
)
