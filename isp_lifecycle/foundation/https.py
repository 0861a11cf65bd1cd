"""What every client of a web service outside keeps to: no secret in the clear, no certificate that is not checked."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_safe(url: str) -> bool:
    """Whether a secret may be sent to this address: https, or http to this machine; no account inside the address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port  # both read the address, and raise for one that is none
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    return secure and bool(host) and "@" not in parts.netloc


def certificate_wrong(error: BaseException) -> bool:
    """Whether a connection failed because the other side's certificate is not valid for its address."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
