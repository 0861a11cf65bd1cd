"""Why somebody is not let in by an OIDC provider. No text here repeats what a token or an address contained.

``why`` is one short clause, for the audit and the log; what people read says what to do besides.
"""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say


class AnswerStale(Refused):
    """What came back belongs to no sign-in that this browser has begun, or to one that is over."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("This sign-in is out of date, was used already, or began in another browser."),
            remedy=say("Begin again with the button below."),
        )
        self.why = why


class ProviderDeclined(Refused):
    """The provider itself says no."""

    def __init__(self, label: str, why: str, *, remedy: str) -> None:
        super().__init__(say("{label} did not sign you in: {why}.", label=label, why=why), remedy=remedy)
        self.why = why


class TokenRefused(Refused):
    """The provider's token does not prove who somebody is."""

    def __init__(self, label: str, why: str) -> None:
        super().__init__(
            say("The answer of {label} proves nothing: {why}.", label=label, why=why),
            remedy=say("Begin again; if that goes on, tell an administrator these words."),
        )
        self.why = why


class NotOurs(Refused):
    """The account is genuine but none of those that are let in."""

    def __init__(self, label: str, why: str, *, remedy: str) -> None:
        super().__init__(say("This account at {label} is not let in: {why}.", label=label, why=why), remedy=remedy)
        self.why = why


class GroupsUnknown(Refused):
    """The provider does not say which groups somebody is in, so that no role follows."""

    def __init__(self, label: str, why: str, *, remedy: str) -> None:
        super().__init__(
            say("{label} does not say which groups you are in: {why}.", label=label, why=why), remedy=remedy
        )
        self.why = why


class ProviderUnreachable(Unreachable):
    """The provider does not answer as it does when it is well."""

    def __init__(self, label: str, why: str) -> None:
        super().__init__(
            say("{label} does not answer just now: {why}.", label=label, why=why), remedy=say("Try again shortly.")
        )
        self.why = why


class ProviderNeedsCare(NeedsPerson):
    """The provider and our settings do not fit each other."""

    def __init__(self, label: str, why: str, *, remedy: str) -> None:
        super().__init__(
            say("Signing in with {label} is not set up rightly: {why}.", label=label, why=why), remedy=remedy
        )
        self.why = why
