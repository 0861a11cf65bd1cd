"""The secret of one server, and what is sealed with it: tokens of forms and pages."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

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
    path = settings.var / "secrets" / "web.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_once(path)
    return path.read_text(encoding="ascii").strip()


def _make_once(path: Path) -> None:
    """Write a new secret beside its place and link it there: of two servers starting at once one wins, whole."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # the other server was first; its secret is the one that both read
    finally:
        draft.unlink()
