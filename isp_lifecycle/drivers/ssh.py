"""SSH transports for OLTs: the ordinary one, and one for firmware of 2015 where an access asks for it."""

from __future__ import annotations

from hashlib import sha1
from typing import Any

from cryptography.hazmat.primitives import hashes
from paramiko.kex_group14 import KexGroup14SHA256
from paramiko.rsakey import RSAKey
from paramiko.transport import Transport


class OltTransport(Transport):  # type: ignore[misc]  # paramiko is untyped for mypy here
    """Prefers ciphers that authenticate by themselves.

    A command line sends a packet a letter, and paramiko compares an HMAC in Python for each packet of the others: that
    is most of the processor time of a session.
    """

    _preferred_ciphers = (
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        *(name for name in Transport._preferred_ciphers if not name.endswith("gcm@openssh.com")),
    )


class _Group14Sha1(KexGroup14SHA256):  # type: ignore[misc]  # paramiko is untyped for mypy here
    """RFC 4253, section 8.2."""

    name = "diffie-hellman-group14-sha1"
    hash_algo = sha1


class _Group1Sha1(_Group14Sha1):
    """RFC 4253, section 8.1, over the 1024-bit group of RFC 2409, section 6.2."""

    name = "diffie-hellman-group1-sha1"
    P = int(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
        "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
        "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
        16,
    )


class _Sha1RsaKey(RSAKey):  # type: ignore[misc]
    HASHES = {**RSAKey.HASHES, "ssh-rsa": hashes.SHA1}  # noqa: RUF012 - paramiko's own shape


class OldTransport(OltTransport):
    """Offers old algorithms after the new ones, so a renewed firmware is spoken to in the better way.

    MA5608T and MA5600T have ssh-rsa host keys and SHA-1 key exchanges only (device-facts 1.1), which paramiko has
    dropped. They are weak; the management network has to protect what these ciphers do not.
    """

    _kex_info = {  # noqa: RUF012 - paramiko's own shape
        **Transport._kex_info,
        _Group14Sha1.name: _Group14Sha1,
        _Group1Sha1.name: _Group1Sha1,
    }
    _preferred_kex: tuple[str, ...] = (*Transport._preferred_kex, _Group14Sha1.name, _Group1Sha1.name)
    _key_info: dict[str, Any] = {**Transport._key_info, "ssh-rsa": _Sha1RsaKey}  # noqa: RUF012
    _preferred_keys: tuple[str, ...] = (*Transport._preferred_keys, "ssh-rsa")
