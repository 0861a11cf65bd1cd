"""An account by which devices are signed in to, without its secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeviceAccount:
    """A name that OLTs are given, and the account behind it; its passwords are sealed and are never shown again."""

    name: str
    username: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class SignIn:
    """What a driver signs in with."""

    username: str
    password: str
    enable_password: str = ""

    def __repr__(self) -> str:
        return f"SignIn({self.username!r})"
