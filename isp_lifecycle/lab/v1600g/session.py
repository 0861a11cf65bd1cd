"""One session on a V1600G's command line: greeting, the password of enable, lines that break in, a save that lasts."""

import asyncio

from isp_lifecycle.lab.alarms import DYING_GASP, ONT_LOS, ONT_ONLINE, Alarm
from isp_lifecycle.lab.screen import Pager, Wire
from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.terminal import TerminalSession
from isp_lifecycle.lab.v1600g.console import Console, Mode, View
from isp_lifecycle.lab.v1600g.device import Device
from isp_lifecycle.lab.v1600g.interpreter import Refusal, interpret

MORE = " --More-- "
PAGER = Pager(MORE, "\b" * len(MORE) + " " * len(MORE) + "\b" * len(MORE))
GREETING = "\nHello, this is gpon olt platform (version 1.00)\n\nEntering character mode\n\n"
REFUSED = "Bad Password...\nPlease retry\n"
TRIES = 3
# None of these texts is established. A real one refuses the channel of a session too many.
BUSY = "Error: System is busy, please try again later."
FULL = "Error: The number of ONUs on the port has reached the upper limit."
EXPIRED = "The password has expired, please change it.\nNew password:"
EXHAUSTED = "Too many users."
SAVING_POLL = 0.01
EVENTS = {ONT_ONLINE.code: "Online", DYING_GASP.code: "Offline", ONT_LOS.code: "Offline"}


class Session(TerminalSession):
    """One logged-in terminal of one device."""

    busy = BUSY
    full = FULL
    expired = EXPIRED
    unknown_answer = "Error: Internal failure (0x1c)"
    timed_out = ""
    gap = ""

    def __init__(self, device: Device, wire: Wire, *, account: str, address: str, idle_seconds: float) -> None:
        self.console = Console(device, account, idle_seconds=idle_seconds)
        super().__init__(device, wire, PAGER, self.console, address=address)

    async def run(self, *, connected_at: float) -> None:
        """Hold the whole conversation, with the device's interruptions; returns when it is over."""
        self.device.on_alarm.append(self._event)
        try:
            await super().run(connected_at=connected_at)
        finally:
            self.device.on_alarm.remove(self._event)

    def _event(self, alarm: Alarm) -> None:
        """Say what came or went, without a number or a reason."""
        word = EVENTS.get(alarm.kind.code)
        if word is None or alarm.ont is None or alarm.serial is None:
            return
        label = serial_shown(alarm.serial).replace("-", "")
        place = f"PON {alarm.slot}/{alarm.port} ONU {alarm.ont} sn {label}"
        self.screen.break_in(f"{alarm.at:%Y/%m/%d %H:%M:%S}   ONU {word:<9} {place}")

    def greeting(self) -> str:
        """Return what stands before the first prompt."""
        return GREETING

    async def leave(self) -> None:
        """Let go: it asks nothing."""

    async def do(self, line: str) -> None:
        """Run a line or refuse it; nothing more is said while the device writes its flash."""
        if line.strip() == "enable" and self.console.view.mode in (Mode.USER, Mode.PRIVILEGED):
            await self._enable()
            return
        meaning = interpret(line, self.console)
        if isinstance(meaning, Refusal):
            self.screen.write(f"{meaning.text}\n")
            return
        was_saving = self.device.saving
        await self.perform(meaning, line)
        while self.device.saving and not was_saving:
            await asyncio.sleep(SAVING_POLL)

    async def _enable(self) -> None:
        """Ask for the password, that of the account here, and not shown; again and again when it is wrong."""
        for _ in range(TRIES):
            self.screen.echo = False
            given, _ = await self.screen.line("Password:", idle_seconds=self.terminal.idle_seconds)
            self.screen.echo = True
            if given == self.device.accounts.get(self.console.account):
                self.console.view = View(Mode.PRIVILEGED)
                return
            self.screen.write(f"{REFUSED}\n")
