"""Headers that every response carries, and the policy that lets a browser run this server's own scripts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Headers = list[tuple[bytes, bytes]]

#: Plain pages (sign-in, errors) need a style sheet and a form, nothing else.
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_FIXED: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}


def page_policy(nonce: str) -> str:
    """The policy of a Panel page.

    Panel imports its components' modules from blobs, hence blob:. Inline scripts run only with the nonce of this very
    response, nothing compiles text into code, and nothing is loaded from another host.
    """
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; frame-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def secured(headers: Iterable[tuple[bytes, bytes]], *, policy: str | None, secure: bool, prefix: str = "") -> Headers:
    """The response's headers with ours added; a policy that the response set itself is kept.

    Redirections within the server are put below ``prefix``.
    """
    kept = [(name.lower(), _below(prefix, value) if name.lower() == b"location" else value) for name, value in headers]
    present = {name for name, _ in kept}
    wanted = dict(_FIXED)
    if policy is not None:
        wanted["content-security-policy"] = policy
    if secure:
        wanted["strict-transport-security"] = "max-age=31536000"
    return kept + [(n.encode(), v.encode()) for n, v in wanted.items() if n.encode() not in present]


def _below(prefix: str, where: bytes) -> bytes:
    return prefix.encode() + where if where.startswith(b"/") and not where.startswith(b"//") else where
