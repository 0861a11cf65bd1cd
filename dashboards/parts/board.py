"""The dispatch board in the page: lanes and bars, and what was dragged where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import param

from dashboards.parts.bundled import Bundled


class Board(Bundled):
    """Shows visits in their engineers' lanes; ``on_moved`` is asked about each that is dropped elsewhere.

    Times are wall times in the provider's zone, without one. What is dropped stays only when :attr:`visits` says so;
    :meth:`put_back` draws everything where it is on record.
    """

    lanes = param.List(default=[], doc="Engineers: id, title, extendedProps.load.")
    visits = param.List(default=[], doc="Visits: id, lane, start, end, classNames, editable, extendedProps.")
    day = param.String(default="", doc="The day, or one of the week.")
    week = param.Boolean(default=False, doc="A week instead of a day.")
    movable = param.Boolean(default=False, doc="Whether bars can be dragged.")
    opens = param.String(default="07:00", doc="Where a day begins on the board.")
    closes = param.String(default="19:00", doc="Where it ends.")

    locale = param.String(default="en-GB", doc="How days and times are written, as browsers know it.")
    label = param.String(default="", doc="What the board is, for readers of screens.")

    _component = "board"

    def __init__(
        self,
        *,
        on_moved: Callable[[str, str, datetime], Any],
        on_picked: Callable[[str], Any],
        **params: Any,
    ) -> None:
        super().__init__(**{"sizing_mode": "stretch_width", "margin": 0} | params)
        self._on_moved = on_moved
        self._on_picked = on_picked

    def put_back(self) -> None:
        """Draw everything where it is on record."""
        self._send_msg({"draw": True})

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        moved, picked = data.get("moved"), data.get("picked")
        if isinstance(moved, dict):
            start = _time(moved.get("start"))
            if start is not None:
                self._on_moved(str(moved.get("code"))[:40], str(moved.get("lane"))[:80], start)
        elif isinstance(picked, str):
            self._on_picked(picked[:40])


def _time(text: object) -> datetime | None:
    """A wall time without a zone; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is None else None
