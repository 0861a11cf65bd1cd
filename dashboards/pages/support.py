"""The support desk's page: what stands still, where and why, with the evidence; and Retry or Cancel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.notice import describe_failure, shown
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.parts.steps import ShownStep, seconds_words, steps
from dashboards.parts.timeline import timeline
from dashboards.parts.transcript import transcript
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import AttemptRow, AttentionRow, DeliveryDetail

#: How often the list is asked for while somebody looks.
REFRESH_SECONDS = 3.0


def page(session: PageSession) -> Sequence[Any]:
    """What needs attention."""
    return SupportPage(session).parts()


class SupportPage:
    """Deliveries that stand still, and the one that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._rows = session.look(views.attention)
        self._seen_state = ""
        self._browse = Browse(
            parameter="delivery",
            draw=self._list,
            detail=self._detail,
            nothing=empty("Nothing is picked.", "Pick what stands still to see why, and what to do.", "troubleshoot"),
            narrow=session.narrow,
            picked=session.query.get("delivery", ""),
            back="Everything that stands still",
        )
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(), self._live.start()]

    def _ask(self) -> tuple[tuple[AttentionRow, ...], str]:
        """The list, and the state of the picked one, by which a change is noticed."""
        picked = self._browse.picked
        state = _mark(self._session.look(views.delivery, delivery_id=_id(picked))) if picked else ""
        return self._session.look(views.attention), state

    def _fresh(self, answer: tuple[tuple[AttentionRow, ...], str]) -> None:
        self._rows, state = answer
        self._browse.refresh()
        if state and state != self._seen_state:
            self._browse.again()

    def _list(self, picked: str) -> Html:
        if not self._rows:
            return empty("Nothing stands still.", "Failures and work that waits for somebody appear here.", "task_alt")
        return tag("div", *(self._row(r, picked) for r in self._rows), css="list")

    def _row(self, r: AttentionRow, picked: str) -> Html:
        current = {"aria_current": "true"} if str(r.delivery_id) == picked else {}
        about = " · ".join(x for x in (r.customer, r.service_code or r.order_code, r.address) if x)
        due = f" · by {words.moment(r.due_at, self._session.zone)}" if r.due_at and r.state != "failed" else ""
        state = {"scheduled": chip("scheduled", "tried again by itself")}.get(r.state) or chip(r.state)
        return tag(
            "a",
            tag("div", tag("b", f"{r.workflow}: {r.step}"), state, css="row between"),
            tag("p", r.remedy if r.state == "waiting" else r.what),
            tag("p", f"{about} · for {words.ago(r.since, self._session.now)}{due}", css="soft"),
            href=f"?delivery={r.delivery_id}",
            data_pick=str(r.delivery_id),
            css="card",
            **current,
        )

    def _detail(self, key: str) -> list[Any]:
        d = self._session.look(views.delivery, delivery_id=_id(key))
        self._seen_state = _mark(d)
        return [
            html_pane(self._facts(d)),
            *self._decision(d),
            html_pane(self._changed(d)),
            *self._evidence(d),
            html_pane(card(timeline(d.timeline, self._session.zone), heading="What happened")),
        ]

    def _facts(self, d: DeliveryDetail) -> Html:
        failure = describe_failure(d.failure.step, d.failure.what, d.failure.remedy) if d.failure else ""
        ticket = tag("a", d.ticket_code, href=f"/tickets?ticket={d.ticket_code}") if d.ticket_code else None
        order = tag("a", d.order_code, href=f"/orders?order={d.order_code}") if d.order_code else None
        kind = d.failure.kind if d.failure else None
        return joined(
            failure,
            card(
                tag("div", tag("h2", d.title), chip(d.state), css="row between"),
                facts(
                    ("Customer", d.customer),
                    ("Address", d.address),
                    ("Service", d.service_code),
                    ("Order", order),
                    ("Kind of failure", kind),
                    ("Ticket", ticket),
                    ("Incident", d.incident_code),
                    ("Direction", "is being undone" if d.direction != "forward" else None),
                    ("Began", words.moment(d.created_at, self._session.zone)),
                ),
            ),
        )

    def _changed(self, d: DeliveryDetail) -> Html:
        nothing = tag("p", "Nothing has been changed on devices or in the records.", css="soft")
        kept = (
            joined(tag("h2", "What a cancellation could not take back"), lines(d.cannot_be_undone))
            if d.cannot_be_undone
            else ""
        )
        return card(lines(d.changed) if d.changed else nothing, kept, heading="What was changed so far")

    def _decision(self, d: DeliveryDetail) -> list[Any]:
        if not (d.can_retry or d.can_cancel):
            return []
        notice = self._browse.notice
        reason = field("Reason, if you cancel it", max_length=300)

        def retry() -> None:
            self._session.act(intake.retry, delivery_id=d.delivery_id)
            self._browse.again()
            notice.info("It goes on at the step that failed.", "The page follows it.")

        def cancel() -> None:
            if not (reason.value_input or "").strip():
                raise Refused("A reason is needed.", field="reason", remedy="Say in a few words why it is given up.")
            self._session.act(intake.cancel, delivery_id=d.delivery_id, reason=reason.value_input)
            self._browse.again()
            notice.info("It is given up; what was done is being undone.", "The page shows what could not be undone.")

        parts: list[Any] = []
        if d.can_retry:
            parts.append(row(button("Retry", retry, notice=notice, icon="replay")))
        if d.can_cancel:
            stop = button("Cancel and undo", cancel, notice=notice, kind="outlined", color="error", icon="undo")
            parts += [reason, row(stop)]
        return [column(*parts)]

    def _evidence(self, d: DeliveryDetail) -> list[Any]:
        """The attempts; what was said to the device opens in place."""
        shown_text = html_pane()
        readable = self._session.actor.may("incident.read")
        attempts = {str(a.id): a for a in d.attempts if a.has_transcript and readable}

        def open_text(key: str) -> None:
            text = self._session.look(views.transcript, step_run_id=attempts[key].id)
            show(
                shown_text,
                joined(tag("h2", f"{attempts[key].name}, attempt {attempts[key].attempt}"), transcript(text)),
            )

        links = tag(
            "div",
            *(tag("a", f"{a.name}, attempt {a.attempt}", href="#", data_pick=key) for key, a in attempts.items()),
            css="segments",
        )
        spoken = card(links, heading="What was said to the device") if attempts else ""
        said = Picking(
            joined(card(steps(_attempt(a) for a in d.attempts), heading="Attempts"), spoken),
            on_pick=shown(self._browse.notice, open_text),
        )
        return [said, shown_text]


def _attempt(a: AttemptRow) -> ShownStep:
    device = f" ({seconds_words(a.device_seconds)} in the device)" if a.device_seconds else ""
    name = a.name if a.attempt <= 1 else f"{a.name} (attempt {a.attempt})"
    return ShownStep(name, a.state, a.says, f"{seconds_words(a.seconds)}{device}", a.failure.what if a.failure else "")


def _mark(d: DeliveryDetail) -> str:
    """Changes whenever there is something new to show of a delivery."""
    return f"{d.state} {d.direction} {len(d.attempts)} {d.attempts[-1].state if d.attempts else ''}"


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound("delivery", key) from None
