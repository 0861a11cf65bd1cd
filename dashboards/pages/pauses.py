"""Pauses on the queue page: those in force and planned, and the form that makes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.days import moment_field
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert, shown
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.views.engine.state import EngineState, HoldRow


class Pauses:
    """What is paused or will be. ``changed`` is called when somebody paused or resumed."""

    def __init__(self, session: PageSession, *, pausable: dict[str, str], changed: Callable[[], None]) -> None:
        self._session = session
        self._names = pausable
        self._notice = notice = Notice()
        self._changed = changed
        self._may = session.actor.may("engine.pause")
        self._running = 0
        self._list = Picking(on_pick=shown(notice, self._lift))
        self._warning = html_pane()
        self._form: Any = None
        #: Opens the form; the page puts it where it has room.
        self.button = button(_("Pause …"), self._ask, notice=notice, kind="outlined", icon="pause", visible=self._may)
        self._place = column(visible=False)

    def parts(self) -> list[Any]:
        """What is shown: the list takes no room while nothing is paused."""
        return [self._place, self._notice.pane, self._list]

    def show(self, state: EngineState) -> None:
        """Show how it stands."""
        self._running = state.total("running")
        self._list.visible = bool(state.holds)
        drawn = joined(tag("h2", _("Paused")), table(state.holds, self._columns(), nothing=("", "")))
        self._list.show(drawn if state.holds else Html(""))

    def _columns(self) -> list[Column[HoldRow]]:
        zone = self._session.zone
        columns = [
            Column[HoldRow](_("What"), lambda h: h.what, "key"),
            Column[HoldRow](_("Why"), lambda h: joined(h.reason, Html("<br>"), tag("small", _("by {by}", by=h.by)))),
            Column[HoldRow](
                _("Now"), lambda h: chip("waiting", _("paused")) if h.in_force else chip("booked", _("planned"))
            ),
            Column[HoldRow](_("From"), lambda h: words.moment(h.since, zone)),
            Column[HoldRow](_("Until"), lambda h: words.moment(h.until, zone) or _("somebody resumes it")),
        ]
        if self._may:
            columns.append(Column[HoldRow]("", self._end))
        return columns

    def _end(self, h: HoldRow) -> Html:
        word = _("Resume") if h.in_force else _("Call off")
        return tag(
            "a",
            word,
            href="#",
            data_pick=str(h.id),
            css="action",
            role="button",
            aria_label=f"{said(word)} {said(h.what)}",
        )

    def _lift(self, hold_id: str) -> None:
        self._session.act(intake.lift, hold_id=UUID(hold_id))
        self._notice.good(_("It is resumed."), _("What stood in line goes on at once."))
        self._changed()

    # --- the form, made when it is first opened ----------------------------------------------------------------------

    def _ask(self) -> None:
        if self._form is None:
            self._make_form()
        self._place.visible, self.button.visible = True, False
        self._warn()

    def _make_form(self) -> None:
        self._what = choice(_("What"), {name: key for key, name in self._names.items()}, value="engine")
        self._what.param.watch(lambda _event: self._warn(), "value")
        self._reason = field(_("Why"), placeholder=_("Board swap, upgrade to 2.1, …"), max_length=300)
        self._since = moment_field(_("From (empty: now)"))
        self._until = moment_field(_("Until (empty: somebody resumes it)"))
        pause = button(_("Pause it"), self._pause, notice=self._notice, icon="pause", color="warning")
        leave = button(_("Leave it running"), self._close, notice=self._notice, kind="outlined")
        self._form = column(
            self._warning, row(self._what, self._reason), row(self._since, self._until), row(pause, leave)
        )
        self._place.objects = [self._form]

    def _warn(self) -> None:
        name = self._names[self._what.value]
        running = (
            _("{running} that run now come to their end", running=self._running)
            if self._running
            else _("nothing runs now")
        )
        then = {
            "engine": _(
                "No worker begins anything; {running}. What is asked for meanwhile is kept in line.", running=running
            ),
            "olt": _("Whoever works on it ends the step at hand; nobody begins there until the window is over."),
            "subscriber": _("Its deliveries stand in line, in order; everybody else goes on."),
        }[self._what.value.partition(":")[0]]
        show(self._warning, alert("warn", _("Pause: {name}", name=name), then))

    def _close(self) -> None:
        self._place.visible, self.button.visible = False, True

    def _pause(self) -> None:
        self._session.act(
            intake.pause,
            what=self._what.value,
            reason=self._reason.value_input or "",
            since=self._since.value,
            until=self._until.value,
        )
        self._notice.good(
            _("{names} is paused, or will be.", names=self._names[self._what.value]), _("The list says until when.")
        )
        self._reason.value = self._reason.value_input = ""
        self._since.value = self._until.value = ""
        self._close()
        self._changed()
