"""The manager's page: the figures of a period, what fails and why, and reports: past ones, and one made now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboards.parts import words
from dashboards.parts.bars import DayBars, day_bars
from dashboards.parts.cards import bar, card, tile, tiles
from dashboards.parts.days import day_field
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip, words_of
from dashboards.parts.steps import seconds_words
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, n_, say
from isp_lifecycle.intake import reports as intake
from isp_lifecycle.views import manager as views
from isp_lifecycle.views.manager import CauseRow, Figures, ReportRow

#: The periods that are offered, in days until today; the last one lets choose the days.
PERIODS = {"1": say("Today"), "7": say("7 days"), "30": say("30 days"), "90": say("90 days"), "own": say("Choose")}
USUAL = "30"
#: Longest period that is drawn, in days.
LONGEST = 400
#: What is not told of its changes, the failures of steps, is counted so often.
REFRESH_SECONDS = 20.0


def page(session: PageSession) -> Sequence[Any]:
    """Figures."""
    return FiguresPage(session).parts()


class FiguresPage:
    """Figures of the period that is chosen, and the reports."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._shown = html_pane()
        self._read: str = ""
        self._rows: tuple[ReportRow, ...] = ()
        self._reports = Picking(on_pick=shown(self._notice, self._open_report))
        self._report = html_pane()
        days = session.query.get("days", USUAL)
        current = days if days in PERIODS and days != "own" else USUAL
        self._last = session.today
        self._first = self._last - timedelta(days=int(current) - 1)
        self._period = Segments(PERIODS, chosen=shown(self._notice, self._choose), current=current, label=_("Period"))
        self._from = day_field(_("From"), self._first, latest=self._last)
        self._to = day_field(_("To"), self._last, latest=self._last)
        take = button(_("Show"), self._take_days, notice=self._notice, kind="outlined")
        self._days = row(self._from, self._to, take, visible=False)
        self._days.styles = {**self._days.styles, "align-items": "flex-end"}
        self._live = Live(
            ask=self._ask,
            show=self._show,
            every=REFRESH_SECONDS,
            notice=self._notice,
            changes=session.changes,
            topics=("orders", "reports", "attention"),
        )
        self._show(self._ask())

    def parts(self) -> list[Any]:
        """What is shown."""
        made = []
        if self._session.actor.may("report.run"):
            run = button(_("Make a report of this period"), self._run, notice=self._notice, icon="description")
            made = [row(run)]
        above = [self._period.pane, self._days, self._shown, html_pane(tag("h2", _("Reports")))]
        return [column(*above, *made, self._notice.pane, self._reports, self._report, gap=18), self._live.start()]

    # --- the period ------------------------------------------------------------------------------------------------

    def _choose(self, key: str) -> None:
        self._days.visible = key == "own"
        if key == "own":
            return
        self._last = self._session.today
        self._first = self._last - timedelta(days=int(key) - 1)
        self._from.day, self._to.day = self._first, self._last
        self._show(self._ask())

    def _take_days(self) -> None:
        first, last = self._from.day, self._to.day
        if not first or not last or first > last or (last - first).days >= LONGEST:
            what = _("These days are no period.")
            raise Refused(
                what,
                field="from",
                remedy=say("Choose a first and a last day, at most {longest} days in all.", longest=LONGEST),
            )
        self._first, self._last = first, last
        self._show(self._ask())

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _ask(self) -> tuple[tuple[date, date], Figures, tuple[ReportRow, ...]]:
        period = (self._first, self._last)
        figures = self._session.look(views.figures, first=period[0], last=period[1])
        return period, figures, self._session.look(views.reports)

    def _show(self, answer: tuple[tuple[date, date], Figures, tuple[ReportRow, ...]]) -> None:
        period, f, self._rows = answer
        self._list_reports()
        if period != (self._first, self._last):  # chosen anew while this was asked for
            return
        days = [DayBars(d.day, d.placed, d.activated) for d in f.per_day]
        drawn = day_bars(days, names=(_("placed"), _("activated")))
        span = words.day(self._first) + (_(" to {day}", day=words.day(self._last)) if self._first != self._last else "")
        per_day = card(drawn, heading=_("New orders placed and lines activated per day"))
        both = tag("div", _causes(f.failures), _now(f), css="pair")
        show(self._shown, tag("div", tag("h2", span), _figures(f), per_day, both, css="stack-m"))

    # --- reports ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        self._session.act(intake.request, name="activations", first=self._first, last=self._last)
        self._rows = self._session.look(views.reports)
        self._list_reports()
        self._notice.good(
            _("The report is being made."), _("It appears below when it is ready; you may leave the page.")
        )

    def _open_report(self, key: str) -> None:
        """Show a finished report below the list, in a sandbox; a second press closes it."""
        self._read = "" if key == self._read else key
        self._list_reports()
        framed = tag(
            "iframe", src=f"/reports/{key}", sandbox="allow-scripts allow-popups", title=_("Report"), height="760"
        )
        show(self._report, framed if self._read else Html(""))

    def _list_reports(self) -> None:
        zone = self._session.zone
        columns = [
            Column[ReportRow](_("Report"), _link, "key"),
            Column[ReportRow](_("Period"), lambda r: f"{words.day(r.first)} – {words.day(r.last)}"),
            Column[ReportRow](_("Asked by"), lambda r: f"{r.requested_by}, {words.moment(r.requested_at, zone)}"),
            Column[ReportRow](_("State"), _state),
            Column[ReportRow]("", self._look),
        ]
        nothing = (_("No report has been made yet."), _("One is made every week by itself."))
        self._reports.show(table(self._rows, columns, nothing=nothing, current=lambda r: str(r.run_id) == self._read))

    def _look(self, r: ReportRow) -> Html:
        if not r.has_html:
            return Html("")
        return tag(
            "a", _("Close") if str(r.run_id) == self._read else _("Read here"), href="#", data_pick=str(r.run_id)
        )


def _figures(f: Figures) -> Html:
    right = "–" if f.first_time_right is None else f"{f.first_time_right:.0%}"
    minutes, days = f.median_connect_minutes, f.median_order_days
    return tiles(
        tile(_("Lines activated"), f.activations_done),
        tile(_("First time right"), right, _("no step failed"), "good" if (f.first_time_right or 0) >= 0.9 else ""),
        tile(
            _("Time to connect"),
            "–" if minutes is None else seconds_words(minutes * 60),
            _("Activate to active, median"),
        ),
        tile(_("Order to active"), "–" if days is None else _days_words(days), _("median")),
    )


def _days_words(days: float) -> str:
    return _("{days:.1f} days", days=days) if days >= 1 else words.length(days * 86400)


def _now(f: Figures) -> Html:
    """What does not depend on the period: how many orders and activations stand where at this moment."""
    stuck = "good" if not f.activations_failed_now else "bad"
    oldest = (
        _("oldest waits {time}", time=words.length(f.oldest_backlog_days * 86400)) if f.backlog else _("nothing waits")
    )
    return card(
        tiles(
            tile(_("Failed activations"), f.activations_failed_now, _("wait for Retry or Cancel"), stuck),
            tile(_("Backlog"), f.backlog, _("orders not settled; {oldest}", oldest=oldest)),
        ),
        _orders(f.orders_by_state),
        heading=_("As of now"),
    )


def _orders(by_state: Mapping[str, int]) -> Html:
    if not by_state:
        return tag("p", _("There are no orders."), css="soft")
    most = max(by_state.values())
    rows = (
        joined(
            chip(state),
            bar(number / most, n_("{count} order", "{count} orders", number), warns=False),
            tag("b", number),
        )
        for state, number in sorted(by_state.items(), key=lambda one: -one[1])
    )
    return tag("div", *rows, css="shares", role="group", aria_label=_("All orders by state"))


def _causes(rows: Sequence[CauseRow]) -> Html:
    columns = [
        Column[CauseRow](_("Step"), lambda c: c.step, "key"),
        Column[CauseRow](_("Cause"), lambda c: words_of(c.kind)),
        Column[CauseRow](_("Attempts"), lambda c: c.count, "num"),
    ]
    nothing = (_("Nothing failed in this period."), "")
    return card(table(rows, columns, nothing=nothing), heading=_("Failures in the period, by step and cause"))


def _state(r: ReportRow) -> Html:
    words_of = {"requested": _("asked for"), "running": _("being made")}.get(r.state, "")
    return joined(chip(r.state, words_of), tag("p", r.words, css="soft") if r.words else "")


def _link(r: ReportRow) -> Html:
    name = r.name.capitalize()
    return tag("a", name, href=f"/reports/{r.run_id}", target="_blank", rel="noopener") if r.has_html else Html(name)
