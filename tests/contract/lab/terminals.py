"""What people do with the lab in these tests: sit at a terminal, look for a free outlet."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import asyncssh

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME

OLT = "OLT-NORTH"
PATIENCE = 20.0


class Terminal:
    """What a person at a terminal can do: type, and read until something stands there."""

    def __init__(self, process: asyncssh.SSHClientProcess[str]) -> None:
        self._process = process
        self._read = ""

    async def until(self, ending: str) -> str:
        """Return what the device wrote up to and including the first match of a pattern."""
        while not (match := re.search(ending, self._read)):
            async with asyncio.timeout(PATIENCE):
                text = await self._process.stdout.read(4096)
            if not text:
                raise EOFError(self._read)
            self._read += text
        seen, self._read = self._read[: match.end()], self._read[match.end() :]
        return seen.replace("\r\n", "\n")

    def type(self, text: str) -> None:
        """Type without waiting."""
        self._process.stdin.write(text)

    async def do(self, line: str, ending: str = r"\n\S+[>#]$") -> str:
        """Type a line and return what came, up to the next prompt or another ending."""
        self.type(line + "\n")
        return await self.until(ending)

    async def closed(self) -> str:
        """Return what was still written before the connection ended."""
        with suppress(asyncssh.ConnectionLost):
            async with asyncio.timeout(PATIENCE):
                while text := await self._process.stdout.read(4096):
                    self._read += text
        return self._read.replace("\r\n", "\n")


@asynccontextmanager
async def terminal(port: int, *, settled: bool = True, password: str = DEFAULT_PASSWORD) -> AsyncIterator[Terminal]:
    """Log in; `settled` waits for the late warning and its second prompt, then switches hints off and enables."""
    async with asyncssh.connect(
        "127.0.0.1", port, username=DEFAULT_USERNAME, password=password, known_hosts=None, config=None
    ) as connection:
        process = await connection.create_process(term_type="vt100")
        seat = Terminal(process)
        if settled:
            await seat.until(r"change the password\.\r\n\r\n\S+>$")
            await seat.do("undo smart")
            await seat.do("enable")
        yield seat


LogIn = Callable[..., AbstractAsyncContextManager[Terminal]]


def free_premises(client: LabClient, *, olt: str = OLT) -> str:
    """Return an address with a free outlet on an OLT's first port."""
    taken = {box.premises_code for box in client.state().boxes}
    for number in range(1, 301):
        code = f"P-{number:05d}"
        path = client.premises(code)
        if path.serviceable and path.olt == olt and path.pon_port == "0/1/0" and code not in taken:
            return code
    raise LookupError(olt)
