"""What an audit says: findings, notes, what it looked at and what it could not look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FindingKind(StrEnum):
    """What is the matter."""

    LOST = "lost"  #: Something that should have happened or should stand did not or does not.
    DOUBLED = "doubled"  #: Something happened twice, or stands twice.
    LEAKED = "leaked"  #: Something is held, or stands on a device, for nobody.
    UNOWNED = "unowned"  #: Unfinished work that no person, due time, lease or turn accounts for.


@dataclass(frozen=True)
class Finding:
    """One object that is not as it should be. ``about`` is what it is, ``key`` its name, ``remedy`` what to do."""

    kind: FindingKind
    about: str
    key: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Note:
    """Something to know that is no fault."""

    about: str
    what: str


@dataclass(frozen=True)
class LookedAt:
    """A part that was looked at, how much of it there was, and how long that took."""

    what: str
    count: int
    seconds: float


@dataclass(frozen=True)
class NotLookedAt:
    """A part that should have been looked at and could not be; nothing is known of it."""

    what: str
    why: str
    remedy: str


class Outcome(StrEnum):
    """What an audit comes to."""

    CLEAN = "clean"  #: Everything that was to be looked at was, and all of it agrees.
    FOUND = "found"  #: Everything was looked at, and something does not agree.
    INCOMPLETE = "incomplete"  #: Something could not be looked at; what was found besides is listed all the same.


@dataclass(frozen=True)
class AuditReport:
    """The whole audit; ``seconds`` is its wall time, ``counts`` the findings by kind."""

    at: datetime
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    looked_at: tuple[LookedAt, ...]
    not_looked_at: tuple[NotLookedAt, ...]
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each kind, those with none included."""
        found = Counter(finding.kind for finding in self.findings)
        return {str(kind): found[kind] for kind in FindingKind}

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        if self.not_looked_at:
            return Outcome.INCOMPLETE
        return Outcome.FOUND if self.findings else Outcome.CLEAN
