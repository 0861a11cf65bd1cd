"""What stands before a server: a reverse proxy with TLS, perhaps a path below which the pages are.

Whoever connects is who they are by their address, unless that is a proxy's of the settings: only of those the headers
by which proxies tell for whom they ask are believed, and behind nobody are they seen any more. Behind this module
every path begins at the root; what goes out (links, redirects, cookies) is put below the prefix again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Network = IPv4Network | IPv6Network

#: What proxies tell; removed from every request, so that nothing behind could take it from a stranger.
TOLD_BY_PROXIES = frozenset({b"forwarded", b"x-real-ip"})
PROXY_HEADERS = b"x-forwarded-"
SECURE: Mapping[str, str] = {"http": "https", "ws": "wss"}


@dataclass(frozen=True)
class Front:
    """How browsers reach one server: ``origin`` is empty for a server that they reach by itself."""

    origin: str = ""
    prefix: str = ""
    """Begins with a slash and ends without one; empty for the root."""
    secure: bool = False
    trusted: tuple[Network, ...] = ()

    @property
    def home(self) -> str:
        """The path below which cookies are sent: the prefix with its slash, so that no other one begins with it."""
        return f"{self.prefix}/"

    def cookie(self, name: str) -> str:
        """The full name of the session's cookie: browsers take one that begins so from nobody but this host by TLS.

        ``__Host-`` stands for the root of a host only; below a prefix it is ``__Secure-``.
        """
        if not self.secure:
            return name
        return f"__Secure-{name}" if self.prefix else f"__Host-{name}"

    def side_cookie(self, name: str) -> str:
        """The full name of a cookie that is for a part of the pages only."""
        return f"__Secure-{name}" if self.secure else name

    def seen(self, scope: Scope) -> Scope:
        """A request as it was asked, with the address of who asked."""
        peer = _address(str((scope.get("client") or ("",))[0]))
        kept = [(n, v) for n, v in scope["headers"] if not _is_told(n.lower())]
        if peer is None:
            return {**scope, "headers": kept}
        found: Scope = {**scope, "headers": kept, "client": (str(peer), (scope["client"] or ("", 0))[1])}
        if self._trusts(peer):
            found["client"] = (str(self._client(scope, peer)), 0)
            if _values(scope, b"x-forwarded-proto")[-1:] == ["https"]:
                found["scheme"] = SECURE.get(scope["scheme"], scope["scheme"])
        return found

    def below(self, scope: Scope) -> Scope | None:
        """The request with its path counted from the prefix; None for one that is not below it."""
        if not self.prefix:
            return scope
        path, raw = str(scope["path"]), bytes(scope.get("raw_path") or b"")
        if not path.startswith(self.home):
            return None
        return {**scope, "path": path[len(self.prefix) :], "raw_path": raw[len(self.prefix) :]}

    def _client(self, scope: Scope, peer: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
        """Who asked: from the right, the first address that is no proxy's of ours, and no further."""
        client = peer
        for text in reversed(_values(scope, b"x-forwarded-for")):
            told = _address(text)
            if told is None:
                break
            client = told
            if not self._trusts(told):
                break
        return client

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.trusted)


def front_of(public: str, *, secure: bool, trusted: tuple[Network, ...]) -> Front:
    """The front of a server that browsers know by this address; ``secure`` where TLS is known otherwise."""
    parts = urlsplit(public)
    origin = f"{parts.scheme}://{parts.netloc}" if public else ""
    return Front(origin, parts.path.rstrip("/"), secure or parts.scheme == "https", trusted)


def _is_told(name: bytes) -> bool:
    return name in TOLD_BY_PROXIES or name.startswith(PROXY_HEADERS)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [part for part in _parts(scope, name) if part]


def _parts(scope: Scope, name: bytes) -> Iterator[str]:
    for key, value in scope["headers"]:
        if key.lower() == name:
            yield from (part.strip() for part in value.decode("latin-1").split(","))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
