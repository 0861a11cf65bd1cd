"""What can go wrong with a benchmark itself."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson


class BenchStuck(NeedsPerson):
    """What is measured stopped moving."""

    def __init__(self, what: str, logs: str) -> None:
        super().__init__(f"The benchmark waited in vain for: {what}.\n{logs}", remedy="Read the logs above; run again.")
