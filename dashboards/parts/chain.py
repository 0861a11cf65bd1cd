"""A chain of links, each with how it stands: the way from one end to the other, and where it goes wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.parts.html import Html, icon, tag
from isp_lifecycle.foundation.texts import say

#: Symbol and word of each way that a link can stand; nothing is said by colour alone.
_HOW = {
    "good": ("check", say("good")),
    "bad": ("priority_high", say("here it goes wrong")),
    "warn": ("warning", say("not good")),
    "unseen": ("visibility_off", say("could not be seen")),
    "reading": ("hourglass_empty", say("is being looked at")),
    "none": ("remove", say("nothing to see")),
}


@dataclass(frozen=True)
class ShownLink:
    """One link: ``how`` is one of the words above, ``note`` says from where and when it is known."""

    name: str
    how: str
    words: str
    note: str = ""


def chain(links: Iterable[ShownLink]) -> Html:
    """The links in their order, as a list that is also understood without seeing it."""
    return tag("ol", *(_link(one) for one in links), css="chain")


def _link(one: ShownLink) -> Html:
    symbol, word = _HOW[one.how]
    dot = tag("span", icon(symbol), css="dot", role="img", aria_label=word, title=word)
    note = tag("small", one.note) if one.note else ""
    return tag("li", dot, tag("b", one.name), tag("span", one.words, css="words"), note, css=one.how)
