"""``isp import``: plans, numbers, plant, premises, staff and customers out of files; a preview first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.bootstrap import open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.imports.files import apply, preview
from isp_lifecycle.intake.imports.kinds import kind_of
from isp_lifecycle.intake.imports.model import Imported, ImportFile, Level

#: Some rows were rejected; the others are as the output says.
EXIT_REJECTED = 1
#: So many new or changed rows are listed one by one.
LISTED = 20


def import_file(
    kind: Annotated[
        str, typer.Argument(help="plans, pools, nats, closures, plant, splitters, premises, staff or customers.")
    ],
    file: Annotated[Path | None, typer.Argument(help="The file; without one, its fields are explained.")] = None,
    write: Annotated[bool, typer.Option("--apply", help="Write; without this nothing is changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what a file would create and change, or import it.

    Good rows are imported although others are bad; those are named by line, field and value, and written beside the
    file (FILE.rejected) to be corrected. Importing a file again changes nothing. Exit code 1 when rows were rejected.
    """
    if file is None:
        explain(kind, as_json=as_json)
        return
    doors = open_doors(connected(load_settings()), application="import")
    done = (apply if write else preview)(doors.door, operator(), kind=kind, file=ImportFile(file.name, _content(file)))
    rejected = write_rejected(file, done)
    if as_json:
        print_json(document(done, rejected))
    else:
        tell(done, rejected)
    if done.rejected:
        raise typer.Exit(EXIT_REJECTED)


def explain(kind: str, *, as_json: bool) -> None:
    """Print the fields of a kind of file."""
    found = kind_of(kind)
    levels: list[Level] = [found.level]
    while (inner := levels[-1].inner) is not None:
        levels.append(inner)
    if as_json:
        print_json({"kind": kind, "form": found.form, "lists": [asdict(level) for level in levels]})
        return
    typer.echo(f"{found.title}, {found.form.upper()}:")
    for level in levels:
        if found.form == "yaml":
            typer.echo(f"\n{level.name}:")
        rows: list[tuple[str, ...]] = [
            (c.name, "required" if c.required else "optional", c.meaning) for c in level.columns
        ]
        print_table(("field", "", "meaning"), rows)


def write_rejected(file: Path, done: Imported) -> Path | None:
    """Write the bad rows beside the file; returns where they stand, or None when there were none.

    A file that stands there already may hold somebody's corrections, so it is never written over.
    """
    if not done.rejected_text:
        return None
    text = done.rejected_text.encode()
    for target in _names_beside(file):
        if not target.exists():
            target.write_bytes(text)
            return target
        if target.read_bytes() == text:
            return target
    raise AssertionError("names do not end")


def _names_beside(file: Path) -> Iterator[Path]:
    stem = file.name.removesuffix(file.suffix)
    yield file.with_name(f"{stem}.rejected{file.suffix}")
    for number in count(2):
        yield file.with_name(f"{stem}.rejected-{number}{file.suffix}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(
            f"{file} cannot be read: {error.strerror}.", field="file", value=str(file), remedy="Check the path."
        ) from None


def document(done: Imported, rejected: Path | None) -> dict[str, object]:
    """What an import did, as one JSON object; ``rejected`` is the file of bad rows that was written."""
    return {
        "kind": done.kind,
        "file": done.file,
        "applied": done.applied,
        **{str(change): done.count(change) for change in Change},
        "rejected": done.rejected,
        "errors": [asdict(error) for error in done.errors],
        "notes": [{"line": row.line, "note": note} for row in done.rows for note in row.notes],
        "rejected_file": rejected,
    }


def tell(done: Imported, rejected: Path | None) -> None:
    """Print what an import did."""
    for change in (Change.CREATED, Change.CHANGED):
        _list(done, change)
    for row in done.rows:
        for note in row.notes:
            typer.echo(f"note: line {row.line}: {note}")
    for error in done.errors:
        typer.echo(f"rejected: {error}", err=True)
    counts = ", ".join(f"{done.count(change)} {change}" for change in Change)
    typer.echo(f"{done.file}: {counts}, {done.rejected} rejected.")
    if rejected is not None:
        typer.echo(f"The rejected rows are in {rejected}: correct them there and import that file.")
    if not done.applied:
        typer.echo("Nothing was written. Add --apply to import the good rows.")


def _list(done: Imported, change: Change) -> None:
    """Name the rows that came out so, up to a screenful."""
    keys = [row.key for row in done.rows if row.change is change]
    word = str(change) if done.applied else f"would be {change}"
    for key in keys[:LISTED]:
        typer.echo(f"{word}  {key}")
    if len(keys) > LISTED:
        typer.echo(f"{word}  and {len(keys) - LISTED} more")
