"""A list of the database on a page: searched, filtered, sorted, paged, saved and exported, live while somebody looks.

All of it is one component that shows rows which the view has chosen: a browser never holds more than one page, and
another page costs the server one question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl
from uuid import UUID

import param
from panel.custom import JSComponent

from dashboards.parts import words
from dashboards.parts.html import STYLE
from dashboards.parts.notice import Notice, shown
from dashboards.parts.scripts import texts_of
from dashboards.parts.states import tone_of, words_of
from dashboards.parts.working import at_work
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.intake import lists as intake
from isp_lifecycle.views.lists import shipped as views
from isp_lifecycle.views.lists.model import PAGE, Asked, Kind, ListColumn, Listed

#: Columns whose words are states, shown as chips.
STATES = frozenset({"state", "severity", "standing"})
_NUMBERS = frozenset({Kind.NUMBER, Kind.HOURS, Kind.MONEY})


class Rows(JSComponent):
    """The list as it is drawn; calls ``on_ask`` with what is asked of it. ``drawn`` counts what was shown."""

    of_list = param.String()
    texts = param.Dict(default={}, doc="What the script says, in the language of whoever looks, by its English.")
    language = param.String(default="en")
    title = param.String()
    hint = param.String()
    parameter = param.String()
    fields = param.List(doc="Every column: name, title, kind and choices.")
    columns = param.List(doc="The columns shown.")
    rows = param.List(doc="Key and cells of each row; a cell is its text, what stands below, and a chip's tone.")
    filters = param.Dict(default={})
    saved = param.List()
    nothing = param.List(default=["", ""])
    text = param.String()
    sort = param.String()
    query = param.String()
    picked = param.String()
    page = param.Integer(default=1)
    size = param.Integer(default=PAGE)
    total = param.Integer()
    counted = param.Boolean(default=True)
    more = param.Boolean()
    drawn = param.Integer()

    _esm = Path(__file__).with_name("listing.js")
    _stylesheets: ClassVar[list[str]] = [STYLE, Path(__file__).with_name("listing.css").read_text(encoding="utf-8")]

    def __init__(self, *, on_ask: Callable[[Mapping[str, Any]], Any], **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self._on_ask = on_ask

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict):
            with at_work():
                self._on_ask(data)


class Listing:
    """One of the shipped lists on a page. ``usual`` are the filters that it begins with where the address says none.

    ``nothing`` says what it means that these find no row, or says it of whatever is asked. ``pick`` is called with the
    key of a row; ``moved`` after what is asked has changed, so that the address can say it. ``offers`` are words to
    filter by of columns whose choices are not known ahead.
    """

    def __init__(
        self,
        session: PageSession,
        *,
        name: str,
        parameter: str,
        hint: str,
        nothing: tuple[str, str] | Callable[[Asked], tuple[str, str] | None],
        notice: Notice,
        pick: Callable[[str], None],
        moved: Callable[[], None],
        usual: Mapping[str, str] | None = None,
        offers: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._session = session
        self._spec, self._page, _whole = views.LISTS[name]
        self._nothing = nothing
        self._pick = pick
        self._moved = moved
        self._notice = notice
        self._usual = usual or {}
        self._offers = offers or {}
        #: The first column, or the one that stands in its place where nobody reads the key itself.
        self._first_shown = self._spec.column(self._spec.columns[0].reads or self._spec.columns[0].name)
        self.asked = self._first(session.query, self._usual)
        self.pane = Rows(
            on_ask=shown(notice, self._act),
            of_list=name,
            title=said(self._spec.title),
            texts=texts_of(Rows._esm),
            language=session.language,
            hint=hint,
            parameter=parameter,
            fields=[self._field(column) for column in self._fields()],
        )
        self._show_saved()

    def _first(self, query: Mapping[str, str], usual: Mapping[str, str]) -> Asked:
        """What the address asks; an address that asks for nothing, or for what there is not, gets what is usual."""
        try:
            asked = Asked.read(self._spec, query)
        except Refused as error:
            self._notice.failed(error)
            return Asked.read(self._spec, usual)
        return asked if asked.words() else Asked.read(self._spec, usual)

    def read(self) -> tuple[Asked, Listed]:
        """The rows as they are now; may be called in a thread."""
        asked = self.asked
        return asked, self._session.look(self._page, asked=asked)

    def draw(self, picked: str, found: tuple[Asked, Listed] | None = None) -> None:
        """Show the rows; those that were read for another question meanwhile are left out."""
        asked, listed = found or self.read()
        if asked != self.asked:
            return
        key, first = self._spec.columns[0].name, self._first_shown
        shown = [first, *(c for c in listed.columns if c.name not in (key, first.name))]
        rows = [{"key": str(row[key]), "cells": [self._cell(c, row) for c in shown]} for row in listed.rows]
        columns = [self._field(c) | {"css": _css(c, first=at == 0)} for at, c in enumerate(shown)]
        now = {
            "rows": rows, "columns": columns, "filters": dict(asked.filters), "text": asked.text,
            "sort": asked.sort or self._spec.sort, "query": asked.query(), "picked": picked, "page": listed.page,
            "total": listed.total, "counted": listed.counted, "more": listed.more,
            "nothing": list(self._says_nothing(asked)),
        }  # fmt: skip
        if changed := {name: value for name, value in now.items() if getattr(self.pane, name) != value}:
            self.pane.param.update(**changed, drawn=self.pane.drawn + 1)

    def _fields(self) -> list[ListColumn]:
        """Every column, the first as it is shown."""
        key, first = self._spec.columns[0], self._first_shown
        return [first, *(c for c in self._spec.columns if c not in (key, first))]

    def _says_nothing(self, asked: Asked) -> tuple[str, str]:
        """What it means that there are no rows."""
        nothing = self._nothing(asked) if callable(self._nothing) else self._nothing
        if nothing is not None and (callable(self._nothing) or asked.words() == dict(self._usual)):
            return said(nothing[0]), said(nothing[1])
        return (
            (_("Nothing fits."), _("Search or filter for less.")) if asked.words() else (_("There is nothing yet."), "")
        )

    def ask(self, asked: Asked) -> None:
        """Ask for something else, and show it."""
        self.asked = asked
        self._moved()

    def filtered(self, name: str, value: str) -> None:
        """Filter by one column; an empty value filters no more."""
        self.ask(self._read(self.asked.filtered(name, value).words()))

    def _act(self, what: Mapping[str, Any]) -> None:
        """What the browser asks: all of it is read again as an address would be, since anybody can send anything."""
        match what:
            case {"pick": str() as key}:
                self._pick(key)
            case {"keep": str() as name, "shared": bool() as is_shared}:
                query = self.asked.query(without_page=True)
                self._session.act(intake.keep_view, list_name=self._spec.name, name=name, query=query, shared=is_shared)
                self._show_saved()
            case {"forget": str() as view}:
                self._session.act(intake.forget_view, view_id=UUID(view))
                self._show_saved()
            case _:
                self.ask(self._wanted(what))

    def _wanted(self, what: Mapping[str, Any]) -> Asked:
        """What is asked of the list after this."""
        match what:
            case {"filter": str() as name, "value": str() as value}:
                return self._read(self.asked.filtered(self._spec.column(name).name, value[:500]).words())
            case {"clear": True}:
                return replace(self.asked, text="", filters=(), page=1)
            case {"page": int() as page}:
                return self.asked.turned(page)
            case {"view": str() as query}:
                return self._read(dict(parse_qsl(query[:2000])))
            case {"text": str()} | {"sort": str()} | {"show": str()}:
                changed = {key: str(value)[:200] for key, value in what.items() if key in ("text", "sort", "show")}
                return self._read({**self.asked.words(), **changed, "page": "1"})
            case _:
                return self.asked

    def meaning(self, words: Mapping[str, str]) -> Asked:
        """What these words of an address ask, from the first page."""
        return Asked.read(self._spec, {**words, "page": "1"})

    def _read(self, words: Mapping[str, str]) -> Asked:
        return Asked.read(self._spec, words)

    def _show_saved(self) -> None:
        own = self._session.actor.user_id
        self.pane.saved = [
            {
                "id": str(view.id),
                "name": view.name,
                "query": view.query,
                "shared": view.shared,
                "owner": "" if view.user_id == own else view.owner,
            }
            for view in self._session.look(views.saved_views, list_name=self._spec.name)
        ]

    def _cell(self, column: ListColumn, row: Mapping[str, object]) -> list[str | None]:
        under = self._text(self._spec.column(column.under), row) if column.under else ""
        value = row[column.name]
        tone = tone_of(str(value)) if column.name in STATES and value else None
        return [self._text(column, row), under, tone]

    def _field(self, column: ListColumn) -> dict[str, Any]:
        offered = column.choices or self._offers.get(column.name, ())
        return {
            "name": column.name,
            "title": said(column.title),
            "kind": str(column.kind),
            "choices": [[str(word), _words(column, str(word))] for word in offered],
            "filtered": column.filtered and not column.said,
            "sorted": not column.said,
        }

    def _text(self, column: ListColumn, row: Mapping[str, object]) -> str:
        match row[column.name]:
            case None:
                return ""
            case datetime() as value:
                return words.moment(value, self._session.zone)
            case date() as value:
                return words.day(value)
            case Decimal() | float() | int() as value if column.kind is Kind.HOURS:
                return words.length(float(value) * 3600)
            case Decimal() as value if column.kind is Kind.MONEY:
                return f"{value:.2f} {row.get('currency') or ''}".strip()
            case value if column.kind is Kind.CHOICE:
                return _words(column, str(value))
            case value:
                return said(value)


def _words(column: ListColumn, word: str) -> str:
    if word in column.names:
        return said(column.names[word])
    if not column.choices:
        return word
    return words.kind(word) if column.name == "kind" else words_of(word)


def _css(column: ListColumn, *, first: bool) -> str:
    return "key" if first else "num" if column.kind in _NUMBERS else ""
