"""Rows of a list as a file: CSV (RFC 4180) or XLSX (ECMA-376)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter

from isp_lifecycle.views.lists.model import ListColumn

#: Kinds of files, with their media types.
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_csv(columns: Sequence[ListColumn], rows: Iterable[Mapping[str, object]], zone: ZoneInfo) -> bytes:
    """CSV in UTF-8 with a byte order mark, by which spreadsheets know it; instants with the offset of ``zone``."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow([harmless(_written(row[column.name], zone)) for column in columns])
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def as_xlsx(columns: Sequence[ListColumn], rows: Iterable[Mapping[str, object]], zone: ZoneInfo, title: str) -> bytes:
    """A workbook of one sheet: numbers as such, days and instants (wall clock of ``zone``) as such, all else as text.

    Nothing becomes a formula or a link, whatever stands in it.
    """
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for x, column in enumerate(columns):
            sheet.write_string(0, x, column.title, head)
            sheet.set_column(x, x, 18)
        for y, row in enumerate(rows, start=1):
            for x, column in enumerate(columns):
                match row[column.name]:
                    case None:
                        continue
                    case datetime() as value:
                        sheet.write_datetime(y, x, value.astimezone(zone).replace(tzinfo=None), moment)
                    case date() as value:
                        sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a date
                    case bool() | str() | UUID() as value:
                        sheet.write_string(y, x, str(value))
                    case value:
                        sheet.write_number(y, x, float(str(value)))
    return file.getvalue()


def harmless(cell: object) -> object:
    """A spreadsheet takes a text that begins like this for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _written(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return "" if value is None else value
