"""What can go wrong with the audit trail."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class NobodyNamed(Refused):
    """A person's traces were to be erased, and nothing names the person."""

    def __init__(self) -> None:
        super().__init__(
            say("Nothing that names the person was given."),
            field="names",
            value="",
            remedy=say("Give the customer's code; their account, name, e-mail and telephone are looked up."),
        )
