"""The secret of one server, and what is sealed with it: tokens of forms and pages."""

from __future__ import annotations

import hashlib
import hmac

from isp_lifecycle.foundation.secret import kept_secret
from isp_lifecycle.foundation.settings import Settings


class Seal:
    """Seals short texts with the key of one realm: the staff suite's seal means nothing to the portal."""

    def __init__(self, *, secret: str, realm: str) -> None:
        self._key = hmac.digest(secret.encode(), f"isp web {realm}".encode(), hashlib.sha256)

    def of(self, purpose: str, text: str) -> str:
        """The seal of a text for one purpose."""
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def holds(self, purpose: str, text: str, seal: str) -> bool:
        """Whether that seal is the one of this text."""
        return bool(text) and hmac.compare_digest(self.of(purpose, text).encode(), seal.encode())

    @property
    def page_key(self) -> bytes:
        """The key that Panel signs its page tokens with."""
        return hmac.digest(self._key, b"page tokens", hashlib.sha256)


def secret_of(settings: Settings) -> str:
    """The installation's secret: the setting, or one that is made once and kept, readable by its owner only."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return kept_secret(settings.var, "web.key")
