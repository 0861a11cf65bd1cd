"""One delivery on the support page: where it stands and why, the decision, what was changed, and the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dashboards.pages.queued import owner_words
from dashboards.parts import words
from dashboards.parts.cards import card, facts, why_link
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import Notice, alert, describe_failure, shown
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.parts.steps import ShownStep, seconds_words, steps
from dashboards.parts.timeline import timeline
from dashboards.parts.transcript import transcript
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.foundation.words import small
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import AttemptRow, DeliveryDetail

BACKWARD = "backward"


class DeliveryCard:
    """A delivery that is open. It changes in place, so that a half-written reason and an open transcript stay.

    ``changed`` is called when a decision was made, so that the list is drawn anew.
    """

    def __init__(self, session: PageSession, delivery_id: UUID, *, notice: Notice, changed: Callable[[], None]) -> None:
        self._session = session
        self._id = delivery_id
        self._notice = notice
        self._changed_state = changed
        self._opened: dict[str, str] = {}
        self._head = html_pane()
        self._retry = button(_("Retry"), self._press_retry, notice=notice, icon="replay")
        self._give_up = button(_("Cancel it …"), self._ask_reason, notice=notice, kind="outlined", color="error")
        self._warning = html_pane()
        self._reason = field(_("Reason"), placeholder=_("Why is it given up?"), max_length=300)
        self._panel = self._cancel_panel()
        self._buttons = row(self._retry, self._give_up)
        self._done = html_pane()
        self._attempts = Picking(on_pick=shown(notice, self._toggle))
        self._story = html_pane()
        self._detail = self.read()
        self.show(self._detail)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._head, self._buttons, self._panel, self._done, self._attempts, self._story]

    def read(self) -> DeliveryDetail:
        """How it stands now."""
        return self._session.look(views.delivery, delivery_id=self._id)

    def show(self, d: DeliveryDetail) -> None:
        """Show how it stands."""
        self._detail = d
        show(self._head, joined(self._says(d), self._facts(d)))
        self._retry.visible = d.can_retry
        self._give_up.visible = d.can_cancel and not self._panel.visible
        self._panel.visible = self._panel.visible and d.can_cancel
        self._buttons.visible = d.can_retry or self._give_up.visible
        self._done.visible = not self._panel.visible
        show(self._warning, _warning(d))
        show(self._done, _changed(d))
        self._draw_attempts()
        story = timeline(d.timeline, self._session.zone)
        heading = tag("summary", _("Everything that came of it, mails and records included"))
        show(self._story, card(tag("details", heading, story)))

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _says(self, d: DeliveryDetail) -> Html:
        """The state in a sentence, with what to do."""
        due = words.soon(d.due_at, self._session.now, self._session.zone)
        if d.failure and d.state in ("scheduled", "queued", "running") and d.direction != BACKWARD:
            return alert(
                "warn",
                f"{said(d.failure.step)}: {said(d.failure.what)}",
                _("It is tried again by itself, {due}.", due=due),
            )
        if d.failure and d.state in ("failed", "scheduled"):
            return describe_failure(d.failure.step, d.failure.what, d.failure.remedy)
        if d.direction == BACKWARD and d.state != "cancelled":
            return alert("info", _("It is being undone, last step first."), _("The page follows it."))
        if d.queued and d.queued.standing == "in_line":
            return alert(
                "info",
                f"{said(d.queued.why)[:1].upper()}{said(d.queued.why)[1:]}.",
                _("It goes on by itself after that."),
            )
        return {
            "waiting": alert(
                "info", _("It waits for a person; nothing is wrong."), _("It goes on as soon as they act.")
            ),
            "done": alert("good", _("It went through to its end."), _("There is nothing to do.")),
            "cancelled": alert("info", _("It was given up."), _kept(d)),
        }.get(d.state, alert("info", _("It is being worked on."), _("The page follows it.")))

    def _facts(self, d: DeliveryDetail) -> Html:
        ticket = tag("a", d.ticket_code, href=page_of(Thing.TICKET, d.ticket_code)) if d.ticket_code else None
        order = tag("a", d.order_code, href=page_of(Thing.ORDER, d.order_code)) if d.order_code else None
        device = sum(a.device_seconds for a in d.attempts)
        return card(
            tag("div", tag("h2", d.title), chip(d.state), css="row between"),
            facts(
                (_("Customer"), d.customer),
                (_("Address"), d.address),
                (_("Service"), why_link(d.service_code)),
                (_("Order"), order),
                (_("Kind of failure"), d.failure.kind if d.failure else None),
                (_("With"), owner_words(d.queued) if d.queued else None),
                (_("Ticket"), joined(ticket, " · ", d.incident_code) if ticket else d.incident_code),
                (_("Began"), words.moment(d.created_at, self._session.zone)),
                (_("Trace"), tag("span", str(d.trace), css="mono")),
                (
                    _("Device time"),
                    _("{time} in {attempts} attempts", time=seconds_words(device), attempts=len(d.attempts))
                    if device
                    else None,
                ),
            ),
        )

    def _draw_attempts(self) -> None:
        readable = self._session.actor.may("incident.read")
        items = [_attempt(a, self._opened.get(str(a.id)), readable) for a in self._detail.attempts]
        nothing = tag("p", _("No step has been tried yet."), css="soft")
        self._attempts.show(card(steps(items) if items else nothing, heading=_("Attempts")))

    def _toggle(self, key: str) -> None:
        """Open or shut the transcript of one attempt."""
        if key in self._opened:
            del self._opened[key]
        else:
            found = next(a for a in self._detail.attempts if str(a.id) == key)
            self._opened[key] = self._session.look(
                views.transcript, delivery_id=self._detail.delivery_id, step_run_id=found.id
            )
        self._draw_attempts()

    # --- what is decided -------------------------------------------------------------------------------------------

    def _cancel_panel(self) -> Any:
        stop = button(_("Cancel and undo"), self._press_cancel, notice=self._notice, color="error", icon="undo")
        keep = button(_("Keep it"), self._keep, notice=self._notice, kind="outlined")
        return column(self._warning, self._reason, row(stop, keep), visible=False)

    def _ask_reason(self) -> None:
        self._panel.visible = True
        self.show(self._detail)

    def _keep(self) -> None:
        self._panel.visible = False
        self.show(self._detail)

    def _press_retry(self) -> None:
        self._session.act(intake.retry, delivery_id=self._id)
        self._notice.info(_("It goes on at the step that failed."), _("The page follows it."))
        self._decided()

    def _press_cancel(self) -> None:
        reason = (self._reason.value_input or "").strip()
        if not reason:
            raise Refused(
                say("A reason is needed."), field="reason", remedy=say("Say in a few words why it is given up.")
            )
        self._session.act(intake.cancel, delivery_id=self._id, reason=reason)
        self._notice.info(
            _("It is given up; what was done is being undone."), _("The page shows what could not be undone.")
        )
        self._decided()

    def _decided(self) -> None:
        self.show(self.read())
        self._changed_state()


def _warning(d: DeliveryDetail) -> Html:
    """What a cancellation would do, said before it is pressed: what is undone, last first, and what stays."""
    kept = {line.partition(": ")[0] for line in d.cannot_be_undone}
    undone = [line for line in reversed(d.changed) if line.partition(": ")[0] not in kept]
    return alert(
        "warn",
        _(
            "Cancel {title} of {customer}?",
            title=small(d.title),
            customer=d.customer or d.service_code or _("this line"),
        ),
        joined(
            tag("p", _("This is taken back, in this order:") if undone else _("There is nothing to undo.")),
            _listed(undone),
            joined(tag("p", _("This stays as it is:")), _listed(d.cannot_be_undone)) if d.cannot_be_undone else "",
        ),
    )


def _listed(items: list[str] | tuple[str, ...]) -> Html:
    """A numbered list; of a step that said much, its first line."""
    return tag("ol", *(tag("li", item.partition("\n")[0]) for item in items), css="listed") if items else Html("")


def _changed(d: DeliveryDetail) -> Html:
    nothing = tag("p", _("Nothing on devices or in the records."), css="soft")
    kept = joined(tag("h3", _("What a cancellation could not take back")), _listed(d.cannot_be_undone))
    return card(
        _listed(d.changed) if d.changed else nothing,
        kept if d.cannot_be_undone else "",
        heading=_("What was changed and stands"),
    )


def _kept(d: DeliveryDetail) -> str:
    kept = [f"{said(a.name)}: {said(a.says)}" for a in d.attempts if a.state == "kept"]
    return _("This could not be taken back: {kept}", kept=" ".join(kept)) if kept else _("Everything was taken back.")


def _attempt(a: AttemptRow, opened: str | None, readable: bool) -> ShownStep:
    """An attempt: its sentence, what else it said folded away, and what was said to the device."""
    name = a.name if a.attempt <= 1 else _("{name} (attempt {attempt})", name=a.name, attempt=a.attempt)
    device = _(" · {time} in the device", time=seconds_words(a.device_seconds)) if a.device_seconds else ""
    sentence, _sep, rest = a.says.partition("\n")
    more = [tag("details", tag("summary", _("In full")), tag("p", rest, css="says"))] if rest else []
    if a.has_transcript and readable:
        link = _("Show what was said to the device") if opened is None else _("Hide what was said to the device")
        more.append(tag("a", link, href="#", data_pick=str(a.id)))
    if a.forgotten_on is not None:
        gone = _("What was said was dropped on {day}.", day=words.day(a.forgotten_on))
        more.append(tag("p", gone, css="says"))
    if opened is not None:
        more.append(transcript(opened))
    failure = a.failure.what if a.failure else ""
    return ShownStep(name, a.state, sentence, f"{seconds_words(a.seconds)}{device}", failure, joined(*more))
