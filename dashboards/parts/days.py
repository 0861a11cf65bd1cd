"""A field for a day. The browser's own, since panel-material-ui's sends back what was typed half a moment ago."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE


class DayField(JSComponent):
    """A day that is typed or picked; :attr:`day` is None while there is none."""

    label = param.String(default="", doc="What the day means.")
    value = param.String(default="", doc="The day as YYYY-MM-DD, or nothing.")
    latest = param.String(default="", doc="The last day that may be picked, as YYYY-MM-DD, or nothing.")

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
        label=label,
        value=value.isoformat(),
        latest=latest.isoformat(),
        sizing_mode="stretch_width",
        margin=0,
        styles={"flex": "1 1 150px", "max-width": "220px"},
    )
