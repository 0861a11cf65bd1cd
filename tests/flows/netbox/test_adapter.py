"""NetBox's adapter over real HTTP: pages, tokens, lists, and what is said when NetBox does not answer as it should."""

from __future__ import annotations

import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from isp_lifecycle.ipam import netbox as adapter
from isp_lifecycle.ipam.errors import (
    NetBoxAddressUnsafe,
    NetBoxAnswerWrong,
    NetBoxNeedsCare,
    NetBoxRefused,
    NetBoxUnreachable,
)
from isp_lifecycle.ipam.netbox import NetBox
from isp_lifecycle.ipam.ports import NetBoxApi, Place, Write
from tests.flows.certificates import certificate
from tests.flows.netbox.server import FakeNetBox, serving


def test_all_pages_are_read_whatever_the_server_gives_at_most(netbox: FakeNetBox, api: NetBox) -> None:
    netbox.page_at_most = 3
    for number in range(8):
        netbox.add("ipam/prefixes", prefix=f"10.0.{number}.0/24", tags=[{"slug": "pools"}])
    source: NetBoxApi = api
    found = source.find(Place.PREFIXES, tag="pools", prefix=[f"10.0.{n}.0/24" for n in range(7)])
    assert [thing["prefix"] for thing in found] == [f"10.0.{n}.0/24" for n in range(7)]
    assert len(netbox.asked) == 3


def test_the_token_follows_no_link_to_another_host(netbox: FakeNetBox, api: NetBox) -> None:
    for number in range(2):
        netbox.add("ipam/prefixes", prefix=f"10.0.{number}.0/24")
    netbox.page_at_most, netbox.url = 1, "http://192.0.2.1"
    assert len(api.find(Place.PREFIXES)) == 2


def test_a_list_is_written_but_for_the_objects_at_fault(netbox: FakeNetBox, api: NetBox) -> None:
    netbox.add("ipam/prefixes", prefix="10.0.1.0/24")
    bodies = [{"prefix": f"10.0.{n}.0/24"} for n in range(adapter.LIST + 2)] + [{"description": "nothing"}]
    refused = api.write(Write.CREATE, Place.PREFIXES, bodies)
    assert [(one.body, one.why) for one in refused] == [
        (bodies[1], "prefix: Duplicate prefix found in global table: 10.0.1.0/24"),
        (bodies[-1], "prefix: This field is required."),
    ]
    assert len(api.find(Place.PREFIXES)) == adapter.LIST + 2
    wrong = api.write(Write.CHANGE, Place.PREFIXES, [{"id": 1, "status": "odd"}])
    assert [one.why for one in wrong] == ["status: odd is not a valid choice."]


def test_an_unknown_tag_is_named_as_netbox_says_it(api: NetBox) -> None:
    with pytest.raises(NetBoxRefused, match=r"tag: Select a valid choice\. nowhere is not one"):
        api.find(Place.RANGES, tag="nowhere")


@pytest.mark.parametrize(
    ("answer", "leaf", "says"),
    [
        ((401, b'{"detail": "Token expired"}'), NetBoxNeedsCare, "401 Unauthorized (Token expired)"),
        ((403, b'{"detail": "Invalid v1 token"}'), NetBoxNeedsCare, "403 Forbidden (Invalid v1 token)"),
        ((302, b""), NetBoxNeedsCare, "302 Found"),
        ((404, b"<html>"), NetBoxNeedsCare, "404 Not Found"),
        ((503, b""), NetBoxUnreachable, "503 Service Unavailable"),
        ((429, b""), NetBoxUnreachable, "429 Too Many Requests"),
        ((200, b"<html>please sign in</html>"), NetBoxAnswerWrong, "no page"),
        ((200, b"[]"), NetBoxAnswerWrong, "no page"),
        ((200, b'{"results": [], "next": 7}'), NetBoxAnswerWrong, "no page"),
        ((200, b'{"results": [{"prefix": "10.0.0.0/8"}], "next": null}'), NetBoxAnswerWrong, "objects with numbers"),
    ],
)
def test_another_answer_is_told_as_what_it_is(
    netbox: FakeNetBox, api: NetBox, answer: tuple[int, bytes], leaf: type[Exception], says: str
) -> None:
    netbox.answer = answer
    with pytest.raises(leaf, match=says.replace("(", r"\(").replace(")", r"\)")) as error:
        api.find(Place.PREFIXES)
    assert "hush" not in str(error.value)


def test_pages_in_a_circle_end(netbox: FakeNetBox, api: NetBox) -> None:
    page = {"results": [], "next": f"{netbox.url}/api/ipam/prefixes/?limit=500"}
    netbox.answer = (200, json.dumps(page).encode())
    with pytest.raises(NetBoxAnswerWrong, match="circle"):
        api.find(Place.PREFIXES)


def test_nobody_answers(netbox: FakeNetBox) -> None:
    with pytest.raises(NetBoxUnreachable, match="cannot be reached"):
        NetBox("http://127.0.0.1:1", "hush").find(Place.PREFIXES)


def test_a_wrong_token_and_one_of_version_2(netbox: FakeNetBox) -> None:
    with pytest.raises(NetBoxNeedsCare, match="Invalid v1 token"):
        NetBox(netbox.url, "guess").find(Place.PREFIXES)
    with NetBox(netbox.url, "nbt_key.text")._client() as client:
        assert client.headers["Authorization"] == "Bearer nbt_key.text"


@pytest.mark.parametrize(
    "url", ["http://netbox.example", "ftp://netbox.example", "netbox", "https://a:b@c", "https://x:port", ""]
)
def test_the_token_never_goes_in_the_clear(url: str) -> None:
    with pytest.raises(NetBoxAddressUnsafe):
        NetBox(url, "hush")


@pytest.mark.parametrize(("address", "trusted"), [("127.0.0.1", True), ("127.0.0.1", False), ("127.0.0.2", True)])
def test_certificate_and_address_are_verified(tmp_path: Path, address: str, trusted: bool) -> None:
    cert, key = certificate(tmp_path, address=address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with serving(context) as netbox:
        asked = NetBox(netbox.url, "hush", trust=str(cert) if trusted else None)
        if address == "127.0.0.1" and trusted:
            assert asked.find(Place.PREFIXES) == ()
        else:
            with pytest.raises(NetBoxNeedsCare, match="certificate"):
                asked.find(Place.PREFIXES)
            assert netbox.asked == []
        with pytest.raises(NetBoxNeedsCare, match="holds no certificates"):
            NetBox(netbox.url, "hush", trust=str(tmp_path / "none.pem")).find(Place.PREFIXES)


def test_an_object_that_slips_to_the_next_page_is_found_once(netbox: FakeNetBox, api: NetBox) -> None:
    prefixes = netbox.things["ipam/prefixes"]
    for number in range(4):
        netbox.add("ipam/prefixes", prefix=f"10.0.{number}.0/24")
    netbox.page_at_most, answers = 2, netbox.respond

    def growing(*asked: Any) -> tuple[int, Any]:
        told = answers(*asked)
        first = min(prefixes) - 1
        prefixes[first] = prefixes[1] | {"id": first, "prefix": f"10.1.{-first}.0/24"}
        return told

    netbox.respond = growing  # type: ignore[method-assign]
    found = api.find(Place.PREFIXES)
    assert [thing["id"] for thing in found][:4] == [1, 2, 3, 4]
    assert len({thing["id"] for thing in found}) == len(found)
