"""A setting's value as an administrator gave it, and each change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Override:
    """The value that holds instead of the default, as text; who gave it, when and why."""

    name: str
    value: str
    set_at: datetime
    set_by: str
    reason: str


@dataclass(frozen=True)
class SettingChange:
    """One change of a setting; None stands for the default."""

    name: str
    before: str | None
    after: str | None
    changed_at: datetime
    changed_by: str
    reason: str
