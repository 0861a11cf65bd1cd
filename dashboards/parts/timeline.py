"""What happened to an order, a service or a delivery, as a list of steps."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from dashboards.parts import words
from dashboards.parts.cards import empty
from dashboards.parts.html import Html
from dashboards.parts.steps import ShownStep, seconds_words, steps
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.views.common import TimelineRow


def timeline(rows: Sequence[TimelineRow], zone: ZoneInfo) -> Html:
    """Oldest first; each line says when, how long it took, and what came out."""
    if not rows:
        return empty(_("Nothing has happened yet."), symbol="schedule")
    return steps(_shown(row, zone) for row in rows)


def _shown(row: TimelineRow, zone: ZoneInfo) -> ShownStep:
    took = seconds_words(row.seconds)
    name = said(row.name) if row.state == "event" else f"{said(row.subject)}: {said(row.name)}"
    failure = f"{said(row.failure.what)} {said(row.failure.remedy)}" if row.failure else ""
    says = row.subject if row.state == "event" else row.says
    when = words.moment(row.at, zone)
    return ShownStep(name, row.state, says, f"{when} · {took}" if took else when, failure)
