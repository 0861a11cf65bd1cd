"""What can go wrong with readings."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class ReadingMalformed(Refused):
    """A measured value that no optical receiver or ruler can have given."""

    default_remedy = say("Look at the transcript: the device's answer was not understood.")

    def __init__(self, field: str, value: float) -> None:
        super().__init__(say("{value} is no {field}.", value=value, field=field), field=field, value=value)
