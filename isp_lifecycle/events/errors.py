"""What can go wrong with events and deliveries."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson
from isp_lifecycle.foundation.texts import say


class UnknownEvent(NeedsPerson):
    """A row was written by a newer version of the program."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(
            say("This program does not know the event {kind} in version {version}.", kind=kind, version=version),
            field="kind",
            value=kind,
            remedy=say("Upgrade every worker to the version that wrote it, then press Retry."),
        )


class UnknownSubscriber(NeedsPerson):
    """A delivery is for a part that this program does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("This program has no subscriber {name}.", name=name),
            field="subscriber",
            value=name,
            remedy=say("Upgrade every worker to the version that wrote it, then press Retry."),
        )


class WorkersDied(NeedsPerson):
    """Every worker that took this delivery died with it."""

    def __init__(self, times: int) -> None:
        super().__init__(
            say("{times} workers in a row died or fell silent while they worked on this.", times=times),
            field="takeovers",
            value=times,
            remedy=say("Look at the workers' logs and the machine's memory, then press Retry, or Cancel."),
        )


class LeaseLost(LifecycleError):
    """Another worker holds this delivery now; whatever this one still wants to commit is refused."""

    kind = "lease lost"
    default_remedy = say("Nothing to do: the delivery goes on elsewhere.")
