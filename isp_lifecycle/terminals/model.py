"""A terminal as a value: one person's time at the command line of one device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

#: A terminal that has not been heard of for so long went down with its process.
SILENT_AFTER = timedelta(minutes=2)


class Profile(StrEnum):
    """What a person may do there."""

    READING = "reading"  #: only lines that the vendor's table knows to read reach the device
    FULL = "full"  #: every key reaches the device


@dataclass(frozen=True)
class Terminal:
    """One person's time at one device's command line. Times are UTC; ``letters`` is the size of its record."""

    id: UUID
    olt: str
    profile: Profile
    username: str
    name: str
    reason: str
    address: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_why: str
    letters: int
    hold_id: UUID | None = None

    def is_open(self, *, at: datetime) -> bool:
        """Whether somebody is still there."""
        return self.ended_at is None and at - self.seen_at < SILENT_AFTER
