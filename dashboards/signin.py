"""Signing in and out: own pages, without Panel, without foreign content, with a sealed form and a limit of attempts."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from dashboards import plain
from dashboards.accounts import Accounts
from dashboards.guard import GuardRules, cookie_of, reference_of
from dashboards.language import COOKIE
from dashboards.plain import both
from dashboards.proof import counted_as, proved
from dashboards.route import home_of
from dashboards.seal import Seal
from isp_lifecycle.access import actions, second_factor
from isp_lifecycle.access.errors import AccountBarred, SignInRefused, TooManyAttempts
from isp_lifecycle.access.limits import AttemptLimit
from isp_lifecycle.access.model import Actor, Role, User, actor_of, normal_username
from isp_lifecycle.access.ports import Directory, Provider
from isp_lifecycle.access.sessions import CHALLENGE_LASTS, Challenge, Session, Sessions
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Engine, Tx, read, write
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.present import Present, present
from isp_lifecycle.foundation.texts import LANGUAGES, say
from isp_lifecycle.foundation.vault import vault_of
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.told import told

#: A form that was opened longer ago than this is asked for again.
FORM_SECONDS = 3600
#: A browser remembers its reader's language for a year.
REMEMBERED_SECONDS = 365 * 24 * 3600
#: What the form says after an act, by the word in its address.
DONE = {"ended": say("You have been signed out."), "password": say("The password is set. Sign in with it.")}
#: How a refusal is answered; all else is that a directory cannot be asked just now.
STATUS: dict[type[LifecycleError], int] = {SignInRefused: 401, AccountBarred: 403}


@dataclass(frozen=True)
class SignInParts:
    """What signing in needs."""

    rules: GuardRules
    sessions: Sessions
    accounts: Accounts
    attempts: AttemptLimit
    engine: Engine
    door: Door
    clock: Clock
    seal: Seal
    roles: frozenset[Role]
    realm: str
    heading: str
    hint: Present[str]
    second_factors: bool = False
    #: Who is asked about names and passwords that are nobody's here, in this order.
    directories: Mapping[str, Directory] = field(default_factory=dict)
    #: The OIDC providers that have a button, in its order.
    providers: Mapping[str, Provider] = field(default_factory=dict)

    @property
    def pages(self) -> frozenset[str]:
        """The pages that signing in may lead to."""
        return frozenset({*self.rules.everywhere, "/account", "/account/factor"})

    @property
    def codes(self) -> AttemptLimit:
        """The limit of wrong second factors: the password's own, counted apart."""
        return self.attempts.of("code")


class SignIn:
    """The routes of signing in and out."""

    def __init__(self, parts: SignInParts) -> None:
        self._parts = parts
        self.router = APIRouter()
        self.router.add_api_route("/sign-in", self.form, methods=["GET"])
        self.router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        if parts.second_factors:
            self.router.add_api_route("/sign-in/code", self.code_form, methods=["GET"])
            self.router.add_api_route("/sign-in/code", self.sign_in_by_code, methods=["POST"])
        self.router.add_api_route("/sign-in/language", self.language, methods=["GET"])
        self.router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        self.router.add_api_route("/whoami", self.whoami, methods=["GET"])

    async def form(self, request: Request, next: str = "", ended: str = "", done: str = "") -> Response:  # noqa: A002 - the query's name
        """The form; who is signed in already goes on."""
        if await self._session(request) is not None:
            return plain.redirect(plain.own_page(next, self._parts.rules.everywhere) or "/")
        return shown_form(self._parts, wanted=next, notice=DONE.get("ended" if ended else done, ""))

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
        if not was_sealed(request, parts, seal):
            return plain.stale_form(parts.rules.brand)
        address = request.client.host if request.client else "unknown"
        try:
            user = await _admitted(parts, username=username, password=password, address=address)
        except TooManyAttempts as error:
            response = shown_form(parts, wanted=next, username=username, error=both(error), status=429)
            response.headers["retry-after"] = str(int(error.wait.total_seconds()))
            return response
        except (SignInRefused, AccountBarred, Unreachable, NeedsPerson) as error:
            status = STATUS.get(type(error), 503)
            return shown_form(parts, wanted=next, username=username, error=both(error), status=status)
        if await asyncio.to_thread(has_factor, parts, user):
            return await asked_for_code(parts, user, wanted=next)
        return await opened(parts, request, user, wanted=next, address=address)

    async def code_form(self, request: Request) -> Response:
        """The form for the second factor; without a password before it, the sign-in."""
        challenge = await self._parts.sessions.challenged(cookie_of(request.scope, _code_cookie(self._parts)))
        return plain.redirect("/sign-in") if challenge is None else _code_form(self._parts, challenge)

    async def sign_in_by_code(self, request: Request, passcode: str = Form(""), seal: str = Form("")) -> Response:
        """Check the second factor and begin the session; codes are counted as passwords are."""
        parts = self._parts
        challenge = await parts.sessions.challenged(cookie_of(request.scope, _code_cookie(parts)))
        if challenge is None:
            return plain.redirect("/sign-in")
        if not from_here(request, parts) or not parts.seal.holds("second factor", challenge.key, seal):
            return plain.stale_form(parts.rules.brand)
        address = request.client.host if request.client else "unknown"
        try:
            await parts.codes.count(username=challenge.username, address=address)
            user = await asyncio.to_thread(_code_checked, parts, challenge, passcode, address)
        except TooManyAttempts as error:
            await parts.sessions.answered(challenge)
            return shown_form(parts, wanted=challenge.wanted, error=both(error), status=429)
        except (Refused, NeedsPerson) as error:
            return _code_form(parts, challenge, error=both(error), status=401)
        await parts.codes.succeeded(username=challenge.username, address=address)
        if not await parts.sessions.answered(challenge):
            return plain.redirect("/sign-in")
        response = await opened(parts, request, user, wanted=challenge.wanted, address=address)
        response.delete_cookie(
            _code_cookie(parts), path=f"{parts.rules.front.prefix}/sign-in", secure=parts.rules.front.secure
        )
        return response

    async def language(self, to: str = "", next: str = "") -> Response:  # noqa: A002 - the query's name
        """Have the pages before signing in speak another language with this browser."""
        parts = self._parts
        response = plain.redirect(plain.own_page(next, parts.pages) or "/sign-in")
        if to in LANGUAGES:
            remembered(response, parts, to)
        return response

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
        front = parts.rules.front
        response.delete_cookie(parts.rules.cookie, path=front.home, httponly=True, secure=front.secure, samesite="lax")
        return response

    async def whoami(self, request: Request) -> Response:
        """Whether the browser is signed in; asked by a page that lost its connection."""
        session = await self._session(request)
        return JSONResponse({"signed_in": session is not None}, headers={"cache-control": "no-store"})

    async def _session(self, request: Request) -> Session | None:
        return await self._parts.sessions.lookup(cookie_of(request.scope, self._parts.rules.cookie))


def remembered(response: Response, parts: SignInParts, code: str) -> None:
    """Have the browser remember in which language its reader wants pages; without one, to say its own again."""
    front = parts.rules.front
    if code:
        response.set_cookie(
            COOKIE, code, max_age=REMEMBERED_SECONDS, secure=front.secure, samesite="lax", path=front.home
        )
    else:
        response.delete_cookie(COOKIE, path=front.home, secure=front.secure)


def shown_form(
    parts: SignInParts, *, wanted: str, username: str = "", error: str = "", notice: str = "", status: int = 200
) -> Response:
    """The form, sealed for the browser that gets it."""
    nonce = new_nonce()
    response = plain.rendered(
        "sign-in.html",
        status=status,
        brand=parts.rules.brand,
        heading=parts.heading,
        hint=present(parts.hint),
        seal=sealed(parts, nonce),
        wanted=plain.own_page(wanted, parts.rules.everywhere),
        username=username,
        error=error,
        notice=notice,
        providers=tuple(parts.providers.values()),
        switch=True,
    )
    bind(response, parts, nonce)
    return response


def new_nonce() -> str:
    """What a form of signing in is sealed for; :func:`bind` gives it to the browser that gets the form."""
    return secrets.token_urlsafe(18)


def sealed(parts: SignInParts, nonce: str) -> str:
    """The seal of a form."""
    return parts.seal.of("sign-in form", nonce)


def bind(response: Response, parts: SignInParts, nonce: str) -> None:
    """Have the browser keep what its form is sealed for."""
    response.set_cookie(
        _form_cookie(parts),
        nonce,
        max_age=FORM_SECONDS,
        httponly=True,
        secure=parts.rules.front.secure,
        samesite="strict",
        path=f"{parts.rules.front.prefix}/sign-in",
    )


async def _admitted(parts: SignInParts, *, username: str, password: str, address: str) -> User:
    """The account that may sign in here; attempts are counted before anybody is asked about the password."""
    name = normal_username(username)
    counted = counted_as(name, directories=parts.directories)
    await parts.attempts.count(username=counted, address=address)
    user = await asyncio.to_thread(_checked, parts, name, password, address)
    await parts.attempts.succeeded(username=counted, address=address)
    return user


def _checked(parts: SignInParts, username: str, password: str, address: str) -> User:
    visitor = Actor(None, username[:80], "", Role.APPLICANT, frozenset(), parts.realm)
    try:
        user = proved(
            parts.door, roles=parts.roles, directories=parts.directories, username=username, password=password
        )
    except LifecycleError as error:
        reason = "" if isinstance(error, SignInRefused) else error.message
        with write(parts.engine) as tx:
            _note(parts, tx, visitor, "session.sign_in_refused", address, reason=reason)
        raise
    with write(parts.engine) as tx:
        waits = parts.second_factors and second_factor.is_asked_for(tx=tx, user_id=user.id)
        action = "session.password_fits" if waits else "session.sign_in"
        _note(parts, tx, actor_of(user, source=parts.realm), action, address)
    return user


def has_factor(parts: SignInParts, user: User) -> bool:
    """Whether this account is asked for a second factor here."""
    if not parts.second_factors:
        return False
    with read(parts.engine) as tx:
        return second_factor.is_asked_for(tx=tx, user_id=user.id)


def _code_checked(parts: SignInParts, challenge: Challenge, passcode: str, address: str) -> User:
    """The account whose second factor this is, still open; whatever it came to is told to the audit."""
    try:
        with write(parts.engine) as tx:
            user = actions.user_by_id(tx=tx, user_id=challenge.user_id)
            if not user.active or user.role not in parts.roles:
                raise SignInRefused
            vault, at = vault_of(parts.door.settings), parts.clock.now()
            by = second_factor.check(tx=tx, vault=vault, user_id=user.id, code=passcode, at=at)
            reason = f"{challenge.first} and {by}"
            _note(parts, tx, actor_of(user, source=parts.realm), "session.sign_in", address, reason=reason)
            return user
    except Refused:
        visitor = Actor(None, challenge.username, "", Role.APPLICANT, frozenset(), parts.realm)
        with write(parts.engine) as tx:
            _note(parts, tx, visitor, "session.sign_in_refused", address, reason="The second factor did not fit.")
        raise


async def asked_for_code(parts: SignInParts, user: User, *, wanted: str, first: str = "password") -> Response:
    """The ``first`` proof was right: ask for the second factor, and remember for what."""
    secret = await parts.sessions.challenge(user=user, wanted=wanted, first=first)
    response = plain.redirect("/sign-in/code")
    lasts = int(CHALLENGE_LASTS.total_seconds())
    front = parts.rules.front
    response.set_cookie(
        _code_cookie(parts),
        secret,
        max_age=lasts,
        httponly=True,
        secure=front.secure,
        samesite="lax",
        path=f"{front.prefix}/sign-in",
    )
    return response


def _code_form(parts: SignInParts, challenge: Challenge, *, error: str = "", status: int = 200) -> Response:
    return plain.rendered(
        "code.html",
        status=status,
        brand=parts.rules.brand,
        username=challenge.username,
        seal=parts.seal.of("second factor", challenge.key),
        error=error,
    )


def must_enrol(parts: SignInParts, user: User) -> bool:
    """Whether the account's role must have a second factor and the account, with a password here, has none."""
    wanted = parts.second_factors and user.has_password and user.role in parts.door.settings.second_factor_roles
    return wanted and not has_factor(parts, user)


async def opened(
    parts: SignInParts,
    request: Request,
    user: User,
    *,
    wanted: str,
    address: str,
    proved_at: datetime | None = None,
) -> Response:
    """Begin a new session (never one that the browser proposed) and go where the person wanted.

    ``proved_at`` is when they proved who they are, where that was elsewhere and before now.
    """
    before = await parts.sessions.lookup(cookie_of(request.scope, parts.rules.cookie))
    if before is not None:
        await parts.sessions.end(before)
    enrols = await asyncio.to_thread(must_enrol, parts, user)
    browser = request.headers.get("user-agent", "")
    secret, _ = await parts.sessions.create(
        user=user, address=address, browser=browser, must_enrol=enrols, proved_at=proved_at
    )
    home = home_of(actor_of(user, source=parts.realm), parts.rules.everywhere, parts.rules.homes)
    response = plain.redirect(plain.own_page(wanted, parts.pages) or home or "/")
    front = parts.rules.front
    response.set_cookie(parts.rules.cookie, secret, httponly=True, secure=front.secure, samesite="lax", path=front.home)
    response.delete_cookie(_form_cookie(parts), path=f"{front.prefix}/sign-in", secure=front.secure)
    return response


def _note_sign_out(parts: SignInParts, session: Session) -> None:
    with write(parts.engine, Claim("user", str(session.user_id))) as tx:
        user = actions.user_by_id(tx=tx, user_id=session.user_id)
        _note(parts, tx, actor_of(user, source=parts.realm), "session.sign_out", session.address)


def _note(parts: SignInParts, tx: Tx, actor: Actor, action: str, address: str, *, reason: str = "") -> None:
    told(
        tx=tx,
        at=parts.clock.now(),
        actor=replace(actor, address=address),
        action=action,
        subject_kind="account",
        subject_id=actor.username,
        reason=reason,
    )


def from_here(request: Request, parts: SignInParts) -> bool:
    """Whether the form was sent by one of our own pages; browsers name the origin of every POST."""
    return request.headers.get("origin", "") in parts.rules.origins


def _code_cookie(parts: SignInParts) -> str:
    return parts.rules.front.side_cookie(f"isp_{parts.realm}_code")


def was_sealed(request: Request, parts: SignInParts, seal: str) -> bool:
    """Whether a form of signing in is one that this server made for this browser."""
    nonce = cookie_of(request.scope, _form_cookie(parts))
    return from_here(request, parts) and parts.seal.holds("sign-in form", nonce, seal)


def _form_cookie(parts: SignInParts) -> str:
    return parts.rules.front.side_cookie(f"isp_{parts.realm}_form")
