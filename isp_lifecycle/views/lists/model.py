"""What a list is, and what somebody asks of it: which rows, in which order, with which columns, and which page.

What is asked can be written into an address and read from one, so that a list can be sent to a colleague as it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.lists.errors import ColumnUnknown, FilterUnreadable, PageUnreadable

#: Rows of a page, and of an export, at most.
PAGE, EXPORTED_AT_MOST = 25, 100_000
#: Further on nobody leafs: the database would read all that is passed over. They filter.
PAGES_AT_MOST = 400
#: Words of an address that are no column's.
RESERVED = frozenset({"text", "sort", "show", "page"})


class Kind(StrEnum):
    """What a column holds, hence how it is filtered, sorted and shown."""

    TEXT = "text"  #: Filtered by a part of it.
    CHOICE = "choice"  #: One of few words; filtered by any of some.
    MOMENT = "moment"  #: An instant, shown in the provider's zone; filtered by days of that zone.
    DAY = "day"  #: A date.
    NUMBER = "number"
    HOURS = "hours"  #: A length of time; filtered by hours.
    MONEY = "money"  #: An amount; its currency stands in a column of its own.


@dataclass(frozen=True)
class ListColumn:
    """A column: ``sql`` is an expression over the list's source. ``under`` names one that stands below it, small.

    One that is not ``shown`` can be chosen. The words of a choice are ``choices``; ``names`` says what people call
    them, where that is not the word itself. Of a key that nobody reads, ``reads`` names the column that stands in its
    place. One that is ``said`` by the list's own words (:attr:`ListOf.says`) has no SQL, so nobody filters or sorts it.
    """

    name: str
    title: str
    sql: str
    kind: Kind = Kind.TEXT
    shown: bool = True
    under: str = ""
    choices: tuple[str, ...] = ()
    #: Whether rows may have none of it: those come last then, in either order.
    empty: bool = False
    #: Whether people are offered to filter by it; an address may in any case.
    filtered: bool = True
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    reads: str = ""
    said: bool = False
    #: What it is sorted by, where that is not what it shows.
    order: str = ""
    #: Of a choice that comes by a join: a condition on the source that a row with ``{words}`` meets in any case, so
    #: that an index leads to rows of a rare word and the join is not made for every row.
    narrows: str = ""


@dataclass(frozen=True)
class Found:
    """What a text means: a condition in SQL with its values, and by what is sorted where nobody asked for an order."""

    where: str
    values: Mapping[str, object]
    order: str = ""


@dataclass(frozen=True)
class ListOf:
    """A list: FROM and WHERE as SQL, its columns (the first is the key that opens a row), what a search looks at, and
    the order in which it comes unasked.

    ``joined`` are joins that neither add nor drop a row of ``source``: the database makes them for the rows of a page
    alone, wherever what is asked needs no more than the source. ``finds`` may know better what a text means than a
    part of some columns; ``says`` puts words to the rows of a page. WHERE may name ``:every`` and ``:username``:
    whether whoever looks may see everybody's rows, and who that is.
    """

    name: str
    title: str
    source: str
    columns: tuple[ListColumn, ...]
    search: tuple[str, ...]
    sort: str
    where: str = "true"
    joined: str = ""
    #: The permission to see everybody's rows, where some see their own only.
    every: str = ""
    finds: Callable[[Any, str], Found | None] | None = None
    says: Callable[[Any, Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]] | None = None
    _by_name: dict[str, ListColumn] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Know the columns by name; one that is called like a word of the address cannot be filtered by."""
        self._by_name.update({column.name: column for column in self.columns})
        if wrong := RESERVED & self._by_name.keys():
            raise ValueError(f"columns of {self.name} cannot be called {', '.join(sorted(wrong))}")

    def column(self, name: str) -> ListColumn:
        """The column of that name; raises ColumnUnknown."""
        if name not in self._by_name:
            raise ColumnUnknown(self.title, name, tuple(self._by_name))
        return self._by_name[name]

    def sortable(self, name: str) -> ListColumn:
        """The column of that name that the database can filter and sort by; raises ColumnUnknown."""
        if name in self._by_name and self._by_name[name].said:
            raise ColumnUnknown(self.title, name, tuple(c.name for c in self.columns if not c.said))
        return self.column(name)

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns that are shown unasked."""
        return tuple(column.name for column in self.columns if column.shown)


@dataclass(frozen=True, order=True)
class FromToday:
    """A day that moves with the calendar: so many days after today, so that an address means the same tomorrow."""

    days: int


@dataclass(frozen=True)
class Span:
    """From one value to another, both included; one that is None is open."""

    first: date | FromToday | Decimal | None
    last: date | FromToday | Decimal | None


#: What a column is filtered by: a part of a text, some words, or a span.
Wanted = str | tuple[str, ...] | Span


@dataclass(frozen=True)
class Asked:
    """What is asked of a list. ``sort`` is a column's name, with a minus before it from the last to the first.

    ``show`` are the columns that are shown, none meaning those that are shown unasked; ``page`` counts from 1.
    """

    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    show: tuple[str, ...] = ()
    page: int = 1

    @classmethod
    def read(cls, spec: ListOf, words: Mapping[str, str]) -> Asked:
        """What an address asks; words that are nobody's are left to others. Raises a Refused that names the word."""
        filters = tuple(
            (column.name, words[column.name].strip()) for column in spec.columns if words.get(column.name, "").strip()
        )
        asked = cls(
            text=words.get("text", "").strip(),
            filters=filters,
            sort=words.get("sort", ""),
            show=tuple(name for name in words.get("show", "").split(",") if name),
            page=_page(words.get("page", "1")),
        )
        for name in asked.show:
            spec.column(name)
        if asked.sort:
            spec.sortable(asked.sort.lstrip("-"))
        for name, value in filters:
            wanted(spec.sortable(name), value)
        return asked

    def words(self, *, without_page: bool = False) -> dict[str, str]:
        """What stands in an address for it."""
        found = {"text": self.text, **dict(self.filters), "sort": self.sort, "show": ",".join(self.show)}
        page = "" if without_page or self.page == 1 else str(self.page)
        return {name: value for name, value in {**found, "page": page}.items() if value}

    def query(self, *, without_page: bool = False) -> str:
        """The same as an address's query, without a question mark."""
        return urlencode(self.words(without_page=without_page), safe=",:.-")

    def turned(self, page: int) -> Asked:
        """The same, another page of it."""
        return replace(self, page=max(1, min(page, PAGES_AT_MOST)))

    def filtered(self, name: str, value: str) -> Asked:
        """The same with another filter on one column, from the first page; an empty one filters no more."""
        kept = tuple(one for one in self.filters if one[0] != name)
        return replace(self, filters=(*kept, (name, value)) if value else kept, page=1)


@dataclass(frozen=True)
class Listed:
    """One page: the columns shown, the rows with a value for every column of the list, by name; and how many there are.

    ``total`` stops counting at ``COUNTED``: ``counted`` says whether it is the whole number.
    """

    columns: tuple[ListColumn, ...]
    rows: tuple[Mapping[str, object], ...]
    total: int
    counted: bool
    page: int

    @property
    def more(self) -> bool:
        """Whether there is a page after it."""
        return self.page < PAGES_AT_MOST and (not self.counted or self.page * PAGE < self.total)


#: How many rows are counted; beyond that a list says so, since counting takes as long as reading.
COUNTED = 10_000


#: How days are written.
DAYS = say("Write a day as 2026-05-04, today or today-7, or a span as 2026-05-01..2026-05-31.")
_FROM_TODAY = re.compile(r"today(?:([+-]\d{1,4}))?")


def wanted(column: ListColumn, value: str) -> Wanted:
    """What a filter's text means for a column; raises FilterUnreadable.

    Choices are separated by commas; days, numbers and hours are a span ``first..last`` with an open end, or one value.
    """
    match column.kind:
        case Kind.TEXT:
            return value
        case Kind.CHOICE:
            words = tuple(word.strip() for word in value.split(",") if word.strip())
            if unknown := [word for word in words if column.choices and word not in column.choices]:
                raise FilterUnreadable(
                    column.title, unknown[0], say("Choose from: {known}.", known=", ".join(column.choices))
                )
            return words
        case Kind.MOMENT | Kind.DAY:
            return _span(column, value, _day, DAYS)
        case _:
            return _span(column, value, _number, say("Write a number, or a span such as 10..20, 10.. or ..20."))


def _span(column: ListColumn, value: str, read: Callable[[str], date | FromToday | Decimal], remedy: str) -> Span:
    first, dots, last = value.partition("..")
    try:
        ends = [read(end.strip()) if end.strip() else None for end in (first, last if dots else first)]
    except (ValueError, InvalidOperation):
        raise FilterUnreadable(column.title, value, remedy) from None
    span = Span(*ends)
    alike = type(span.first) is type(span.last)
    if span.first is span.last is None or (alike and span.first > span.last):  # type: ignore[operator]  # of one kind
        raise FilterUnreadable(column.title, value, remedy)
    return span


def _day(text: str) -> date | FromToday:
    if relative := _FROM_TODAY.fullmatch(text):
        return FromToday(int(relative[1] or 0))
    return date.fromisoformat(text)


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text):
        raise ValueError(text)
    return Decimal(text)


def _page(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text or "1") or not 1 <= int(text or 1) <= PAGES_AT_MOST:
        raise PageUnreadable(text, PAGES_AT_MOST)
    return int(text or 1)
