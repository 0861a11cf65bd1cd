"""What can be wrong with a customer or a premises."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class NameWrong(Refused):
    """The name cannot be a person's or a company's."""

    def __init__(self, value: str) -> None:
        super().__init__(
            say("The name must have 2 to 120 printable characters."),
            field="name",
            value=value,
            remedy=say("Write the full name of the person or the company."),
        )


class NoteWrong(Refused):
    """A note is empty, or longer than anybody reads."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            say("A note has 1 to {most} characters, this one has {length}.", most=most, length=length),
            field="note",
            value=length,
            remedy=say("Write what the next colleague should know, in a few sentences."),
        )


class EmailWrong(Refused):
    """The e-mail address has no valid form."""

    def __init__(self, value: str, why: str) -> None:
        super().__init__(
            say("The e-mail address {value} is not valid: {why}", value=repr(value), why=why),
            field="email",
            value=value,
            remedy=say("Write an address such as name@example.org."),
        )


class PhoneWrong(Refused):
    """The telephone number has no valid form."""

    def __init__(self, value: str) -> None:
        super().__init__(
            say("The telephone number {value} is not valid.", value=repr(value)),
            field="phone",
            value=value,
            remedy=say("Write 6 to 15 digits, with + and the country code if you like, such as +353 1 555 0100."),
        )


class PremisesWrong(Refused):
    """A field of a premises has a value that cannot be right."""

    def __init__(self, code: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "Premises {code}: {field} is {value}, but must be {allowed}.",
                code=code or "(no code)",
                field=field,
                value=repr(value),
                allowed=allowed,
            ),
            field=field,
            value=value,
        )


class SplitterPortTaken(Refused):
    """A splitter's port leads to one premises only."""

    def __init__(self, *, code: str, splitter_code: str, splitter_port: int, other: str) -> None:
        super().__init__(
            say(
                "Premises {code}: port {splitter_port} of splitter {splitter_code} leads to premises {other}.",
                code=code,
                splitter_port=splitter_port,
                splitter_code=splitter_code,
                other=other,
            ),
            field="splitter_port",
            value=splitter_port,
            remedy=say("Correct the port here, or first take it from premises {other}.", other=other),
        )
        self.other = other


class CustomerCodeTaken(Refused):
    """The code of an import belongs to a customer with another e-mail address."""

    def __init__(self, *, code: str, email: str, other: str) -> None:
        super().__init__(
            say("Customer code {code} belongs to {other}, not to {email}.", code=code, other=other, email=email),
            field="code",
            value=code,
            remedy=say("Correct the code or the e-mail address in the file."),
        )
        self.other = other


class LanguageWrong(Refused):
    """A language that we do not write in."""

    def __init__(self, given: str, known: tuple[str, ...]) -> None:
        super().__init__(
            say("We do not write in “{given}”.", given=given),
            field="language",
            value=given,
            remedy=say("Use one of: {known}.", known=", ".join(known)),
        )


class DocumentTooLarge(Refused):
    """A document is larger than what is kept."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            say("The document has {size:.1f} MB; at most {most:.1f} MB are kept.", size=size / 1e6, most=most / 1e6),
            field="document",
            value=size,
            remedy=say("Scan it with fewer dots an inch, or send it in parts."),
        )


class TooManyDocuments(Refused):
    """So many documents are kept of this customer that nobody would find another one."""

    def __init__(self, most: int) -> None:
        super().__init__(
            say("{most} documents are kept of this customer already.", most=most),
            field="document",
            remedy=say("Remove what is not needed any more."),
        )
