"""What commands print: one JSON object or plain lines on standard output; errors as what happened and what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import typer

from isp_lifecycle.foundation.errors import LifecycleError

#: The request was wrong, or cannot be met; 1 is left for a report that found something failed.
EXIT_ERROR = 2


def print_json(value: Any) -> None:
    """Write one JSON object on standard output."""
    typer.echo(json.dumps(value, default=_plain, ensure_ascii=False))


def print_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Write rows in columns of equal width; the last column runs on."""
    widths = [max(len(str(row[i])) for row in (headings, *rows)) for i in range(len(headings) - 1)]
    for row in (headings, *rows):
        cells = [str(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        typer.echo("  ".join((*cells, str(row[-1]))).rstrip())


def print_error(error: LifecycleError, *, as_json: bool) -> None:
    """Say what happened and what to do: on standard error, or as the one object that was asked for."""
    if as_json:
        told = {"error": type(error).__name__, "kind": error.kind, "what": error.message, "what_to_do": error.remedy}
        print_json(told | {"field": error.field})
        return
    typer.echo(f"{error.message}\nWhat to do: {error.remedy}", err=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def wants_json() -> bool:
    """Whether ``--json`` is among the arguments, asked when an error ends a command before it could say."""
    return "--json" in sys.argv[1:]
