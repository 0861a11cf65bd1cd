"""One session on a ZXA10's command line: banner, carets, the question at the end, a save that lasts."""

import asyncio

from isp_lifecycle.lab.screen import Pager, Wire
from isp_lifecycle.lab.terminal import TerminalSession
from isp_lifecycle.lab.zxa10.console import Console
from isp_lifecycle.lab.zxa10.device import Device
from isp_lifecycle.lab.zxa10.interpreter import TABLE, Refusal, interpret

MORE = " --More--"
PAGER = Pager(MORE, "\b" * len(MORE) + " " * len(MORE) + "\b" * len(MORE))
STARS = "*" * 73
BANNER = f"\n{STARS}\nWelcome to ZXAN product C320 of ZTE Corporation\n{STARS}\n"
QUIT_QUESTION = "The configuration is changed,confirm to logout without saving? [yes/no]:"
# Not established; a device is only known to let nobody more in.
EXHAUSTED = "%Error 20000: Too many users."
# Not established either: what is asked of an account whose password is too old.
EXPIRED = "The password has expired, please change it.\nNew password:"
SAVING_POLL = 0.01


class Session(TerminalSession):
    """One logged-in terminal of one device."""

    timed_out = ""
    expired = EXPIRED
    gap = ""
    table = TABLE
    pager = PAGER
    banner = BANNER

    def __init__(self, device: Device, wire: Wire, *, account: str, address: str, idle_seconds: float) -> None:
        self.olt = device
        self.console = Console(device, account, idle_seconds=idle_seconds)
        self.busy, self.unknown_answer, self.full = device.syntax.busy, device.syntax.failure, device.syntax.full
        super().__init__(device, wire, self.pager, self.console, address=address)

    def greeting(self) -> str:
        """Return the banner."""
        return self.banner

    async def leave(self) -> None:
        """Ask only when something would be lost; the answer no stays."""
        if self.olt.unsaved and not await self.confirmed(QUIT_QUESTION):
            self.console.leaving = False

    async def do(self, line: str) -> None:
        """Run a line or refuse it; nothing more is said while the device writes its flash."""
        meaning = interpret(line, self.console, self.table)
        if isinstance(meaning, Refusal):
            if meaning.column is not None:
                self.mark(line, meaning.column)
            self.screen.write(f"{meaning.text}\n")
            return
        if meaning.confirm and not await self.confirmed(meaning.confirm):
            return
        was_saving = self.device.saving
        await self.perform(meaning, line)
        while self.device.saving and not was_saving:
            await asyncio.sleep(SAVING_POLL)

    def mark(self, line: str, column: int) -> None:
        """Point at the word that is wrong, in the line that was typed."""
        self.screen.write(f"{' ' * (len(self.console.prompt) + column)}^\n")
