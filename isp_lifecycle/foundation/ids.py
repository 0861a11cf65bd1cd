"""Identifiers: time-ordered UUIDs for rows, short codes for people.

A UUID of version 7 (RFC 9562, section 5.7) sorts by the time it was made, so that B-tree indexes grow at one end.
Codes such as ``S-000123`` are what people say on the telephone; they come from database sequences.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from datetime import datetime
from uuid import UUID

__all__ = ["UUID", "first_id", "is_code", "new_id", "short_code"]


def new_id() -> UUID:
    """Make a UUID of version 7: 48 bits of milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def first_id(at: datetime) -> UUID:
    """The lowest id that can have been made at an instant or later."""
    return uuid.UUID(int=max(int(at.timestamp() * 1000), 0) << 80)


def short_code(prefix: str, number: int) -> str:
    """Make the code people use: ``short_code("S", 123)`` is ``S-000123``."""
    return f"{prefix}-{number:06d}"


def is_code(prefix: str, text: str) -> bool:
    """Whether a text has the form that the thing's codes have."""
    return re.fullmatch(rf"{prefix}-\d{{6,9}}", text, re.ASCII) is not None
