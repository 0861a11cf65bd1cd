"""A real server (uvicorn, PostgreSQL, Redis) with small pages, for attacks on the guard and for looks at the shell."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
import sqlalchemy as sa
import uvicorn
from argon2 import PasswordHasher
from fastapi import APIRouter
from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr
from redis.asyncio import Redis

from dashboards.parts.html import Html, html_pane
from dashboards.portal import with_its_own
from dashboards.route import PageSession, Route
from dashboards.server import Realm, Server, ServerParts, build_server
from isp_lifecycle.access import actions
from isp_lifecycle.access.model import PORTAL_ROLES, STAFF_ROLES, Role
from isp_lifecycle.bootstrap import PORTAL, STAFF, Doors, open_providers
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views.window import Window
from tests.conftest import PORTAL_KEY
from tests.pages.contexts import rest_contexts

PASSWORD = "correct horse battery"


def say(text: str) -> Callable[[PageSession], Sequence[Any]]:
    """A page that says something and who looks at it."""
    return lambda session: [html_pane(Html(f"<p>{text} {session.actor.username}</p>"))]


STAFF_PAGES = {
    "/orders": Route("Orders", "assignment", say("The orders, for"), any_of=("order.read",)),
    "/network": Route("Network", "hub", say("The network, for"), any_of=("network.read",)),
    "/figures": Route("Figures", "insights", say("The figures, for"), any_of=("report.read",)),
}
PORTAL_PAGES = {
    "/apply": Route("Get connected", "home", say("Apply here"), public=True),
    "/my": Route("My service", "person", say("Your service,"), any_of=("own.read",)),
}


@dataclass(frozen=True)
class Running:
    """A server that listens, and what is behind it."""

    url: str
    server: Server
    engine: sa.Engine
    realm: Realm

    def client(self) -> httpx.Client:
        """A browser without JavaScript."""
        return httpx.Client(base_url=self.url, headers={"origin": self.url}, timeout=20)

    def signed_in(self, username: str, password: str = PASSWORD) -> httpx.Client:
        """A browser in which this account is signed in."""
        client = self.client()
        answer = sign_in(client, username, password)
        assert answer.status_code == 303, answer.text
        return client


def sign_in(client: httpx.Client, username: str, password: str, **more: str) -> httpx.Response:
    """Open the form, fill it, send it."""
    form = client.get("/sign-in", params={k: v for k, v in more.items() if k == "next"}).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post("/sign-in", data={**hidden, "username": username, "password": password, **more})


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    """Settings of a test: data below the test's own folder, a known secret."""
    return Settings(
        var=tmp_path,
        secret_key=SecretStr("s" * 64),
        portal_key=SecretStr(PORTAL_KEY),
        redis_url=SecretStr(redis_url),
        web=Web(sign_in_attempts=4),
    )


@pytest.fixture
def people(engine: sa.Engine) -> None:
    """One account of some roles, and a customer's."""
    add_people(engine)


def add_people(engine: sa.Engine) -> None:
    """The accounts of ``people``, in another database as well."""
    with write(engine) as tx:
        for role in (Role.SALES, Role.NETWORK, Role.MANAGER, Role.AUDITOR):
            actions.create_user(
                tx=tx, at=SystemClock().now(), username=str(role), name=f"{role} person", role=role, password=PASSWORD
            )
        actions.create_user(
            tx=tx,
            at=SystemClock().now(),
            username="ada@example.org",
            name="Ada Byrne",
            role=Role.CUSTOMER,
            password=PASSWORD,
            customer_id=new_id(),
        )


@pytest.fixture
def serve(
    engine: sa.Engine,
    portal_engine: sa.Engine,
    redis_url: str,
    portal_redis_url: str,
    redis_client: redis.Redis,
    settings: Settings,
    people: None,
) -> Iterator[Callable[..., Running]]:
    """Start servers of a realm; all stop when the test ends."""
    stops: list[Callable[[], None]] = []
    no_olts = Olts([])

    def start(
        name: str = "staff",
        pages: dict[str, Route] | None = None,
        doors: Any = None,
        settings: Settings = settings,
        port: int | None = None,
        folders: dict[str, Route] | None = None,
        folder_router: Callable[[Doors], APIRouter] | None = None,
    ) -> Running:
        port = port or page_port()
        realm = Realm(
            name=name,
            cookie=f"isp_{name}",
            heading="Sign in",
            roles=STAFF_ROLES if name == "staff" else PORTAL_ROLES,
            routes=pages or (STAFF_PAGES if name == "staff" else PORTAL_PAGES),
            folders=folders or {},
            folder_router=folder_router,
            port=port,
            public_origin=settings.web.public_origin if name == "staff" else settings.web.portal_origin,
            second_factors=name == "staff",
        )
        behind = engine
        if name == "portal":  # as its process has them: another role, and another secret instead of the staff's
            behind, settings = portal_engine, settings.model_copy(update={"secret_key": None})
        if doors is None:
            clock = SystemClock()
            providers = open_providers(settings, clock)
            window = Window(engine=behind, clock=clock, settings=settings, olts=no_olts, providers=providers)
            doors = Doors(Door(engine=behind, clock=clock, settings=settings), window, settings)
        elif name == "staff":
            behind = doors.door.engine  # sessions, sign-in and pages ask one database
        broker = redis_url if name == "staff" else portal_redis_url
        told = doors.settings.model_copy(update={"redis_url": SecretStr(broker)})
        told = told if name == "staff" else with_its_own(told)
        parts = ServerParts(told, behind, Redis.from_url(broker), SystemClock(), doors)
        server = build_server(realm, parts)
        stops.append(listening(server, port))
        return Running(f"http://127.0.0.1:{port}", server, engine, realm)

    yield start
    for stop in reversed(stops):
        stop()
    no_olts.close()


#: Blocks of ports in use by the present test, and those that earlier tests have left.
_ports: list[int] = []
_ports_left: list[int] = []


def page_port() -> int:
    """A block of ports for servers of pages: one that a test before had, so that browsers know their files already."""
    port = _ports_left.pop(0) if _ports_left else free_port(block=(STAFF, PORTAL))
    _ports.append(port)
    return port


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes by the same algorithm at a thousandth of its cost, which is meant for attackers: 0.2 s of work each."""
    monkeypatch.setattr(actions, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture(autouse=True)
def _rest() -> Iterator[None]:
    """What a test leaves for the next one, once its servers have stopped."""
    yield
    rest_contexts()
    _ports_left[:] = sorted({*_ports_left, *_ports})
    _ports.clear()


def listening(server: Server, port: int) -> Callable[[], None]:
    """Run a server in a thread of its own; returns what stops it."""
    config = uvicorn.Config(
        server.app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1, proxy_headers=False
    )
    process = uvicorn.Server(config)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(process.serve())
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    for _ in range(400):
        if process.started or failed:
            break
        thread.join(0.05)
    assert process.started, failed

    def stop() -> None:
        process.should_exit = True
        thread.join(30)
        assert not thread.is_alive()

    return stop


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()
