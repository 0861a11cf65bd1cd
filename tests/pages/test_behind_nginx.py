"""Behind a real nginx with TLS, told what `isp proxy nginx` prints: two servers below two paths of one host."""

from __future__ import annotations

import asyncio
import re
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import websockets
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pydantic import SecretStr
from typer.testing import CliRunner

from isp_lifecycle.bootstrap import PORTAL, STAFF
from isp_lifecycle.cli.__main__ import app
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.trail import store as trail
from isp_lifecycle.trail.model import Entry
from tests.flows.certificates import Authority, authority
from tests.pages.conftest import PASSWORD, Running, sign_in
from tests.pages.test_guard import token_of
from tests.sign_on.installed import program

Serve = Callable[..., Running]
HOST = "ops.isp.test"
#: An address of this machine that is no proxy's: from here somebody asks.
CLIENT, ANOTHER = "127.0.0.5", "127.0.0.6"
NGINX = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/sites.conf;
}}
"""


class ToThisMachine(httpx.HTTPTransport):
    """Reaches the host on this machine, as its name server would say, and checks the certificate for its name."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        here = request.url.copy_with(host="127.0.0.1")
        extensions = {**request.extensions, "sni_hostname": HOST}
        return super().handle_request(
            httpx.Request(request.method, here, headers=request.headers, stream=request.stream, extensions=extensions)
        )


@dataclass(frozen=True)
class Proxied:
    """Both servers behind nginx: their public addresses, and what is behind."""

    staff: Running
    portal: Running
    authority: Authority
    origin: str

    def client(self, place: str = "isp", *, address: str = CLIENT, **headers: str) -> httpx.Client:
        """A browser without JavaScript, somewhere else than the proxy."""
        trusted = ssl.create_default_context(cafile=str(self.authority.file))
        return httpx.Client(
            base_url=f"{self.origin}/{place}",
            headers={"origin": self.origin, **headers},
            transport=ToThisMachine(verify=trusted, local_address=address),
            timeout=20,
        )

    def entries(self) -> list[Entry]:
        """What the audit was told."""
        with read(self.staff.engine) as tx:
            return [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    """Two servers below two paths of one host, which a proxy on this machine's first address asks for."""
    origin = f"https://{HOST}:{free_port()}"
    web = Web.model_validate(
        {
            "public_origin": f"{origin}/isp",
            "portal_origin": f"{origin}/my-isp/",
            "trusted_proxies": ["127.0.0.1"],
            "sign_in_attempts": 1,
        }
    )
    return Settings(
        var=tmp_path,
        port=free_port(block=(STAFF, PORTAL)),
        secret_key=SecretStr("s" * 64),
        redis_url=SecretStr(redis_url),
        web=web,
    )


@pytest.fixture
def proxied(serve: Serve, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxied]:
    """Both servers, and nginx before them."""
    with _proxied(serve, settings, tmp_path, monkeypatch) as found:
        yield found


@contextmanager
def _proxied(
    serve: Serve, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, also: tuple[int, ...] = ()
) -> Iterator[Proxied]:
    signs = authority(tmp_path)
    cert, key = signs.certificate(tmp_path, host=HOST)
    monkeypatch.setenv("ISP_PORT", str(settings.port))
    monkeypatch.setenv("ISP_WEB__PUBLIC_ORIGIN", settings.web.public_origin)
    monkeypatch.setenv("ISP_WEB__PORTAL_ORIGIN", settings.web.portal_origin)
    asked = ["proxy", "nginx", "--certificate", str(cert), "--key", str(key), "--listen", "127.0.0.1"]
    asked += [word for port in also for word in ("--also", str(port))]
    printed = CliRunner().invoke(app, asked)
    assert printed.exit_code == 0, printed.output
    sites = printed.stdout.replace("server_tokens off;", "server_tokens off; add_header x-asked $upstream_addr always;")
    (tmp_path / "sites.conf").write_text(sites, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path), encoding="utf-8")
    staff = serve("staff", port=settings.port + STAFF)
    portal = serve("portal", port=settings.port + PORTAL)
    found = Proxied(staff, portal, signs, settings.web.public_origin.removesuffix("/isp"))
    with subprocess.Popen([program("nginx"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]) as nginx:
        try:
            wait_for(found, nginx)
            yield found
        finally:
            nginx.terminate()


def test_several_processes_share_the_staff_and_each_of_them_stays_with_one(
    serve: Serve, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = free_port(block=(STAFF, PORTAL))
    second = serve("staff", port=other + STAFF)
    with _proxied(serve, settings, tmp_path, monkeypatch, (other,)) as proxied:
        used = set()
        for _person in range(8):
            client = proxied.client()
            sign_in(client, "sales", PASSWORD)  # wherever its form came from: sessions stand in Redis
            pages = [client.get("/orders") for _turn in range(3)]
            (asked,) = {page.headers["x-asked"] for page in pages}
            assert {page.status_code for page in pages} == {200}
            opened = attached(proxied, token_of(pages[0].text), client.cookies["__Secure-isp_staff"], proxied.origin)
            assert opened == "open"
            used.add(asked)
        assert used == {one.url.removeprefix("http://") for one in (proxied.staff, second)}


def wait_for(proxied: Proxied, nginx: subprocess.Popen[bytes]) -> None:
    """Until nginx answers."""
    with proxied.client() as client:
        for _ in range(100):
            assert nginx.poll() is None, "nginx has ended"
            try:
                client.get("/sign-in")
            except httpx.ConnectError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError("nginx does not answer")


def test_everything_stays_below_its_path_and_cookies_with_it(proxied: Proxied) -> None:
    staff, portal = proxied.client(), proxied.client("my-isp")
    assert staff.get(f"{proxied.origin}/isp").headers["location"] == "/isp/"
    assert staff.get("/orders?order=1").headers["location"] == "/isp/sign-in?next=%2Forders%3Forder%3D1"
    answer = sign_in(staff, "sales", PASSWORD, next="/orders?order=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/isp/orders?order=1")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Secure-isp_staff="))
    assert {"secure", "httponly", "samesite=lax", "path=/isp/"} <= {p.strip().lower() for p in cookie.split(";")}
    page = staff.get("/orders")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text) == []
    for name in ("/sign-in", "/nothing/at/all", "/account", "/network"):
        text = proxied.client().get(name).text if name == "/sign-in" else staff.get(name).text
        own = re.findall(r'(?:href|src|action)="([^"]*)"', text)
        assert own
        assert all(at.startswith(("/isp/", "?")) for at in own), (name, own)
    assert staff.get("/").headers["location"] == "/isp/orders"
    assert sign_in(portal, "ada@example.org", PASSWORD).headers["location"] == "/my-isp/apply"
    assert portal.get("/my").status_code == 200
    assert portal.get(f"{proxied.origin}/isp/orders").headers["location"].startswith("/isp/sign-in")
    assert staff.get(f"{proxied.origin}/elsewhere").status_code == 404
    assert httpx.get(f"{proxied.staff.url}/healthz").json() == {"ok": True}  # asked on this machine, by its port


def test_audit_and_limits_see_who_asks_and_believe_nobody_else(proxied: Proxied) -> None:
    forged = {"x-forwarded-for": "192.0.2.1", "forwarded": "for=192.0.2.1", "x-real-ip": "192.0.2.1"}
    client = proxied.client(**forged)
    assert sign_in(client, "sales", PASSWORD).status_code == 303
    assert client.get("/network").status_code == 403
    around = httpx.HTTPTransport(local_address=ANOTHER)  # around the proxy, from where none is
    cookie = f"__Secure-isp_staff={client.cookies['__Secure-isp_staff']}"
    with httpx.Client(
        base_url=f"{proxied.staff.url}/isp", headers={"cookie": cookie, **forged}, transport=around
    ) as it:
        assert it.get("/network").status_code == 403
    assert [e.address for e in proxied.entries()] == [CLIENT, CLIENT, ANOTHER]
    for number in range(5):  # five times as many as for an account, each for another one
        assert sign_in(proxied.client(), f"nobody-{number}", "wrong").status_code == 401
    assert sign_in(proxied.client(**forged), "manager", PASSWORD).status_code == 429
    assert sign_in(proxied.client(address=ANOTHER), "auditor", PASSWORD).status_code == 303


def attached(proxied: Proxied, token: str, cookie: str, origin: str) -> str:
    """Open the websocket of a page through nginx; the answer is ``open`` or the refusal's status."""

    async def attempt() -> str:
        try:
            async with websockets.connect(
                f"{proxied.origin.replace('https', 'wss')}/isp/orders/ws",
                host="127.0.0.1",
                ssl=ssl.create_default_context(cafile=str(proxied.authority.file)),
                server_hostname=HOST,
                subprotocols=[websockets.Subprotocol("bokeh"), websockets.Subprotocol(token)],
                origin=websockets.Origin(origin),
                additional_headers={"cookie": f"__Secure-isp_staff={cookie}"},
            ) as socket:
                await asyncio.wait_for(socket.recv(), 5)
                return "open"
        except websockets.InvalidStatus as refused:
            return str(refused.response.status_code)

    return asyncio.run(attempt())


def test_websocket_of_another_origin_is_refused(proxied: Proxied) -> None:
    client = proxied.client()
    sign_in(client, "sales", PASSWORD)
    token, cookie = token_of(client.get("/orders").text), client.cookies["__Secure-isp_staff"]
    assert attached(proxied, token, cookie, proxied.origin) == "open"
    for origin in ("https://evil.test", proxied.origin.replace("https", "http"), proxied.staff.url, f"https://{HOST}"):
        assert attached(proxied, token, cookie, origin) == "403"


@pytest.fixture
def browser(proxied: Proxied, chromium_path: str) -> Iterator[Browser]:
    """Debian's Chromium, whose name server knows the host, and which trusts the test's authority and no other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
                f"--ignore-certificate-errors-spki-list={proxied.authority.pin}",
            ],
        )
        yield browser
        browser.close()


def test_page_lives_and_ends_in_a_browser(proxied: Proxied, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.set_default_timeout(30_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(f"{proxied.origin}/isp/orders")
    signed_in(page, "manager")
    expect(page.get_by_text("The orders, for manager")).to_be_visible()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("link", name="Figures").click()
    page.wait_for_url(f"{proxied.origin}/isp/figures")
    expect(page.get_by_text("The figures, for manager")).to_be_visible()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert len(proxied.staff.server.connections) == 1
    wss = proxied.origin.replace("https", "wss")
    assert {url.split("?")[0] for url in asked if url.startswith("wss")} == {
        f"{wss}/isp/orders/ws",
        f"{wss}/isp/figures/ws",
    }
    assert [
        url for url in asked if not url.startswith((f"{proxied.origin}/isp/", f"{wss}/isp/", "data:", "blob:"))
    ] == []
    paths = {cookie["name"]: cookie["path"] for cookie in page.context.cookies()}
    assert (paths["__Secure-isp_staff"], paths["isp_narrow"]) == ("/isp/", "/isp/")
    page.get_by_label("Sign out").click()
    page.wait_for_url(f"{proxied.origin}/isp/sign-in?ended=1")
    assert "__Secure-isp_staff" not in {cookie["name"] for cookie in page.context.cookies()}
    assert [(e.action, e.address) for e in proxied.entries()] == [
        ("session.sign_in", "127.0.0.1"),
        ("session.sign_out", "127.0.0.1"),
    ]


def signed_in(page: Page, username: str) -> None:
    """Fill the form."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
