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
from dashboards.signin import SignInParts, from_here
from isp_lifecycle.access.errors import PasswordsDiffer, PasswordTooShort, PasswordWeak
from isp_lifecycle.access.model import Actor, normal_username
from isp_lifecycle.access.sessions import Session
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.views import access as views

#: What the page says after an act, by the word in its address.
DONE = {
    "password": "The password is changed; everywhere else you are signed out.",
    "ended": "That session is ended.",
    "others": "Everywhere else you are signed out.",
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
SYSTEMS = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "a Mac"}
SYSTEMS |= {"CrOS": "a Chromebook", "Linux": "Linux"}


def browser_name(agent: str) -> str:
    """What people call the browser that names itself so (RFC 9110, User-Agent): “Firefox on Windows”."""
    browser = next((name for word, name in BROWSERS.items() if word in agent), "")
    system = next((name for word, name in SYSTEMS.items() if word in agent), "")
    if not browser:
        return agent.split("/")[0][:40] or "unknown"
    return f"{browser} on {system}" if system else browser


@dataclass(frozen=True)
class Here:
    """Who asks, in which session."""

    session: Session
    actor: Actor


class Account:
    """The routes of one's own account."""

    def __init__(self, parts: SignInParts, doors: Doors) -> None:
        self._parts = parts
        self._doors = doors
        self.router = APIRouter()
        self.router.add_api_route("/account", self.page, methods=["GET"])
        self.router.add_api_route("/account/password", self.change_password, methods=["POST"])
        self.router.add_api_route("/account/end", self.end, methods=["POST"])

    async def page(self, request: Request, done: str = "") -> Response:
        """Where one is signed in, and the form for another password."""
        here = await self._here(request)
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
        here = await self._here(request)
        if here is None or not self._is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        name, address = normal_username(here.actor.username), here.actor.address
        try:
            await self._parts.attempts.count(username=name, address=address)
            await asyncio.to_thread(
                intake.change_own_password, self._doors.door, here.actor, current=current, new=new, again=again
            )
        except Refused as error:
            if isinstance(error, NEW_ONE_WRONG):  # the present one was right: only wrong ones count
                await self._parts.attempts.succeeded(username=name, address=address)
            return await self._shown(here, error=f"{error.message} {error.remedy}", status=400)
        await self._parts.attempts.succeeded(username=name, address=address)
        await self._end_others(here)
        return plain.redirect("/account?done=password")

    async def end(self, request: Request, which: str = Form(""), seal: str = Form("")) -> Response:
        """End one session, by its reference, or all others."""
        here = await self._here(request)
        if here is None or not self._is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        if which == "others":
            await self._end_others(here)
            return plain.redirect("/account?done=others")
        for session in await self._parts.sessions.of_user(here.actor.username):
            if reference_of(self._parts.seal, session) == which:
                await self._end(here, [session])
        return plain.redirect("/account?done=ended")

    # --- parts -----------------------------------------------------------------------------------------------------

    async def _end_others(self, here: Here) -> None:
        found = await self._parts.sessions.of_user(here.actor.username)
        await self._end(here, [session for session in found if session.key != here.session.key])

    async def _end(self, here: Here, sessions: list[Session]) -> None:
        for session in sessions:
            await self._parts.sessions.end(session)
        if sessions:
            where = ", ".join(session.address for session in sessions)
            await asyncio.to_thread(intake.note_sessions_ended, self._doors.door, here.actor, where=where)

    async def _here(self, request: Request) -> Here | None:
        parts = self._parts
        session = await parts.sessions.lookup(cookie_of(request.scope, parts.rules.cookie))
        actor = await parts.accounts.actor(session.user_id) if session is not None else None
        if session is None or actor is None:
            return None
        address = request.client.host if request.client else "unknown"
        return Here(await parts.sessions.touch(session), replace(actor, address=address))

    def _is_ours(self, request: Request, here: Here, seal: str) -> bool:
        parts = self._parts
        return from_here(request, parts) and parts.seal.holds("form", reference_of(parts.seal, here.session), seal)

    async def _shown(self, here: Here, *, done: str = "", error: str = "", status: int = 200) -> Response:
        parts, zone = self._parts, self._doors.settings.company.tz
        account = await asyncio.to_thread(views.own_account, self._doors.window, here.actor)
        sessions = [
            {
                "reference": reference_of(parts.seal, one),
                "here": one.key == here.session.key,
                "since": f"{one.created_at.astimezone(zone):%a %d %b, %H:%M}",
                "seen": f"{one.seen_at.astimezone(zone):%a %d %b, %H:%M}",
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
            sessions=sessions,
            seal=parts.seal.of("form", reference_of(parts.seal, here.session)),
            done=done,
            error=error,
        )
