"""What can go wrong when people are told something."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, NotFound, Refused, Unreachable


class MailUnreachable(Unreachable):
    """The mail relay does not answer, or asks to be tried again later."""

    def __init__(self, relay: str, why: str) -> None:
        super().__init__(f"The mail relay {relay} takes no mail now: {why}.", field="mail", value=relay)
        self.relay = relay
        self.why = why


class MailInDoubt(MailUnreachable):
    """The connection broke while a mail was handed over: nobody has said whether the relay took it."""


class AddressRefused(NeedsPerson):
    """The mail relay does not deliver to this address."""

    default_remedy = "Ask the customer for an address that works and correct it, then press Retry."

    def __init__(self, address: str, code: int, answer: str) -> None:
        super().__init__(f"{address} cannot be reached by e-mail ({code}): {answer}", field="to", value=address)
        self.address = address
        self.code = code
        self.answer = answer


class MailNeedsCare(NeedsPerson):
    """The relay's sign-in, encryption or rules are not met; no repeat can mend that."""

    default_remedy = "Correct the settings ISP_SMTP__*, then press Retry; `isp doctor` tries them."

    def __init__(self, relay: str, why: str) -> None:
        super().__init__(f"The mail relay {relay} does not take our mail: {why}.", field="mail", value=relay)
        self.relay = relay
        self.why = why


class AddressMalformed(Refused):
    """A text that is no e-mail address."""

    default_remedy = "Correct the customer's e-mail address."

    def __init__(self, address: str) -> None:
        super().__init__(f"{address!r} is no e-mail address.", field="to", value=address)


class AudienceMissing(Refused):
    """A notification must be for a person or for a role, and not for both."""

    def __init__(self, username: str | None, role: str | None) -> None:
        super().__init__(
            f"A notification is for a person or a role, not for {username!r} and {role!r}.",
            field="username",
            value=username,
        )


class MailUnknown(NotFound):
    """There is no stored message with that id."""

    def __init__(self, mail_id: str) -> None:
        super().__init__("message", mail_id)
