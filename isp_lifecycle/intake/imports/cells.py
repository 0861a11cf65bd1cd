"""A record's texts as typed values. Everything that is wrong is collected, so that a row is corrected in one go."""

from __future__ import annotations

import math
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from isp_lifecycle.intake.imports.model import Record, RowError

LONGEST = 500
#: What a PostgreSQL integer holds.
MOST = 2**31 - 1


class Cells:
    """Reads the fields of one record.

    A field that is wrong gives an error in ``errors`` and a value of the right type that must not be used: whoever
    reads a row looks at ``errors`` before the row.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.errors: list[RowError] = list(record.broken)

    def of(self, level: str) -> Cells:
        """The entry of that level in which this one stands (or this one itself); its errors are its own."""
        record: Record | None = self.record
        while record is not None and record.level.name != level:
            record = record.above
        if record is None:
            raise KeyError(level)
        return self if record is self.record else Cells(record)

    def maybe_text(self, name: str) -> str | None:
        """A text, or None where nothing was given."""
        text = unicodedata.normalize("NFC", self.record.texts.get(name, "")).strip()
        if not text.isprintable() or len(text) > LONGEST:
            self.wrong(name, f"must be one line of at most {LONGEST} characters.")
        return text or None

    def text(self, name: str) -> str:
        """A text that must be given."""
        found = self.maybe_text(name)
        if found is None:
            self.wrong(name, "is empty but required.", "Fill it in.")
        return found or ""

    def maybe_integer(self, name: str) -> int | None:
        """A whole number, or None where nothing was given."""
        text = self.maybe_text(name)
        if text is None:
            return None
        if not text.isascii() or not text.removeprefix("-").isdigit() or abs(int(text[:20])) > MOST:
            self.wrong(name, "is not a whole number.", "Write digits only, such as 120.")
            return None
        return int(text)

    def integer(self, name: str) -> int:
        """A whole number that must be given."""
        if self.text(name):
            return self.maybe_integer(name) or 0
        return 0

    def number(self, name: str) -> float:
        """A number that must be given, with a decimal point."""
        text = self.text(name)
        try:
            value = float(text) if text else 0.0
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            self.wrong(name, "is not a number.", "Write it with a decimal point, such as 53.271.")
            return 0.0
        return value

    def amount(self, name: str) -> Decimal:
        """An amount of money that must be given, with a decimal point."""
        text = self.text(name)
        try:
            value = Decimal(text) if text else Decimal(0)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or "_" in text or abs(value) >= 10**9:
            self.wrong(name, "is not an amount of money.", "Write it with a decimal point, such as 29.90.")
            return Decimal(0)
        return value

    def day(self, name: str) -> date:
        """A date that must be given."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else date.min
        except ValueError:
            self.wrong(name, "is not a date.", "Write year, month and day, such as 2026-01-31.")
            return date.min

    def yes(self, name: str, *, unless_given: bool) -> bool:
        """Yes or no."""
        text = (self.maybe_text(name) or "").casefold()
        if text not in {"", "yes", "no", "true", "false"}:
            self.wrong(name, "is neither yes nor no.", "Write yes or no.")
        return unless_given if not text else text in {"yes", "true"}

    def one_of[E: StrEnum](self, name: str, allowed: tuple[E, ...]) -> E:
        """One of a few words."""
        text = self.text(name)
        for member in allowed:
            if text == str(member):
                return member
        if text:
            self.wrong(name, "is not known.", f"Write one of {', '.join(map(str, allowed))}.")
        return allowed[0]

    def wrong(self, name: str, what: str, remedy: str = "Correct it.") -> None:
        """Note that a field is wrong; the first thing that is wrong with it is what counts."""
        if all(error.field != name for error in self.errors):
            line = self.record.lines.get(name, self.record.line)
            value = self.record.texts.get(name, "")
            self.errors.append(RowError(line=line, field=name, value=value[:200], what=f"It {what}", remedy=remedy))
