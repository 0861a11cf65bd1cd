"""What can be wrong with a plan."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class PlanWrong(Refused):
    """A field of a plan has a value that cannot be sold."""

    def __init__(self, code: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            f"Plan {code or '(no code)'}: {field} is {value!r}, but must be {allowed}.", field=field, value=value
        )
