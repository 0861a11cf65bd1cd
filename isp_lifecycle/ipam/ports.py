"""The port to NetBox, in the shapes of its REST API (version 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

#: An object as NetBox has it: ``id``, ``url``, ``tags`` (a list of ``{slug, ...}``), ``status`` (``{value, label}``),
#: ``role`` (``{slug, ...}`` or null), ``custom_fields`` (name: value), ``description``, and the fields of its kind.
#: In what is written, a choice is its bare value, and a related object its ``{slug: ...}`` or its number.
Thing = Mapping[str, Any]


class Place(StrEnum):
    """Where objects of one kind stand below ``/api/``."""

    PREFIXES = "ipam/prefixes"
    RANGES = "ipam/ip-ranges"
    ADDRESSES = "ipam/ip-addresses"
    TAGS = "extras/tags"


class Write(StrEnum):
    """What is done with a list of objects, by its HTTP method."""

    CREATE = "POST"  #: Each without a number.
    CHANGE = "PATCH"  #: Each with its ``id`` and the fields that change.
    REMOVE = "DELETE"  #: Each with its ``id``.


@dataclass(frozen=True)
class NotWritten:
    """An object that NetBox does not accept, and its reason."""

    body: Thing
    why: str


class NetBoxApi(Protocol):
    """Reads and writes NetBox's objects; raises the leaves ``NetBox...`` of ``ipam.errors``."""

    @property
    def where(self) -> str:
        """NetBox's address, for people."""
        ...

    def find(self, place: Place, **filters: str | Sequence[str]) -> tuple[Thing, ...]:
        """Every object that fits, however many pages they are; several values of a filter mean any of them."""
        ...

    def write(self, what: Write, place: Place, bodies: Sequence[Thing]) -> tuple[NotWritten, ...]:
        """Write all of these that NetBox accepts, and return the others."""
        ...
