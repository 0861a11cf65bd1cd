"""The manager's page: the figures of a period, what fails and why, and reports: past ones, and one made now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card, empty, tile, tiles
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip, words_of
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.intake import reports as intake
from isp_lifecycle.views import manager as views
from isp_lifecycle.views.manager import CauseRow, DayRow, Figures, ReportRow

PERIODS = {"1": "Today", "7": "7 days", "30": "30 days", "90": "90 days"}


def page(session: PageSession) -> Sequence[Any]:
    """Figures."""
    return FiguresPage(session).parts()


class FiguresPage:
    """Figures of the period that is chosen, and the reports."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._shown = html_pane()
        self._reports = html_pane()
        days = session.query.get("days", "30")
        self._period = Segments(
            PERIODS, chosen=lambda _key: self._draw(), current=days if days in PERIODS else "30", label="Period"
        )
        self._live = Live(
            ask=lambda: session.look(views.reports), show=self._list_reports, every=3.0, notice=self._notice
        )
        self._draw()
        self._list_reports(session.look(views.reports))

    def parts(self) -> list[Any]:
        """What is shown."""
        parts: list[Any] = [self._period.pane, self._shown]
        if self._session.actor.may("report.run"):
            run = button(
                "Make the activation report now", self._run, notice=self._notice, icon="description", kind="outlined"
            )
            parts.append(row(run))
        return [column(*parts, self._notice.pane, self._reports, gap=18), self._live.start()]

    def _draw(self) -> None:
        last = self._session.today
        first = last - timedelta(days=int(self._period.current) - 1)
        f = self._session.look(views.figures, first=first, last=last)
        show(self._shown, tag("div", _tiles(f), _days(f.per_day), _orders(f), _causes(f.failures), css="stack-m"))

    def _run(self) -> None:
        last = self._session.today
        first = last - timedelta(days=int(self._period.current) - 1)
        self._session.act(intake.request, name="activations", first=first, last=last)
        self._list_reports(self._session.look(views.reports))
        self._notice.good("The report is being made.", "It appears below when it is ready; you may leave the page.")

    def _list_reports(self, rows: Sequence[ReportRow]) -> None:
        zone = self._session.zone
        columns = [
            Column[ReportRow]("Report", _link, "key"),
            Column[ReportRow]("Period", lambda r: f"{words.day(r.first)} – {words.day(r.last)}"),
            Column[ReportRow]("Asked by", lambda r: f"{r.requested_by}, {words.moment(r.requested_at, zone)}"),
            Column[ReportRow]("State", lambda r: chip(r.state)),
            Column[ReportRow]("", lambda r: r.words),
        ]
        nothing = ("No report has been made yet.", "One is made every week by itself.")
        show(self._reports, joined(tag("h2", "Reports"), table(rows, columns, nothing=nothing)))


def _tiles(f: Figures) -> Html:
    right = "–" if f.first_time_right is None else f"{f.first_time_right:.0%}"
    minutes = "–" if f.median_connect_minutes is None else f"{f.median_connect_minutes:.1f} min"
    days = "–" if f.median_order_days is None else f"{f.median_order_days:.1f} days"
    return tiles(
        tile("Lines activated", f.activations_done),
        tile("First time right", right, "no step failed", "good" if (f.first_time_right or 0) >= 0.9 else ""),
        tile("Time to connect", minutes, "Activate pressed to active, median"),
        tile("Order to active", days, "median"),
        tile(
            "Standing still now",
            f.activations_failed_now,
            "failed activations",
            "bad" if f.activations_failed_now else "",
        ),
        tile("Backlog", f.backlog, f"oldest {f.oldest_backlog_days:.0f} days"),
    )


def _days(rows: Sequence[DayRow]) -> Html:
    """Placed and activated for each day, as bars; the numbers are in each bar's title."""
    most = max((max(d.placed, d.activated) for d in rows), default=0)
    if len(rows) < 2 or not most:
        return Html("")
    bars = (
        tag(
            "div",
            Html(
                f'<i style="height:{d.placed / most:.1%}"></i><i class="b" style="height:{d.activated / most:.1%}"></i>'
            ),
            title=f"{words.day(d.day)}: {d.placed} placed, {d.activated} activated",
        )
        for d in rows
    )
    said = f"Orders placed and lines activated per day, at most {most}"
    legend = tag(
        "div",
        tag("span", "placed"),
        tag("span", "activated", css="b"),
        tag("span", f"highest: {most} a day", css="none"),
        css="legend",
    )
    return card(
        tag("div", *bars, css="chart", role="img", aria_label=said), legend, heading="Orders and activations by day"
    )


def _orders(f: Figures) -> Html:
    shown = [tile(words_of(state), number) for state, number in sorted(f.orders_by_state.items())]
    return card(tiles(*shown) if shown else empty("No orders in this period."), heading="Orders by state")


def _causes(rows: Sequence[CauseRow]) -> Html:
    columns = [
        Column[CauseRow]("Step", lambda c: c.step, "key"),
        Column[CauseRow]("Kind", lambda c: c.kind),
        Column[CauseRow]("How often", lambda c: c.count, "num"),
    ]
    return card(
        table(rows, columns, nothing=("Nothing failed in this period.", "")), heading="Failures by step and cause"
    )


def _link(r: ReportRow) -> Html:
    name = r.name.capitalize()
    return tag("a", name, href=f"/reports/{r.run_id}", target="_blank", rel="noopener") if r.has_html else Html(name)
