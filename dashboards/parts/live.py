"""Live parts: asked again while somebody looks, never twice at once, and not at all while the tab is hidden."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import panel as pn
import param
from panel.custom import JSComponent

from dashboards.parts.notice import Notice

#: After an answer it rests so many times as long as that took.
REST = 4.0


class Looking(JSComponent):
    """Knows whether the browser's tab is in view."""

    in_view = param.Boolean(default=True, doc="False while the tab is hidden or the phone is locked.")

    _esm = Path(__file__).with_name("looking.js")


class Live[T]:
    """Asks again every so often and shows what changed.

    ``ask`` is synchronous and runs in a thread; ``show`` runs on the page's own loop. A tick that comes while the one
    before is still asking is left out, and after an answer that took long the next are, so that whoever looks takes at
    most a fifth of a server's time. Errors go to the notice, once until it works again.
    """

    def __init__(self, *, ask: Callable[[], T], show: Callable[[T], None], every: float, notice: Notice) -> None:
        self._ask = ask
        self._show = show
        self._every = every
        self._notice = notice
        self._asking = False
        self._not_before = 0.0
        self._failing = False
        self.looking = Looking(width=0, height=0, margin=0, sizing_mode="fixed")
        self._ticks: pn.io.PeriodicCallback | None = None

    def start(self) -> Looking:
        """Begin; returns the invisible part that must stand on the page."""
        if pn.state.curdoc is not None:
            self._ticks = pn.state.add_periodic_callback(self.tick, period=int(self._every * 1000))
        return self.looking

    def stop(self) -> None:
        """Ask no more."""
        if self._ticks is not None and self._ticks.running:
            self._ticks.stop()

    async def tick(self) -> None:
        """Ask once, unless nobody looks or an answer is still awaited."""
        if self._asking or not self.looking.in_view or time.monotonic() < self._not_before:
            return
        self._asking = True
        began = time.monotonic()
        try:
            answer = await asyncio.to_thread(self._ask)
            with pn.io.hold():
                self._show(answer)
                if self._failing:
                    self._notice.clear()
            self._failing = False
        except Exception as error:  # noqa: BLE001 - the frame's edge: a periodic callback's error would end it silently
            if not self._failing:
                self._notice.failed(error)
            self._failing = True
        finally:
            self._not_before = time.monotonic() + REST * (time.monotonic() - began)
            self._asking = False
