"""The port that an adapter for a RADIUS or DHCP server fills.

An adapter is idempotent: it looks, compares and writes only what differs. It raises an Unreachable leaf when the
server does not answer and a NeedsPerson leaf when the server refuses.
"""

from __future__ import annotations

from typing import Protocol

from isp_lifecycle.aaa.model import SignOnResult, SignOnWanted


class SignOn(Protocol):
    """Lets lines on, changes how, and takes them off."""

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Let the line on as wanted."""
        ...

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Make a line that is on stand as wanted, without ending its session where the server can do that."""
        ...

    def password(self, service_code: str) -> str | None:
        """What an ONT that dials in must say, with the service's code as its user; None where no account is kept."""
        ...

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Take the line off and end its session."""
        ...
