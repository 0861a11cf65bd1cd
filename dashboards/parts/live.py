"""Live parts: asked again when what they show was changed, never twice at once, and not while the tab is hidden."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from dashboards.changes import Changes
from dashboards.parts.notice import Notice
from isp_lifecycle.foundation.texts import language, spoken

#: After an answer it rests so many times as long as that took.
REST = 4.0
#: Changes that come so close together are asked for once.
TOGETHER_SECONDS = 0.2
#: What is told of its changes is asked for so often besides: some of what it shows changes with the clock.
TOLD_EVERY = 20.0


class Looking(JSComponent):
    """Knows whether the browser's tab is in view."""

    in_view = param.Boolean(default=True, doc="False while the tab is hidden or the phone is locked.")

    _esm = Path(__file__).with_name("looking.js")


class Live[T]:
    """Asks again and shows what changed: when one of ``topics`` is heard in ``changes``, and every so many seconds.

    ``ask`` is synchronous and runs in a thread; ``show`` runs on the page's own loop. A tick that comes while the one
    before is still asking is made up for afterwards, and after an answer that took long the next are late, so that
    whoever looks takes at most a fifth of a server's time. Errors go to the notice, once until it works again.
    """

    def __init__(
        self,
        *,
        ask: Callable[[], T],
        show: Callable[[T], None],
        every: float,
        notice: Notice,
        changes: Changes | None = None,
        topics: tuple[str, ...] = (),
    ) -> None:
        self._ask = ask
        self._show = show
        self._every = max(every, TOLD_EVERY) if topics else every
        self._notice = notice
        self._changes = changes or Changes()
        self._topics = topics
        self._asking = False
        self._stirred = False
        self._not_before = 0.0
        self._failing = False
        self.looking = Looking(width=0, height=0, margin=0, sizing_mode="fixed")
        self._ticks: pn.io.PeriodicCallback | None = None
        self._language = language()
        self._unfollow: Callable[[], None] = lambda: None

    def start(self) -> Looking:
        """Begin; returns the invisible part that must stand on the page."""
        document = pn.state.curdoc
        if document is not None:
            self._ticks = pn.state.add_periodic_callback(self.tick, period=int(self._every * 1000))
            self._unfollow = self._changes.follow(self._topics, lambda: self._stir(document))
            pn.state.on_session_destroyed(lambda _context: self._unfollow())
            self.looking.param.watch(lambda event: self._stir(document) if event.new else None, "in_view")
        return self.looking

    def stop(self) -> None:
        """Ask no more."""
        self._unfollow()
        if self._ticks is not None and self._ticks.running:
            self._ticks.stop()

    def _stir(self, document: Any) -> None:
        """Something was changed: ask soon, once for all that is told until then."""
        if not self._stirred:
            self._stirred = True
            document.add_next_tick_callback(self._soon)

    async def _soon(self) -> None:
        await asyncio.sleep(max(TOGETHER_SECONDS, self._not_before - time.monotonic()))
        while self._asking:
            await asyncio.sleep(TOGETHER_SECONDS)
        self._stirred = False
        await self.tick()

    async def tick(self) -> None:
        """Ask once, unless nobody looks or an answer is still awaited."""
        if self._asking or not self.looking.in_view or time.monotonic() < self._not_before:
            return
        self._asking = True
        began = time.monotonic()
        try:
            with spoken(self._language):  # a tick may come from what all pages share
                answer = await asyncio.to_thread(self._ask)
            with spoken(self._language), pn.io.hold():
                self._show(answer)
                if self._failing:
                    self._notice.clear()
            self._failing = False
        except Exception as error:  # noqa: BLE001 - the frame's edge: a periodic callback's error would end it silently
            if not self._failing:
                with spoken(self._language):
                    self._notice.failed(error)
            self._failing = True
        finally:
            self._not_before = time.monotonic() + REST * (time.monotonic() - began)
            self._asking = False
