"""What can go wrong with readings."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say


class ReadingMalformed(Refused):
    """A measured value that no optical receiver or ruler can have given."""

    default_remedy = say("Look at the transcript: the device's answer was not understood.")

    def __init__(self, field: str, value: float) -> None:
        super().__init__(say("{value} is no {field}.", value=value, field=field), field=field, value=value)


class ProberUnreachable(Unreachable):
    """The exporter that pings customers does not answer now."""

    default_remedy = say("Look whether the blackbox exporter runs, and whether this machine reaches it.")

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("The blackbox exporter at {where} does not answer: {why}.", where=where, why=why),
            field="ISP_PROBE__URL",
            value=where,
        )


class ProberNeedsCare(NeedsPerson):
    """The exporter's address or module is not right; no repeat can mend that."""

    default_remedy = say("Correct ISP_PROBE__URL, MODULE or TRUST; the module's prober is icmp in the exporter's file.")

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("The blackbox exporter at {where} cannot be used: {why}.", where=where, why=why),
            field="ISP_PROBE__URL",
            value=where,
        )
