"""Attacks on the guard: each of them gets through Panel's own access control."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
import websockets
from bokeh.util.token import generate_jwt_token, generate_session_id, get_token_payload

from dashboards.identity import (
    ADDRESS_HEADER,
    IDENTITY_HEADER,
    LANGUAGE_HEADER,
    MENU_HEADER,
    NARROW_HEADER,
    PAGE_HEADER,
    PROOF_HEADER,
    THEME_HEADER,
    Identity,
    decode,
    encode,
)
from isp_lifecycle.access import actions, store
from isp_lifecycle.access.model import SYSTEM, Actor, OwnRole, Role
from isp_lifecycle.foundation.db import read, write
from tests.pages.conftest import PASSWORD, Running, sign_in

Serve = Callable[..., Running]


def token_of(html: str) -> str:
    """The page token that is written in a page."""
    found = re.search(r'"token":\s*"([^"]+)"', html)
    assert found is not None
    return found.group(1)


def attach(running: Running, page: str, token: str, cookie: str, origin: str | None = None) -> Awaitable[str]:
    """Open a page's websocket; the answer is ``open`` or the refusal's status."""

    async def attempt() -> str:
        try:
            async with socket_of(running, page, token, cookie, origin) as socket:
                await asyncio.wait_for(socket.recv(), 5)
                return "open"
        except websockets.InvalidStatus as refused:
            return str(refused.response.status_code)
        except websockets.ConnectionClosed as closed:
            return f"closed {closed.rcvd.code if closed.rcvd else ''}"

    return attempt()


def socket_of(running: Running, page: str, token: str, cookie: str, origin: str | None = None) -> websockets.connect:
    """A page's websocket, as its scripts would open it."""
    return websockets.connect(
        running.url.replace("http", "ws") + page + "/ws",
        subprotocols=[websockets.Subprotocol("bokeh"), websockets.Subprotocol(token)],
        origin=websockets.Origin(origin or running.url),
        additional_headers={"cookie": f"{running.realm.cookie}={cookie}"} if cookie else {},
    )


def test_page_and_its_websocket_open_for_the_right_role(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    answer = sales.get("/orders")
    assert answer.status_code == 200
    assert asyncio.run(attach(running, "/orders", token_of(answer.text), sales.cookies["isp_staff"])) == "open"


def test_page_of_another_role_is_forbidden_and_says_so(serve: Serve) -> None:
    answer = serve().signed_in("sales").get("/network")
    assert answer.status_code == 403
    assert "Not for your role" in answer.text
    assert "“Network” is not open to your role (sales)" in answer.text


def test_unknown_page_is_a_friendly_404(serve: Serve) -> None:
    running = serve()
    for client in (running.client(), running.signed_in("sales")):
        answer = client.get("/nothing/here")
        assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


def test_visitor_is_led_to_the_sign_in_with_the_page_in_mind(serve: Serve) -> None:
    answer = serve().client().get("/orders?order=O-000001")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Forders%3Forder%3DO-000001")


def test_websocket_of_another_page_with_a_token_of_the_own_page_is_refused(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    token = token_of(sales.get("/orders").text)
    assert asyncio.run(attach(running, "/network", token, sales.cookies["isp_staff"])) == "403"


def test_websocket_of_another_allowed_page_needs_a_token_of_that_page(serve: Serve) -> None:
    running = serve()
    manager = running.signed_in("manager")
    token = token_of(manager.get("/orders").text)
    cookie = manager.cookies["isp_staff"]
    assert asyncio.run(attach(running, "/figures", token, cookie)) == "403"
    assert asyncio.run(attach(running, "/orders", token, cookie)) == "open"


def test_foreign_token_is_refused_even_of_the_same_role_and_page(serve: Serve) -> None:
    running = serve()
    mine, theirs = running.signed_in("manager"), running.signed_in("auditor")
    token = token_of(theirs.get("/orders").text)
    assert asyncio.run(attach(running, "/orders", token, mine.cookies["isp_staff"])) == "403"


def test_token_of_another_session_of_the_same_account_is_refused(serve: Serve) -> None:
    running = serve()
    desk, laptop = running.signed_in("sales"), running.signed_in("sales")
    token = token_of(desk.get("/orders").text)
    assert asyncio.run(attach(running, "/orders", token, laptop.cookies["isp_staff"])) == "403"


def test_websocket_without_a_session_is_refused(serve: Serve) -> None:
    running = serve()
    token = token_of(running.signed_in("sales").get("/orders").text)
    assert asyncio.run(attach(running, "/orders", token, "")) == "403"


def test_websocket_from_another_origin_is_refused(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    token, cookie = token_of(sales.get("/orders").text), sales.cookies["isp_staff"]
    for origin in ("http://evil.example", running.url.replace("127.0.0.1", "127.0.0.1.evil.example"), "null"):
        assert asyncio.run(attach(running, "/orders", token, cookie, origin=origin)) == "403"


def test_token_signed_by_somebody_else_is_refused(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    forged = generate_jwt_token(
        generate_session_id(secret_key=b"guess", signed=True),
        secret_key=b"guess",
        signed=True,
        extra_payload={
            "headers": {IDENTITY_HEADER: _administrator(), PAGE_HEADER: "/orders"},
            "cookies": {},
            "arguments": {},
        },
    )
    assert asyncio.run(attach(running, "/orders", forged, sales.cookies["isp_staff"])) == "403"


def test_identity_header_of_a_client_is_not_believed(serve: Serve) -> None:
    running = serve()
    headers = {IDENTITY_HEADER: _administrator(), "X-ISP-Page": "/network"}
    assert running.client().get("/network", headers=headers).status_code == 303
    assert running.signed_in("sales").get("/network", headers=headers).status_code == 403
    told = get_token_payload(token_of(running.signed_in("sales").get("/orders", headers=headers).text))["headers"]
    assert [decode(v).actor.role for k, v in told.items() if k.lower() == IDENTITY_HEADER] == [Role.SALES]
    assert [v for k, v in told.items() if k.lower() == PAGE_HEADER] == ["/orders"]


def test_panels_other_doors_are_shut(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    for path in (
        "/network/autoload.js?bokeh-autoload-element=1",
        "/orders/autoload.js",
        "/orders/metadata",
        "/orders/",
    ):
        assert sales.get(path).status_code == 404
    assert sales.get("/components/dashboards.parts.picking/Picking/_esm").status_code == 404
    assert sales.post("/orders").status_code == 405


def test_token_carries_no_cookie(serve: Serve) -> None:
    sales = serve().signed_in("sales")
    sales.cookies.set("other", "another secret")
    html = sales.get("/orders").text
    assert sales.cookies["isp_staff"] not in html
    payload = get_token_payload(token_of(html))
    assert payload["cookies"] == {}
    assert {k.lower() for k in payload["headers"]} == {
        IDENTITY_HEADER,
        PAGE_HEADER,
        THEME_HEADER,
        LANGUAGE_HEADER,
        MENU_HEADER,
        NARROW_HEADER,
        ADDRESS_HEADER,
        PROOF_HEADER,
    }
    assert "another secret" not in str(payload)


def test_sign_out_closes_the_open_websocket_and_kills_the_cookie(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    html = sales.get("/orders").text
    token, cookie = token_of(html), sales.cookies["isp_staff"]

    async def watch() -> int | None:
        async with socket_of(running, "/orders", token, cookie) as socket:
            await socket.recv()
            assert len(running.server.connections) == 1
            answer = await asyncio.to_thread(
                lambda: sales.post("/sign-out", data={"seal": running.server.seal.of("form", _session_of(html))})
            )
            assert answer.headers["location"] == "/sign-in?ended=1"
            return await closed_with(socket)

    assert asyncio.run(watch()) == 4401
    assert len(running.server.connections) == 0
    replay = running.client()
    replay.cookies.set("isp_staff", cookie)
    assert replay.get("/orders").status_code == 303
    assert asyncio.run(attach(running, "/orders", token, cookie)) == "403"


def test_closed_account_loses_its_open_page(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.connections.REVIEW_SECONDS", 0.2)
    monkeypatch.setattr("dashboards.accounts.KEEP_SECONDS", 0.1)
    running = serve()
    sales = running.signed_in("sales")
    token, cookie = token_of(sales.get("/orders").text), sales.cookies["isp_staff"]

    async def watch(change: Callable[[], None]) -> int | None:
        async with socket_of(running, "/orders", token, cookie) as socket:
            await socket.recv()
            await asyncio.to_thread(change)
            return await closed_with(socket)

    assert asyncio.run(watch(lambda: _change_role(running.engine, "sales", Role.INSTALLER))) == 4401
    assert sales.get("/orders").status_code == 403


def test_a_changed_own_role_closes_open_pages_of_those_who_have_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.connections.REVIEW_SECONDS", 0.2)
    monkeypatch.setattr("dashboards.accounts.KEEP_SECONDS", 0.1)
    running = serve()
    role = OwnRole("night desk", Role.SALES, frozenset({"order.read", "network.read"}))
    with write(running.engine) as tx:
        store.insert_role(tx=tx, role=role)
    _change_role(running.engine, "sales", Role.SALES, role)
    sales = running.signed_in("sales")
    assert [sales.get(path).status_code for path in ("/orders", "/network", "/figures")] == [200, 200, 403]
    assert "your role (night desk)" in sales.get("/figures").text
    token, cookie = token_of(sales.get("/orders").text), sales.cookies["isp_staff"]

    def narrow() -> None:
        with write(running.engine) as tx:
            store.update_role(tx=tx, role=replace(role, permissions=frozenset({"order.read"})))

    async def watch() -> int | None:
        async with socket_of(running, "/orders", token, cookie) as socket:
            await socket.recv()
            await asyncio.to_thread(narrow)
            return await closed_with(socket)

    assert asyncio.run(watch()) == 4401
    assert asyncio.run(attach(running, "/orders", token, cookie)) == "403"  # the token was made for another set
    assert [sales.get(path).status_code for path in ("/orders", "/network")] == [200, 403]


def test_customer_cookie_opens_nothing_at_the_staff_suite(serve: Serve) -> None:
    staff, portal = serve("staff"), serve("portal")
    customer = portal.signed_in("ada@example.org")
    assert customer.get("/my").status_code == 200
    cookie = customer.cookies["isp_portal"]
    intruder = staff.client()
    for name in ("isp_staff", "isp_portal"):
        intruder.cookies.set(name, cookie)
    assert intruder.get("/orders").status_code == 303
    token = token_of(customer.get("/my").text)
    assert asyncio.run(attach(staff, "/orders", token, cookie)) == "403"


def test_each_realm_admits_its_own_accounts_only(serve: Serve) -> None:
    staff, portal = serve("staff"), serve("portal")
    for running, username in ((staff, "ada@example.org"), (portal, "sales")):
        answer = sign_in(running.client(), username, PASSWORD)
        assert (answer.status_code, "do not fit" in answer.text) == (401, True)


def test_public_page_needs_no_session_and_its_websocket_opens(serve: Serve) -> None:
    portal = serve("portal")
    visitor = portal.client()
    token = token_of(visitor.get("/apply").text)
    assert asyncio.run(attach(portal, "/apply", token, "")) == "open"
    assert asyncio.run(attach(portal, "/my", token, "")) == "403"
    assert visitor.get("/my").status_code == 303


def test_every_answer_carries_the_security_headers(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    for path in ("/orders", "/network", "/nothing", "/sign-in", "/assets/plain.css", "/static/js/bokeh.min.js"):
        headers = sales.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    first, second = (sales.get("/orders").headers["content-security-policy"] for _ in range(2))
    assert "'unsafe-inline'" not in re.findall(r"script-src[^;]*", first)[0]
    assert re.findall(r"nonce-([\w-]+)", first) != re.findall(r"nonce-([\w-]+)", second)


def test_no_mark_of_the_nonce_is_left_in_a_page(serve: Serve) -> None:
    running = serve()
    html = running.signed_in("sales").get("/orders").text
    assert running.server.app.nonce_mark not in html
    assert [
        s for s in re.findall(r"<script[^>]*>", html) if "src=" not in s and "nonce=" not in s and "json" not in s
    ] == []


def test_health_is_open(serve: Serve) -> None:
    answer = serve().client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def closed_with(socket: websockets.ClientConnection) -> int | None:
    """Read until the server closes; the code that it closes with."""
    try:
        async with asyncio.timeout(5):
            async for _ in socket:
                pass
    except websockets.ConnectionClosed:
        return socket.close_code
    return socket.close_code


def _administrator() -> str:
    return encode(Identity(Actor(None, "root", "Root", Role.ADMINISTRATOR, SYSTEM.permissions, "staff"), "x"))


def _session_of(html: str) -> str:
    headers = get_token_payload(token_of(html))["headers"]
    return decode({k.lower(): v for k, v in headers.items()}[IDENTITY_HEADER]).session


def _change_role(engine: sa.Engine, username: str, role: Role, own_role: OwnRole | None = None) -> None:
    with read(engine) as tx:
        user = store.user_by_username(tx=tx, username=username)
    assert user is not None
    with write(engine) as tx:
        actions.set_role(tx=tx, user_id=user.id, role=role, own_role=own_role)
