"""What can go wrong with readings."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class ReadingMalformed(Refused):
    """A measured value that no optical receiver or ruler can have given."""

    default_remedy = "Look at the transcript: the device's answer was not understood."

    def __init__(self, field: str, value: float) -> None:
        super().__init__(f"{value} is no {field}.", field=field, value=value)
