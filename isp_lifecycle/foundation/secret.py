"""Secrets that an installation makes for itself: once, kept beside its data, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from isp_lifecycle.foundation.settings import Settings


def kept_secret(var: Path, name: str) -> str:
    """The secret of that name in ``var/secrets`` (0600): 256 random bits in hex, made at the first call.

    It is written beside its place and linked there: of two processes that start at once one wins, whole.
    """
    path = var / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def portal_key(settings: Settings) -> str:
    """The portal's secret, which its process and the workers that write to customers share: the setting, or one that is
    made once and kept.
    """
    if settings.portal_key is not None:
        return settings.portal_key.get_secret_value()
    return kept_secret(settings.var, "portal.key")


def _make(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # the other process was first; its secret is the one that both read
    finally:
        draft.unlink()
