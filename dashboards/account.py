"""“Your account”: where one is signed in, ending those sessions, and another password. A plain page, like signing in.

Every form is sealed for the session that it was made in, comes from our own origin, and asks for the present password
before it changes it; wrong ones count as at signing in.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.guard import cookie_of, reference_of
from dashboards.parts import words
from dashboards.parts.names import role_words
from dashboards.plain import both
from dashboards.signin import SignInParts, from_here, remembered
from isp_lifecycle.access import second_factor
from isp_lifecycle.access.errors import PasswordsDiffer, PasswordTooShort, PasswordWeak
from isp_lifecycle.access.model import Actor, normal_username
from isp_lifecycle.access.sessions import Session
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, say, speak
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.views import access as views

#: What the page says after an act, by the word in its address.
DONE = {
    "password": say("The password is changed; everywhere else you are signed out."),
    "ended": say("That session is ended."),
    "others": say("Everywhere else you are signed out."),
    "language": say("Pages speak this language with you from now on."),
}


#: What is found only after the present password was found to be right.
NEW_ONE_WRONG = (PasswordsDiffer, PasswordTooShort, PasswordWeak)

#: Names by a word in what a browser calls itself; each claims to be those below it as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
}
BROWSERS |= {"Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
}
SYSTEMS |= {"CrOS": "Chromebook", "Linux": "Linux"}


def browser_name(agent: str) -> str:
    """What people call the browser that names itself so (RFC 9110, User-Agent): “Firefox on Windows”."""
    browser = next((name for word, name in BROWSERS.items() if word in agent), "")
    system = next((name for word, name in SYSTEMS.items() if word in agent), "")
    if not browser:
        return agent.split("/")[0][:40] or _("unknown")
    return _("{browser} on {system}", browser=browser, system=system) if system else browser


@dataclass(frozen=True)
class Here:
    """Who asks, in which session."""

    session: Session
    actor: Actor


class Account:
    """The routes of one's own account."""

    def __init__(self, parts: SignInParts, doors: Doors) -> None:
        self.parts = parts
        self.doors = doors
        self.router = APIRouter()
        self.router.add_api_route("/account", self.page, methods=["GET"])
        self.router.add_api_route("/account/password", self.change_password, methods=["POST"])
        self.router.add_api_route("/account/end", self.end, methods=["POST"])
        self.router.add_api_route("/account/language", self.choose_language, methods=["POST"])

    async def page(self, request: Request, done: str = "") -> Response:
        """Where one is signed in, and the form for another password."""
        here = await self.here(request)
        return await self._shown(here, done=DONE.get(done, "")) if here else plain.redirect("/sign-in")

    async def change_password(
        self,
        request: Request,
        current: str = Form(""),
        new: str = Form(""),
        again: str = Form(""),
        seal: str = Form(""),
    ) -> Response:
        """Change the password; whoever else is signed in with the old one is not any more."""
        here = await self.here(request)
        if here is None or not self.is_ours(request, here, seal):
            return plain.stale_form(self.parts.rules.brand)
        name, address = normal_username(here.actor.username), here.actor.address
        try:
            await self.parts.attempts.count(username=name, address=address)
            await asyncio.to_thread(
                intake.change_own_password, self.doors.door, here.actor, current=current, new=new, again=again
            )
        except Refused as error:
            if isinstance(error, NEW_ONE_WRONG):  # the present one was right: only wrong ones count
                await self.parts.attempts.succeeded(username=name, address=address)
            return await self._shown(here, error=both(error), status=400)
        await self.parts.attempts.succeeded(username=name, address=address)
        await self._end_others(here)
        return plain.redirect("/account?done=password")

    async def choose_language(self, request: Request, language: str = Form(""), seal: str = Form("")) -> Response:
        """Have pages speak another language; this browser remembers it for the pages before signing in, too."""
        here = await self.here(request)
        if here is None or not self.is_ours(request, here, seal):
            return plain.stale_form(self.parts.rules.brand)
        try:
            await asyncio.to_thread(intake.choose_language, self.doors.door, here.actor, language=language)
        except Refused as error:
            return await self._shown(here, error=both(error), status=400)
        self.parts.accounts.forget(here.session.user_id)
        response = plain.redirect("/account?done=language")
        remembered(response, self.parts, language)
        return response

    async def end(self, request: Request, which: str = Form(""), seal: str = Form("")) -> Response:
        """End one session, by its reference, or all others."""
        here = await self.here(request)
        if here is None or not self.is_ours(request, here, seal):
            return plain.stale_form(self.parts.rules.brand)
        if which == "others":
            await self._end_others(here)
            return plain.redirect("/account?done=others")
        for session in await self.parts.sessions.of_user(here.actor.username):
            if reference_of(self.parts.seal, session) == which:
                await self._end(here, [session])
        return plain.redirect("/account?done=ended")

    def seal(self, here: Here) -> str:
        """What the forms of this session carry."""
        return self.parts.seal.of("form", reference_of(self.parts.seal, here.session))

    # --- parts -----------------------------------------------------------------------------------------------------

    async def _end_others(self, here: Here) -> None:
        found = await self.parts.sessions.of_user(here.actor.username)
        await self._end(here, [session for session in found if session.key != here.session.key])

    async def _end(self, here: Here, sessions: list[Session]) -> None:
        for session in sessions:
            await self.parts.sessions.end(session)
        if sessions:
            where = ", ".join(session.address for session in sessions)
            await asyncio.to_thread(intake.note_sessions_ended, self.doors.door, here.actor, where=where)

    async def here(self, request: Request) -> Here | None:
        """Who asks, in which session; None for nobody."""
        parts = self.parts
        session = await parts.sessions.lookup(cookie_of(request.scope, parts.rules.cookie))
        actor = await parts.accounts.actor(session.user_id) if session is not None else None
        if session is None or actor is None:
            return None
        if actor.language:
            speak(actor.language)
        address = request.client.host if request.client else "unknown"
        proved = replace(actor, address=address, proved_at=session.proved_at)
        return Here(await parts.sessions.touch(session), proved)

    def is_ours(self, request: Request, here: Here, seal: str) -> bool:
        """Whether a form was made for this session and sent by our own page."""
        parts = self.parts
        return from_here(request, parts) and parts.seal.holds("form", reference_of(parts.seal, here.session), seal)

    async def _shown(self, here: Here, *, done: str = "", error: str = "", status: int = 200) -> Response:
        parts, zone = self.parts, self.doors.settings.company.tz
        account = await asyncio.to_thread(views.own_account, self.doors.window, here.actor)
        sessions = [
            {
                "reference": reference_of(parts.seal, one),
                "here": one.key == here.session.key,
                "since": words.day_and_time(one.created_at, zone),
                "seen": words.day_and_time(one.seen_at, zone),
                "address": one.address,
                "browser": browser_name(one.browser),
            }
            for one in await parts.sessions.of_user(here.actor.username)
        ]
        return plain.rendered(
            "account.html",
            status=status,
            brand=parts.rules.brand,
            account=account,
            own_language=here.actor.language,
            role=role_words(account.role),
            factor=await asyncio.to_thread(has_factor_of, parts, here) if parts.second_factors else None,
            makes_tokens=here.actor.may("token.own"),
            sessions=sessions,
            seal=self.seal(here),
            done=done,
            error=error,
        )


def has_factor_of(parts: SignInParts, here: Here) -> bool:
    """Whether who asks has a second factor."""
    with read(parts.engine) as tx:
        return second_factor.is_asked_for(tx=tx, user_id=here.session.user_id)
