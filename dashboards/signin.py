"""Signing in and out: own pages, without Panel, without foreign content, with a sealed form and a limit of attempts."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, replace

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from dashboards import plain
from dashboards.accounts import Accounts
from dashboards.guard import GuardRules, cookie_of, reference_of
from dashboards.route import home_of
from dashboards.seal import Seal
from isp_lifecycle.access import actions
from isp_lifecycle.access.errors import SignInRefused, TooManyAttempts
from isp_lifecycle.access.limits import AttemptLimit
from isp_lifecycle.access.model import Actor, Role, User, actor_of, normal_username
from isp_lifecycle.access.sessions import Session, Sessions
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Engine, Tx, write
from isp_lifecycle.intake.told import told

#: A form that was opened longer ago than this is asked for again.
FORM_SECONDS = 3600


@dataclass(frozen=True)
class SignInParts:
    """What signing in needs."""

    rules: GuardRules
    sessions: Sessions
    accounts: Accounts
    attempts: AttemptLimit
    engine: Engine
    clock: Clock
    seal: Seal
    roles: frozenset[Role]
    realm: str
    heading: str
    hint: str


class SignIn:
    """The routes of signing in and out."""

    def __init__(self, parts: SignInParts) -> None:
        self._parts = parts
        self.router = APIRouter()
        self.router.add_api_route("/sign-in", self.form, methods=["GET"])
        self.router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        self.router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        self.router.add_api_route("/whoami", self.whoami, methods=["GET"])

    async def form(self, request: Request, next: str = "", ended: str = "") -> Response:  # noqa: A002 - the query's name
        """The form; who is signed in already goes on."""
        if await self._session(request) is not None:
            return plain.redirect(plain.own_page(next, self._parts.rules.routes) or "/")
        return _form(self._parts, wanted=next, notice="You have been signed out." if ended else "")

    async def sign_in(
        self,
        request: Request,
        username: str = Form(""),
        password: str = Form(""),
        seal: str = Form(""),
        next: str = Form(""),  # noqa: A002 - the field's name
    ) -> Response:
        """Check a sent form and begin a session, or say why not."""
        parts = self._parts
        nonce = cookie_of(request.scope, _form_cookie(parts))
        if not from_here(request, parts) or not parts.seal.holds("sign-in form", nonce, seal):
            return plain.stale_form(parts.rules.brand)
        address = request.client.host if request.client else "unknown"
        try:
            user = await _admitted(parts, username=username, password=password, address=address)
        except TooManyAttempts as error:
            response = _form(parts, wanted=next, username=username, error=f"{error} {error.remedy}", status=429)
            response.headers["retry-after"] = str(int(error.wait.total_seconds()))
            return response
        except SignInRefused as error:
            return _form(parts, wanted=next, username=username, error=f"{error} {error.remedy}", status=401)
        return await _opened(parts, request, user, wanted=next, address=address)

    async def sign_out(self, request: Request, seal: str = Form("")) -> Response:
        """End the session, everywhere it is open in this browser."""
        parts = self._parts
        session = await self._session(request)
        if session is not None:
            if not from_here(request, parts) or not parts.seal.holds("form", reference_of(parts.seal, session), seal):
                return plain.stale_form(parts.rules.brand)
            await parts.sessions.end(session)
            await asyncio.to_thread(_note_sign_out, parts, session)
        response = plain.redirect("/sign-in?ended=1")
        response.delete_cookie(parts.rules.cookie, httponly=True, secure=parts.rules.secure, samesite="lax")
        return response

    async def whoami(self, request: Request) -> Response:
        """Whether the browser is signed in; asked by a page that lost its connection."""
        session = await self._session(request)
        return JSONResponse({"signed_in": session is not None}, headers={"cache-control": "no-store"})

    async def _session(self, request: Request) -> Session | None:
        return await self._parts.sessions.lookup(cookie_of(request.scope, self._parts.rules.cookie))


def _form(
    parts: SignInParts, *, wanted: str, username: str = "", error: str = "", notice: str = "", status: int = 200
) -> Response:
    nonce = secrets.token_urlsafe(18)
    response = plain.rendered(
        "sign-in.html",
        status=status,
        brand=parts.rules.brand,
        heading=parts.heading,
        hint=parts.hint,
        seal=parts.seal.of("sign-in form", nonce),
        wanted=plain.own_page(wanted, parts.rules.routes),
        username=username,
        error=error,
        notice=notice,
    )
    response.set_cookie(
        _form_cookie(parts),
        nonce,
        max_age=FORM_SECONDS,
        httponly=True,
        secure=parts.rules.secure,
        samesite="strict",
        path="/sign-in",
    )
    return response


async def _admitted(parts: SignInParts, *, username: str, password: str, address: str) -> User:
    """The account that may sign in here; attempts are counted before the password is looked at."""
    name = normal_username(username)
    await parts.attempts.count(username=name, address=address)
    user = await asyncio.to_thread(_checked, parts, name, password, address)
    await parts.attempts.succeeded(username=name, address=address)
    return user


def _checked(parts: SignInParts, username: str, password: str, address: str) -> User:
    visitor = Actor(None, username[:80], "", Role.APPLICANT, frozenset(), parts.realm)
    try:
        with write(parts.engine) as tx:
            user = actions.check_password(tx=tx, username=username, password=password)
            if user.role not in parts.roles:
                raise SignInRefused
            _note(parts, tx, actor_of(user, source=parts.realm), "session.sign_in", address)
            return user
    except SignInRefused:
        with write(parts.engine) as tx:
            _note(parts, tx, visitor, "session.sign_in_refused", address)
        raise


async def _opened(parts: SignInParts, request: Request, user: User, *, wanted: str, address: str) -> Response:
    """Begin a new session (never one that the browser proposed) and go where the person wanted."""
    before = await parts.sessions.lookup(cookie_of(request.scope, parts.rules.cookie))
    if before is not None:
        await parts.sessions.end(before)
    secret, _ = await parts.sessions.create(user=user, address=address, browser=request.headers.get("user-agent", ""))
    home = home_of(actor_of(user, source=parts.realm), parts.rules.routes, parts.rules.homes)
    response = plain.redirect(plain.own_page(wanted, parts.rules.routes) or home or "/")
    response.set_cookie(parts.rules.cookie, secret, httponly=True, secure=parts.rules.secure, samesite="lax", path="/")
    response.delete_cookie(_form_cookie(parts), path="/sign-in")
    return response


def _note_sign_out(parts: SignInParts, session: Session) -> None:
    with write(parts.engine) as tx:
        user = actions.user_by_id(tx=tx, user_id=session.user_id)
        _note(parts, tx, actor_of(user, source=parts.realm), "session.sign_out", session.address)


def _note(parts: SignInParts, tx: Tx, actor: Actor, action: str, address: str) -> None:
    told(
        tx=tx,
        at=parts.clock.now(),
        actor=replace(actor, address=address),
        action=action,
        subject_kind="account",
        subject_id=actor.username,
    )


def from_here(request: Request, parts: SignInParts) -> bool:
    """Whether the form was sent by one of our own pages; browsers name the origin of every POST."""
    return request.headers.get("origin", "") in parts.rules.origins


def _form_cookie(parts: SignInParts) -> str:
    return f"{parts.rules.cookie}_form"
