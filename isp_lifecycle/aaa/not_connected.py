"""The sign-on of an installation without RADIUS or DHCP: it writes nothing, and says so every time."""

from __future__ import annotations

from isp_lifecycle.aaa.model import SignOnResult, SignOnWanted
from isp_lifecycle.foundation.texts import say

NOTHING_WRITTEN = SignOnResult(written=False, words=say("No RADIUS or DHCP is connected; nothing was written."))


class NotConnected:
    """Fills the port ``SignOn`` where there is no server; the OLT's own configuration is all that a line gets."""

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Write nothing, and say so."""
        return NOTHING_WRITTEN

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Write nothing, and say so."""
        return NOTHING_WRITTEN

    def password(self, service_code: str) -> str | None:
        """None: nobody would know the account."""
        return None

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Write nothing, and say so."""
        return NOTHING_WRITTEN
