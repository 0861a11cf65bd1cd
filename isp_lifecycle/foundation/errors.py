"""Every failure says what happened and what to do, and has exactly one kind.

The kind is all that the event engine looks at when it decides what comes next:

    LifecycleError
    ├── Refused        the caller is wrong; it is never retried
    ├── Unreachable    something does not answer now; retried with back-off, within a limit
    └── NeedsPerson    no machine can settle this; a task, a ticket and a notification at once

Leaves stand in each package's ``errors.py``, derive from one kind and carry the data a page or a log needs.
"""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class LifecycleError(Exception):
    """What went wrong, in a sentence for the person who reads it.

    ``remedy`` is one sentence: what to do about it. ``field`` and ``value`` name bad input where there was some.
    """

    kind = "error"
    default_remedy: str = say("Look at the evidence and retry, or cancel.")

    def __init__(
        self, message: str, *, remedy: str = "", field: str | None = None, value: object | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or self.default_remedy
        self.field = field
        self.value = value

    def __str__(self) -> str:
        return self.message


class Refused(LifecycleError):
    """The request itself is wrong: asking again changes nothing."""

    kind = "refused"
    default_remedy: str = say("Correct the input and ask again.")


class Unreachable(LifecycleError):
    """A device or a service did not answer as it does when it is well; it may be well again soon."""

    kind = "unreachable"
    default_remedy: str = say("It is tried again by itself; look at the device or the network if that goes on.")


class NeedsPerson(LifecycleError):
    """Something that a person must look at before anything else is done."""

    kind = "needs person"
    default_remedy: str = say("Look at the evidence, mend the cause, then press Retry, or Cancel to undo.")


class NotFound(Refused):
    """There is no such thing."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(
            say("There is no {what} {key}.", what=word(what), key=key),
            field=what,
            value=key,
            remedy=say("Check the number and ask again."),
        )


class IllegalMove(Refused):
    """The thing is not in a state from which this is possible."""

    def __init__(self, what: str, key: object, found: str, wanted: str) -> None:
        super().__init__(
            say(
                "{what} {key} is {found} and cannot become {wanted}.",
                what=word(what),
                key=key,
                found=word(found),
                wanted=word(wanted),
            ),
            field="state",
            value=found,
            remedy=say("Reload: somebody else may have acted on it meanwhile."),
        )
