"""What can go wrong when people are told something."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, NotFound, Refused, Unreachable
from isp_lifecycle.foundation.texts import one_after_other, say


class MailUnreachable(Unreachable):
    """The mail relay does not answer, or asks to be tried again later."""

    def __init__(self, relay: str, why: str) -> None:
        super().__init__(
            say("The mail relay {relay} takes no mail now: {why}.", relay=relay, why=why), field="mail", value=relay
        )
        self.relay = relay
        self.why = why


class MailInDoubt(MailUnreachable):
    """The connection broke while a mail was handed over: nobody has said whether the relay took it."""


class AddressRefused(NeedsPerson):
    """The mail relay does not deliver to this address."""

    default_remedy = say("Ask the customer for an address that works and correct it, then press Retry.")

    def __init__(self, address: str, code: int, answer: str) -> None:
        super().__init__(
            say("{address} cannot be reached by e-mail ({code}): {answer}", address=address, code=code, answer=answer),
            field="to",
            value=address,
        )
        self.address = address
        self.code = code
        self.answer = answer


class MailNeedsCare(NeedsPerson):
    """The relay's sign-in, encryption or rules are not met; no repeat can mend that."""

    default_remedy = say("Correct the settings ISP_SMTP__*, then press Retry; `isp doctor` tries them.")

    def __init__(self, relay: str, why: str) -> None:
        super().__init__(
            say("The mail relay {relay} does not take our mail: {why}.", relay=relay, why=why),
            field="mail",
            value=relay,
        )
        self.relay = relay
        self.why = why


class AddressMalformed(Refused):
    """A text that is no e-mail address."""

    default_remedy = say("Correct the customer's e-mail address.")

    def __init__(self, address: str) -> None:
        super().__init__(say("{address} is no e-mail address.", address=repr(address)), field="to", value=address)


class AudienceMissing(Refused):
    """A notification must be for a person or for a role, and not for both."""

    def __init__(self, username: str | None, role: str | None) -> None:
        super().__init__(
            say(
                "A notification is for a person or a role, not for {username} and {role}.",
                username=repr(username),
                role=repr(role),
            ),
            field="username",
            value=username,
        )


class MailUnknown(NotFound):
    """There is no stored message with that id."""

    def __init__(self, mail_id: str) -> None:
        super().__init__("message", mail_id)


class WordingRefused(Refused):
    """A template of which no message can be made; every problem is named."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(
            say("This text cannot be used. {problems}", problems=one_after_other(*problems)),
            field="body",
            remedy=say("Correct it; the list of placeholders says what can stand in it."),
        )
        self.problems = problems


class WordingOutdated(Refused):
    """Somebody else kept a newer version meanwhile."""

    def __init__(self, number: int, by: str) -> None:
        super().__init__(
            say("Version {number} was kept by {by} meanwhile.", number=number, by=by),
            field="number",
            value=number,
            remedy=say("Copy your text, load the page again, and put it in where it still fits."),
        )


class NobodyToTryOn(Refused):
    """A message can be tried only on somebody who has an address."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("No e-mail address is known of {username}.", username=username),
            field="email",
            value=username,
            remedy=say("An administrator can set one on the page Accounts."),
        )
