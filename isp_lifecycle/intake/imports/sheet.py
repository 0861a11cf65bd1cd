"""CSV as people's programs write it: text to records, and rejected records back to text.

A byte-order mark, CRLF line ends and semicolons or tabs between cells lose nothing and are accepted; everything that
would have to be guessed (another encoding, a strange header) is refused and named.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.imports.errors import FileUnreadable, HeaderWrong
from isp_lifecycle.intake.imports.model import ERROR_COLUMN, Level, Record, RowError

LARGEST_BYTES = 64 * 1024 * 1024
_SEPARATORS = ",;\t"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = "Save it as UTF-8 (in a spreadsheet: CSV UTF-8) and import it again."


def decoded(content: bytes) -> str:
    """The file's text. Raises FileUnreadable, which names the line that is not UTF-8."""
    if len(content) > LARGEST_BYTES:
        raise FileUnreadable(
            say("It is larger than {most} MiB.", most=LARGEST_BYTES // 2**20),
            remedy=say("Split it into smaller files."),
        )
    if content.startswith(_UTF16):
        raise FileUnreadable(say("It is encoded as UTF-16."), remedy=_SAVE_AS_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileUnreadable(
            say("The byte 0x{byte:02X} is not UTF-8.", byte=content[error.start]), remedy=_SAVE_AS_UTF8, line=line
        ) from None
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise FileUnreadable(say("A zero byte: this is not a text file."), remedy=_SAVE_AS_UTF8, line=line)
    return text


def read_sheet(content: bytes, level: Level) -> tuple[Record, ...]:
    """The records of a CSV file, in its order. Raises FileUnreadable and HeaderWrong.

    A row with too many or too few cells is a broken record, so that the others can still be imported.
    """
    text = decoded(content)
    rows = _rows(text, separator_of(text))
    header = tuple(cell.strip().casefold() for cell in next(rows, (0, []))[1])
    if not any(header):
        raise FileUnreadable(
            say("It is empty."), remedy=say("The first line names the columns: {names}.", names=", ".join(level.names))
        )
    _check_header(header, level)
    return tuple(_record(level, header, line, cells) for line, cells in rows)


def separator_of(text: str) -> str:
    """What stands between the cells: whichever of comma, semicolon and tab the first line has most of."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def write_rejected(level: Level, rejected: Sequence[tuple[Record, str]], separator: str = ",") -> str:
    """A file of the rows that were rejected, with a column that says why; correct it and import it again."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator="\n")
    writer.writerow((*level.names, ERROR_COLUMN))
    for record, why in rejected:
        writer.writerow((*(record.texts.get(name, "") for name in level.names), why))
    return target.getvalue()


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileUnreadable(
            say("It is not CSV: {error}.", error=error),
            remedy=say("Look for a quotation mark that is not closed."),
            line=begins,
        ) from None


def _check_header(header: tuple[str, ...], level: Level) -> None:
    given = Counter(name for name in header if name)
    missing = [name for name in level.names if name in level.required and name not in given]
    unknown = [name for name in given if name not in level.names and name != ERROR_COLUMN]
    twice = [name for name, times in given.items() if times > 1]
    if missing or unknown or twice:
        raise HeaderWrong(missing=missing, unknown=unknown, twice=twice, allowed=level.names)


def _record(level: Level, header: tuple[str, ...], line: int, cells: list[str]) -> Record:
    texts = {name: text for name, text in zip(header, cells, strict=False) if name and name != ERROR_COLUMN}
    surplus = [cell for cell in cells[len(header) :] if cell.strip()]
    broken: tuple[RowError, ...] = ()
    if surplus or len(cells) < len(header):
        what = f"It has {len(cells)} cells, the header has {len(header)}."
        remedy = "Put cells that contain the separator in quotation marks."
        broken = (RowError(line=line, field="", value="", what=what, remedy=remedy),)
    return Record(level=level, line=line, texts=texts, broken=broken)
