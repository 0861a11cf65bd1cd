"""The attempts at the steps of a past activation: when each began, what it took, what it said, why it failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.model import Failure, StepState
from isp_lifecycle.field.model import Visit
from isp_lifecycle.intake.history.mishaps import Mishap
from isp_lifecycle.intake.history.rows import PastAttempt
from isp_lifecycle.intake.history.scene import ACTIVATION, Ordered, Scene
from isp_lifecycle.intake.history.story import PastLine, pace_of
from isp_lifecycle.support.model import FailureKind

#: The step at which an activation waits for a person, which is recorded twice: asked, and answered.
ASKED = "Wait for the installer"


def attempts_of(scene: Scene, past: PastLine, ordered: Ordered, visit: Visit) -> Iterator[PastAttempt]:
    """Every attempt at every step, in order: the first steps when sales decided, the others from the visit on."""
    moment = past.decided_at + timedelta(seconds=0.4)
    for step in scene.rows.outlines[ACTIVATION]:
        pace = pace_of(step.name, scene.chance)
        if step.name == ASKED:
            says = "Waits for the engineer on site to press Activate."
            yield PastAttempt(name=ASKED, state=StepState.WAITING, started_at=moment, seconds=pace.seconds, says=says)
            moment = visit.during.start + past.press_after
        failed = 0
        if past.mishap is not None and past.mishap.step == step.name:
            for attempt in _failures(past, past.mishap, ordered, moment):
                yield attempt
                failed, moment = failed + 1, attempt.finished_at + timedelta(seconds=2**failed)
            moment += past.mishap.mended_after
        yield PastAttempt(
            name=step.name,
            state=StepState.DONE,
            started_at=moment,
            seconds=pace.seconds,
            # A person's Retry starts the count anew; the engine's own repeats go on counting.
            attempt=1 if past.mishap is None or past.mishap.kind is not FailureKind.UNREACHABLE else failed + 1,
            device_seconds=pace.device_seconds,
            says=_says(step.name, past, ordered, visit),
        )
        moment += timedelta(seconds=pace.seconds + 0.02)


def _failures(past: PastLine, mishap: Mishap, ordered: Ordered, moment: datetime) -> Iterator[PastAttempt]:
    expected = ordered.route.expected_rx_dbm
    words = {
        "serial": Serial.parse(past.row.serial).display,
        "olt": past.row.olt,
        "place": f"{past.row.olt} {past.row.pon_port} ONT {past.row.ont_id}",
        "expected": expected,
        "level": expected - 5.6,
        "gap": 5.6,
    }
    what = mishap.what.format(**words)
    for repeat in range(mishap.repeats):
        yield PastAttempt(
            name=mishap.step,
            state=StepState.FAILED,
            started_at=moment,
            seconds=mishap.seconds,
            attempt=repeat + 1,
            device_seconds=round(mishap.seconds * 0.97, 4),
            failure=Failure(step=mishap.step, kind=str(mishap.kind), what=what, remedy=mishap.remedy),
            transcript=mishap.transcript.format(**words) if mishap.transcript else None,
        )
        moment += timedelta(seconds=mishap.seconds + 2 ** (repeat + 1))


def _says(step: str, past: PastLine, ordered: Ordered, visit: Visit) -> str:
    row, service = past.row, ordered.service
    level = ordered.route.expected_rx_dbm + past.level_offset_db
    start = visit.during.start
    return {
        "Start the order": f"Order {ordered.order.code} for {ordered.premises.address} is in progress.",
        "Book a visit": f"Visit {visit.code}: {start:%a %d %b %H:%M} UTC.",
        ASKED: f"The engineer is on site with ONT {Serial.parse(row.serial).display}.",
        "Reserve address and VLAN": f"{row.address}, VLAN {row.vlan}.",
        "Configure OLT and ONT": f"{row.olt} {row.pon_port} ONT {row.ont_id}, service port {row.service_port}.",
        "Wait until the ONT is plugged in": "It was plugged in before it was registered.",
        "Measure the light": f"The ONT receives {level:.1f} dBm.",
        "Record what was built": f"{row.olt} {row.pon_port} ONT {row.ont_id} recorded for {service.code}.",
        "Put the service in use": f"{service.code} is active.",
    }.get(step, "")
