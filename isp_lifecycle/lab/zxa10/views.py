"""Commands that move about in the command line, and the one that saves."""

from isp_lifecycle.lab.links import OntKey
from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.zxa10.command import ANYWHERE, PRIVILEGED, Command, Handler, only
from isp_lifecycle.lab.zxa10.console import NO_SUCH, Arguments, Console, Mode, View

CONFIGURING = frozenset(Mode) - {Mode.USER, Mode.PRIVILEGED}
INFO = "%Info 20272: Enter configuration commands, one per line.  End with CTRL/Z."


def _to(mode: Mode, text: str = "") -> Handler:
    """Return a handler that goes to a mode and says something."""

    def run(console: Console, given: Arguments) -> str:
        console.view = View(mode)
        return text

    return run


def _interface(console: Console, given: Arguments) -> str:
    configuration = console.device.configuration
    if given.has("pon"):
        if not configuration.has_port(*given.pon()):
            raise Rejected(NO_SUCH)
        console.view = View(Mode.PON, pon=given.pon())
    elif given.has("onu"):
        console.view = View(Mode.ONU, onu=_ready(console, given))
    else:
        if given.text("uplink") not in configuration.uplinks:
            raise Rejected(NO_SUCH)
        console.view = View(Mode.UPLINK, uplink=given.text("uplink"))
    return ""


def _remote(console: Console, given: Arguments) -> str:
    console.view = View(Mode.REMOTE, onu=_ready(console, given))
    return ""


def _ready(console: Console, given: Arguments) -> OntKey:
    """Return the ONT that was named, once its interface has come."""
    key = console.onu(given.onu()).key
    if not console.device.has_interface(key):
        raise Rejected(NO_SUCH)
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


COMMANDS = (
    Command("enable", only(Mode.USER, Mode.PRIVILEGED), _to(Mode.PRIVILEGED), Work.VIEW),
    Command("configure terminal", only(Mode.PRIVILEGED), _to(Mode.CONFIG, INFO), Work.VIEW),
    Command("vlan database", CONFIGURING, _to(Mode.VLANS), Work.VIEW),
    Command("gpon", CONFIGURING, _to(Mode.GPON), Work.VIEW),
    Command("interface ({pon}|{onu}|{uplink})", CONFIGURING, _interface, Work.VIEW),
    Command("pon-onu-mng {onu}", CONFIGURING, _remote, Work.VIEW),
    Command("exit", ANYWHERE, _exit, Work.VIEW),
    Command("end", CONFIGURING, _to(Mode.PRIVILEGED), Work.VIEW),
    Command("terminal length {lines}", PRIVILEGED, _length, Work.VIEW),
    Command("write", only(Mode.PRIVILEGED), _write, Work.CONFIG),
)
