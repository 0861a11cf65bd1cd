"""Search from anywhere: Ctrl-K, or the button in the header, on every page of the staff; the list and the keys are the
browser's, what is found is asked here in a thread, the newest text only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE
from dashboards.parts.notice import unforeseen
from dashboards.parts.scripts import texts_of
from dashboards.parts.states import tone_of, words_of
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import said, say, spoken
from isp_lifecycle.views.search import everything as views
from isp_lifecycle.views.search.hits import Hit

#: How each kind is called where several of it stand together, and its symbol.
KINDS: dict[Thing, tuple[str, str]] = {
    Thing.CUSTOMER: (say("Customers"), "person"),
    Thing.PREMISES: (say("Premises"), "home"),
    Thing.SERVICE: (say("Services"), "router"),
    Thing.ORDER: (say("Orders"), "assignment"),
    Thing.VISIT: (say("Visits"), "route"),
    Thing.TICKET: (say("Tickets"), "confirmation_number"),
    Thing.DELIVERY: (say("Needs attention"), "troubleshoot"),
    Thing.ONT: ("ONTs", "settings_input_hdmi"),
    Thing.ADDRESS: (say("IP addresses"), "pin"),
    Thing.OLT: ("OLTs", "dns"),
    Thing.PON_PORT: (say("PON ports"), "hub"),
    Thing.POOL: (say("Address pools"), "account_tree"),
    Thing.BULK: (say("Bulk changes"), "rule"),
    Thing.DUE: (say("What will happen"), "event"),
    Thing.ACCOUNT: (say("Accounts"), "group"),
    Thing.TRAIL_LINE: (say("Audit trail"), "history"),
}


class Finding(JSComponent):
    """The button and the dialog that it opens; calls ``on_ask`` with a number and the text typed.

    ``pages`` are title, address and symbol of the pages of the menu, which the browser finds by itself; ``answer`` is
    what was found for the text of that number.
    """

    pages = param.List()
    texts = param.Dict(default={}, doc="What the script says, in the language of whoever looks, by its English.")
    who = param.String(doc="Whose recent picks the browser shows.")
    answer = param.Dict(default={})

    _esm = Path(__file__).with_name("palette.js")
    _stylesheets: ClassVar[list[str]] = [STYLE, Path(__file__).with_name("palette.css").read_text(encoding="utf-8")]

    def __init__(self, *, on_ask: Callable[[int, str], Any], **params: Any) -> None:
        super().__init__(margin=0, **params)
        self._on_ask = on_ask

    def _handle_msg(self, data: Any) -> None:
        match data:
            case {"ask": int(number), "text": str(text)}:
                self._on_ask(number, text)


class Palette:
    """The search of one page. While one text is looked for, of those that come only the newest is kept."""

    def __init__(self, session: PageSession, pages: Sequence[tuple[str, str, str]]) -> None:
        self._session = session
        self._document = pn.state.curdoc
        self._wanted: tuple[int, str] | None = None
        self._asking = False
        self.pane = Finding(
            on_ask=self._ask,
            pages=[list(page) for page in pages],
            who=session.actor.username,
            texts=texts_of(Finding._esm),
        )

    def _ask(self, number: int, text: str) -> None:
        self._wanted = (number, text)
        if not self._asking and self._document is not None:
            self._asking = True
            self._document.add_next_tick_callback(self._answer)

    async def _answer(self) -> None:
        try:
            while self._wanted is not None:
                (number, text), self._wanted = self._wanted, None
                with spoken(self._session.language):
                    found = await asyncio.to_thread(self.find, text)
                if self._wanted is None:
                    self.pane.answer = {"ask": number, **found}
        finally:
            self._asking = False

    def find(self, text: str) -> dict[str, Any]:
        """What a text may mean, as the browser shows it, or why that cannot be told."""
        try:
            return {"groups": grouped(self._session.look(views.search, text=text)), "error": ""}
        except LifecycleError as error:
            return {"groups": [], "error": f"{said(error.message)} {said(error.remedy)}".strip()}
        except Exception as error:  # noqa: BLE001 - the frame's edge: a search that fails silently finds nothing
            return {"groups": [], "error": " ".join(unforeseen(error))}


def grouped(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Hits by their kind; the kind of the likeliest comes first."""
    order: dict[Thing, int] = {}
    for hit in hits:
        order.setdefault(hit.thing, len(order))
    by_kind = groupby(sorted(hits, key=lambda hit: order[hit.thing]), key=lambda hit: hit.thing)
    return [{"title": said(KINDS[thing][0]), "rows": [_row(hit) for hit in some]} for thing, some in by_kind]


def _row(hit: Hit) -> dict[str, str]:
    return {
        "href": f".{page_of(hit.thing, hit.key)}",
        "icon": KINDS[hit.thing][1],
        "title": hit.title,
        "says": said(hit.says),
        "state": words_of(hit.state),
        "tone": tone_of(hit.state),
    }
