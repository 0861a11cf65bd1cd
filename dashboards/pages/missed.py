"""A visit that could not be done: why, who sees to it, and booking it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dashboards.parts import words
from dashboards.parts.days import day_field
from dashboards.parts.html import Html, dotted, html_pane, joined, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.notice import Notice, alert
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.intake import visits as intake
from isp_lifecycle.views.installer import VisitDetail
from isp_lifecycle.views.onsite import MissedRow

#: A visit may be booked so far ahead.
LONGEST_AHEAD = timedelta(days=60)


def missed_list(session: PageSession, rows: tuple[MissedRow, ...], picked: str) -> Html:
    """The visits that wait for somebody, whose follow-up is due first at the top."""
    if not rows:
        return Html("")
    return joined(
        tag("h2", _("Could not be done ({rows})", rows=len(rows))),
        tag("div", *(_row(session, one, picked) for one in rows), css="list"),
    )


def _row(session: PageSession, one: MissedRow, picked: str) -> Html:
    late = one.due_at is not None and one.due_at < session.now
    due = _("by {time}", time=words.moment(one.due_at, session.zone)) if one.due_at else _("no time set")
    current = {"aria_current": "true"} if one.visit_code == picked else {}
    return tag(
        "a",
        tag(
            "div",
            tag("span", one.why, css="big", dir="auto"),
            chip("failed" if late else "waiting", due),
            css="row between",
        ),
        tag("p", dotted(one.address, one.customer)),
        tag(
            "p",
            _(
                "{asked} · {assignee} · {engineer} was there",
                asked=one.asked or _("Book again"),
                assignee=one.assignee or _("nobody yet"),
                engineer=one.engineer,
            ),
            css="soft",
        ),
        href=f"?visit={one.visit_code}",
        data_pick=one.visit_code,
        css="card",
        **current,
    )


def missed_parts(
    session: PageSession, visit: VisitDetail, *, notice: Notice, booked: Callable[[str], None]
) -> list[Any]:
    """What can be done about it; ``booked`` is told the code of the visit that takes its place."""
    said = alert(
        "warn",
        _("Could not be done: {result}", result=visit.result),
        _("It waits until it is booked again, or given up."),
    )
    if not session.actor.may("visit.plan") or visit.delivery_state not in ("waiting", "failed"):
        return [html_pane(said)]
    tomorrow = session.today + timedelta(days=1)
    day = day_field(_("Not before"), tomorrow, latest=session.today + LONGEST_AHEAD)

    def again() -> None:
        done = session.act(intake.book_again, visit_code=visit.visit_code, not_before=day.day)
        booked(done.visit_code)
        when = words.moment(done.starts, session.zone)
        notice.good(
            _("{visit_code} is booked for {when}.", visit_code=done.visit_code, when=when),
            _("The customer is told. Another time: move it there."),
        )

    press = button(_("Book again"), again, notice=notice, icon="event_repeat")
    return [column(html_pane(said), row(day, press))]
