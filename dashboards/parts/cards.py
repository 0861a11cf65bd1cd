"""Cards: figures in tiles, facts about one thing, and what to say where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.parts.html import Html, icon, joined, tag, typed
from isp_lifecycle.foundation.texts import _


def card(*content: object, heading: str = "") -> Html:
    """A framed piece of a page."""
    return tag("section", tag("h2", heading, dir="auto") if heading else "", *content, css="card")


def tile(label: str, value: object, note: str = "", tone: str = "") -> Html:
    """One figure with its name."""
    return tag(
        "div",
        tag("span", label, css="label"),
        tag("span", value, css="value"),
        tag("span", note, css="note") if note else "",
        css=f"tile {tone}".strip(),
    )


def tiles(*items: Html) -> Html:
    """Figures side by side, as many as there is room for."""
    return tag("div", *items, css="tiles")


def facts(*pairs: tuple[str, object]) -> Html:
    """Names and values; what has no value is left out."""
    shown = [(name, value) for name, value in pairs if value not in (None, "")]
    return tag("dl", *(joined(tag("dt", name), tag("dd", typed(value))) for name, value in shown), css="facts")


def empty(what: str, then: str = "", symbol: str = "inbox") -> Html:
    """There is nothing here, and why that is fine or what to do."""
    return tag("div", icon(symbol), tag("b", what), tag("span", then) if then else "", css="empty")


def bar(share: float, words: str, *, warns: bool = True) -> Html:
    """A share as a bar with its words. Where it says how full something is, it warns from 80 %, is bad from 95 %."""
    tone = ("bad" if share >= 0.95 else "warn" if share >= 0.8 else "") if warns else ""
    fill = Html(f'<i style="width:{max(0.0, min(1.0, share)) * 100:.1f}%"></i>')
    return tag("span", fill, css=f"bar {tone}".strip(), role="img", aria_label=words, title=words)


def lines(items: Sequence[object]) -> Html:
    """Short texts one below the other."""
    return tag("div", *(tag("p", item, dir="auto") for item in items), css="stack-s")


def why_link(service_code: str | None) -> Html | None:
    """A service's code, with the way to why it does not work; nothing where there is none."""
    if service_code is None:
        return None
    return joined(service_code, " · ", tag("a", _("Why does it not work?"), href=f"/why?of={service_code}"))
