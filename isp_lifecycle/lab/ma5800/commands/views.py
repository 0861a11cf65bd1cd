"""Commands that change the terminal: views, hints, paging, alarms, the end of the session."""

from dataclasses import replace

from isp_lifecycle.lab.ma5800.answers import WRONG_BOARD, Rejected
from isp_lifecycle.lab.ma5800.command import ANYWHERE, PRIVILEGED, Command, only
from isp_lifecycle.lab.ma5800.console import DEFAULT_PAGE, Arguments, Console, Mode, View
from isp_lifecycle.lab.terminal import Work

SAVE_STARTED = "  It will take several minutes to save configuration file, please wait..."
UP = {
    Mode.CONFIG: Mode.ENABLE,
    Mode.GPON: Mode.CONFIG,
    Mode.DIAGNOSE: Mode.ENABLE,
}


def _enable(console: Console, _: Arguments) -> str:
    console.view = View(Mode.ENABLE)
    return ""


def _disable(console: Console, _: Arguments) -> str:
    console.view = View(Mode.USER)
    return ""


def _config(console: Console, _: Arguments) -> str:
    console.view = View(Mode.CONFIG)
    return ""


def _diagnose(console: Console, _: Arguments) -> str:
    console.view = View(Mode.DIAGNOSE)
    return ""


def _interface_gpon(console: Console, given: Arguments) -> str:
    (slot,) = given.place("fs")
    if slot not in console.device.configuration.pon_slots:
        raise Rejected(WRONG_BOARD)
    console.view = View(Mode.GPON, slot=slot)
    return ""


def _quit(console: Console, _: Arguments) -> str:
    """Go one view up; from the top the terminal starts the log-out dialogue instead."""
    if console.view.mode in UP:
        console.view = replace(View(), mode=UP[console.view.mode])
    else:
        console.leaving = True
    return ""


def _smart(console: Console, given: Arguments) -> str:
    console.smart = not given.word("undo")
    return f"  Interactive function is {'enabled' if console.smart else 'disabled'}"


def _interactive(console: Console, given: Arguments) -> str:
    console.interactive = not given.word("undo")
    return f"  Interactive function is {'enabled' if console.interactive else 'disabled'}"


def _scroll(console: Console, given: Arguments) -> str:
    console.page_lines = given.maybe_number("lines")
    return ""


def _undo_scroll(console: Console, _: Arguments) -> str:
    console.page_lines = DEFAULT_PAGE
    return ""


def _infoswitch(console: Console, given: Arguments) -> str:
    console.alarms = given.text("cli_switch") == "ON"
    return ""


def _alarm_output(console: Console, given: Arguments) -> str:
    if given.word("alarm"):
        console.alarms = not given.word("undo")
    return ""


def _idle_timeout(console: Console, given: Arguments) -> str:
    minutes = given.maybe_number("minutes")
    console.idle_seconds = 300.0 if minutes is None else minutes * 60.0
    return ""


def _mmi(console: Console, given: Arguments) -> str:
    """Switch the machine-machine mode: a terminal without echo and without hints."""
    console.echo = given.word("disable")
    console.smart = False
    return ""


def _save(console: Console, _: Arguments) -> str:
    """Begin to save; a device that is saving already refuses, as it refuses every change."""
    console.device.start_saving()
    return SAVE_STARTED


COMMANDS = (
    Command("enable", only(Mode.USER), _enable, Work.VIEW),
    Command("disable", only(Mode.ENABLE), _disable, Work.VIEW),
    Command("config", only(Mode.ENABLE), _config, Work.VIEW),
    Command("diagnose", only(Mode.ENABLE, Mode.CONFIG), _diagnose, Work.VIEW),
    Command("interface gpon {fs}", only(Mode.CONFIG), _interface_gpon, Work.VIEW),
    Command("quit", ANYWHERE - {Mode.LINE, Mode.SERVICE}, _quit, Work.VIEW),
    Command("return", frozenset(UP) | {Mode.LINE, Mode.SERVICE}, _enable, Work.VIEW),
    Command("[undo] smart", ANYWHERE, _smart, Work.VIEW),
    Command("[undo] interactive", ANYWHERE, _interactive, Work.VIEW),
    Command("scroll [{lines}]", ANYWHERE, _scroll, Work.VIEW),
    Command("undo scroll", ANYWHERE, _undo_scroll, Work.VIEW),
    Command("infoswitch cli {cli_switch}", PRIVILEGED, _infoswitch, Work.VIEW),
    Command("[undo] (alarm|event) output all", PRIVILEGED, _alarm_output, Work.VIEW),
    Command("idle-timeout {minutes}", ANYWHERE, _idle_timeout, Work.VIEW),
    Command("undo idle-timeout", ANYWHERE, _idle_timeout, Work.VIEW),
    Command("mmi-mode (enable|disable)", only(Mode.CONFIG), _mmi, Work.VIEW),
    Command("save [configuration|data]", PRIVILEGED, _save, Work.CONFIG),
)
