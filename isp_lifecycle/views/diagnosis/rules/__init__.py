"""What it means: rules in the order of the way from account to router, each of which names one cause or none."""

from __future__ import annotations

from collections.abc import Callable

from isp_lifecycle.views.diagnosis.model import Finding
from isp_lifecycle.views.diagnosis.rules import built, light, olt, ont, port, records, sign_on, work
from isp_lifecycle.views.diagnosis.seen import Seen

Rule = Callable[[Seen], Finding | None]

#: The first that names one has the cause; what others name is told beside it, unless the first one explains it.
RULES: tuple[Rule, ...] = (
    *records.RULES,
    *olt.RULES,
    *port.RULES,
    *ont.RULES,
    *built.RULES,
    *light.RULES,
    *work.RULES,
    *sign_on.RULES,
)
