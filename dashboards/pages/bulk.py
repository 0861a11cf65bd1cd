"""Changes of many services: prepare one, see what it would do, agree to it, watch it, pause it, stop it, its report."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import panel_material_ui as pmui

from dashboards.pages.bulk_shown import POSSIBLE, items_table, numbers, preview, told
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.days import day_field
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pager, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import bulk as intake
from isp_lifecycle.views import bulk as views
from isp_lifecycle.views import due as places
from isp_lifecycle.views import plans as catalog
from isp_lifecycle.views import portal
from isp_lifecycle.views.bulk import BulkDetail, BulkRow

PAGE = 20
NEW = "new"
#: How often the one that is open is asked for while somebody looks.
REFRESH_SECONDS = 3.0


def page(session: PageSession) -> Sequence[Any]:
    """Changes of many services."""
    return BulkPage(session).parts()


class BulkPage:
    """The list, the one that is picked, and the form for another."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._offset = 0
        self._open: BulkCard | None = None
        self._browse = Browse(
            parameter="bulk",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("Nothing is picked."), _("Pick a change to see what it does and how far it is."), "rule"),
            narrow=session.narrow,
            picked=session.query.get("bulk", ""),
            back=_("All bulk changes"),
            command=self._turn,
            wide_detail=True,
        )
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(), self._live.start()]

    def _ask(self) -> tuple[BulkCard | None, BulkDetail | None]:
        opened = self._open
        return opened, opened.read() if opened else None

    def _fresh(self, answer: tuple[BulkCard | None, BulkDetail | None]) -> None:
        opened, detail = answer
        if opened is not None and detail is not None and opened is self._open:
            opened.show(detail)

    def _turn(self, command: str) -> None:
        self._offset = max(0, self._offset + (PAGE if command == "page:after" else -PAGE))
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        rows, total = self._session.look(views.bulks, limit=PAGE, offset=self._offset)
        columns = [
            Column[BulkRow](_("Change"), lambda b: pick(b.code, b.code, parameter="bulk"), "key"),
            Column[BulkRow](
                _("What"),
                lambda b: joined(
                    _("{changes} to {plan_name}", changes=b.changes, plan_name=b.plan_name),
                    BREAK,
                    tag("small", b.selection),
                ),
            ),
            Column[BulkRow](_("Day"), lambda b: words.day(b.wanted_on)),
            Column[BulkRow](_("State"), lambda b: chip(b.state)),
        ]
        prepare = tag("a", _("Prepare a change of many services"), href=f"?bulk={NEW}", data_pick=NEW, css="action")
        may = self._session.actor.may("bulk.propose")
        return tag(
            "div",
            tag("p", prepare) if may else "",
            table(
                rows,
                columns,
                nothing=(
                    _("There was none yet."),
                    _("A change of many services is prepared, and agreed to by a second person."),
                ),
                current=lambda b: b.code == picked,
            ),
            pager(offset=self._offset, shown=len(rows), total=total),
            css="stack-m",
        )

    def _detail(self, code: str) -> list[Any]:
        self._open = None
        if code == NEW:
            return BulkForm(self._session, notice=self._browse.notice, made=self._made).parts()
        self._open = BulkCard(self._session, code, notice=self._browse.notice, changed=self._browse.refresh)
        return self._open.parts()

    def _made(self, code: str) -> None:
        self._browse.open(code)
        self._browse.refresh()
        self._browse.notice.good(_("{code} is prepared.", code=code))


class BulkForm:
    """Which services, which plan, which day, why."""

    def __init__(self, session: PageSession, *, notice: Notice, made: Callable[[str], None]) -> None:
        self._session = session
        self._notice = notice
        self._made = made
        plans = session.look(portal.plans)
        every = session.look(catalog.plans) if session.actor.may("plan.read_all") else ()
        known = session.look(places.places)
        offered = {f"{p.name} · {said(p.price)}": p.code for p in plans}
        had = {f"{one.plan.name} · {one.plan.code}": one.plan.code for one in every} or offered
        asked = session.query.get("plan", "")
        self._from = choice(
            _("Services on the plan"), {_("any plan"): "", **had}, value=asked if asked in had.values() else ""
        )
        self._area = choice(_("in the area"), {_("any area"): "", **{a: a for a in known.areas}}, value="")
        self._olt = choice(_("at the OLT"), {_("any OLT"): "", **{o: o for o in known.olts}}, value="")
        self._codes = pmui.TextAreaInput(
            label=_("or these services"), placeholder=_("S-000123, one a row"), rows=3, max_rows=8,
            max_length=4_000_000, sizing_mode="stretch_width", margin=0,
        )  # fmt: skip
        self._to = choice(_("go to the plan"), offered)
        first = (session.today.replace(day=28) + timedelta(days=7)).replace(day=1)
        self._on = day_field(_("on the day"), first, latest=session.today + timedelta(days=365))
        self._why = field(_("Reason"), placeholder=_("Colleagues and auditors read it"), max_length=300)

    def parts(self) -> list[Any]:
        """What is shown."""
        press = button(_("Show what it would do"), self._prepare, notice=self._notice, icon="preview")
        return [
            html_pane(tag("h2", _("A change of many services"))),
            column(self._from, self._area, self._olt, self._codes, self._to, row(self._on), self._why, row(press)),
        ]

    def _prepare(self) -> None:
        if self._on.day is None or not self._to.value:
            raise Refused(say("A plan and a day are needed."), field="to", remedy=say("Choose both, then press again."))
        typed = (self._codes.value_input or "").splitlines()
        done = self._session.act(
            intake.propose_plan_change,
            to_plan=self._to.value,
            wanted_on=self._on.day,
            reason=self._why.value_input or "",
            plan=self._from.value or None,
            area=self._area.value or None,
            olt=self._olt.value or None,
            codes=typed if any(line.strip() for line in typed) else None,
        )
        self._made(done.code)


class BulkCard:
    """One change: its preview, the decision, its progress and its services. It changes in place while one looks."""

    def __init__(self, session: PageSession, code: str, *, notice: Notice, changed: Callable[[], None]) -> None:
        self._session = session
        self._code = code
        self._notice = notice
        self._changed = changed
        self._offset = 0
        self._head, self._numbers, self._preview = html_pane(), html_pane(), html_pane()
        self._reason = field(_("Reason"), placeholder=_("For a no, a pause or a stop"), max_length=300)
        self._approve = button(_("Approve"), self._press_approve, notice=notice, icon="check")
        self._reject = self._plain(_("Reject"), intake.reject, color="error")
        self._pause = self._plain(_("Pause"), intake.pause)
        self._resume = button(_("Resume"), self._press_resume, notice=notice, icon="play_arrow")
        self._stop = self._plain(_("Stop for good"), intake.stop, color="error")
        self._decision = column(self._reason, row(self._approve, self._reject, self._resume, self._pause, self._stop))
        self._which = Segments(POSSIBLE, chosen=lambda _key: self._from_start(), current="", label=_("Services"))
        self._items = Picking(on_pick=shown(notice, self._turn))
        self._file = html_pane()
        self.show(self.read())
        self._draw_items()

    def parts(self) -> list[Any]:
        """What is shown."""
        load = button(_("Make a CSV of these"), self._export, notice=self._notice, kind="outlined", icon="download")
        services = column(html_pane(tag("h2", _("Services"))), self._which.pane, self._items, row(load), self._file)
        return [self._head, self._numbers, self._decision, self._preview, services]

    def read(self) -> BulkDetail:
        """How it stands now."""
        return self._session.look(views.bulk, code=self._code)

    def show(self, b: BulkDetail) -> None:
        """Show how it stands."""
        show(self._head, told(b, self._session.zone))
        show(self._numbers, numbers(b, self._session.now, self._session.zone))
        show(self._preview, preview(b))
        self._approve.visible, self._reject.visible = b.can_approve, b.can_reject
        self._pause.visible = b.can_steer and b.paused is None
        self._resume.visible = b.can_steer and b.paused is not None
        self._stop.visible = b.can_steer
        self._reason.visible = b.can_reject or b.can_steer
        self._decision.visible = b.can_approve or b.can_reject or b.can_steer

    def _plain(self, label: str, entry: Any, **look: Any) -> Any:
        return button(label, partial(self._press, entry), notice=self._notice, kind="outlined", **look)

    def _press(self, entry: Any) -> None:
        self._session.act(entry, code=self._code, reason=self._reason.value_input or "")
        self._after()

    def _press_approve(self) -> None:
        self._session.act(intake.approve, code=self._code)
        self._after()
        self._notice.good(
            _("{code} is approved.", code=self._code), _("Its orders are written now and happen on their day.")
        )

    def _press_resume(self) -> None:
        self._session.act(intake.resume, code=self._code)
        self._after()

    def _after(self) -> None:
        self._reason.param.update(value="", value_input="")
        self.show(self.read())
        self._draw_items()
        self._changed()

    def _from_start(self) -> None:
        self._offset = 0
        self._draw_items()

    def _turn(self, command: str) -> None:
        self._offset = max(0, self._offset + (PAGE if command == "page:after" else -PAGE))
        self._draw_items()

    def _draw_items(self) -> None:
        found = self._session.look(
            views.items, code=self._code, only=self._which.current or None, limit=PAGE, offset=self._offset
        )
        rows = items_table(found.rows, self._session.zone)
        self._items.show(joined(rows, pager(offset=self._offset, shown=len(found.rows), total=found.total)))
        show(self._file, Html(""))

    def _export(self) -> None:
        only = self._which.current or None
        text = self._session.look(views.report, code=self._code, only=only)
        name = f"{self._code}{'-' + only.replace(' ', '-') if only else ''}.csv"
        data = f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
        rows = text.count("\n") - 1
        show(
            self._file,
            tag("p", tag("a", _("Download {name} ({rows} rows)", name=name, rows=rows), href=data, download=name)),
        )
