"""A terminal in the page: letters to a device and back; and the replay of one that was recorded."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Any

import panel as pn
import param

from dashboards.parts.bundled import Bundled
from isp_lifecycle.foundation.texts import language, said, say, spoken

#: A person does not type or paste more at once; whoever sends more does not do it by this page.
LONGEST_MESSAGE = 8000
#: So much may wait for the browser before the rest is dropped, which the device goes on to say.
MOST_WAITING = 400_000
DROPPED = say("[Some of what it said is left out here, and stands in the record.]")


class Screen(Bundled):
    """Calls ``on_typed`` and ``on_size``. Whatever a browser sends that is none of both is left alone."""

    recording = param.String(default="", doc="A file of asciicast v2 to replay; empty for a terminal of now.")
    live = param.Boolean(default=True, doc="Whether what is typed is taken.")

    _component = "terminal"

    def __init__(
        self,
        *,
        on_typed: Callable[[str], Any] = lambda _text: None,
        on_size: Callable[[int, int], Any] = lambda _columns, _rows: None,
        **params: Any,
    ) -> None:
        super().__init__(**{"sizing_mode": "stretch_width", "height": 480, "margin": 0} | params)
        self._on_typed = on_typed
        self._on_size = on_size
        self._document = pn.state.curdoc
        self._language = language()
        self._dropped = f"\r\n{said(DROPPED)}\r\n"
        self._waiting: list[str] = []
        self._letters = 0
        self._told = False
        self._ready = False
        self._lock = threading.Lock()

    def show(self, text: str) -> None:
        """Write to the screen, from any thread, without waiting; what comes at a time is sent together."""
        with self._lock:
            if self._letters > MOST_WAITING:
                if self._waiting[-1] != self._dropped:
                    self._waiting.append(self._dropped)
                return
            self._waiting.append(text)
            self._letters += len(text)
            if self._told or not self._ready:
                return
            self._told = True
        self.later(self._send)

    def later(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something on the page, when it has time for it; from any thread. Nothing once the page is gone."""
        if self._document is None:
            return

        async def in_its_language() -> None:
            with spoken(self._language):
                await act()

        try:
            self._document.add_next_tick_callback(in_its_language)
        except (AttributeError, RuntimeError):  # a document that was taken apart in this very moment
            self._document = None

    def let_go(self) -> None:
        """The page is gone: nothing is shown any more."""
        self._document = None

    async def _send(self) -> None:
        with self._lock:
            text, self._waiting, self._letters, self._told = "".join(self._waiting), [], 0, False
        if text:
            self._send_msg({"said": text})

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        typed, size = data.get("typed"), data.get("size")
        if isinstance(typed, str) and len(typed) <= LONGEST_MESSAGE:
            self._on_typed(typed)
        if isinstance(size, list) and len(size) == 2 and all(type(n) is int for n in size):
            self._on_size(*size)
            self._became_ready()

    def _became_ready(self) -> None:
        """The browser has drawn it: before that, whatever were sent would be lost."""
        with self._lock:
            self._ready = True
        self.show("")
