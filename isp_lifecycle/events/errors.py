"""What can go wrong with events and deliveries."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson


class UnknownEvent(NeedsPerson):
    """A row was written by a newer version of the program."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(
            f"This program does not know the event {kind} in version {version}.",
            field="kind",
            value=kind,
            remedy="Upgrade every worker to the version that wrote it, then press Retry.",
        )


class LeaseLost(LifecycleError):
    """Another worker holds this delivery now; whatever this one still wants to commit is refused."""

    kind = "lease lost"
    default_remedy = "Nothing to do: the delivery goes on elsewhere."
