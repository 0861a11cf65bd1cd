"""Which lines a person may send who only looks: a table for each vendor, and the judgement over one line.

A device knows levels of accounts, but mostly there is one account on it, which may do everything. So it is decided
here, before a letter is sent: a line passes when its first word only reads, or when it is one of a few whole lines that
move between views. Everything else is refused, so that a command which nobody thought of is refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isp_lifecycle.drivers.errors import LineRefused

LONGEST_LINE = 200
#: No pipe, redirection, separator, quote, variable, escape or comment of any command line is among these.
_LETTERS = re.compile(r"[A-Za-z0-9 ./:_,@+-]*")
_SHORTEST_HEAD = 2

#: Words after which any device shows how it is signed in to, or what others typed on it.
SECRETS = frozenset(
    {
        "aaa",
        "account",
        "accounting",
        "authentication",
        "cipher",
        "community",
        "credentials",
        "current-configuration",
        "history",
        "key",
        "keys",
        "log",
        "logbuffer",
        "logfile",
        "logging",
        "operation",
        "password",
        "radius",
        "rsa",
        "running-config",
        "saved-configuration",
        "secret",
        "snmp",
        "ssh",
        "startup-config",
        "tacacs",
        "terminal",
        "user",
        "users",
        "username",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A vendor's table."""

    heads: tuple[str, ...]
    """First words of commands that change nothing; a person may shorten them, the device gets them in full."""
    moves: tuple[re.Pattern[str], ...]
    """Whole lines that lead from one view to another, and make nothing that is not there."""
    leaves: frozenset[str]
    """Of these, the words that log out at the top."""
    secrets: frozenset[str]
    """Words that no reading command may have, whole or shortened, since what it then shows is not for everybody."""
    set_up: tuple[str, ...]
    """Sent after login: how far up one goes to look, and what would otherwise get in a person's way."""
    offers: tuple[str, ...]
    """Commands that are often wanted, to be completed; what is meant to be replaced stands in capitals."""
    later: frozenset[str] = frozenset()
    """Words that one of ``secrets`` begins with, and that are none where they are not the first after the head."""

    def passed(self, typed: str) -> str:
        """The line as it may be sent; raises LineRefused."""
        line = " ".join(typed.split())
        if len(line) > LONGEST_LINE:
            raise LineRefused(line[:40] + "…", f"a line has {LONGEST_LINE} letters at most")
        if not _LETTERS.fullmatch(line):
            odd = next(letter for letter in line if not _LETTERS.fullmatch(letter))
            raise LineRefused(line, f"{odd!r} does not occur in a command that only reads")
        if any(move.fullmatch(line.lower()) for move in self.moves):
            return line.lower()
        head, _, rest = line.partition(" ")
        full = self._head(head.lower())
        if full is None:
            raise LineRefused(line, f"only {' and '.join(self.heads)} commands are sent")
        for place, word in enumerate(rest.lower().split()):
            if self._tells_secrets(word, first=place == 0):
                raise LineRefused(line, f"{word!r} may show passwords, or what others typed")
        return f"{full} {rest}".rstrip()

    def may_become(self, begun: str) -> bool:
        """Whether what is typed so far is the beginning of a line that only reads: then the device may be asked."""
        head, space, rest = begun.lstrip().partition(" ")
        return bool(space) and self._head(head.lower()) is not None and _LETTERS.fullmatch(rest) is not None

    def completions(self, begun: str) -> Iterator[str]:
        """What the next word of a line could be, of the commands that are often wanted."""
        start = begun.lstrip().lower()
        for offer in self.offers:
            if offer.lower().startswith(start) and len(offer) > len(start):
                word, space, _ = offer[len(start) :].partition(" ")
                yield word + space

    def _head(self, word: str) -> str | None:
        if len(word) < _SHORTEST_HEAD:
            return None
        return next((head for head in self.heads if head.startswith(word)), None)

    def _tells_secrets(self, word: str, *, first: bool) -> bool:
        """Devices take a word that is shortened for the word, so that all beginnings count."""
        if not word[:1].isalpha() or (word in self.later and not first):
            return False
        return any(secret.startswith(word) or word.startswith(secret) for secret in self.secrets)
