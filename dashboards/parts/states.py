"""States as chips: a colour and a word, so that nothing is said by colour alone."""

from __future__ import annotations

from dashboards.parts.html import Html, tag
from dashboards.parts.names import state_words

_TONES = {
    "good": ("active", "completed", "done", "resolved", "finished", "online", "assigned", "written"),
    "info": (
        "confirmed",
        "in_progress",
        "running",
        "started",
        "acknowledged",
        "requested",
        "queued",
        "ready",
        "approved",
    ),
    "warn": (
        "submitted",
        "waiting",
        "scheduled",
        "booked",
        "pending",
        "kept",
        "unreachable",
        "quarantined",
        "suspended",
        "proposed",
        "tried again",
    ),
    "bad": ("failed", "needs person", "missed", "critical", "major"),
}
_TONE = {state: tone for tone, states in _TONES.items() for state in states}


def tone_of(state: str) -> str:
    """The tone of a state's chip; a state that means neither good nor bad has none."""
    return _TONE.get(state, "")


def words_of(state: str) -> str:
    """The state as people read it."""
    return state_words(state)


def chip(state: str, words: str = "") -> Html:
    """A state as a chip."""
    return tag("span", words or words_of(state), css=f"chip {tone_of(state)}".strip())
