"""The second factor: codes of an authenticator (TOTP, RFC 6238), and recovery codes for the day it is lost.

A code of six digits holds for 30 s and is taken once; one step to either side is taken for a clock that runs wrong. The
seed is sealed with the key of the vault, because a code can only be checked by who has it; recovery codes are 80 random
bits each, of which SHA-256 is kept.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp

from isp_lifecycle.access.errors import CodeWrong, FactorThere, NoFactor
from isp_lifecycle.access.model import User
from isp_lifecycle.access.store import factors
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.vault import Vault

#: Steps of 30 s that a code may be early or late.
STEPS_AROUND = 1
STEP_SECONDS = 30
RECOVERY_CODES = 10


@dataclass(frozen=True)
class Setup:
    """What an authenticator is given: the seed to type, and the same as the address that a QR code carries."""

    seed: str
    uri: str

    def __repr__(self) -> str:
        return "Setup(...)"


def begin(*, tx: Tx, vault: Vault, user: User, issuer: str, at: datetime) -> Setup:
    """A new seed, which counts from when a code of it is shown. Raises FactorThere, and VaultShut without a key."""
    if factors.has(tx=tx, user_id=user.id):
        raise FactorThere(user.username)
    seed = pyotp.random_base32(32)
    factors.begin(tx=tx, user_id=user.id, seed=vault.seal(_place(user.id), seed), at=at)
    return Setup(seed, pyotp.TOTP(seed).provisioning_uri(name=user.username, issuer_name=issuer))


def pending(*, tx: Tx, vault: Vault, user: User, issuer: str) -> Setup | None:
    """The seed that was begun and not confirmed; None where there is none."""
    found = factors.find(tx=tx, user_id=user.id)
    if found is None or found.confirmed_at is not None:
        return None
    seed = vault.open(_place(user.id), found.seed)
    return Setup(seed, pyotp.TOTP(seed).provisioning_uri(name=user.username, issuer_name=issuer))


def confirm(*, tx: Tx, vault: Vault, user_id: UUID, code: str, at: datetime) -> tuple[str, ...]:
    """Have the authenticator count from now on, by a code of it; returns the recovery codes, once.

    Raises NoFactor where none was begun, FactorThere, and CodeWrong.
    """
    found = factors.find(tx=tx, user_id=user_id)
    if found is None:
        raise NoFactor
    if found.confirmed_at is not None:
        raise FactorThere(say("this account"))
    if not _is_code(tx, vault, user_id, found.seed, code, at):
        raise CodeWrong
    factors.confirm(tx=tx, user_id=user_id, at=at)
    return new_codes(tx=tx, user_id=user_id)


def new_codes(*, tx: Tx, user_id: UUID) -> tuple[str, ...]:
    """Recovery codes in place of all there were; they are shown once. Raises NoFactor."""
    if not factors.has(tx=tx, user_id=user_id):
        raise NoFactor
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    factors.put_codes(tx=tx, user_id=user_id, hashes=[_hash(code) for code in codes])
    return codes


def is_asked_for(*, tx: Tx, user_id: UUID) -> bool:
    """Whether an account has a second factor."""
    return factors.has(tx=tx, user_id=user_id)


def who_has_one(*, tx: Tx) -> frozenset[UUID]:
    """The accounts that have a second factor."""
    return factors.with_factor(tx=tx)


def codes_left(*, tx: Tx, user_id: UUID) -> int:
    """How many recovery codes an account has left."""
    return factors.codes_left(tx=tx, user_id=user_id)


def check(*, tx: Tx, vault: Vault, user_id: UUID, code: str, at: datetime) -> str:
    """Use up a code of the authenticator or a recovery code; says which it was. Raises CodeWrong for anything else."""
    found = factors.find(tx=tx, user_id=user_id)
    if found is None or found.confirmed_at is None:
        raise CodeWrong
    if _is_code(tx, vault, user_id, found.seed, code, at):
        return "authenticator"
    if factors.use_code(tx=tx, user_id=user_id, hashed=_hash(code), at=at):
        return "recovery code"
    raise CodeWrong


def remove(*, tx: Tx, user_id: UUID) -> None:
    """Take the second factor and its recovery codes off an account. Raises NoFactor."""
    if not factors.remove(tx=tx, user_id=user_id):
        raise NoFactor


def reseal(*, tx: Tx, vault: Vault) -> int:
    """Seal anew every seed that an older key sealed; how many that were."""
    anew = 0
    for user_id, sealed in factors.all_seeds(tx=tx).items():
        if not vault.is_newest(sealed):
            factors.keep_seed(tx=tx, user_id=user_id, seed=vault.sealed_anew(_place(user_id), sealed))
            anew += 1
    return anew


def _is_code(tx: Tx, vault: Vault, user_id: UUID, sealed: bytes, code: str, at: datetime) -> bool:
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return False
    totp = pyotp.TOTP(vault.open(_place(user_id), sealed))
    now = int(at.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
        if secrets.compare_digest(totp.at(step * STEP_SECONDS), digits)
    ]
    return bool(fitting) and factors.use_step(tx=tx, user_id=user_id, step=fitting[-1])


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[n : n + 4] for n in range(0, 16, 4))


def _hash(code: str) -> bytes:
    plain = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(f"isp recovery code\0{plain}".encode()).digest()


def _place(user_id: UUID) -> str:
    return f"second factor {user_id}"
