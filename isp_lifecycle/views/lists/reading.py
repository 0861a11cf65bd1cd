"""A list read from the database: one page of it, or all of it for an export.

Expressions come from the list's own declaration; whatever somebody typed is bound as a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.views.lists.errors import TooManyRows
from isp_lifecycle.views.lists.model import (
    COUNTED,
    EXPORTED_AT_MOST,
    PAGE,
    Asked,
    FromToday,
    Kind,
    Listed,
    ListOf,
    Span,
    wanted,
)
from isp_lifecycle.views.window import Look

#: One row: a value for every column of the list, by name.
Row = Mapping[str, object]
#: Rows of an export that are read, and put into words, together.
TOGETHER = 1000
#: A FROM of one table with its alias; and what stands before the dot of a column, outside of words in quotes.
_ALIAS = re.compile(r"\s*\w+ ([a-z]\w*)\s*")
_NAMED = re.compile(r"(?<![\w.'])([a-z]\w*)\.(?=[a-z\"])")


def listed(look: Look, spec: ListOf, asked: Asked) -> Listed:
    """One page of what is asked."""
    question = _question(look, spec, asked)
    rows = _rows(look, spec, question, limit=PAGE, offset=(asked.page - 1) * PAGE)
    many = _count(look, spec, question, most=COUNTED) if len(rows) == PAGE or asked.page > 1 else len(rows)
    shown = asked.show or spec.usual
    return Listed(
        columns=tuple(spec.column(name) for name in dict.fromkeys((spec.columns[0].name, *shown))),
        rows=rows,
        total=min(many, COUNTED),
        counted=many <= COUNTED,
        page=asked.page,
    )


def exported[R](look: Look, spec: ListOf, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Give every row of what is asked, whatever page, to ``into``, as they come; and return what that makes of them.

    Raises TooManyRows rather than leave rows out.
    """
    question = _question(look, spec, asked)
    if _count(look, spec, question, most=EXPORTED_AT_MOST) > EXPORTED_AT_MOST:
        raise TooManyRows(spec.title, EXPORTED_AT_MOST)
    found = look.tx.execute(
        _statement(spec, question),
        question.values | {"limit": EXPORTED_AT_MOST, "offset": 0},
        execution_options={"stream_results": True, "yield_per": TOGETHER},
    )
    many = (tuple(dict(row) for row in part) for part in found.mappings().partitions(TOGETHER))
    return into(row for part in many for row in _said(look, spec, part))


@dataclass(frozen=True)
class _Question:
    """What is asked, as SQL: a condition, an order, their values; and whether the source alone answers it."""

    where: str
    order: str
    values: dict[str, Any]
    alone: bool


def _question(look: Look, spec: ListOf, asked: Asked) -> _Question:
    where, values, order = _condition(look, spec, asked)
    order = f"{order}, {spec.columns[0].sql} DESC" if order and not asked.sort else _order(spec, asked)
    return _Question(where, order, values, bool(spec.joined) and _names(f"{where} {order}") <= _names(spec.source))


def _names(sql: str) -> frozenset[str]:
    """The tables that an expression names by their alias; of a FROM with one table, that alias."""
    alias = _ALIAS.fullmatch(sql)
    return frozenset({alias[1]}) if alias else frozenset(_NAMED.findall(sql))


def _rows(look: Look, spec: ListOf, question: _Question, *, limit: int, offset: int) -> tuple[Row, ...]:
    found = look.tx.execute(_statement(spec, question), question.values | {"limit": limit, "offset": offset})
    return tuple(_said(look, spec, tuple(dict(row) for row in found.mappings())))


def _said(look: Look, spec: ListOf, rows: Sequence[Row]) -> Sequence[Row]:
    return rows if spec.says is None or not rows else spec.says(look, rows)


def _statement(spec: ListOf, question: _Question) -> sa.TextClause:
    """Rows with all joins; where the source alone answers, it is asked first, and joined with what is shown."""
    columns = ", ".join(f'{column.sql or "NULL"} AS "{column.name}"' for column in spec.columns)
    bounds = f"WHERE {question.where} ORDER BY {question.order} LIMIT :limit OFFSET :offset"
    if not question.alone:
        return sa.text(f"SELECT {columns} FROM {spec.source} {spec.joined} {bounds}")  # noqa: S608 - made of the list's own expressions; what was typed is bound
    (alias,) = _names(spec.source)
    picked = f"(SELECT {alias}.* FROM {spec.source} {bounds}) {alias}"  # noqa: S608 - as above
    return sa.text(f"SELECT {columns} FROM {picked} {spec.joined} ORDER BY {question.order}")  # noqa: S608 - as above


def _count(look: Look, spec: ListOf, question: _Question, *, most: int) -> int:
    source = spec.source if question.alone else f"{spec.source} {spec.joined}"
    statement = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {question.where} LIMIT :most) counted"  # noqa: S608 - as above
    return int(look.tx.execute(sa.text(statement), question.values | {"most": most + 1}).scalar_one())


def grouped(look: Look, spec: ListOf, asked: Asked, *, by: str) -> dict[str, int]:
    """How many rows there are of each word of a column, whatever the list is filtered to in that column."""
    question = _question(look, spec, asked.filtered(by, ""))
    sql = spec.sortable(by).sql
    alone = question.alone and _names(sql) <= _names(spec.source)
    source = spec.source if alone else f"{spec.source} {spec.joined}"
    statement = f"SELECT {sql}, count(*) FROM {source} WHERE {question.where} GROUP BY 1"  # noqa: S608 - as above
    return {str(word): many for word, many in look.tx.execute(sa.text(statement), question.values)}


def _order(spec: ListOf, asked: Asked) -> str:
    """What was asked for first, then the key, so that pages neither repeat nor leave out a row."""
    sort = asked.sort or spec.sort
    column = spec.sortable(sort.lstrip("-"))
    way = ("DESC" if sort.startswith("-") else "ASC") + (" NULLS LAST" if column.empty else "")
    return f"{column.order or column.sql} {way}, {spec.columns[0].sql} DESC"


def _condition(look: Look, spec: ListOf, asked: Asked) -> tuple[str, dict[str, Any], str]:
    """The condition, its values, and by what it is sorted where the text says so."""
    parts, values, order = [f"({spec.where})"], dict[str, Any](now=look.at), ""
    if spec.every:
        values |= {"every": look.actor.may(spec.every), "username": look.actor.username}
    found = spec.finds(look, asked.text) if spec.finds is not None and asked.text else None
    if found is not None:
        parts.append(found.where)
        values |= found.values
        order = found.order
    for number, word in enumerate(asked.text.split()[:8] if found is None else ()):
        values[f"word{number}"] = f"%{_literal(word)}%"
        parts.append("(" + " OR ".join(f"{sql} ILIKE :word{number}" for sql in spec.search) + ")")
    for number, (name, value) in enumerate(asked.filters):
        column = spec.sortable(name)
        parts += _filter(look, column.sql, column.kind, wanted(column, value), f"filter{number}", values)
        if column.narrows:
            parts.append(column.narrows.format(words=f":filter{number}"))
    return " AND ".join(parts), values, order


def _filter(look: Look, sql: str, kind: Kind, what: object, name: str, values: dict[str, Any]) -> Iterator[str]:
    match what:
        case str():
            values[name] = f"%{_literal(what)}%"
            yield f"({sql})::text ILIKE :{name}"
        case Span(first, last):
            first, last = _on(look, first), _on(look, last)
            if first is not None:
                values[f"{name}_first"] = _edge(look, kind, first)
                yield f"({sql}) >= :{name}_first"
            if last is not None:
                after = kind is Kind.MOMENT and isinstance(last, date)
                values[f"{name}_last"] = _edge(look, kind, last + timedelta(days=1) if after else last)
                yield f"({sql}) {'<' if after else '<='} :{name}_last"
        case _:
            values[name] = list(what)  # type: ignore[call-overload]  # the words of a choice
            yield f"({sql}) = ANY(:{name})"


def _on(look: Look, value: object) -> Any:
    """The day that is meant, where it moves with the calendar."""
    return look.today + timedelta(days=value.days) if isinstance(value, FromToday) else value


def _edge(look: Look, kind: Kind, value: object) -> object:
    """A day as the instant at which it begins on the provider's wall calendar, where instants are compared."""
    if kind is Kind.MOMENT and isinstance(value, date):
        return start_of(value, zone=look.settings.company.tz)
    return value


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
