"""A value that is given once, or asked for at each use because it may change while everything runs."""

from __future__ import annotations

from collections.abc import Callable

#: A value, or what tells how it is now.
type Present[T] = T | Callable[[], T]


def present[T](value: Present[T]) -> T:
    """How it is now."""
    return value() if callable(value) else value
