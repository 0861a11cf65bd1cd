"""One session on the command line: the login block, then line after line until somebody leaves.

This is where time passes: what a command costs is waited for here, and here a device misbehaves when told to.
"""

import asyncio

from isp_lifecycle.lab.ma5800.alarms import Alarm
from isp_lifecycle.lab.ma5800.answers import BUSY, Rejected
from isp_lifecycle.lab.ma5800.command import ROW_SECONDS, Command, Work
from isp_lifecycle.lab.ma5800.console import Console
from isp_lifecycle.lab.ma5800.device import Device, LastLogin
from isp_lifecycle.lab.ma5800.displays.layout import stamp
from isp_lifecycle.lab.ma5800.interpreter import Hint, Ready, Refusal, expected_next, interpret
from isp_lifecycle.lab.ma5800.screen import Gone, Idle, Screen, Wire
from isp_lifecycle.lab.pace import LATE_WARNING, LOGIN, Span

COMMAND_INDENT = 10
QUIT_NOTE = "  Check whether system data has been changed. Please save data before logout."
QUIT_QUESTION = "Are you sure to log out? (y/n)[n]:"
QUIT_DONE = "  Configuration console exit, please retry to log on"
TIMED_OUT = "  Configuration console time out, please retry to log on"
REENTER = "  Reenter times have reached the upper limit."
LATE_TEXT = (
    "  Warning: The user password is set by other administrator or NMS, it is\nrecommended to change the password."
)
UNKNOWN_ANSWER = "  Failure: Operation is not permitted in the current state (0x1c)"
JUNK = "\x00\ufffd#~ 0x7f"


class Cut(Exception):
    """The device drops the connection."""


class Session:
    """One logged-in terminal of one device."""

    def __init__(self, device: Device, wire: Wire, *, account: str, address: str, idle_seconds: float) -> None:
        self.device = device
        self.screen = Screen(wire)
        self.console = Console(device, account, idle_seconds=idle_seconds)
        self.address = address
        self.broken = False
        self._began = device.now()

    async def run(self, *, connected_at: float) -> None:
        """Hold the whole conversation; returns when it is over."""
        self.device.on_alarm.append(self._alarm)
        self.device.on_console.append(self.screen.break_in)
        warning = asyncio.create_task(self._warn_late())
        try:
            await self._login(connected_at)
            while not self.console.leaving:
                await self._turn()
        except Idle:
            self.screen.write(f"\n{TIMED_OUT}\n")
        except (Gone, Cut):
            pass  # the end of the connection is the end of the session: nobody is left to be told
        finally:
            warning.cancel()
            self.device.on_alarm.remove(self._alarm)
            self.device.on_console.remove(self.screen.break_in)
            self.device.last_login = LastLogin(self._began, self.device.now(), self.address)

    def _alarm(self, alarm: Alarm) -> None:
        if self.console.alarms:
            self.screen.break_in(alarm.block())

    async def _pass(self, span: Span | float) -> None:
        """Let the device work for a while."""
        await asyncio.sleep(self.device.pace.seconds(span) * self.device.faults.slowness())

    # login and logout

    async def _login(self, connected_at: float) -> None:
        await self._pass(LOGIN)
        self.screen.write(self._login_block())
        self.device.activity.note(olt=self.device.name, kind="login", what=self.console.account, started=connected_at)

    def _login_block(self) -> str:
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
        await self._pass(LOGIN)
        await self._pass(LATE_WARNING)
        self.screen.break_in(LATE_TEXT)

    async def _leave(self) -> None:
        """Ask before the session ends; the answer no stays."""
        self.screen.write(f"{QUIT_NOTE}\n")
        if await self._confirmed(QUIT_QUESTION):
            self.screen.write(f"{QUIT_DONE}\n")
        else:
            self.console.leaving = False

    async def _confirmed(self, question: str) -> bool:
        answer, _ = await self.screen.line(question, idle_seconds=self.console.idle_seconds)
        return answer.strip().lower() in ("y", "yes")

    # one line

    async def _turn(self) -> None:
        """Read one line and do it."""
        line, end = await self.screen.line(f"\n{self.console.prompt}", idle_seconds=self.console.idle_seconds)
        while end == "?":
            helped = expected_next(line, mode=self.console.view.mode)
            self.screen.write("\n".join(f"  {label}" for label in helped) + "\n" if helped else "")
            line, end = await self.screen.line(
                f"\n{self.console.prompt}", idle_seconds=self.console.idle_seconds, already=line
            )
        if not line.strip():
            return
        await self._do(line)
        if self.console.leaving:
            await self._leave()

    async def _do(self, line: str) -> None:
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

    # one command

    async def _run(self, ready: Ready, line: str) -> None:
        command = ready.command
        if command.confirm and self.console.interactive and not await self._confirmed(command.confirm):
            return
        with self.device.activity.measured(olt=self.device.name, kind="command", what=line):
            await self._perform(ready, line)

    async def _perform(self, ready: Ready, line: str) -> None:
        """Run a command nobody doubts any more, and print its answer."""
        faults = self.device.faults
        if faults.take("hang", line):
            await self.screen.ignore()
        text = await self._answer(ready, line)
        if faults.take("drop_mid_command", line):
            self.broken = True
            raise Cut
        self.screen.echo = self.console.echo
        lines = text.split("\n") if text else []
        if ready.keep:
            lines = ready.keep(lines)
        await self._print("\n".join(lines), line, unpaged=ready.unpaged)

    async def _answer(self, ready: Ready, line: str) -> str:
        """Let the device work, and return what it says."""
        command = ready.command
        await self._pass(command.work.value)
        strange = self.device.faults.take("unknown_answer", line)
        if strange:
            return strange.text or UNKNOWN_ANSWER
        if self._busy(command, line):
            return BUSY
        try:
            text = command.run(self.console, ready.arguments)
        except Rejected as rejected:
            return str(rejected)
        await self._pass(text.count("\n") * ROW_SECONDS if command.reads else 0.0)
        return text

    def _busy(self, command: Command, line: str) -> bool:
        """Tell whether the device refuses to be changed now."""
        if command.work is not Work.CONFIG:
            return False
        return self.device.saving or self.device.faults.take("busy", line) is not None

    async def _print(self, text: str, line: str, *, unpaged: bool) -> None:
        faults = self.device.faults
        if faults.take("garbled", line):
            text = text[: len(text) // 2] + JUNK
        page = None if unpaged else self.console.page_lines
        if text:
            await self.screen.show(text, page_lines=page)
        if faults.take("double", line):
            self.screen.write(f"\n{self.console.prompt}\n")
            if text:
                await self.screen.show(text, page_lines=page)
