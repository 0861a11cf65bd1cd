"""What is said between us and a device, as text: the protocol of a connection, and a stream without terminal codes."""

from __future__ import annotations

import re
from typing import Protocol

_ANSI = re.compile(
    r"(?P<home>\r?)\x1b\[(?P<right>\d{1,3})C"  # how V-SOL puts a cell into its column
    r"| ?\x1b\[(?P<n>\d+)D {1,200}\x1b\[(?P=n)D"  # how Huawei erases a pager line
    r"| \x1b\[1D"  # a stray space and its erasure
    r"|\x1b\[[0-9;?]*[A-Za-z]"
    r"|\x1b[=>78]"
    r"|[\x00\x07]"
)


_CODE_BEGUN = re.compile(r"\r?\x1b(\[[0-9;?]*)?\Z|\r\Z")


class PlainText:
    """Takes terminal codes out of a stream; a code that the network cut in two waits for its other half.

    The cursor sent to the right becomes blanks, at least one: a table made that way keeps its columns, and a cell that
    is wider than its column does not run into the next.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line = ""

    def of(self, piece: str) -> str:
        """The text of the next piece, perhaps none."""
        text = self._held + piece
        begun = _CODE_BEGUN.search(text)
        cut = begun.start() if begun else len(text)
        text, self._held = text[:cut], text[cut:]
        plain, done = "", 0
        for code in _ANSI.finditer(text):
            plain += self._passed(text[done : code.start()])
            if code["right"]:
                plain += self._passed(" " * self._blanks(int(code["right"]), from_home=bool(code["home"])))
            done = code.end()
        return plain + self._passed(text[done:])

    def _passed(self, text: str) -> str:
        """The same text, after noting where in its line it leaves the cursor."""
        self._line = (self._line + text).rpartition("\n")[2]
        return text

    def _blanks(self, columns: int, *, from_home: bool) -> int:
        if not from_home:
            return columns
        taken_back = self._line.count("\b")
        at = len(self._line) - self._line.count("\r") - 2 * taken_back
        return max(columns - at, 1)


class Hangup(Exception):
    """The other side closed the connection; the conversation makes it a SessionLost that names the command."""


class Wire(Protocol):
    """What a conversation needs of a connection; the tests' scripted device is another one."""

    def write(self, text: str) -> None:
        """Send as it is; raises Hangup."""
        ...

    def receive(self, timeout: float) -> str:
        """Whatever has come, waiting up to ``timeout`` seconds for the first of it; '' when nothing came."""
        ...

    @property
    def host_key(self) -> str:
        """Kind and fingerprint of the other side's SSH host key; empty where there is none."""
        ...

    def alive(self) -> bool: ...

    def close(self) -> None: ...


class Line(Wire, Protocol):
    """What a person's own command line needs of a connection beyond what a conversation needs."""

    def receive_as_is(self, timeout: float) -> str:
        """Like ``receive``, with all terminal codes."""
        ...

    def resize(self, columns: int, rows: int) -> None:
        """Tell the device how large the window is; nothing where that cannot be told."""
        ...
