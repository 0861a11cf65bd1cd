"""A line editor on our side of the wire: what a person types becomes whole lines, before a device hears a letter of it.

Pure: keys in, what is to be done out. Escape sequences, control characters and letters beyond ASCII reach nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from isp_lifecycle.drivers.reading import LONGEST_LINE

_KEYS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?|\r\n|[\s\S]")
_ERASE_ONE = "\b \b"
_UP, _DOWN = ("\x1b[A", "\x1bOA"), ("\x1b[B", "\x1bOB")
BELL = "\x07"
_REMEMBERED = 50


class Key(Enum):
    """What of what was typed is more than editing."""

    ENTER = "the line is complete"
    HELP = "a question mark: what may follow?"
    COMPLETE = "Tab: go on with the word"
    BREAK = "Ctrl-C: give it up"


def keys_of(text: str) -> list[str]:
    """What was typed or pasted, key by key; a sequence that means one key is one."""
    return _KEYS.findall(text)


@dataclass
class LineEditor:
    """The line as it is typed, and those before it."""

    text: str = ""
    _before: list[str] = field(default_factory=list)
    _at: int = 0

    def press(self, key: str) -> tuple[str, Key | None]:
        """What is shown after one key, and what is to be done."""
        if key in ("\r", "\n", "\r\n"):
            return "", Key.ENTER
        if key in ("\x7f", "\b"):
            erased, self.text = bool(self.text), self.text[:-1]
            return _ERASE_ONE if erased else "", None
        if key in ("?", "\t", "\x03"):
            return "", {"?": Key.HELP, "\t": Key.COMPLETE, "\x03": Key.BREAK}[key]
        if key == "\x15":
            return self.replaced(""), None
        if key in _UP or key in _DOWN:
            return self._recalled(-1 if key in _UP else 1), None
        if len(key) == 1 and " " <= key <= "~":
            return self.added(key), None
        return BELL, None

    def added(self, text: str) -> str:
        """Put some letters at the end; returns what is shown."""
        room = LONGEST_LINE - len(self.text)
        self.text += text[:room]
        return text[:room] + (BELL if len(text) > room else "")

    def replaced(self, text: str) -> str:
        """Put another line in its place; returns what is shown."""
        shown, self.text = _ERASE_ONE * len(self.text) + text, text
        return shown

    def taken(self) -> str:
        """The complete line, which is remembered; the next one begins."""
        line, self.text = self.text, ""
        if line.strip() and line not in self._before[-1:]:
            self._before = [*self._before, line][-_REMEMBERED:]
        self._at = len(self._before)
        return line

    def _recalled(self, step: int) -> str:
        at = self._at + step
        if not 0 <= at <= len(self._before):
            return BELL
        self._at = at
        return self.replaced(self._before[at] if at < len(self._before) else "")
