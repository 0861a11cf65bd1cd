"""Events and cases as JSON documents and back, exactly: what cannot round-trip is an error, never a guess."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter

from isp_lifecycle.events.errors import UnknownEvent
from isp_lifecycle.events.vocabulary import VOCABULARY, Event


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(value: Any) -> dict[str, Any]:
    """Write a frozen dataclass as a JSON document (dates, UUIDs, decimals as their standard texts)."""
    document: dict[str, Any] = _adapter(cast(Any, type(value))).dump_python(value, mode="json")
    return document


def load[T](kind: type[T], document: dict[str, Any]) -> T:
    """Read a document as the given dataclass; raises pydantic's error when it does not fit."""
    loaded: T = _adapter(cast(Any, kind)).validate_python(document)
    return loaded


def load_event(kind: str, version: int, document: dict[str, Any]) -> Event:
    """Read an event row. Versions up to the present one are understood; a newer one is refused, not guessed."""
    known = VOCABULARY.get(kind)
    if known is None or version > known.version:
        raise UnknownEvent(kind, version)
    return load(known, known.upgraded(document, version))
