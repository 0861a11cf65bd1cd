"""SSH transports for OLTs: the ordinary one, and one for firmware of 2015 where an access asks for it.

Host keys are told by kind and fingerprint, ``ssh-rsa SHA256:...``, as OpenSSH writes them.
"""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1, sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from paramiko.client import MissingHostKeyPolicy, SSHClient
from paramiko.kex_group14 import KexGroup14SHA256
from paramiko.pkey import PKey
from paramiko.rsakey import RSAKey
from paramiko.ssh_exception import SSHException
from paramiko.transport import Transport

from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.errors import HostKeyChanged, OltUnreachable


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

    _preferred_keys: tuple[str, ...] = Transport._preferred_keys

    def prefer_key(self, kind: str) -> None:
        """Ask for a host key of this kind first: a device with keys of several kinds then shows the one we know."""
        known = tuple(name for name in self._preferred_keys if _kind_of(name) == kind)
        self._preferred_keys = (*known, *(name for name in self._preferred_keys if name not in known))


def _kind_of(algorithm: str) -> str:
    """The kind of key that an algorithm signs with: RSA keys sign with three."""
    return "ssh-rsa" if algorithm.startswith("rsa-sha2-") else algorithm


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
    _preferred_keys = (*Transport._preferred_keys, "ssh-rsa")


def transport_of(access: OltAccess) -> Callable[..., OltTransport]:
    """How a connection to this OLT is opened; takes what paramiko hands to a transport."""

    def opened(connection: socket.socket, **options: Any) -> OltTransport:
        transport = (OldTransport if access.old_algorithms else OltTransport)(connection, **options)
        if access.host_key:
            transport.prefer_key(access.host_key.partition(" ")[0])
        return transport

    return opened


class Pinned(MissingHostKeyPolicy):  # type: ignore[misc]  # paramiko is untyped for mypy here
    """Lets a server in whose host key is the pinned one, or the first; paramiko asks before it authenticates."""

    def __init__(self, access: OltAccess) -> None:
        self._access = access
        self.found = ""

    def missing_host_key(self, client: SSHClient, hostname: str, key: PKey) -> None:
        """Raises HostKeyChanged."""
        self.found = shown(key)
        if self._access.host_key and self._access.host_key != self.found:
            raise HostKeyChanged(self._access.name, pinned=self._access.host_key, found=self.found)


def shown(key: PKey) -> str:
    """A host key's kind and fingerprint."""
    digest = b64encode(sha256(key.asbytes()).digest()).decode().rstrip("=")
    return f"{key.get_name()} SHA256:{digest}"


def host_key_of(access: OltAccess) -> str:
    """Ask an OLT for its host key without logging in; empty over Telnet, which has none. Raises OltUnreachable."""
    if access.transport == "telnet":
        return ""
    try:
        with socket.create_connection((access.host, access.port), timeout=access.connect_timeout) as connection:
            transport = transport_of(access)(connection)
            try:
                transport.start_client(timeout=access.connect_timeout)
                return shown(transport.get_remote_server_key())
            finally:
                transport.close()
    except (OSError, EOFError, SSHException) as error:
        raise OltUnreachable(access.name, access.host, access.port, str(error) or type(error).__name__) from error
