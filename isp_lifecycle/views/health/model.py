"""What a look at a part found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something stands."""

    OK = "ok"  #: observed to work
    WARNING = "warning"  #: works, and will not for long, or less well than it should
    FAILED = "failed"  #: does not work


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    health: Health
    what: str
    #: What to do; empty when all is well.
    remedy: str = ""


def ok(name: str, what: str) -> Finding:
    """It was observed to work."""
    return Finding(name, Health.OK, what)


def warning(name: str, what: str, remedy: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(name, Health.WARNING, what, remedy)


def failed(name: str, what: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(name, Health.FAILED, what, remedy)
