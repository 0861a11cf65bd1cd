"""Two numbers a day as bars, drawn in HTML: it costs the server nothing to speak of, and loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from dashboards.parts import words
from dashboards.parts.html import Html, tag
from dashboards.parts.table import Column, table
from isp_lifecycle.foundation.texts import _

#: Dates are written below so many of the bars at most.
LABELS = 5


@dataclass(frozen=True)
class DayBars:
    """A day with its two numbers."""

    day: date
    first: int
    second: int


def day_bars(rows: Sequence[DayBars], *, names: tuple[str, str]) -> Html:
    """The days in order, with a scale, dates, a legend, and the same numbers as a table for who wants them exactly."""
    top = _top(max((max(r.first, r.second) for r in rows), default=0))
    if not top:
        return tag("p", _("Nothing happened in these days."), css="soft")
    said = _(
        "{names} and {names2} per day, from {day} to {day2}",
        names=names[0],
        names2=names[1],
        day=words.day(rows[0].day),
        day2=words.day(rows[-1].day),
    )
    every = max(1, ceil(len(rows) / LABELS))
    bars = (_day(r, top, names, labelled=(len(rows) - 1 - n) % every == 0) for n, r in enumerate(rows))
    scale = tag("div", tag("span", top), tag("span", f"{top / 2:g}"), tag("span", 0), css="scale", aria_hidden="true")
    chart = tag("div", scale, tag("div", *bars, css="chart"), css="plot", role="img", aria_label=said)
    legend = tag("div", tag("span", names[0]), tag("span", names[1], css="b"), css="legend")
    return tag("div", chart, legend, _exactly(rows, names))


def _top(most: int) -> int:
    """The end of the scale: an even number, in round steps once there are many."""
    step = next((s for s in (2, 4, 10, 20, 50, 100, 200, 500, 1000) if most <= 5 * s), 2000)
    return ceil(most / step) * step


def _day(r: DayBars, top: int, names: tuple[str, str], *, labelled: bool) -> Html:
    label = tag("em", words.day_of_year(r.day)) if labelled else ""
    title = f"{words.day(r.day)}: {r.first} {names[0]}, {r.second} {names[1]}"
    return tag("div", _bar(r.first, top, ""), _bar(r.second, top, "b"), label, title=title)


def _bar(number: int, top: int, css: str) -> Html:
    return Html(f'<i class="{css}" style="height:{number / top:.2%}"></i>')


def _exactly(rows: Sequence[DayBars], names: tuple[str, str]) -> Html:
    columns = [
        Column[DayBars](_("Day"), lambda r: words.day(r.day), "key"),
        Column[DayBars](names[0].capitalize(), lambda r: r.first, "num"),
        Column[DayBars](names[1].capitalize(), lambda r: r.second, "num"),
    ]
    busy = [r for r in reversed(rows) if r.first or r.second]
    return tag("details", tag("summary", _("The numbers")), table(busy, columns, nothing=("", "")))
