"""The schematic map, drawn in HTML: what is drawn is the very list that keyboard and screen reader go through.

No picture stands beside a list that says the same again: each thing is a link with a symbol, words and its counts, and
the lines between them are style. So it needs no library, prints, zooms, and costs the server a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts import words
from dashboards.parts.html import STYLE, Html, icon, joined, tag
from dashboards.parts.working import at_work
from isp_lifecycle.foundation.texts import _, said, say, say_as
from isp_lifecycle.views.map.model import Counts, Standing

#: Symbol, tone and word of each way to stand: nothing is said by colour alone.
SHOWN: dict[Standing, tuple[str, str, str]] = {
    Standing.SILENT: ("cloud_off", "bad", say("does not answer")),
    Standing.DOWN: ("error", "bad", say_as("ONTs", "down")),
    Standing.TROUBLE: ("warning", "warn", say("some trouble")),
    Standing.UNKNOWN: ("help", "idle", say_as("ONTs", "unknown")),
    Standing.OFF: ("power_off", "idle", say_as("ONTs", "off")),
    Standing.UP: ("check_circle", "good", say_as("ONTs", "up")),
    Standing.EMPTY: ("remove_circle_outline", "idle", say("no ONT")),
}


class NetMap(JSComponent):
    """Shows the map and calls :attr:`on_pick` with the ``data-pick`` of what was clicked, or opened by keyboard."""

    html = param.String(default="", doc="The map, made of the functions of this module, hence escaped.")

    _esm = Path(__file__).with_name("netmap.js")
    _stylesheets: ClassVar[list[str]] = [STYLE]

    def __init__(self, *, on_pick: Callable[[str], Any], **params: Any) -> None:
        super().__init__(**{"sizing_mode": "stretch_width", "margin": 0} | params)
        self._on_pick = on_pick

    def show(self, content: Html) -> None:
        """Change what is shown, sending nothing when it is the same."""
        if self.html != content:
            self.html = str(content)

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, str):
            with at_work():
                self._on_pick(data[:200])


def node(
    key: str,
    name: object,
    standing: Standing,
    says: str,
    *,
    href: str,
    opened: bool | None = None,
    page: str = "",
    here: bool = False,
) -> Html:
    """One thing. ``opened`` is None for what leads to its own page at once; else ``page`` is a link beside it."""
    symbol, tone, word = SHOWN[standing]
    shown = joined(icon(symbol), tag("span", tag("b", name, dir="auto"), tag("small", says or said(word))))
    how: dict[str, str] = {"href": href, "data_key": key, "title": said(word)}
    if opened is not None:
        how |= {"data_pick": key, "aria_expanded": "true" if opened else "false", "role": "button"}
    css = f"node {tone}{' here' if here else ''}"
    link = tag("a", shown, css=css, **how)
    way = tag(
        "a", icon("open_in_new"), href=page, css="way", aria_label=_("Page of {name}", name=name), title=_("Its page")
    )
    return joined(link, way) if page else link


def branch(own: Html, inner: Iterable[Html] = (), *, leaves: bool = False) -> Html:
    """A thing with what hangs on it; leaves stand close together."""
    items = list(inner)
    return tag("li", tag("div", own, css="own"), tag("ul", *items, css="leaves" if leaves else "") if items else "")


def counted(counts: Counts, now: datetime) -> str:
    """How many stand how, and when that was last looked at."""
    if counts.at is None:
        return amounts(counts)
    return _("{amounts} · read {length} ago", amounts=amounts(counts), length=words.ago(counts.at, now))


def amounts(counts: Counts) -> str:
    """How many stand how."""
    parts = (
        counts.down and _("{number} down", number=counts.down),
        counts.weak and _("{number} weak", number=counts.weak),
        counts.off and _("{number} off", number=counts.off),
        counts.unknown and _("{number} unknown", number=counts.unknown),
        counts.up and _("{number} up", number=counts.up),
    )
    return " · ".join(part for part in parts if part) or _("no ONT")


def legend() -> Html:
    """What the symbols mean."""
    items = (tag("li", icon(symbol), said(word), css=f"node {tone}") for symbol, tone, word in SHOWN.values())
    return tag("ul", *items, css="map-legend", aria_label=_("Symbols"))
