"""Whose word is believed about who asks, and where a path begins; without a server."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from dashboards.front import Front, front_of
from isp_lifecycle.foundation.settings import SettingWrong, load_settings

FRONT = Front(prefix="/isp", secure=True, trusted=(ip_network("10.0.0.0/28"), ip_network("fd00::/64")))


def asked(peer: str, *forwarded: str, path: str = "/isp/orders", **headers: str) -> dict[str, Any]:
    """A request as a server gets it."""
    told = [(b"x-forwarded-for", text.encode()) for text in forwarded]
    told += [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {
        "type": "http",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "headers": told,
        "client": (peer, 1),
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", (), "198.51.100.7"),
        ("198.51.100.7", ("203.0.113.9",), "198.51.100.7"),  # nobody's proxy
        ("10.0.0.2", ("203.0.113.9",), "203.0.113.9"),
        ("::ffff:10.0.0.2", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.2", ("192.0.2.1, 203.0.113.9",), "203.0.113.9"),  # the first was sent by whoever asked
        ("10.0.0.2", ("192.0.2.1", "203.0.113.9, 10.0.0.3"), "203.0.113.9"),  # two proxies
        ("10.0.0.2", ("10.0.0.3",), "10.0.0.3"),  # a proxy that asks for itself
        ("10.0.0.2", (), "10.0.0.2"),
        ("10.0.0.2", ("203.0.113.9, unknown",), "10.0.0.2"),
        ("10.0.0.2", ("203.0.113.9:4711",), "10.0.0.2"),
        ("10.0.0.2", ("'; DROP TABLE users",), "10.0.0.2"),
        ("fd00::1", ("2001:db8::7",), "2001:db8::7"),
    ],
)
def test_address_is_the_first_from_the_right_that_is_no_proxys(
    peer: str, forwarded: tuple[str, ...], client: str
) -> None:
    assert FRONT.seen(asked(peer, *forwarded))["client"][0] == client


def test_what_proxies_tell_is_seen_by_nobody_behind() -> None:
    told = {"x_forwarded_host": "evil.test", "x_real_ip": "192.0.2.1", "forwarded": "for=192.0.2.1", "accept": "*/*"}
    for peer in ("198.51.100.7", "10.0.0.2"):
        assert FRONT.seen(asked(peer, "203.0.113.9", **told))["headers"] == [(b"accept", b"*/*")]


def test_tls_is_a_proxys_to_tell() -> None:
    assert FRONT.seen(asked("10.0.0.2", x_forwarded_proto="https"))["scheme"] == "https"
    assert FRONT.seen(asked("198.51.100.7", x_forwarded_proto="https"))["scheme"] == "http"
    assert FRONT.seen({**asked("10.0.0.2", x_forwarded_proto="https"), "scheme": "ws"})["scheme"] == "wss"


@pytest.mark.parametrize(
    ("path", "below"), [("/isp/orders", "/orders"), ("/isp/", "/"), ("/isp", None), ("/ispx/orders", None), ("/", None)]
)
def test_path_is_counted_from_the_prefix(path: str, below: str | None) -> None:
    found = FRONT.below(asked("10.0.0.2", path=path))
    assert (found and found["path"]) == below
    assert (found and found["raw_path"]) == (below and below.encode())


@pytest.mark.parametrize(
    ("public", "secure", "cookie", "home"),
    [
        ("", False, "isp_staff", "/"),
        ("", True, "__Host-isp_staff", "/"),
        ("https://ops.isp.test", False, "__Host-isp_staff", "/"),
        ("https://ops.isp.test/", False, "__Host-isp_staff", "/"),
        ("https://ops.isp.test/isp/", False, "__Secure-isp_staff", "/isp/"),
        ("http://ops.isp.test/isp", False, "isp_staff", "/isp/"),
    ],
)
def test_cookies_are_as_narrow_as_the_address_allows(public: str, secure: bool, cookie: str, home: str) -> None:
    front = front_of(public, secure=secure, trusted=())
    assert (front.cookie("isp_staff"), front.home) == (cookie, home)


@pytest.mark.parametrize(
    "public", ["ops.isp.test", "https://me@ops.isp.test", "https://o.test/a?b", "https://o.test/a b"]
)
def test_address_that_is_none_is_refused(public: str) -> None:
    with pytest.raises(SettingWrong, match="ISP_WEB__PUBLIC_ORIGIN"):
        load_settings(web={"public_origin": public})
