"""Commands that move about in the command line, and the one that saves."""

from isp_lifecycle.lab.terminal import Rejected, Work
from isp_lifecycle.lab.v1600g.command import ANYWHERE, CONFIGURING, PRIVILEGED, Command, Handler, only
from isp_lifecycle.lab.v1600g.config import DbaProfile, TrafficProfile
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode, View

NO_PORT = "Error: interface is not exist."  # not established
PROFILE_EXISTS = "Profile already existed."


def _to(mode: Mode) -> Handler:
    """Return a handler that goes to a mode."""

    def run(console: Console, given: Arguments) -> str:
        console.view = View(mode)
        return ""

    return run


def _pon(console: Console, given: Arguments) -> str:
    if not 1 <= given.number("port") <= console.device.configuration.ports:
        raise Rejected(NO_PORT)
    console.view = View(Mode.PON, given.number("port"))
    return ""


def _uplink(console: Console, given: Arguments) -> str:
    if given.number("port") not in console.device.configuration.uplinks:
        raise Rejected(NO_PORT)
    console.view = View(Mode.UPLINK, given.number("port"))
    return ""


def _dba(console: Console, given: Arguments) -> str:
    """Begin a profile, or go into the one that stands; another name for its number is refused."""
    number, name = given.number("profile_id"), given.text("name")
    standing = [one for one in console.device.configuration.dba if number == one.number or name == one.name]
    if standing and (standing[0].number, standing[0].name) != (number, name):
        raise Rejected(PROFILE_EXISTS)
    console.view = View(Mode.DBA, number, DbaProfile(number=number, name=name))
    return "" if standing else f"profile_id:{number} create success"


def _traffic(console: Console, given: Arguments) -> str:
    number, name = given.number("profile_id"), given.text("name")
    standing = [one for one in console.device.configuration.traffic if number == one.number or name == one.name]
    if standing and (standing[0].number, standing[0].name) != (number, name):
        raise Rejected(PROFILE_EXISTS)
    console.view = View(Mode.TRAFFIC, number, TrafficProfile(number=number, name=name))
    return "" if standing else f"profile_id:{number} create success"


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
    return "Building Configuration..."


INSIDE = CONFIGURING
COMMANDS = (
    Command("configure terminal", only(Mode.PRIVILEGED), _to(Mode.CONFIG), Work.VIEW),
    Command("interface gpon {port}", INSIDE, _pon, Work.VIEW),
    Command("interface gigabitethernet {port}", INSIDE, _uplink, Work.VIEW),
    Command("profile dba id {profile_id} name {name}", only(Mode.CONFIG), _dba, Work.CONFIG),
    Command("profile traffic id {profile_id} name {name}", only(Mode.CONFIG), _traffic, Work.CONFIG),
    Command("exit", ANYWHERE, _exit, Work.VIEW),
    Command("end", CONFIGURING, _to(Mode.USER), Work.VIEW),
    Command("terminal length {lines}", PRIVILEGED, _length, Work.VIEW),
    Command("write", only(Mode.PRIVILEGED), _write, Work.CONFIG),
)
