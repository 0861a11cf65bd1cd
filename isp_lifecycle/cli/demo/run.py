"""One run of the demo: the story, a fault perhaps, what came of it, and whether that was what should come."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from isp_lifecycle.cli.demo.evidence import Evidence, gather
from isp_lifecycle.cli.demo.faults import BEFORE, FAULTS, Fault
from isp_lifecycle.cli.demo.story import Story, Wish
from isp_lifecycle.cli.demo.system import System
from isp_lifecycle.views import support as support_views
from isp_lifecycle.views.common import FailureRow, TimelineRow


@dataclass
class Outcome:
    """What happened, as observed. ``checks`` are what should be true, each with whether it was."""

    fault: str | None
    then: str
    outcome: str = ""
    checks: list[tuple[str, bool]] = field(default_factory=list)
    timeline: tuple[TimelineRow, ...] = ()
    failure: FailureRow | None = None
    evidence: Evidence | None = None
    connect_seconds: float | None = None
    device_seconds: float | None = None

    @property
    def expected(self) -> bool:
        """Whether everything that should be true was."""
        return bool(self.checks) and all(ok for _what, ok in self.checks)

    def check(self, what: str, ok: bool) -> None:
        """Note an observation."""
        self.checks.append((what, ok))

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {
            "outcome": self.outcome,
            "expected": self.expected,
            "fault": self.fault,
            "then": self.then if self.fault else None,
            "steps": [step_document(row) for row in self.timeline],
            "checks": [{"what": what, "ok": ok} for what, ok in self.checks],
            "failure": asdict(self.failure) if self.failure else None,
            "evidence": self.evidence.document() if self.evidence else None,
            "connect_seconds": self.connect_seconds,
            "device_seconds": self.device_seconds,
        }


def step_document(row: TimelineRow) -> dict[str, Any]:
    """One line of the timeline for --json."""
    return {
        "at": row.at,
        "part": row.subject,
        "step": row.name,
        "result": row.state,
        "seconds": row.seconds,
        "device_seconds": row.device_seconds,
        "says": row.failure.what if row.failure else row.says,
    }


def run_once(system: System, *, fault: str | None = None, then: str = "retry", story: Story | None = None) -> Outcome:
    """Play the story once, with a fault or without; look at what came of it. ``story``: to know it afterwards."""
    outcome = Outcome(fault=fault, then=then)
    injected = FAULTS[fault] if fault else None
    story = story or Story(system, injected.wish if injected else Wish())
    try:
        _play(story, injected, fault)
        state = story.await_everything()
        if injected is not None and not injected.recovers:
            state = _stopped(story, injected, outcome, state)
        _ended(story, outcome, state, retried=injected is not None)
    finally:
        story.tidy_up(active=outcome.outcome == "active")
    return outcome


def _play(story: Story, injected: Fault | None, name: str | None) -> None:
    if name in BEFORE:
        BEFORE[name](story)
    story.apply()
    story.confirm()
    story.await_visit()
    if injected is not None:
        injected.before_plug(story)
    if injected is None or injected.plugged:
        story.plug_in()
    if injected is not None:
        injected.before_activate(story)
    story.activate()
    if injected is not None:
        injected.meanwhile(story)


def _stopped(story: Story, injected: Fault, outcome: Outcome, state: str) -> str:
    """The fault stopped it: check what a person finds, then do what was asked for, and wait for the end."""
    detail = story.detail()
    outcome.failure = detail.failure
    failure = detail.failure or FailureRow("", "", "", "")
    outcome.check(f"stopped by itself (it is {state})", state == "failed")
    outcome.check(f"at “{injected.step}” (stood at “{failure.step}”)", failure.step == injected.step)
    outcome.check(f"as “{injected.kind}” (was “{failure.kind}”)", failure.kind == injected.kind)
    outcome.check("says what happened and what to do", bool(failure.what and failure.remedy))
    outcome.check("opened an incident and a ticket", bool(detail.incident_code and detail.ticket_code))
    if injected.transcript:
        outcome.check("keeps the device's transcript", _has_transcript(story, detail))
    if outcome.then == "cancel":
        story.cancel()
    else:
        injected.mend(story)
        injected.go_on(story)
    return story.await_everything()


def _has_transcript(story: Story, detail: support_views.DeliveryDetail) -> bool:
    failed = [attempt for attempt in detail.attempts if attempt.state == "failed"]
    if not failed:
        return False
    text = support_views.transcript(
        story.system.doors.window, story.one("administrator"), delivery_id=detail.delivery_id, step_run_id=failed[-1].id
    )
    return bool(text.strip())


def _ended(story: Story, outcome: Outcome, state: str, *, retried: bool) -> None:
    outcome.outcome = "active" if state == "done" else state
    outcome.timeline = story.timeline()
    outcome.evidence = gather(story)
    if outcome.fault and outcome.then == "cancel" and not FAULTS[outcome.fault].recovers:
        outcome.check("cancelled", state == "cancelled")
        outcome.check("nothing is left: no ONT, service port, line, address, charge", outcome.evidence.nothing_left)
        return
    outcome.check("active" + (" after Retry" if retried else ""), state == "done")
    outcome.check(
        "exactly one ONT online, service port, line, address and charge; e-mails and CRM told",
        outcome.evidence.active,
    )
    active_at = next((row.at for row in outcome.timeline if row.name == "Put the service in use"), None)
    if active_at is not None:
        outcome.connect_seconds = active_at.timestamp() - story.pressed_at
        outcome.device_seconds = device_time(story.system, since=story.pressed_at, until=active_at.timestamp())


def device_time(system: System, *, since: float, until: float, olt: str | None = None) -> float:
    """Seconds in which some device, or this one, was at work by the lab's own clock: the union of its intervals."""
    spans = sorted(
        (max(interval.started, since), min(interval.ended, until))
        for interval in system.lab.activity(since=since)
        if olt in (None, interval.olt)
    )
    total, reached = 0.0, since
    for started, ended in spans:
        if ended > reached:
            total += ended - max(started, reached)
            reached = ended
    return total
