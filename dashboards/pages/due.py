"""What will happen: everything that lies ahead, and for one of it another day, another try, or the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.days import day_field
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.segments import Segments
from dashboards.parts.table import Column, pager, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, said, say
from isp_lifecycle.intake import due as intake
from isp_lifecycle.views import due as views
from isp_lifecycle.views.due import DueRow

PAGE = 20
#: How many days ahead one looks; None: as far as anything is planned.
PERIODS: dict[str, int | None] = {say("Today"): 1, say("7 days"): 7, say("31 days"): 31, say("All"): None}
ALL = "all"


def page(session: PageSession) -> Sequence[Any]:
    """What will happen."""
    return DuePage(session).parts()


class DuePage:
    """The list, filtered by kind, period, text and place, and the one that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._offset = 0
        self._told = Notice()
        places = session.look(views.places)
        self._text = field(_("Search"), placeholder=_("Customer, service or order"), size="small")
        self._text.param.watch(lambda _event: self._from_start(), "value_input")
        self._period = self._filter(_("Period"), {name: name for name in PERIODS}, value=list(PERIODS)[-1])
        self._area = self._filter(_("Area"), {_("All"): "", **{area: area for area in places.areas}}, value="")
        self._olt = self._filter("OLT", {_("All"): "", **{olt: olt for olt in places.olts}}, value="")
        self._kinds = Segments({ALL: _("All")}, chosen=lambda _key: self._from_start(), current=ALL, label=_("Kinds"))
        self._browse = Browse(
            parameter="key",
            draw=self._list,
            detail=self._detail,
            nothing=empty(
                _("Nothing is picked."), _("Pick something to see why it will happen, and move it."), "event"
            ),
            narrow=session.narrow,
            picked=session.query.get("key", ""),
            back=_("What will happen"),
            command=self._turn,
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        filters = row(self._period, self._area, self._olt)
        return self._browse.parts(self._told.pane, self._kinds.pane, self._text, filters)

    def _filter(self, label: str, options: dict[str, str], *, value: str) -> Any:
        made = choice(label, options, value=value, size="small", styles={"flex": "1 1 120px", "max-width": "220px"})
        made.param.watch(lambda _event: self._from_start(), "value")
        return made

    def _from_start(self) -> None:
        self._offset = 0
        self._browse.refresh()

    def _turn(self, command: str) -> None:
        self._offset = max(0, self._offset + (PAGE if command == "page:after" else -PAGE))
        self._browse.refresh()

    def _until(self) -> datetime | None:
        days = PERIODS[self._period.value]
        if days is None:
            return None
        return start_of(self._session.today + timedelta(days=days), zone=self._session.zone)

    def _list(self, picked: str) -> Html:
        kind = self._kinds.current
        found = self._session.look(
            views.due,
            kinds=() if kind == ALL else (kind,),
            until=self._until(),
            text=self._text.value_input or "",
            area=self._area.value or None,
            olt=self._olt.value or None,
            limit=PAGE,
            offset=self._offset,
        )
        names = {ALL: _("All ({values})", values=sum(found.by_kind.values()))}
        for name in sorted(found.by_kind.keys() | ({kind} - {ALL}), key=views.kind_name):
            names[name] = say("{name} ({number})", name=views.kind_name(name), number=found.by_kind.get(name, 0))
        self._kinds.rename(names)
        now, zone = self._session.now, self._session.zone
        columns = [
            Column[DueRow](_("When"), lambda d: _when(d, now, zone), "key"),
            Column[DueRow](
                _("What"), lambda d: joined(pick(d.key, d.title, parameter="key"), BREAK, tag("small", d.what))
            ),
            Column[DueRow](_("For"), _whom),
            Column[DueRow](_("Asked by"), lambda d: said(d.asked_by)),
        ]
        rows = table(
            found.rows,
            columns,
            nothing=(
                _("Nothing lies ahead here."),
                _("What is planned for a day, and what is tried again, appears here."),
            ),
            current=lambda d: d.key == picked,
        )
        return joined(rows, pager(offset=self._offset, shown=len(found.rows), total=found.total))

    def _detail(self, key: str) -> list[Any]:
        d = self._session.look(views.one, key=key)
        return [html_pane(self._facts(d)), *self._another_day(d), *self._another_try(d), *self._taking_back(d)]

    def _facts(self, d: DueRow) -> Html:
        zone = self._session.zone
        order = tag("a", d.order_code, href=page_of(Thing.ORDER, d.order_code)) if d.order_code else None
        return card(
            tag("h2", d.title, dir="auto"),
            tag("p", d.what, dir="auto"),
            facts(
                (_("Happens"), f"{words.day(d.due_at.astimezone(zone).date())}, {words.time_of_day(d.due_at, zone)}"),
                (_("Agreed day"), words.day(d.day)),
                (_("Customer"), d.customer),
                (_("Service"), d.service_code),
                (_("Order"), order),
                (_("Address"), d.address),
                (_("Area"), d.area),
                ("OLT", d.olt),
                (
                    _("Asked by"),
                    f"{said(d.asked_by)}, {words.moment(d.asked_at, zone)}" if d.asked_at else said(d.asked_by),
                ),
                (_("Why"), d.why),
                (_("See"), tag("a", _("where it stands"), href=d.link) if d.link else None),
            ),
        )

    def _another_day(self, d: DueRow) -> list[Any]:
        if not d.can_move or d.day is None:
            return []
        day = day_field(_("Another day"), d.day, latest=self._session.today + timedelta(days=365))
        reason = field(_("Reason for the move"), max_length=300)

        def move() -> None:
            if day.day is None:
                raise Refused(say("A day is needed."), field="to", remedy=say("Pick the day, then press again."))
            moved = self._session.act(intake.move, key=d.key, to=day.day, reason=reason.value_input or "")
            when = words.day(moved.due_at.astimezone(self._session.zone).date())
            self._browse.again()
            self._browse.notice.good(
                _("{title} of {order_code} happens on {when}.", title=d.title, order_code=moved.order_code, when=when),
                _("Customer and CRM are told."),
            )

        return [column(row(day), reason, row(button(_("Move it"), move, notice=self._browse.notice, icon="event")))]

    def _another_try(self, d: DueRow) -> list[Any]:
        if not d.can_try:
            return []

        def again() -> None:
            self._session.act(intake.try_at, key=d.key)
            self._done(_("It is tried again now."), _("What comes of it stands on the page Needs attention."))

        return [row(button(_("Try it now"), again, notice=self._browse.notice, icon="replay"))]

    def _taking_back(self, d: DueRow) -> list[Any]:
        if not d.can_cancel:
            return []
        reason = field(_("Reason, if you take it back"), max_length=300)

        def cancel() -> None:
            self._session.act(intake.cancel, key=d.key, reason=reason.value_input or "")
            self._done(
                _("{title} of {order_code} does not happen.", title=d.title, order_code=d.order_code),
                _("Its order is cancelled; the customer is told."),
            )

        press = button(_("Take it back"), cancel, notice=self._browse.notice, kind="outlined", color="error")
        return [column(reason, row(press))]

    def _done(self, what: str, then: str) -> None:
        """Say so above the list: what was picked lies ahead no more."""
        self._browse.open("")
        self._browse.refresh()
        self._told.good(what, then)


def _when(d: DueRow, now: datetime, zone: Any) -> Html:
    """The wall time, and how far away it is."""
    ahead = words.length((d.due_at - now).total_seconds()) if d.due_at > now else ""
    return joined(
        words.moment(d.due_at, zone), BREAK, tag("small", _("in {ahead}", ahead=ahead) if ahead else _("at any moment"))
    )


def _whom(d: DueRow) -> Html:
    if d.customer is None:
        return joined(n_("{count} service", "{count} services", d.number) if d.number > 1 else "")
    place = " · ".join(filter(None, (d.service_code, d.area, d.olt)))
    return joined(d.customer, BREAK, tag("small", place))
