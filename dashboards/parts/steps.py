"""A timeline of steps: what is done, what runs now, what is to come, and what failed with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.parts.html import Html, icon, tag
from dashboards.parts.states import words_of
from isp_lifecycle.foundation.texts import _, spoken_number

_SYMBOLS = {
    "done": "check",
    "running": "sync",
    "waiting": "person",
    "failed": "priority_high",
    "undone": "undo",
    "kept": "block",
    "scheduled": "schedule",
    "todo": "more_horiz",
    "event": "bolt",
}


@dataclass(frozen=True)
class ShownStep:
    """One line of the timeline."""

    name: str
    state: str
    says: str = ""
    time: str = ""
    failure: str = ""
    #: What stands below it: a link, a transcript.
    more: Html | str = ""


def steps(items: Iterable[ShownStep]) -> Html:
    """The timeline as a list that is also understood without seeing it."""
    return tag("ol", *(_step(item) for item in items), css="steps")


def seconds_words(seconds: float | None) -> str:
    """A duration as people read it."""
    if seconds is None:
        return ""
    if seconds < 60:
        return spoken_number(f"{seconds:.1f} s" if seconds >= 0.05 else "< 0.1 s")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("{minutes} min {rest} s", minutes=minutes, rest=rest)
    hours, minutes = divmod(minutes, 60)
    return (
        _("{hours} h {minutes} min", hours=hours, minutes=minutes)
        if hours < 48
        else _("{hours} days", hours=hours // 24)
    )


def _step(item: ShownStep) -> Html:
    dot = tag("span", icon(_SYMBOLS.get(item.state, "circle")), css="dot", title=words_of(item.state))
    says = tag("span", item.says, css="says", dir="auto") if item.says else ""
    failure = tag("span", item.failure, css="says failed") if item.failure else ""
    more = tag("div", item.more, css="more") if item.more else ""
    name, time = tag("span", item.name, css="name", dir="auto"), tag("span", item.time, css="time")
    return tag("li", dot, name, time, says, failure, more, css=item.state)
