"""What an audit asks outside the database; handed in by ``bootstrap``, so that nothing here chooses a real part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from isp_lifecycle.crm.model import Standing


class CrmFolder(Protocol):
    """A way of telling the CRM whose messages can be looked at again."""

    def standing(self) -> tuple[Standing, ...]:
        """The messages that the CRM has not taken away yet."""
        ...


@dataclass(frozen=True)
class Outside:
    """``crm`` is None where what was told cannot be read back; ``crm_name`` says what that way is called.

    ``mail_folder`` is the demo's mail sink; None where mail goes to a real relay, which tells nothing afterwards.
    """

    crm: CrmFolder | None
    crm_name: str
    mail_folder: Path | None
