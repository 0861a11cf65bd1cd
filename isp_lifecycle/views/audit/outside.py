"""What an audit asks outside the database; handed in by ``bootstrap``, so that nothing here chooses a real part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from isp_lifecycle.aaa.model import InUse, SignOnWanted
from isp_lifecycle.crm.model import Standing


class CrmFolder(Protocol):
    """A way of telling the CRM whose messages can be looked at again."""

    def standing(self) -> tuple[Standing, ...]:
        """The messages that the CRM has not taken away yet."""
        ...


class SignOnServer(Protocol):
    """A server that lines are let on by, and that can be asked how they stand there."""

    @property
    def name(self) -> str:
        """As people know it."""
        ...

    def standing(self) -> Mapping[str, str]:
        """How each line stands there, by its service's code."""
        ...

    def expected(self, line: SignOnWanted) -> str | None:
        """How a line is to stand there, in the same words; None where it is not to be known there."""
        ...

    def in_use(self) -> tuple[InUse, ...]:
        """The addresses and prefixes that it has given out, to whomever."""
        ...


@dataclass(frozen=True)
class Outside:
    """``sign_on`` are the servers that lines are let on by; none where nothing is connected.

    ``crm`` is None where what was told cannot be read back; ``crm_name`` says what that way is called.

    ``mail_folder`` is the demo's mail sink; None where mail goes to a real relay, which tells nothing afterwards.
    """

    crm: CrmFolder | None
    crm_name: str
    mail_folder: Path | None
    sign_on: tuple[SignOnServer, ...] = ()
