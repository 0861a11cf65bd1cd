"""A device at the other end of a wire, by script: for what a real device does once in a thousand sessions."""

from __future__ import annotations

from collections.abc import Callable

from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.wire import Hangup

HOST = "OLT01"
GREETING = f"\r\n  Huawei Integrated Access Software (MA5800).\r\n\r\n{HOST}>"
SET_UP_MODES = {"enable": "#", "config": "(config)#"}
ACCESS = OltAccess("OLT01", "huawei", "192.0.2.1", 22, "driver", "s3cret-pw", read_timeout=5.0, busy_patience=0.6)

Said = str | None


class ScriptedWire:
    """Echoes what is typed and answers from a script: ``answer(line)`` gives the pieces to print, ``None`` hangs up.

    A piece is what one read returns. Pieces are printed as they are: a script that wants the prompt says so, unless it
    returns one string, which the echo goes before and the prompt behind.
    """

    def __init__(self, answer: Callable[[str], str | list[Said]], *, greeting: list[Said] | None = None) -> None:
        self.typed: list[str] = []
        self.unasked: list[str] = []
        """What waits to be read before the next line is typed."""
        self.prompt = f"{HOST}>"
        self.closed = False
        self.host_key = ""
        self._answer = answer
        self._coming: list[Said] = list(greeting if greeting is not None else [GREETING])
        self._line = ""

    def write(self, text: str) -> None:
        if self.closed:
            raise Hangup("closed")
        self._line += text
        while "\n" in self._line:
            line, self._line = self._line.split("\n", 1)
            self._typed(line)
        if self._line == " ":
            self._line = ""
            self._typed(" ")

    def _typed(self, line: str) -> None:
        self.typed.append(line)
        self.prompt = f"{HOST}{SET_UP_MODES.get(line, self.prompt.removeprefix(HOST))}"
        said = self._answer(line)
        if isinstance(said, str):
            text = said.replace("\n", "\r\n")
            self._coming.append(f"{line}\r\n{text}\r\n\r\n{self.prompt}")
        else:
            self._coming += said

    def receive(self, timeout: float) -> str:
        if timeout == 0.0:
            return self.unasked.pop(0) if self.unasked else ""
        if not self._coming:
            return ""
        piece = self._coming.pop(0)
        if piece is None:
            raise Hangup("the OLT closed the connection")
        return piece

    def alive(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True
