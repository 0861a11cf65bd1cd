"""One delivery of the queue page: where it stands and why, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert, describe_failure
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, said, say, say_as
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.intake import support
from isp_lifecycle.views.engine import queue as views
from isp_lifecycle.views.engine import state
from isp_lifecycle.views.engine.queue import QueueRow

#: Where a delivery stands, as its chip says it, and the state whose colour it has.
STANDINGS = {
    "failed": ("failed", say_as("state", "failed")),
    "waiting": ("waiting", say("waiting for a person")),
    "running": ("running", say_as("state", "running")),
    "again": ("scheduled", say("tried again")),
    "in_line": ("idle", say("in line")),
    "ready": ("queued", say_as("state", "ready")),
    "scheduled": ("idle", say_as("state", "scheduled")),
}


def standing_chip(standing: str) -> Html:
    """Where a delivery stands."""
    return chip(*STANDINGS[standing])


def owner_words(r: QueueRow) -> str:
    """Whose it is."""
    return r.owner_name or (_("nobody yet ({owner_role})", owner_role=r.owner_role) if r.owner_role else "")


class QueuedCard:
    """The delivery that is picked; it changes in place, so that what is half written stays."""

    def __init__(self, session: PageSession, delivery_id: UUID, *, notice: Notice, changed: Callable[[], None]) -> None:
        self._session = session
        self._id = delivery_id
        self._notice = notice
        self._changed = changed
        self._head = html_pane()
        self._retry = button(_("Retry"), self._press_retry, notice=notice, icon="replay")
        self._cancel = button(_("Cancel …"), self._ask_reason, notice=notice, kind="outlined", color="error")
        self._give = button(_("Give to …"), self._ask_person, notice=notice, kind="outlined", icon="person")
        self._reason = field(_("Reason"), placeholder=_("Why is it given up?"), max_length=300)
        self._person = choice(_("Person"), {})
        self._giving_up = column(
            self._reason,
            row(
                button(_("Cancel and undo"), self._press_cancel, notice=notice, color="error", icon="undo"),
                button(_("Keep it"), self._keep, notice=notice, kind="outlined"),
            ),
            visible=False,
        )
        self._giving = column(
            self._person,
            row(
                button(_("Give it"), self._press_give, notice=notice, icon="person"),
                button(_("Leave it"), self._keep, notice=notice, kind="outlined"),
            ),
            visible=False,
        )
        self._buttons = row(self._retry, self._give, self._cancel)
        self.show(self.read())

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._head, self._buttons, self._giving, self._giving_up]

    def read(self) -> QueueRow | None:
        """How it stands now; None once it is over."""
        return self._session.look(views.one, delivery_id=self._id)

    def show(self, r: QueueRow | None) -> None:
        """Show how it stands."""
        self._retry.visible = r is not None and r.can_retry
        self._give.visible = r is not None and r.can_assign and not self._giving.visible
        self._cancel.visible = r is not None and r.can_cancel and not self._giving_up.visible
        self._buttons.visible = self._retry.visible or self._give.visible or self._cancel.visible
        if r is None:
            self._giving.visible = self._giving_up.visible = False
            more = tag("a", _("Look at what it did"), href=page_of(Thing.DELIVERY, self._id), css="action")
            show(self._head, joined(empty(_("It is over."), _("Nothing is left to do."), "task_alt"), more))
        else:
            show(self._head, joined(self._says(r), self._facts(r)))

    def _says(self, r: QueueRow) -> Html:
        if r.standing == "failed" and r.failure:
            return describe_failure(r.failure.step, r.failure.what, r.failure.remedy)
        tone = "warn" if r.standing in ("again", "in_line", "waiting") else "info"
        return alert(tone, f"{said(r.why)[:1].upper()}{said(r.why)[1:]}.")

    def _facts(self, r: QueueRow) -> Html:
        now, zone = self._session.now, self._session.zone
        ticket = (
            tag("a", r.ticket_code, href=page_of(Thing.TICKET, r.ticket_code)) if r.ticket_code else r.incident_code
        )
        lease = (
            _("{worker}, lease for {lease_seconds:.0f} s more", worker=r.worker, lease_seconds=r.lease_seconds)
            if r.worker and r.lease_seconds
            else None
        )
        took = _("taken from {takeovers} dead workers", takeovers=r.takeovers) if r.takeovers else None
        return card(
            tag("div", tag("h2", r.workflow), standing_chip(r.standing), css="row between"),
            facts(
                (
                    _("Step"),
                    _("{step}, attempt {attempt}", step=r.step, attempt=r.attempt) if r.step else _("not begun"),
                ),
                (_("Kind of failure"), r.failure.kind if r.failure else None),
                (_("With"), owner_words(r)),
                (_("Customer"), r.customer),
                (_("Service"), r.service_code),
                (_("Order"), r.order_code),
                ("OLT", r.olt),
                (_("Worker"), lease),
                (_("Taken over"), took),
                (_("For"), words.ago(r.since, now)),
                (_("Due"), words.moment(r.due_at, zone) if r.due_at > now else None),
                (_("Ticket"), ticket),
                (_("Trace"), tag("span", str(r.trace), css="mono")),
                (
                    _("More"),
                    tag("a", _("Steps, evidence and what was changed"), href=page_of(Thing.DELIVERY, r.delivery_id)),
                ),
            ),
        )

    # --- what is decided -------------------------------------------------------------------------------------------

    def _ask_reason(self) -> None:
        self._giving_up.visible, self._giving.visible = True, False
        self.show(self.read())

    def _ask_person(self) -> None:
        people = self._session.look(state.assignees, delivery_id=self._id)
        if not people:
            raise Refused(
                say("Nobody may be given this."), remedy=say("An administrator opens accounts with the right role.")
            )
        self._person.options = {name: username for username, name in people.items()}
        self._person.value = next(iter(people))
        self._giving.visible, self._giving_up.visible = True, False
        self.show(self.read())

    def _keep(self) -> None:
        self._giving.visible = self._giving_up.visible = False
        self.show(self.read())

    def _press_retry(self) -> None:
        self._session.act(support.retry, delivery_id=self._id)
        self._decided(_("It goes on at the step that failed."))

    def _press_cancel(self) -> None:
        self._session.act(support.cancel, delivery_id=self._id, reason=self._reason.value_input or "")
        self._decided(_("It is given up; what was done is being undone."))

    def _press_give(self) -> None:
        user = self._session.act(intake.reassign, delivery_id=self._id, username=self._person.value)
        self._decided(_("{name} has it now, and is told.", name=user.name))

    def _decided(self, what: str) -> None:
        self._notice.good(what)
        self._keep()
        self._changed()
