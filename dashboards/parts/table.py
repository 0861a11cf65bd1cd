"""Tables that become cards on a phone, with pages served by the view and rows that open in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboards.parts.cards import empty
from dashboards.parts.html import Html, joined, tag, typed
from isp_lifecycle.foundation.texts import _

#: A table of so many columns becomes cards sooner than one of fewer.
MANY = 4


@dataclass(frozen=True)
class Column[R]:
    """A column: its heading and what it shows of a row. ``key`` columns lead to the row's own page."""

    heading: str
    cell: Callable[[R], object]
    css: str = ""


def table[R](
    rows: Sequence[R],
    columns: Sequence[Column[R]],
    *,
    nothing: tuple[str, str],
    current: Callable[[R], bool] = lambda _row: False,
) -> Html:
    """Rows as a table; ``nothing`` says what it means that there are none."""
    if not rows:
        return empty(*nothing)
    head = tag("tr", *(tag("th", c.heading, css=c.css, scope="col") for c in columns))
    body = joined(*(_row(row, columns, here=current(row)) for row in rows))
    css = "stack" if len(columns) < MANY else "stack many"
    return tag(
        "div",
        tag("div", tag("table", tag("thead", head), tag("tbody", body), css=css), css="scroll"),
        css="table-card",
    )


def pick(key: str, words: object, *, parameter: str) -> Html:
    """A link that opens a row in place; opened in a new tab it leads to the same."""
    return tag("a", words, href=f"?{parameter}={key}", data_pick=key)


def pager(*, offset: int, shown: int, total: int) -> Html:
    """Which rows are shown, with links to those before and after."""
    if total <= shown and not offset:
        return Html("")
    before = tag("a", _("← Before"), href="#", data_pick="page:before") if offset else tag("span")
    after = tag("a", _("After →"), href="#", data_pick="page:after") if offset + shown < total else tag("span")
    return tag(
        "div",
        before,
        tag("span", _("{offset}–{offset2} of {total}", offset=offset + 1, offset2=offset + shown, total=total)),
        after,
        css="pager",
    )


def _row[R](row: R, columns: Sequence[Column[R]], *, here: bool) -> Html:
    cells = (tag("td", typed(c.cell(row)), css=c.css, data_label=c.heading) for c in columns)
    return tag("tr", *cells, aria_current="true") if here else tag("tr", *cells)
