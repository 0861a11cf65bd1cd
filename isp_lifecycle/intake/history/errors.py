"""Where an invented past has no place."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class DemoOnly(Refused):
    """Something invented was asked for outside the demo."""

    def __init__(self, environment: str) -> None:
        super().__init__(
            say("An invented past is for the demo only."),
            field="ISP_ENVIRONMENT",
            value=environment,
            remedy=say("Use `isp import` for your own data."),
        )


class AlreadyInUse(Refused):
    """Something has really happened in this database; nothing invented may be mixed with it."""

    def __init__(self, deliveries: int) -> None:
        super().__init__(
            say("This database has {deliveries} deliveries of its own.", deliveries=deliveries),
            field="database",
            value=deliveries,
            remedy=say("Clear it with `isp reset`, or leave the invented past out."),
        )
