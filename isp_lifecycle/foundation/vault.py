"""Secrets that stand in the database, sealed: AES-256-GCM with a key that does not stand there.

Each seal is bound to the place it was made for, so that a row moved onto another opens nothing. The keys stand in a
file, newest first: the first seals, all of them open, so that sealing anew under another key needs no pause. The file
is read again whenever it changed, because what rotates the key is another process.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.secret import kept_secret
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import say

#: The kept file of an installation that names none.
KEPT = "vault"
_VERSION, _ID, _NONCE = b"\x01", 8, 12


class VaultShut(NeedsPerson):
    """A secret cannot be sealed or opened: its key is not here, or it was altered."""


class Vault:
    """Seals and opens with the keys of one file.

    A file that the installation keeps for itself (``make``) is made by the first seal and by nothing else: who only
    reads leaves nothing behind, and a lost file is told as lost instead of being put back with another key.
    """

    def __init__(self, path: Path, *, make: Callable[[], object] | None = None) -> None:
        self._path = path
        self._make = make

    def seal(self, place: str, text: str) -> bytes:
        """Seal a text for a place, such as ``device account core password``."""
        self._made()
        key = self._keys()[0]
        nonce = os.urandom(_NONCE)
        return _VERSION + _id(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())

    def open(self, place: str, sealed: bytes) -> str:
        """The text that was sealed for this place; raises VaultShut."""
        version, found, nonce = sealed[:1], sealed[1 : 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE]
        key = next((key for key in self._keys() if _id(key) == found), None)
        if version != _VERSION or key is None:
            raise VaultShut(
                say("The key that sealed the {place} is not in {path}.", place=place, path=self._path),
                field="ISP_VAULT_FILE",
                remedy=say("Put the key back into the file (one a line, newest first), or set the secret anew."),
            )
        try:
            return AESGCM(key).decrypt(nonce, sealed[1 + _ID + _NONCE :], place.encode()).decode()
        except InvalidTag as error:
            raise VaultShut(
                say("The {place} was altered in the database, or moved there from elsewhere.", place=place),
                remedy=say("Find out who wrote to the database, and set the secret anew."),
            ) from error

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it."""
        return sealed[1 : 1 + _ID] == _id(self._keys()[0])

    def sealed_anew(self, place: str, sealed: bytes) -> bytes:
        """The same secret under the newest key."""
        return sealed if self.is_newest(sealed) else self.seal(place, self.open(place, sealed))

    def add_key(self) -> None:
        """Make a key that seals from now on; the others still open."""
        self._made()
        self._write([secrets.token_hex(32), *self._lines()])

    def drop_old_keys(self) -> int:
        """Forget all keys but the newest; how many that were. Nothing that they sealed can be opened any more."""
        lines = self._lines()
        self._write(lines[:1])
        return len(lines) - 1

    def _made(self) -> None:
        if self._make is not None:
            self._make()

    def _keys(self) -> tuple[bytes, ...]:
        try:
            return _read(self._path, self._path.stat().st_mtime_ns)
        except OSError as error:
            raise VaultShut(
                say("The file of keys {path} cannot be read: {strerror}.", path=self._path, strerror=error.strerror),
                field="ISP_VAULT_FILE",
                remedy=say("Name a file that this process may read, with one key of 64 hexadecimal digits a line."),
            ) from error

    def _lines(self) -> list[str]:
        self._keys()  # says what is wrong with the file
        return self._path.read_text(encoding="ascii").split()

    def _write(self, lines: list[str]) -> None:
        """Whole or not at all: a process that reads meanwhile sees the old file or the new one."""
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def vault_of(settings: Settings) -> Vault:
    """The installation's vault; without a setting its file stands in ``var/secrets``, made by the first seal."""
    if settings.vault_file is not None:
        return Vault(settings.vault_file)
    return Vault(settings.var / "secrets" / KEPT, make=partial(kept_secret, settings.var, KEPT))


@lru_cache(maxsize=8)
def _read(path: Path, _changed_at: int) -> tuple[bytes, ...]:
    keys = []
    for line in path.read_text(encoding="ascii", errors="replace").split():
        try:
            key = bytes.fromhex(line)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise VaultShut(
                say("A line of {path} is no key.", path=path),
                field="ISP_VAULT_FILE",
                remedy=say("Write one key of 64 hexadecimal digits a line: `openssl rand -hex 32` prints one."),
            )
        keys.append(key)
    if not keys:
        raise VaultShut(
            say("{path} has no key.", path=path),
            field="ISP_VAULT_FILE",
            remedy=say("Write one key of 64 hexadecimal digits a line: `openssl rand -hex 32` prints one."),
        )
    return tuple(keys)


def _id(key: bytes) -> bytes:
    """A name for a key from which it cannot be found."""
    return hashlib.sha256(b"isp vault key\0" + key).digest()[:_ID]
