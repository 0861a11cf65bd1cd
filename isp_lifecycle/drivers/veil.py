"""What a person at a terminal may see of what a device says: no secrets, and no code that could act on the browser."""

from __future__ import annotations

import re
from collections.abc import Iterable

from isp_lifecycle.drivers.secret_words import SUSPECT, TO_LINE_END
from isp_lifecycle.drivers.transcript import MASK, without

#: Kept: colours, the cursor moved, a line or the screen cleared. Whatever else a terminal can be told is dropped.
_CODE = re.compile(
    r"\x1b\[(?P<kept>[0-9;]{0,12}[A-DGHJKm])"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\\\)?"
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]"
)
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,4096}|[ -/]*)?\Z")
#: A question for a password ends so, and has to be seen before it is answered; so does the prompt of any device.
_QUESTION = re.compile(r"[:?]\s*\Z|\A\s*\S+[>#%]\s*\Z")
_LONGEST_HELD = 2000


class Veil:
    """Takes a stream piece by piece, and gives what may be shown of it.

    Known ``secrets`` never are; what stands after words such as *password* is not either, unless ``open``.
    """

    def __init__(self, secrets: Iterable[str], *, open: bool = False) -> None:  # noqa: A002 - the word for it
        self._open = open
        self._secrets = tuple(sorted({s for s in secrets if len(s) >= 3}, key=len, reverse=True))
        self._code = ""
        self._held = ""
        self._begun = ""
        """What of the present line has been shown."""

    def of(self, piece: str) -> str:
        """What may be shown now."""
        return self._masked(self._harmless(piece))

    def rest(self) -> str:
        """Whatever was still held back, at the end."""
        held, self._held = self._held, ""
        return self._discreet(held)

    def _harmless(self, piece: str) -> str:
        text = self._code + piece
        begun = _BEGUN.search(text)
        cut = begun.start() if begun else len(text)
        text, self._code = text[:cut], text[cut:]
        return _CODE.sub(lambda code: f"\x1b[{code['kept']}" if code["kept"] else "", text)

    def _masked(self, piece: str) -> str:
        text = self._held + piece
        whole, last = text[: text.rfind("\n") + 1], text[text.rfind("\n") + 1 :]
        if len(last) < _LONGEST_HELD and self._must_wait(last):
            self._held, last = last, ""
        else:
            self._held = ""
        return self._discreet(whole + last)

    def _discreet(self, text: str) -> str:
        """The text without secrets, read together with what of its first line has been shown before."""
        line, before = self._begun + text, self._hidden(self._begun)
        self._begun = line[line.rfind("\n") + 1 :][-_LONGEST_HELD:]
        shown = self._hidden(line)
        return shown[len(before) :] if shown.startswith(before) else self._hidden(text)

    def _hidden(self, text: str) -> str:
        text = without(self._secrets, text)
        return text if self._open else TO_LINE_END.sub(lambda found: found[1] + MASK, text)

    def _must_wait(self, line: str) -> bool:
        """Whether the end of what has come may be the beginning of a secret."""
        if not self._open and SUSPECT.search(self._begun + line) and not _QUESTION.search(self._begun + line):
            return True
        longest = min(max((len(secret) for secret in self._secrets), default=0), 64)
        ends = [line[-n:] for n in range(1, min(longest, len(line)) + 1)]
        return any(
            secret.startswith(end) and end != secret and end[-1].isalnum() for secret in self._secrets for end in ends
        )
