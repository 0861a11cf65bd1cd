"""The bell in the page's header: how much is unread, the newest notices with their links, and noting them as read.

The bells of all open pages ring when the database says that something was told or read: a bell costs nothing while
nothing happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import panel as pn
import param
from panel.custom import JSComponent

from dashboards.changes import Changes
from dashboards.parts import words
from dashboards.parts.cards import empty
from dashboards.parts.html import STYLE, Html, icon, tag, typed
from dashboards.parts.notice import Notice, shown
from dashboards.parts.scripts import texts_of
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, p_, spoken
from isp_lifecycle.intake import notices as intake
from isp_lifecycle.views import common as views
from isp_lifecycle.views.common import NoticeRow, Notices

#: Bells ring once for all that is told so close together, and once in a while for the ages of what they show.
TOGETHER_SECONDS, AGES_SECONDS = 1.0, 60.0
_SYMBOLS = {"failure": "error", "warning": "warning", "info": "info"}


class Popping(JSComponent):
    """A button with a number on it, and the list that it opens; calls ``on_read`` with a notice's key, or ``all``."""

    texts = param.Dict(default={}, doc="What the script says, in the language of whoever looks, by its English.")
    unread = param.Integer(default=0, doc="How much is unread.")
    html = param.String(default="", doc="The list; made by this module, hence escaped.")

    _esm = Path(__file__).with_name("bell.js")
    _stylesheets: ClassVar[list[str]] = [STYLE, Path(__file__).with_name("bell.css").read_text(encoding="utf-8")]

    def __init__(self, *, on_read: Callable[[str], Any], **params: Any) -> None:
        super().__init__(margin=0, **params)
        self._on_read = on_read

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, str):
            self._on_read(data)


class Bell:
    """The notices of whoever looks. What goes wrong here is told by the page's own parts: a bell stays quiet."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._document = pn.state.curdoc
        self._newest: datetime | None = None
        silent = Notice()
        self.pane = Popping(on_read=shown(silent, self._read), texts=texts_of(Popping._esm))
        self._look = shown(silent, self._ask)
        if (found := self._look()) is not None:
            self._show(found)

    def ring(self) -> None:
        """Something was told or read: look again, when the page has time for it."""
        if self._document is not None:
            self._document.add_next_tick_callback(self._again)

    async def _again(self) -> None:
        found = await asyncio.to_thread(self._look)
        if found is not None:
            with spoken(self._session.language), pn.io.hold():
                self._show(found)

    def _ask(self) -> Notices:
        return self._session.look(views.notices_of)

    def _show(self, notices: Notices) -> None:
        self._newest = notices.rows[0].created_at if notices.rows else None
        now = self._session.now
        items = [_item(row, words.ago(row.created_at, now)) for row in notices.rows]
        nothing = empty(
            _("Nothing was told yet."), _("What fails, and what waits too long, is told here."), "notifications"
        )
        self.pane.param.update(unread=notices.unread, html=str(tag("div", *items) if items else nothing))

    def _read(self, key: str) -> None:
        if key == "all" and self._newest is not None:
            self._session.act(intake.mark_all_read, until=self._newest)
        elif key != "all":
            self._session.act(intake.mark_read, notice_id=UUID(key))
        self._show(self._ask())


class Bells:
    """The bells of all pages that are open in this process."""

    def __init__(self, changes: Changes) -> None:
        self._open: set[Bell] = set()
        self._told = asyncio.Event()
        changes.follow(("notices",), self._told.set)

    def bell(self, session: PageSession) -> Popping:
        """A bell for a page; it is let go with the page's session."""
        made = Bell(session)
        if pn.state.curdoc is not None:
            self._open.add(made)
            pn.state.on_session_destroyed(lambda _context: self._open.discard(made))
        return made.pane

    async def watch(self) -> None:
        """Ring all bells whenever something was told or read, and once a minute for the ages; until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), AGES_SECONDS)
            self._told.clear()
            for bell in tuple(self._open):
                bell.ring()
            await asyncio.sleep(TOGETHER_SECONDS)


def _item(row: NoticeRow, age: str) -> Html:
    state = tag("span", p_("notice", "unread"), css="sr") if row.unread else ""
    return tag(
        "a",
        icon(_SYMBOLS.get(row.level, "info")),
        tag("span", state, typed(row.text), tag("small", age)),
        href=row.link,
        data_notice=str(row.id),
        css=f"{row.level} unread" if row.unread else row.level,
    )
