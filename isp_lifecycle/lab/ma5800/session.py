"""One session on an MA5800's command line: the login block, hints that wait, questions, alarms that interrupt."""

import asyncio

from isp_lifecycle.lab.alarms import Alarm
from isp_lifecycle.lab.device import LastLogin
from isp_lifecycle.lab.ma5800.alarms import alarm_block
from isp_lifecycle.lab.ma5800.answers import BUSY, PORT_FULL
from isp_lifecycle.lab.ma5800.console import Console
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.layout import stamp
from isp_lifecycle.lab.ma5800.interpreter import Hint, Ready, Refusal, expected_next, interpret
from isp_lifecycle.lab.pace import LATE_WARNING, LOGIN
from isp_lifecycle.lab.screen import Pager, Wire
from isp_lifecycle.lab.terminal import Doing, TerminalSession

COMMAND_INDENT = 10
QUIT_NOTE = "  Check whether system data has been changed. Please save data before logout."
QUIT_QUESTION = "Are you sure to log out? (y/n)[n]:"
QUIT_DONE = "  Configuration console exit, please retry to log on"
TIMED_OUT = "  Configuration console time out, please retry to log on"
REENTER = "  Reenter times have reached the upper limit."
LATE_TEXT = (
    "  Warning: The user password is set by other administrator or NMS, it is\nrecommended to change the password."
)
# A SmartAX's own words are not established; these are those of the maker's routers (VRP) for a password that must go.
EXPIRED = "Warning: The password has expired.\nThe password needs to be changed. Change now? [Y/N]:"
UNKNOWN_ANSWER = "  Failure: Operation is not permitted in the current state (0x1c)"
MORE = "---- More ( Press 'Q' to break ) ----"
PAGER = Pager(MORE, f"\x1b[{len(MORE)}D{' ' * len(MORE)}\x1b[{len(MORE)}D")


class Session(TerminalSession):
    """One logged-in terminal of one device."""

    busy = BUSY
    full = PORT_FULL
    expired = EXPIRED
    unknown_answer = UNKNOWN_ANSWER
    timed_out = TIMED_OUT

    def __init__(self, device: Device, wire: Wire, *, account: str, address: str, idle_seconds: float) -> None:
        self.console = Console(device, account, idle_seconds=idle_seconds)
        super().__init__(device, wire, PAGER, self.console, address=address)

    async def run(self, *, connected_at: float) -> None:
        """Hold the whole conversation, with the device's interruptions; returns when it is over."""
        self.device.on_alarm.append(self._alarm)
        warning = asyncio.create_task(self._warn_late())
        try:
            await super().run(connected_at=connected_at)
        finally:
            warning.cancel()
            self.device.on_alarm.remove(self._alarm)

    def _alarm(self, alarm: Alarm) -> None:
        if self.console.alarms:
            self.screen.break_in(alarm_block(alarm))

    # login and logout

    def greeting(self) -> str:
        """Return the login block."""
        rule = "  " + "-" * 77
        last = self.device.last_login or LastLogin(self.device.started_at, None, "127.0.0.1")
        lines = [
            "",
            "  Huawei Integrated Access Software (MA5800).",
            "  Copyright(C) Huawei Technologies Co., Ltd. 2002-2021. All rights reserved.",
            "",
            rule,
            "  User last login information:",
            rule,
            "  Access Type : SSH",
            f"  IP-Address  : {last.address}",
            f"  Login  Time : {stamp(last.came)}",
            f"  Logout Time : {stamp(last.left)}",
            rule,
        ]
        if self.device.failed_logins:
            when = stamp(self.device.now())
            lines += [
                rule,
                "  All user fail login information:",
                rule,
                "  Access Type IP-Address           Time                          Login Times",
                rule,
                f"  SSH         {self.address:<20} {when:<27} {self.device.failed_logins:>13}",
                rule,
            ]
        return "\n".join(lines) + "\n"

    async def _warn_late(self) -> None:
        """Print the warning that comes when the first prompt already stands, and so brings a second one."""
        await self.pass_time(LOGIN)
        await self.pass_time(LATE_WARNING)
        self.screen.break_in(LATE_TEXT)

    async def leave(self) -> None:
        """Ask before the session ends; the answer no stays."""
        self.screen.write(f"{QUIT_NOTE}\n")
        if await self.confirmed(QUIT_QUESTION):
            self.screen.write(f"{QUIT_DONE}\n")
        else:
            self.console.leaving = False

    # one line

    def helped(self, line: str) -> list[str]:
        """Return what may follow a line."""
        return expected_next(line, mode=self.console.view.mode)

    async def do(self, line: str) -> None:
        """Follow a line through the device's hints until it is run or refused."""
        mode, hinted, final = self.console.view.mode, False, False
        while True:
            meaning = interpret(line, mode=mode, smart=self.console.smart, final=final)
            if isinstance(meaning, Hint):
                reply, _ = await self.screen.line(meaning.text, idle_seconds=self.console.idle_seconds)
                hinted, final = True, not reply.strip()
                line = line if final else f"{line.rstrip()} {reply.strip()}"
                continue
            if hinted:
                self.screen.write(f"\n  Command:\n{' ' * COMMAND_INDENT}{line}\n")
            if isinstance(meaning, Refusal):
                self._refuse(meaning, hinted=hinted)
            else:
                await self._run(meaning, line)
            return

    def _refuse(self, refusal: Refusal, *, hinted: bool) -> None:
        before = COMMAND_INDENT if hinted else len(self.console.prompt)
        if refusal.column is not None:
            self.screen.write(f"{' ' * (before + refusal.column)}^\n")
        self.screen.write(f"  {refusal.text}\n")

    async def _run(self, ready: Ready, line: str) -> None:
        command = ready.command
        if command.confirm and self.console.interactive and not await self.confirmed(command.confirm):
            return
        doing = Doing(command.work, lambda: command.run(self.console, ready.arguments), ready.keep, ready.unpaged)
        await self.perform(doing, line)
