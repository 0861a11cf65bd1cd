"""Light over time: lines in SVG, which cost the server next to nothing, and what became of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboards.parts import words
from dashboards.parts.html import Html, joined, markup, tag
from isp_lifecycle.foundation.texts import _, n_
from isp_lifecycle.views.light.port import OntOverTime, PortOverTime
from isp_lifecycle.views.light.trend import Change, Kind, Trend, Where

#: A line of less than this from end to end is drawn flat: that much is nothing.
LEAST_SPAN_DB = 3.0
MINUS = "\N{MINUS SIGN}"
type Days = Sequence[tuple[date, float | None]]


def sparkline(trend: Trend, *, width: int = 120, height: int = 26) -> Html:
    """The days of one ONT as a small line; a gap where it was off, a mark where it changed."""
    if not any(level is not None for _day, level in trend.days):
        return Html("")
    plot = _Plot(trend.days, width, height, edge=3)
    mark = plot.mark(trend.change.since) if trend.change else ""
    said = markup(_said(trend.days))
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return Html(f'<svg class="spark" role="img" aria-label="{said}" {box}>{mark}{plot.lines()}</svg>')


def chart(trend: Trend) -> Html:
    """The same large, with its levels and days written beside it."""
    if not any(level is not None for _day, level in trend.days):
        return Html("")
    width, height = 640, 150
    plot = _Plot(trend.days, width, height, edge=8)
    mark = plot.mark(trend.change.since) if trend.change else ""
    said = markup(_said(trend.days))
    drawn = Html(
        f'<svg class="light" role="img" aria-label="{said}" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f"{mark}{plot.lines()}</svg>"
    )
    scale = tag("div", tag("span", words.level(plot.high)), tag("span", words.level(plot.low)), css="scale")
    since = tag("b", words.day(trend.change.since)) if trend.change else ""
    below = tag("div", tag("span", words.day(trend.days[0][0])), since, tag("span", words.day(trend.days[-1][0])))
    return tag("div", scale, drawn, tag("div", css="corner"), tag("div", below, css="days"), css="over-time")


class _Plot:
    """Where days and levels lie in a box."""

    def __init__(self, days: Days, width: int, height: int, *, edge: int) -> None:
        levels = [level for _day, level in days if level is not None]
        middle, span = (max(levels) + min(levels)) / 2, max(max(levels) - min(levels), LEAST_SPAN_DB)
        self.high, self.low = middle + span / 2, middle - span / 2
        self._days, self._width, self._height, self._edge = days, width, height, edge
        self._first = days[0][0]
        self._length = max((days[-1][0] - self._first).days, 1)

    def x(self, day: date) -> float:
        return self._edge + (day - self._first).days / self._length * (self._width - 2 * self._edge)

    def y(self, level: float) -> float:
        return self._edge + (self.high - level) / (self.high - self.low) * (self._height - 2 * self._edge)

    def lines(self) -> str:
        """A line for each run of days that have a level; a dot where such a run is one day."""
        drawn, run = "", list[str]()
        for day, level in (*self._days, (self._first, None)):
            if level is not None:
                run.append(f"{self.x(day):.1f},{self.y(level):.1f}")
                continue
            if len(run) == 1:
                run.append(run[0])
            drawn += f'<polyline points="{" ".join(run)}"/>' if run else ""
            run = []
        return drawn

    def mark(self, day: date) -> str:
        """An upright line at a day."""
        at = f"{self.x(day):.1f}"
        return f'<line class="mark" x1="{at}" x2="{at}" y1="0" y2="{self._height}"/>'


def _said(days: Days) -> str:
    """What the line shows, for whoever does not see it."""
    levels = [level for _day, level in days if level is not None]
    return _(
        "{first} to {last}: {lowest} to {highest}",
        first=words.day(days[0][0]),
        last=words.day(days[-1][0]),
        lowest=words.level(min(levels)),
        highest=words.level(max(levels)),
    )


def difference(weaker_db: float | None) -> Html:
    """By how much it is weaker than it was, as a change of level: less light has the minus sign."""
    if weaker_db is None:
        return Html("")
    sign = MINUS if weaker_db > 0.05 else "+" if weaker_db < -0.05 else "\N{PLUS-MINUS SIGN}"
    return markup(f"{sign}{abs(weaker_db):.1f} dB")


def since(change: Change) -> str:
    """What became of it: since when, by how much."""
    day, much = words.day(change.since), abs(change.weaker_db)
    if change.kind is Kind.DECAY:
        if change.weaker_db > 0:
            return _("Weaker and weaker since {day}, by {much:.1f} dB now", day=day, much=much)
        return _("Stronger and stronger since {day}, by {much:.1f} dB now", day=day, much=much)
    if change.weaker_db > 0:
        return _("Since {day} {much:.1f} dB weaker", day=day, much=much)
    return _("Since {day} {much:.1f} dB stronger", day=day, much=much)


def told(one: OntOverTime) -> str:
    """The whole sentence about one ONT: since when, by how much, together with whom, and where to look."""
    change = one.trend.change
    if change is None:
        return ""
    what = since(change)
    if change.where is Where.SPLITTER:
        return n_(
            "{what}, together with {count} neighbour behind splitter {splitter}: look at what feeds it.",
            "{what}, together with {count} neighbours behind splitter {splitter}: look at what feeds it.",
            change.together,
            what=what,
            splitter=one.splitter,
        )
    if change.where is Where.FEEDER:
        return n_(
            "{what}, together with {count} neighbour of the whole port: look at the feeder.",
            "{what}, together with {count} neighbours of the whole port: look at the feeder.",
            change.together,
            what=what,
        )
    if change.weaker_db > 0:
        return _("{what}, and none of its neighbours: look at its drop.", what=what)
    return f"{what}."


def briefly(one: OntOverTime) -> str:
    """The same where those who share it are told above."""
    change = one.trend.change
    if change is None or change.where is Where.ALONE:
        return told(one)
    if change.where is Where.SPLITTER:
        return _("{what}, as others behind its splitter.", what=since(change))
    return _("{what}, as others on the port.", what=since(change))


def common(port: PortOverTime) -> tuple[OntOverTime, ...]:
    """One ONT for each change that several share and became weaker by: whoever stands for them."""
    found: dict[tuple[Where, str], OntOverTime] = {}
    for one in port.onts:
        change = one.trend.change
        if change is None or change.weaker_db < 0 or change.where is Where.ALONE:
            continue
        key = (change.where, one.splitter if change.where is Where.SPLITTER else "")
        if key not in found or change.together > _together(found[key]):
            found[key] = one
    return tuple(found.values())


def _together(one: OntOverTime) -> int:
    return one.trend.change.together if one.trend.change else 0


def small_print(read: str, *, invented: bool) -> Html:
    """From when it is, and that some of it nobody measured."""
    last = _("Last read {moment}, each night by itself.", moment=read)
    return tag("p", tag("small", last, joined(" ", tag("b", made_up())) if invented else ""))


def made_up() -> str:
    """That nobody measured some of it."""
    return _("Some of these days are the sample town's invented past.")
