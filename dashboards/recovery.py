"""“Forgot your password?”: asking for a link, and setting a password by one. Plain pages, like signing in.

Whoever asks is answered with the same words after the same time, whether the account exists or not. Opening a link
consumes nothing, since mail scanners open links; sending its form does. Nobody is signed in by it: a second factor must
still be asked for.
"""

from __future__ import annotations

import secrets
import time
from asyncio import sleep, to_thread
from contextlib import suppress
from datetime import timedelta
from typing import cast

from fastapi import APIRouter, Form, Request
from redis.asyncio import Redis
from starlette.responses import Response

from dashboards import plain
from dashboards.guard import cookie_of
from dashboards.signin import FORM_SECONDS, SignInParts, from_here
from isp_lifecycle.access.errors import LinkDead, TooManyAttempts
from isp_lifecycle.access.limits import AttemptLimit
from isp_lifecycle.access.model import ROLES, Actor, Role, User, normal_username
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.links import RealmName
from isp_lifecycle.foundation.texts import _, n_
from isp_lifecycle.intake import recovery as intake
from isp_lifecycle.views import recovery as views

#: An answer about a forgotten password takes so long: far longer than finding an account and writing an event.
ANSWER_SECONDS = 0.4
ASKED_WINDOW = timedelta(hours=1)
#: So many uses of one dead link are told to the audit an hour, and a multiple of one address.
DEAD_TOLD = 5
#: A link stands in the page's address. No other host is told it: what a browser says of where it comes from ends at the
#: host. (“no-referrer” would make it call the form's origin “null”, and the form would be refused as a stranger's.)
NO_TRACE = {"referrer-policy": "strict-origin"}


class Recovery:
    """The routes of setting a password by a link."""

    def __init__(self, parts: SignInParts, doors: Doors, redis: Redis) -> None:
        self._parts = parts
        self._doors = doors
        self._realm = cast("RealmName", parts.realm)
        settings = doors.settings
        self._asked = AttemptLimit(
            redis=redis,
            realm=f"{parts.realm}:links",
            attempts=lambda: settings.links.asked_per_account,
            window=ASKED_WINDOW,
        )
        self._dead_ones = AttemptLimit(
            redis=redis, realm=f"{parts.realm}:dead-links", attempts=DEAD_TOLD, window=ASKED_WINDOW
        )
        self.router = APIRouter()
        self.router.add_api_route("/sign-in/forgotten", self.ask_form, methods=["GET"])
        self.router.add_api_route("/sign-in/forgotten", self.ask, methods=["POST"])
        self.router.add_api_route("/sign-in/password", self.set_form, methods=["GET"])
        self.router.add_api_route("/sign-in/password", self.set, methods=["POST"])

    async def ask_form(self) -> Response:
        """The form that asks for a link."""
        return self._ask_shown()

    async def ask(self, request: Request, name: str = Form(""), seal: str = Form("")) -> Response:
        """Send a link to the account of that name, if there is one."""
        parts, began = self._parts, time.monotonic()
        if not self._is_ours(request, seal):
            return plain.stale_form(parts.rules.brand)
        if not name.strip():
            return self._ask_shown(error=_("Type your user name or your e-mail address."), status=400)
        by = self._visitor(request)
        try:
            await self._asked.count(username=normal_username(name), address=by.address)
        except TooManyAttempts as error:
            minutes = max(1, round(error.wait.total_seconds() / 60))
            says = n_(
                "Too many links were asked for. Try again in {count} minute.",
                "Too many links were asked for. Try again in {count} minutes.",
                minutes,
            )
            response = self._ask_shown(error=says, status=429)
            response.headers["retry-after"] = str(int(error.wait.total_seconds()))
            return response
        await to_thread(intake.ask_link, self._doors.door, by, name=name.strip()[:254], realm=self._realm)
        await sleep(max(0.0, ANSWER_SECONDS - (time.monotonic() - began)))
        return self._ask_shown(done=True)

    async def set_form(self, request: Request, token: str = "") -> Response:
        """The form behind a link; opening it changes nothing."""
        by = self._visitor(request)
        try:
            username = await self._account_behind(by, token)
        except LinkDead as error:
            return self._dead(error)
        return self._set_shown(token, username)

    async def set(
        self,
        request: Request,
        token: str = Form(""),
        new: str = Form(""),
        again: str = Form(""),
        seal: str = Form(""),
    ) -> Response:
        """Set the password, end every session of the account, and lead to the sign-in."""
        parts, by = self._parts, self._visitor(request)
        if not self._is_ours(request, seal):
            return plain.stale_form(parts.rules.brand)
        username = ""
        try:
            username = await self._account_behind(by, token)
            user = await to_thread(self._set, by, token, new, again)
        except LinkDead as error:
            await self._tell_dead(by, token)
            return self._dead(error)
        except Refused as error:
            return self._set_shown(token, username, error=plain.both(error), status=400)
        await parts.sessions.end_all(user.username)
        await parts.attempts.forget(username=user.username)
        return plain.redirect("/sign-in?done=password")

    # --- parts -----------------------------------------------------------------------------------------------------

    async def _account_behind(self, by: Actor, token: str) -> str:
        return await to_thread(views.account_behind, self._doors.window, by, token=token, realm=self._realm)

    async def _tell_dead(self, by: Actor, token: str) -> None:
        """Tell the audit that a link was tried which does not work; a stranger's hundredth is not told any more."""
        with suppress(TooManyAttempts):
            await self._dead_ones.count(username=token[:80], address=by.address)
            await self._parts.accounts.refused(by, what="/sign-in/password", needs="a link that works")

    def _set(self, by: Actor, token: str, new: str, again: str) -> User:
        return intake.set_password_by_link(self._doors.door, by, token=token, realm=self._realm, new=new, again=again)

    def _visitor(self, request: Request) -> Actor:
        address = request.client.host if request.client else "unknown"
        role = Role.APPLICANT
        return Actor(None, "", "Visitor", role, ROLES[role], self._parts.realm, address=address)

    def _is_ours(self, request: Request, seal: str) -> bool:
        nonce = cookie_of(request.scope, self._cookie)
        return from_here(request, self._parts) and self._parts.seal.holds("link form", nonce, seal)

    @property
    def _cookie(self) -> str:
        return self._parts.rules.front.side_cookie(f"isp_{self._parts.realm}_link")

    def _ask_shown(self, *, done: bool = False, error: str = "", status: int = 200) -> Response:
        return self._sealed("forgotten.html", status=status, done=done, error=error)

    def _set_shown(self, token: str, username: str, *, error: str = "", status: int = 200) -> Response:
        return self._sealed("set-password.html", status=status, token=token, username=username, error=error)

    def _dead(self, error: LinkDead) -> Response:
        response = plain.dead_link(self._parts.rules.brand, title=error.message, text=error.remedy or "")
        response.headers.update(NO_TRACE)
        return response

    def _sealed(self, template: str, *, status: int, **values: object) -> Response:
        parts, nonce = self._parts, secrets.token_urlsafe(18)
        seal = parts.seal.of("link form", nonce)
        response = plain.rendered(template, status=status, brand=parts.rules.brand, seal=seal, **values)
        response.headers.update(NO_TRACE)
        response.set_cookie(
            self._cookie,
            nonce,
            max_age=FORM_SECONDS,
            httponly=True,
            secure=parts.rules.front.secure,
            samesite="strict",
            path=f"{parts.rules.front.prefix}/sign-in",
        )
        return response
