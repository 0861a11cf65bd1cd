"""What each kind of file says of itself: its form, its fields, how a record becomes a row, how a row is put."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Landed, Level


class Form(StrEnum):
    """How a file is written."""

    CSV = "csv"  #: A table whose first line names the columns.
    YAML = "yaml"  #: A document with one list, whose entries may hold lists.


class Row(Protocol):
    """A typed row; no two rows of a file may have the same key."""

    @property
    def key(self) -> str:
        """What names it, for people: a code, a name."""
        ...


@dataclass(frozen=True, kw_only=True)
class Kind[R: Row]:
    """One kind of file.

    ``read`` is only believed when its cells found nothing wrong. ``put`` runs in a savepoint of its own; it brings
    the row to what the file says, or finds it so, and raises what the capabilities refuse. ``renamed`` says which
    column such an error is about, where the capability calls its field otherwise.
    """

    name: str
    title: str
    form: Form
    level: Level
    read: Callable[[Cells], R]
    put: Callable[[Act, R, Known], Landed]
    renamed: Mapping[str, str] = field(default_factory=dict)
