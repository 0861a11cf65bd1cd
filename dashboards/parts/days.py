"""A field for a day, or a day and a time: the browser's own, since panel-material-ui's sends back what was typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE
from isp_lifecycle.foundation.texts import said


class DayField(JSComponent):
    """A day that is typed or picked; :attr:`day` is None while there is none."""

    label = param.String(default="", doc="What the day means.")
    value = param.String(default="", doc="The day as YYYY-MM-DD, or nothing.")
    latest = param.String(default="", doc="The last day that may be picked, as YYYY-MM-DD, or nothing.")

    kind = param.String(default="date", doc="The kind of the browser's field.")

    _esm = Path(__file__).with_name("day.js")
    _stylesheets: ClassVar[list[str]] = [STYLE]

    @property
    def day(self) -> date | None:
        """The day; what is no day is none."""
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            return None

    @day.setter
    def day(self, day: date) -> None:
        self.value = day.isoformat()


def day_field(label: str, value: date, *, latest: date) -> DayField:
    """A field with a day in it."""
    return DayField(
        label=said(label),
        value=value.isoformat(),
        latest=latest.isoformat(),
        sizing_mode="stretch_width",
        margin=0,
        styles={"flex": "1 1 150px", "max-width": "220px"},
    )


def moment_field(label: str) -> DayField:
    """A field for a day and a time on the provider's wall clock; its ``value`` is ``2026-03-28T22:30``, or nothing."""
    return DayField(
        label=said(label),
        kind="datetime-local",
        sizing_mode="stretch_width",
        margin=0,
        styles={"flex": "1 1 200px", "max-width": "260px"},
    )
