"""Files, records, rows and outcomes as values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from isp_lifecycle.foundation.upsert import Change

#: The column that a file of rejected rows has beside the others; it is skipped when the file comes back.
ERROR_COLUMN = "error"


@dataclass(frozen=True)
class ImportFile:
    """A file as it was given: its name and its bytes. As text it is what the audit keeps of it."""

    name: str
    content: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"{self.name}, {len(self.content)} bytes, SHA-256 {hashlib.sha256(self.content).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A field of a file, with what it means. An optional one may be empty or missing altogether."""

    name: str
    meaning: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Level:
    """A list of entries with the same fields; in YAML each entry may hold a list of its own (``inner``).

    ``key`` is the field that names an entry; the first one where nothing is said.
    """

    name: str
    columns: tuple[Column, ...]
    inner: Level | None = None
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.columns[0].name)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in the order in which they are documented."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> frozenset[str]:
        """The names of the fields that must be there."""
        return frozenset(column.name for column in self.columns if column.required)


@dataclass(frozen=True, eq=False, kw_only=True)
class Record:
    """One entry of a file as texts; an empty text means that nothing was given.

    ``line`` is where it begins, counted from 1, and ``lines`` where its fields stand. ``broken`` says what is wrong
    with its form. ``above`` is the entry that it stands in. ``place`` names where it comes from, when that is no line.
    """

    level: Level
    line: int
    texts: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)
    broken: tuple[RowError, ...] = ()
    above: Record | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class RowError:
    """What is wrong with one field of one row, and what to do. ``place`` is as the record has it."""

    line: int
    field: str
    value: str
    what: str
    remedy: str
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.field} {self.value!r}: " if self.field else ""
        return f"{self.place or f'line {self.line}'}, {where}{self.what} {self.remedy}"


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What putting a row did, and what a person should know of it although nothing is wrong."""

    change: Change
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowOutcome:
    """What became of one row: a change, or the errors for which it was rejected."""

    line: int
    key: str
    change: Change | None = None
    notes: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did or, when not ``applied``, would do. ``rejected_text`` is a file of the bad rows to correct."""

    kind: str
    file: str
    applied: bool
    rows: tuple[RowOutcome, ...]
    rejected_text: str = field(default="", repr=False)

    def count(self, change: Change) -> int:
        """How many rows came out so."""
        return sum(row.change is change for row in self.rows)

    @property
    def errors(self) -> tuple[RowError, ...]:
        """Everything that is wrong, in the order of the file."""
        return tuple(error for row in self.rows for error in row.errors)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(row.change is None for row in self.rows)
