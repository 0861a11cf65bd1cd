"""What can be wrong with a customer or a premises."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class NameWrong(Refused):
    """The name cannot be a person's or a company's."""

    def __init__(self, value: str) -> None:
        super().__init__(
            "The name must have 2 to 120 printable characters.",
            field="name",
            value=value,
            remedy="Write the full name of the person or the company.",
        )


class EmailWrong(Refused):
    """The e-mail address has no valid form."""

    def __init__(self, value: str, why: str) -> None:
        super().__init__(
            f"The e-mail address {value!r} is not valid: {why}",
            field="email",
            value=value,
            remedy="Write an address such as name@example.org.",
        )


class PhoneWrong(Refused):
    """The telephone number has no valid form."""

    def __init__(self, value: str) -> None:
        super().__init__(
            f"The telephone number {value!r} is not valid.",
            field="phone",
            value=value,
            remedy="Write 6 to 15 digits, with + and the country code if you like, such as +353 1 555 0100.",
        )


class PremisesWrong(Refused):
    """A field of a premises has a value that cannot be right."""

    def __init__(self, code: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            f"Premises {code or '(no code)'}: {field} is {value!r}, but must be {allowed}.", field=field, value=value
        )


class SplitterPortTaken(Refused):
    """A splitter's port leads to one premises only."""

    def __init__(self, *, code: str, splitter_code: str, splitter_port: int, other: str) -> None:
        super().__init__(
            f"Premises {code}: port {splitter_port} of splitter {splitter_code} leads to premises {other}.",
            field="splitter_port",
            value=splitter_port,
            remedy=f"Correct the port here, or first take it from premises {other}.",
        )
        self.other = other


class CustomerCodeTaken(Refused):
    """The code of an import belongs to a customer with another e-mail address."""

    def __init__(self, *, code: str, email: str, other: str) -> None:
        super().__init__(
            f"Customer code {code} belongs to {other}, not to {email}.",
            field="code",
            value=code,
            remedy="Correct the code or the e-mail address in the file.",
        )
        self.other = other
