"""One server process: guard, sign-in, static files and the pages of one realm, as one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import panel as pn
from bokeh.server.core import BokehServerCore
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from panel.io.fastapi import add_applications
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from dashboards import language
from dashboards.account import Account
from dashboards.accounts import Accounts
from dashboards.changes import Changes
from dashboards.closing import Closing
from dashboards.connections import Connections
from dashboards.factor import SecondFactor
from dashboards.front import front_of
from dashboards.guard import Guard, GuardRules
from dashboards.identity import (
    ADDRESS_HEADER,
    IDENTITY_HEADER,
    LANGUAGE_HEADER,
    MENU_HEADER,
    NARROW_HEADER,
    PAGE_HEADER,
    PROOF_HEADER,
    THEME_HEADER,
    decode,
)
from dashboards.parts.bell import Bells
from dashboards.parts.notice import filled
from dashboards.providers import ProviderSignIn
from dashboards.recovery import Recovery
from dashboards.resources import keep_bundles, share_styles
from dashboards.route import Build, PageSession, Route, Routes
from dashboards.seal import Seal, secret_of
from dashboards.shell import Shell
from dashboards.signin import SignIn, SignInParts
from dashboards.static import Compressed
from dashboards.tokens import Tokens
from isp_lifecycle.access.errors import RoleUnknown
from isp_lifecycle.access.limits import ApplicationLimit, AttemptLimit
from isp_lifecycle.access.model import PORTAL_ROLES, Role
from isp_lifecycle.access.oidc.begun import Beginnings
from isp_lifecycle.access.sessions import Sessions
from isp_lifecycle.bootstrap import Doors, redis_url
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Engine
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.present import Present
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import say

ASSETS = Path(__file__).parent / "assets"
#: How often it is looked for pages to let go.
LET_GO_MS = 2000


@dataclass(frozen=True)
class Realm:
    """What sets one server apart from another."""

    name: str
    cookie: str
    heading: str
    roles: frozenset[Role]
    routes: Routes
    folders: Routes
    #: Makes the routes of the folders; they read the actor with :func:`dashboards.identity.decode`.
    folder_router: Callable[[Doors], APIRouter] | None
    port: int
    public_origin: str
    homes: Mapping[str, str] = field(default_factory=dict)
    #: Whether its accounts may have a second factor.
    second_factors: bool = False
    hint: Present[str] = ""
    #: What stands above the content of every page.
    above: Build = lambda _session: ()


@dataclass(frozen=True)
class ServerParts:
    """The real parts behind the pages; ``doors`` is what pages are given."""

    settings: Settings
    engine: Engine
    redis: Redis
    clock: Clock
    doors: Doors


@dataclass(frozen=True)
class Server:
    """A built server: the ASGI application, and what tests and health look at."""

    app: Guard
    connections: Connections
    sessions: Sessions
    seal: Seal


class NoPublicOrigin(Refused):
    """A server that listens on every address cannot know under which name browsers reach it."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            say("The server listens on all addresses and {setting} is empty.", setting=setting),
            field=setting,
            remedy=say("Set {setting} to what browsers show, e.g. https://isp.example.", setting=setting),
        )


def build_server(realm: Realm, parts: ServerParts) -> Server:
    """Put one server together; nothing is connected until it is started."""
    settings, web = parts.settings, parts.settings.web
    if unknown := settings.second_factor_roles - set(Role):
        raise RoleUnknown(
            ", ".join(sorted(unknown)), "Correct ISP_WEB__SECOND_FACTOR_FOR; `isp access matrix` lists roles."
        )
    seal = Seal(secret=secret_of(settings), realm=realm.name)
    sessions = Sessions(
        redis=parts.redis,
        realm=realm.name,
        clock=parts.clock,
        idle=lambda: timedelta(minutes=settings.web.idle_minutes),
        absolute=lambda: timedelta(hours=settings.web.absolute_hours),
    )
    accounts = Accounts(engine=parts.engine, clock=parts.clock, roles=realm.roles, source=realm.name)
    connections = Connections(sessions=sessions, accounts=accounts)
    demo = settings.environment == "demo"
    front = front_of(realm.public_origin, secure=web.secure_cookies, trusted=web.trusted_proxies)
    rules = GuardRules(
        routes={path: route for path, route in realm.routes.items() if demo or not route.demo_only},
        folders=realm.folders,
        origins=origins(host=web.host, port=realm.port, public=realm.public_origin, realm=realm.name),
        cookie=front.cookie(realm.cookie),
        front=front,
        settings=settings,
        homes=realm.homes,
    )
    changes = Changes()
    bells = Bells(changes)
    api = FastAPI(
        lifespan=_following(connections, bells, changes, parts.engine),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    closing = Closing(api)
    guard = Guard(
        Compressed(closing), rules=rules, sessions=sessions, accounts=accounts, connections=connections, seal=seal
    )
    sign_in = _sign_in_parts(realm, parts, rules, sessions, accounts, seal)
    api.include_router(SignIn(sign_in).router)
    api.include_router(Recovery(sign_in, parts.doors, parts.redis).router)
    began = Beginnings(redis=parts.redis, realm=realm.name)
    api.include_router(ProviderSignIn(sign_in, beginnings=began).router)
    account = Account(sign_in, parts.doors)
    api.include_router(account.router)
    if realm.second_factors:
        api.include_router(SecondFactor(account).router)
    api.include_router(Tokens(account).router)
    api.add_api_route("/healthz", healthz, methods=["GET"])
    api.add_api_route("/favicon.ico", favicon, methods=["GET"])
    api.mount("/assets", StaticFiles(directory=ASSETS))
    if realm.folder_router is not None:
        api.include_router(realm.folder_router(parts.doors))
    shell = Shell(routes=rules.everywhere, settings=settings, nonce_mark=guard.nonce_mark, demo=demo, bells=bells)
    closing.core = _mount_pages(api, realm=realm, parts=parts, rules=rules, seal=seal, shell=shell, changes=changes)
    return Server(guard, connections, sessions, seal)


def origins(*, host: str, port: int, public: str, realm: str) -> frozenset[str]:
    """The origins from which browsers may send forms and open websockets."""
    if public:
        parts = urlsplit(public)
        return frozenset({f"{parts.scheme}://{parts.netloc}"})
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        raise NoPublicOrigin("ISP_WEB__PUBLIC_ORIGIN" if realm == "staff" else "ISP_WEB__PORTAL_ORIGIN")
    names = {host, "localhost", "127.0.0.1"} if host in ("127.0.0.1", "localhost", "::1") else {host}
    return frozenset(f"http://{name}:{port}" for name in names)


async def healthz() -> Response:
    """The process answers."""
    return JSONResponse({"ok": True})


async def favicon() -> Response:
    """The mark, for browsers that ask for it unasked."""
    return Response((ASSETS / "mark.svg").read_bytes(), media_type="image/svg+xml")


def _sign_in_parts(
    realm: Realm, parts: ServerParts, rules: GuardRules, sessions: Sessions, accounts: Accounts, seal: Seal
) -> SignInParts:
    settings = parts.settings
    attempts = AttemptLimit(redis=parts.redis, realm=realm.name, attempts=lambda: settings.web.sign_in_attempts)
    return SignInParts(
        rules=rules,
        sessions=sessions,
        accounts=accounts,
        attempts=attempts,
        engine=parts.engine,
        door=parts.doors.door,
        directories={} if realm.roles & PORTAL_ROLES else parts.doors.window.directories,
        providers={} if realm.roles & PORTAL_ROLES else parts.doors.window.providers,
        clock=parts.clock,
        seal=seal,
        roles=realm.roles,
        realm=realm.name,
        heading=realm.heading,
        hint=realm.hint,
        second_factors=realm.second_factors,
    )


def _following(connections: Connections, bells: Bells, changes: Changes, engine: Engine) -> Callable[[FastAPI], Any]:
    """Follow the ends of sessions, what changes and the notices for as long as the server runs."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.gather(connections.watch(), bells.watch(), changes.listen(engine))
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    return life


def _mount_pages(
    api: FastAPI, *, realm: Realm, parts: ServerParts, rules: GuardRules, seal: Seal, shell: Shell, changes: Changes
) -> BokehServerCore:
    pn.extension(disconnect_notification="", ready_notification="")
    keep_bundles()
    share_styles()
    limit = _application_limit(parts.settings)
    pages = {
        path: _page(path, route, realm.above, parts, seal, shell, limit, changes)
        for path, route in rules.routes.items()
    }
    added = add_applications(
        pages,
        app=api,
        title={path: f"{route.title} · {rules.brand}" for path, route in rules.routes.items()},
        sign_sessions=True,
        secret_key=seal.page_key,
        include_cookies=[],
        include_headers=[
            IDENTITY_HEADER,
            PAGE_HEADER,
            THEME_HEADER,
            LANGUAGE_HEADER,
            MENU_HEADER,
            NARROW_HEADER,
            ADDRESS_HEADER,
            PROOF_HEADER,
        ],
        websocket_origin=sorted(urlsplit(origin).netloc for origin in rules.origins),
        index_enabled=False,
        check_unused_sessions_milliseconds=LET_GO_MS,
        ico_path="none",
    )
    return added.core


def _application_limit(settings: Settings) -> ApplicationLimit:
    """Pages act in threads, hence a Redis of their own that blocks."""
    return ApplicationLimit(
        redis=BlockingRedis.from_url(redis_url(settings), health_check_interval=20),
        per_address=lambda: settings.web.applications_per_address,
        in_all=lambda: settings.web.applications_in_all,
        phone=lambda: settings.company.support_phone,
    )


def _page(
    path: str,
    route: Route,
    above: Build,
    parts: ServerParts,
    seal: Seal,
    shell: Shell,
    limit: ApplicationLimit,
    changes: Changes,
) -> Callable[[], Any]:
    """The function that Panel calls once per session; what the guard told it says for whom."""

    def build() -> Any:
        headers = {k.lower(): v for k, v in pn.state.headers.items()}
        identity = decode(
            headers[IDENTITY_HEADER], address=headers[ADDRESS_HEADER], proved=headers.get(PROOF_HEADER, "")
        )
        spoken = headers.get(LANGUAGE_HEADER, parts.settings.company.language)
        language.remember(pn.state.curdoc, spoken)
        session = PageSession(
            actor=identity.actor,
            doors=parts.doors,
            settings=parts.settings,
            path=path,
            query={k: _first(v) for k, v in pn.state.session_args.items()},
            sign_out_seal=seal.of("form", identity.session) if identity.signed_in else "",
            dark=headers.get(THEME_HEADER) == "dark",
            applying=lambda: limit.counted(address=headers[ADDRESS_HEADER]),
            narrow=headers.get(NARROW_HEADER) == "1",
            menu=frozenset(headers.get(MENU_HEADER, "").split(".")),
            changes=changes,
            language=spoken,
        )
        main = [*filled(above, session), *filled(route.build, session)]
        return shell.page(session, title=route.title, main=main, width=route.width)

    return build


def _first(values: Sequence[bytes]) -> str:
    return values[0].decode("utf-8", errors="replace") if values else ""
