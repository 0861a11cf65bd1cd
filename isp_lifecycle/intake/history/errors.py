"""Where an invented past has no place."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class DemoOnly(Refused):
    """Something invented was asked for outside the demo."""

    def __init__(self, environment: str) -> None:
        super().__init__(
            "An invented past is for the demo only.",
            field="ISP_ENVIRONMENT",
            value=environment,
            remedy="Use `isp import` for your own data.",
        )


class AlreadyInUse(Refused):
    """Something has really happened in this database; nothing invented may be mixed with it."""

    def __init__(self, deliveries: int) -> None:
        super().__init__(
            f"This database has {deliveries} deliveries of its own.",
            field="database",
            value=deliveries,
            remedy="Clear it with `isp reset`, or leave the invented past out.",
        )
