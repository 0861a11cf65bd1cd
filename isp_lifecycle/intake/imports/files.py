"""The two ways in: a preview, which is an import that is rolled back, and the import itself.

They share every line but that one, so a preview says what would happen because it did happen. What stays of it are
gaps in the numbering of customers and services, which are harmless.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Refused
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.imports import document, sheet
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.kinds import kind_of
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Imported, ImportFile, Record, RowError, RowOutcome


@enters("import.run")
def preview(act: Act, *, kind: str, file: ImportFile) -> Imported:
    """Say what importing the file would create, change and leave as it is, and what is wrong with it."""
    with act.tx.begin_nested() as trial:
        found = _import(act, kind_of(kind), file, applied=False)
        trial.rollback()
    return found


@enters("import.run")
def apply(act: Act, *, kind: str, file: ImportFile) -> Imported:
    """Import every good row of the file, all in one transaction; the bad ones come back to be corrected.

    Raises FileUnreadable and HeaderWrong, for which nothing is imported.
    """
    return _import(act, kind_of(kind), file, applied=True)


def read_records(kind: Kind[Any], content: bytes) -> tuple[Record, ...]:
    """The records of a file of this kind; raises FileUnreadable and HeaderWrong."""
    read = sheet.read_sheet if kind.form is Form.CSV else document.read_document
    return read(content, kind.level)


def _import(act: Act, kind: Kind[Any], file: ImportFile, *, applied: bool) -> Imported:
    act.about("import", kind.name)
    records = read_records(kind, file.content)
    rows = land(act, kind, records)
    return Imported(
        kind=kind.name,
        file=file.name,
        applied=applied,
        rows=rows,
        rejected_text=_rejected_text(kind, zip(records, rows, strict=True), file.content),
    )


def land(act: Act, kind: Kind[Any], records: Iterable[Record]) -> tuple[RowOutcome, ...]:
    """Put every good record, and tell what became of each."""
    seen: dict[str, Record] = {}
    known = Known(act.tx)
    return tuple(_land(act, kind, record, seen, known) for record in records)


def _land(act: Act, kind: Kind[Any], record: Record, seen: dict[str, Record], known: Known) -> RowOutcome:
    """Put one record; what is wrong with it becomes its outcome and nothing of it stays."""
    cells = Cells(record)
    row = kind.read(cells)
    if not cells.errors and (before := seen.setdefault(row.key, record)) is not record:
        cells.errors.append(_twice(record, row.key, before))
    if cells.errors:
        return RowOutcome(line=record.line, key=row.key, errors=tuple(cells.errors))
    try:
        with act.tx.begin_nested():
            landed = kind.put(act, row, known)
    except (Refused, NeedsPerson) as error:
        return RowOutcome(line=record.line, key=row.key, errors=(_told(kind, record, error),))
    return RowOutcome(line=record.line, key=row.key, change=landed.change, notes=landed.notes)


def _twice(record: Record, key: str, before: Record) -> RowError:
    return RowError(
        line=record.line,
        field=record.level.key,
        value=record.texts.get(record.level.key, ""),
        what=f"{before.place or f'Line {before.line}'} is about {key} already.",
        remedy="Remove one of the two.",
    )


def _told(kind: Kind[Any], record: Record, error: LifecycleError) -> RowError:
    """A capability's refusal as an error of this row, by the column and the text that the file has."""
    column = _column(kind, record, error)
    text = record.texts.get(column, "") if column in record.level.names else str(error.value or "")
    line = record.lines.get(column, record.line)
    return RowError(line=line, field=column, value=text[:200], what=error.message, remedy=error.remedy)


def _column(kind: Kind[Any], record: Record, error: LifecycleError) -> str:
    """The column that an error is about: by its field, or where that says little (``code``) by the value itself."""
    named = error.field or ""
    column = kind.renamed.get(named, named)
    if named not in record.level.names and record.texts.get(column, "").strip() != str(error.value):
        same = [name for name, text in record.texts.items() if text.strip() == str(error.value)]
        return same[0] if len(same) == 1 else column
    return column


def _rejected_text(kind: Kind[Any], pairs: Iterable[tuple[Record, RowOutcome]], content: bytes) -> str:
    """A file of the rejected rows, in the form in which they came; empty when all were good."""
    rejected = [(record, " ".join(_why(e) for e in outcome.errors)) for record, outcome in pairs if outcome.errors]
    if not rejected:
        return ""
    if kind.form is Form.YAML:
        return document.write_rejected(kind.level, rejected)
    return sheet.write_rejected(kind.level, rejected, sheet.separator_of(sheet.decoded(content)))


def _why(error: RowError) -> str:
    return f"{error.field}: {error.what}" if error.field else error.what
