"""The outermost guard: every HTTP request and every websocket is checked here, before anything behind it runs.

Panel asks its own page authorisation for a page's first request only; a websocket to another page, the page's
autoload script, an open tab after sign-out and a copied cookie all pass it. So nothing here is left to Panel:

* who asks is a server-side session, looked up anew for each request and each websocket;
* what may be asked is a closed list: this server's pages, their websockets, and a few open paths;
* a websocket needs a page token that this server signed for the same session, the same actor and the same page;
* a websocket closes when its session ends, whoever ended it.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from bokeh.util.token import check_token_signature, get_token_payload
from redis.exceptions import RedisError
from starlette.requests import cookie_parser

from dashboards import language, plain
from dashboards.accounts import Accounts
from dashboards.connections import Connection, Connections
from dashboards.front import Front
from dashboards.headers import PLAIN_POLICY, page_policy, secured
from dashboards.identity import (
    ADDRESS_HEADER,
    IDENTITY_HEADER,
    LANGUAGE_HEADER,
    MENU_HEADER,
    NARROW_HEADER,
    NOBODY,
    PAGE_HEADER,
    PREFIX,
    PROOF_HEADER,
    SEAL_HEADER,
    SEALED_HEADER,
    THEME_HEADER,
    Identity,
    encode,
)
from dashboards.route import Route, Routes, home_of
from dashboards.seal import Seal
from isp_lifecycle.access.sessions import Session, Sessions
from isp_lifecycle.foundation.errors import LifecycleError, Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import speak

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Close codes of websockets (RFC 6455 leaves 4000 to 4999 to applications).
SESSION_ENDED, NOT_ALLOWED = 4401, 4403

#: One's own account: these pages ask for a session themselves, and send forms.
OWN_PATHS = frozenset(
    {
        "/account",
        "/account/password",
        "/account/end",
        "/account/language",
        "/account/confirm",
        "/account/factor",
        "/account/factor/begin",
        "/account/factor/confirm",
        "/account/factor/codes",
        "/account/factor/off",
        "/account/tokens",
        "/account/tokens/revoke",
    }
)
#: Paths that need no session: static files of Bokeh, Panel and our own, signing in, and health.
OPEN_PATHS = frozenset({"/healthz", "/sign-in", "/sign-out", "/whoami", "/favicon.ico", *OWN_PATHS})
OPEN_FOLDERS = ("/static/", "/assets/", "/sign-in/")

#: What a browser may say of the menu: headings with dots between.
_MENU = re.compile(r"[A-Za-z.]{1,100}")

_log = log(__name__)


@dataclass(frozen=True)
class GuardRules:
    """What one server guards, and how."""

    routes: Routes
    #: Paths behind the guard that are no Panel pages, by their first folder: ``/reports/`` for ``/reports/<id>``.
    folders: Routes
    origins: frozenset[str]
    cookie: str
    settings: Settings
    front: Front = field(default_factory=Front)
    homes: Mapping[str, str] = field(default_factory=dict)

    @property
    def brand(self) -> str:
        """The provider's name as it is now."""
        return self.settings.company.name

    @property
    def everywhere(self) -> Routes:
        """Pages and folders: where somebody may begin, and be led to after signing in."""
        return {**self.routes, **self.folders}


class Guard:
    """An ASGI application around another one."""

    def __init__(
        self,
        app: Asgi,
        *,
        rules: GuardRules,
        sessions: Sessions,
        accounts: Accounts,
        connections: Connections,
        seal: Seal,
    ) -> None:
        self._app = app
        self._rules = rules
        self._sessions = sessions
        self._accounts = accounts
        self._connections = connections
        self._seal = seal
        #: Stands in page templates where the nonce of the response will be; nobody outside this process knows it.
        self.nonce_mark = f"nonce-{secrets.token_hex(16)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        front = self._rules.front
        asked = front.below(_stripped(front.seen(scope)))
        if scope["type"] == "websocket":
            if asked is None:
                await _refuse(send, scope["path"], "path or origin")
            else:
                await self._websocket(asked, receive, send)
        elif scope["type"] == "http":
            plain.BELOW.set(front.prefix)
            if asked is None:
                await self._elsewhere(scope)(dict(scope), receive, self._secured(send, policy=PLAIN_POLICY))
            else:
                await self._http(asked, receive, send)

    # HTTP ----------------------------------------------------------------------------------------------------------

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._secured(send, policy=PLAIN_POLICY)
        try:
            await self._http_checked(scope, receive, send)
        except (Unreachable, RedisError, OSError) as error:
            _log.error("a part that the pages need does not answer", reason=str(error))
            await plain.unavailable(self._rules.brand)(dict(scope), receive, answer)

    async def _http_checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, answer = scope["path"], self._secured(send, policy=PLAIN_POLICY)
        self._speak(scope)
        if path in OPEN_PATHS or path.startswith(OPEN_FOLDERS):
            await self._app(scope, receive, answer)
            return
        identity, session = await self._who(scope)
        spoken = self._speak(scope, identity.actor.language)
        route = self._rules.routes.get(path) or self._folder_of(path)
        if session is not None and session.must_enrol:
            await plain.redirect("/account/factor")(dict(scope), receive, answer)
            return
        if refusal := self._refusal(scope, route, identity):
            if route is not None and identity.signed_in and not route.open_to(identity.actor):
                await self._tell_refusal(scope, identity, path, needs=" or ".join(route.any_of))
            await refusal(dict(scope), receive, answer)
            return
        _tell(scope, identity, path, session, spoken)
        if route is not None and route.sends:
            seal = self._seal.of("form", identity.session)
            scope["headers"] = [*scope["headers"], (SEAL_HEADER.encode(), seal.encode())]
        if path in self._rules.routes:
            await self._app(scope, receive, self._page_answer(send, spoken))
        else:
            await self._app(scope, receive, answer)

    def _speak(self, scope: Scope, own: str = "") -> str:
        """Speak the language of whoever asks, whose ``own`` choice goes first; returns its code."""
        cookie, accepted = cookie_of(scope, language.COOKIE), _header(scope, b"accept-language")
        code = language.chosen(own=own, cookie=cookie, accepted=accepted, usual=self._rules.settings.company.language)
        speak(code)
        return code

    def _elsewhere(self, scope: Scope) -> Any:
        """The answer to a path that is not below the prefix; health is asked on this machine, without one."""
        if scope["path"] == "/healthz":
            return self._app
        if scope["path"] == self._rules.front.prefix:
            return plain.redirect("/")
        return plain.not_found(self._rules.brand)

    def _refusal(self, scope: Scope, route: Route | None, identity: Identity) -> Any | None:
        path, brand = scope["path"], self._rules.brand
        if path == "/" and route is None:
            home = home_of(identity.actor, self._rules.everywhere, self._rules.homes)
            return plain.redirect(home or "/sign-in")
        if route is None and f"{path}/" in self._rules.folders:
            return plain.redirect(f"{path}/")
        if route is None:
            return plain.not_found(brand)
        sent = scope["method"] not in ("GET", "HEAD")
        if sent and not (route.sends and scope["method"] == "POST"):
            return plain.not_allowed()
        if route.open_to(identity.actor):
            return plain.stale_form(brand) if sent and not self._is_ours(scope, identity) else None
        if not identity.signed_in:
            query = scope["query_string"].decode("latin-1")
            return plain.redirect("/sign-in?next=" + quote(path + (f"?{query}" if query else ""), safe=""))
        return plain.forbidden(brand, page=route.title, role=identity.actor.role_shown)

    def _is_ours(self, scope: Scope, identity: Identity) -> bool:
        """Whether what was sent comes from a page of ours that was made for this session."""
        seal = _header(scope, SEALED_HEADER.encode())
        here = _header(scope, b"origin") in self._rules.origins
        return here and self._seal.holds("form", identity.session, seal)

    async def _tell_refusal(self, scope: Scope, identity: Identity, what: str, *, needs: str) -> None:
        """Tell log and audit that somebody asked for what is not theirs."""
        by = replace(identity.actor, address=address_of(scope))
        _log.warning("a page was refused", page=what, actor=by.username, role=by.role_shown, needs=needs)
        try:
            await self._accounts.refused(by, what=what, needs=needs)
        except LifecycleError as error:  # it stays refused, also while the database is away
            _log.error("a refusal could not be told to the audit", reason=str(error))

    def _folder_of(self, path: str) -> Route | None:
        return next((route for folder, route in self._rules.folders.items() if path.startswith(folder)), None)

    # Websockets ----------------------------------------------------------------------------------------------------

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["path"].removesuffix("/ws") or "/"
        route = self._rules.routes.get(page) if scope["path"].endswith("/ws") else None
        if route is None or _header(scope, b"origin") not in self._rules.origins:
            await _refuse(send, page, "path or origin")
            return
        try:
            identity, session = await self._who(scope)
        except (LifecycleError, RedisError, OSError) as error:
            _log.error("a part that the pages need does not answer", reason=str(error))
            await _refuse(send, page, "unavailable")
            return
        allowed = route.open_to(identity.actor) and not (session is not None and session.must_enrol)
        if not allowed or not self._token_fits(scope, identity, page):
            if identity.signed_in:
                needs = "a token of this page and session" if allowed else " or ".join(route.any_of)
                await self._tell_refusal(scope, identity, scope["path"], needs=needs)
            await _refuse(send, page, "actor or token")
            return
        _tell(scope, identity, page, session, self._speak(scope, identity.actor.language))
        if session is None:
            await self._app(scope, receive, send)
        else:
            await self._attached(scope, receive, send, Connection(session.key, identity), session)

    def _token_fits(self, scope: Scope, identity: Identity, page: str) -> bool:
        """Whether the token was signed by this server for this actor, this session and this page."""
        offered = [part.strip() for part in _header(scope, b"sec-websocket-protocol").split(",")]
        if len(offered) != 2 or offered[0] != "bokeh":
            return False
        try:
            if not check_token_signature(offered[1], secret_key=self._seal.page_key, signed=True):
                return False
            headers = {k.lower(): v for k, v in dict(get_token_payload(offered[1])["headers"]).items()}
        except (KeyError, TypeError, ValueError):
            return False
        return bool(headers.get(IDENTITY_HEADER) == encode(identity) and headers.get(PAGE_HEADER) == page)

    async def _attached(
        self, scope: Scope, receive: Receive, send: Send, connection: Connection, session: Session
    ) -> None:
        """Run a websocket until it or its session ends."""
        used = session
        closed = False

        async def next_message() -> Message:
            nonlocal used, closed
            message = asyncio.ensure_future(receive())
            ended = asyncio.ensure_future(connection.ended.wait())
            await asyncio.wait({message, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if connection.ended.is_set():
                message.cancel()
                closed = True
                await send({"type": "websocket.close", "code": SESSION_ENDED, "reason": "session ended"})
                return {"type": "websocket.disconnect", "code": SESSION_ENDED}
            used = await self._touched(used)
            return message.result()

        async def send_while_open(message: Message) -> None:
            if not closed:
                await send(message)

        self._connections.add(connection)
        try:
            await self._app(scope, next_message, send_while_open)
        finally:
            self._connections.discard(connection)

    async def _touched(self, session: Session) -> Session:
        """Count a message from the browser as use; a Redis that is away for a moment does not break the page."""
        try:
            return await self._sessions.touch(session)
        except (RedisError, OSError) as error:
            _log.warning("a session's use could not be noted", reason=str(error))
            return session

    # Both ----------------------------------------------------------------------------------------------------------

    async def _who(self, scope: Scope) -> tuple[Identity, Session | None]:
        session = await self._sessions.lookup(cookie_of(scope, self._rules.cookie))
        if session is None:
            return NOBODY, None
        actor = await self._accounts.actor(session.user_id)
        if actor is None:
            await self._sessions.end(session)
            return NOBODY, None
        if scope["type"] == "http":
            session = await self._sessions.touch(session)
        return Identity(actor, reference_of(self._seal, session)), session

    def _secured(self, send: Send, *, policy: str | None) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                front = self._rules.front
                headers = secured(message["headers"], policy=policy, secure=front.secure, prefix=front.prefix)
                message = {**message, "headers": headers}
            await send(message)

        return with_headers

    def _page_answer(self, send: Send, spoken: str) -> Send:
        """Put a fresh nonce where the page's template left the mark, and the language that it speaks where Panel's says
        English; a page's HTML is small and is held until whole."""
        nonce = secrets.token_urlsafe(18)
        answer = self._secured(send, policy=page_policy(nonce))
        start: Message = {}
        parts: list[bytes] = []

        async def with_nonce(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body = b"".join(parts).replace(self.nonce_mark.encode(), nonce.encode())
            body = body.replace(b'<html lang="en"', f'<html lang="{spoken}"'.encode(), 1)
            kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
            await answer({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
            await answer({"type": "http.response.body", "body": body})

        return with_nonce


def cookie_of(scope: Scope, name: str) -> str:
    """The value of a cookie, or nothing."""
    return cookie_parser(_header(scope, b"cookie")).get(name, "")


def reference_of(seal: Seal, session: Session) -> str:
    """A name for a session that may reach the browser; the session's id cannot be found from it."""
    return seal.of("session reference", session.key)[:32]


def _stripped(scope: Scope) -> Scope:
    """The request without any header that only the guard may write."""
    headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(PREFIX.encode())]
    return {**scope, "headers": headers}


def _tell(scope: Scope, identity: Identity, page: str, session: Session | None, spoken: str) -> None:
    theme = "dark" if cookie_of(scope, "isp_theme") == "dark" else "light"
    narrow = cookie_of(scope, "isp_narrow") or ("1" if "Mobi" in _header(scope, b"user-agent") else "0")
    told = {IDENTITY_HEADER: encode(identity), PAGE_HEADER: page, THEME_HEADER: theme, LANGUAGE_HEADER: spoken}
    told[ADDRESS_HEADER] = address_of(scope)
    told[PROOF_HEADER] = session.proved_at.isoformat() if session is not None else ""
    told[NARROW_HEADER] = "1" if narrow == "1" else "0"
    told[MENU_HEADER] = menu if _MENU.fullmatch(menu := cookie_of(scope, "isp_menu")) else ""
    scope["headers"] = [*scope["headers"], *((n.encode(), v.encode()) for n, v in told.items())]


def address_of(scope: Scope) -> str:
    """From which address of the network a request came."""
    return str((scope.get("client") or ("unknown",))[0])


def _header(scope: Scope, name: bytes) -> str:
    return b", ".join(value for key, value in scope["headers"] if key.lower() == name).decode("latin-1")


async def _refuse(send: Send, page: str, reason: str) -> None:
    """Answer the handshake with 403, before it becomes a websocket."""
    _log.warning("a websocket was refused", page=page, reason=reason)
    await send({"type": "websocket.close", "code": NOT_ALLOWED, "reason": "not allowed"})
