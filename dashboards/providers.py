"""Signing in by a company account elsewhere: a button for each OIDC provider, the way there, and the way back.

What the browser brings back is believed in nothing: the state says which sign-in it ends, a cookie that it is this
browser's, and both are worth something once. A sign-in begins by our own sealed form only: one that any page could
begin would sign a browser in without its owner's doing. The provider is then gone to by a page of our own that leads
on, since a form's answer may not lead to another host (Content-Security-Policy, ``form-action``).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.guard import address_of, cookie_of
from dashboards.signin import SignInParts, asked_for_code, has_factor, opened, shown_form, was_sealed
from isp_lifecycle.access.errors import AccountBarred, SignInRefused, TooManyAttempts
from isp_lifecycle.access.model import SYSTEM, Actor, Role, User, actor_of
from isp_lifecycle.access.oidc.begun import LASTS, Beginnings
from isp_lifecycle.access.oidc.errors import AnswerStale, TokenRefused
from isp_lifecycle.access.ports import Person, Provider
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.intake import sources
from isp_lifecycle.intake.told import told

_log = log(__name__)

#: Nothing that a provider sends back is longer, in characters.
LONGEST = 4096


class ProviderSignIn:
    """The routes of signing in by a provider."""

    def __init__(self, parts: SignInParts, *, beginnings: Beginnings) -> None:
        self._parts = parts
        self._providers = parts.providers
        self._beginnings = beginnings
        self.router = APIRouter()
        self.router.add_api_route("/sign-in/with/{name}", self.begin, methods=["POST"])
        self.router.add_api_route("/sign-in/with/{name}/callback", self.finish, methods=["GET"])

    async def begin(
        self,
        request: Request,
        name: str,
        seal: str = Form(""),
        next: str = Form(""),  # noqa: A002 - the field's name
        again: str = Form(""),
    ) -> Response:
        """Lead the browser to the provider, with what it must bring back."""
        parts, provider = self._parts, self._providers.get(name)
        if provider is None:
            return plain.not_found(parts.rules.brand)
        if not was_sealed(request, parts, seal):
            return plain.stale_form(parts.rules.brand)
        wanted = plain.own_page(next, parts.pages)
        back = f"{request.headers['origin']}{self._path}/with/{name}/callback"
        try:
            await parts.attempts.count_from(address_of(request.scope))
            state, binding, own = await self._beginnings.keep(
                provider=name, back=back, wanted=wanted, again=bool(again)
            )
            where = await asyncio.to_thread(provider.begins_at, state=state, secrets=own)
        except LifecycleError as error:
            return self._refused(error, provider, wanted=wanted)
        response = plain.rendered("leave.html", brand=parts.rules.brand, label=provider.title, where=where)
        response.headers["refresh"] = f"0; url={where}"
        response.set_cookie(
            self._cookie,
            binding,
            max_age=int(LASTS.total_seconds()),
            httponly=True,
            secure=parts.rules.front.secure,
            samesite="lax",  # it comes back from another site
            path=self._path,
        )
        return response

    async def finish(self, request: Request, name: str) -> Response:
        """Begin a session for who came back from the provider, or say why not."""
        parts, provider, address = self._parts, self._providers.get(name), address_of(request.scope)
        code, state, iss, error = (
            request.query_params.get(word, "")[:LONGEST] for word in ("code", "state", "iss", "error")
        )
        if provider is None:
            return plain.not_found(parts.rules.brand)
        try:
            await parts.attempts.count_from(address)
            binding = cookie_of(request.scope, self._cookie)
            begun = await self._beginnings.take(provider=name, state=state, binding=binding)
        except LifecycleError as refused:
            await self._tell_refusal(refused, provider, address)
            return self._refused(refused, provider, over=True)

        who: Person | None = None
        try:
            who = await asyncio.to_thread(provider.came_back, code=code, issuer=iss, error=error, secrets=begun.secrets)
            user, waits = await asyncio.to_thread(self._admitted, who, provider, address)
        except LifecycleError as refused:
            await self._tell_refusal(refused, provider, address, who)
            return self._refused(refused, provider, wanted=begun.wanted, over=True)
        for _time in range(2):  # the beginning and the end were counted
            await parts.attempts.succeeded_from(address)
        if waits:
            response = await asked_for_code(parts, user, wanted=begun.wanted, first=provider.title)
        else:
            response = await opened(parts, request, user, wanted=begun.wanted, address=address, proved_at=who.proved_at)
        self._forget(response)
        return response

    # --- parts -----------------------------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        return self._parts.rules.front.side_cookie(f"isp_{self._parts.realm}_way")

    @property
    def _path(self) -> str:
        return f"{self._parts.rules.front.prefix}/sign-in"

    def _forget(self, response: Response) -> None:
        response.delete_cookie(self._cookie, path=self._path, secure=self._parts.rules.front.secure)

    def _admitted(self, person: Person, provider: Provider, address: str) -> tuple[User, bool]:
        """The account of a person, by the settings' table of groups, and whether it has a second factor of our own,
        which is asked for however somebody signs in; raises what ``sources.admit`` raises.
        """
        parts = self._parts
        user = sources.admit(parts.door, replace(SYSTEM, source=parts.realm, address=address), person=person)
        if user.role not in parts.roles:
            raise SignInRefused
        actor = replace(actor_of(user, source=parts.realm), address=address)
        waits = has_factor(parts, user)
        self._note(actor, "session.provider_fits" if waits else "session.sign_in", provider, subject=user.username)
        return user, waits

    async def _tell_refusal(
        self, error: LifecycleError, provider: Provider, address: str, person: Person | None = None
    ) -> None:
        """Tell log and audit who was not let in, and why; of a token only what was wrong with it."""
        why = error.message if isinstance(error, AccountBarred) else getattr(error, "why", "") or error.message
        _log.warning("a sign-in by a provider was refused", provider=provider.name, reason=str(why))
        if isinstance(error, TooManyAttempts):
            return  # whoever sends thousands fills no audit
        visitor = Actor(None, "", "", Role.APPLICANT, frozenset(), self._parts.realm, address=address)
        subject = person.username[:80] if person is not None else ""
        await asyncio.to_thread(
            self._note, visitor, "session.sign_in_refused", provider, subject=subject, reason=str(why)
        )

    def _note(self, actor: Actor, action: str, provider: Provider, *, subject: str, reason: str = "") -> None:
        with write(self._parts.engine) as tx:
            told(
                tx=tx,
                at=self._parts.clock.now(),
                actor=actor,
                action=action,
                subject_kind="account",
                subject_id=subject,
                reason=reason,
                detail={"by": provider.name},
            )

    def _refused(self, error: LifecycleError, provider: Provider, *, wanted: str = "", over: bool = False) -> Response:
        remedy = (
            _("Tell an administrator: {remedy}", remedy=error.remedy)
            if isinstance(error, NeedsPerson)
            else said(error.remedy)
        )
        response = shown_form(
            self._parts, wanted=wanted, error=f"{said(error.message)} {remedy}", status=_status(error)
        )
        if isinstance(error, TooManyAttempts):
            response.headers["retry-after"] = str(int(error.wait.total_seconds()))
        if isinstance(error, NeedsPerson):
            _log.error("a provider needs care", provider=provider.name, reason=error.message)
        if over:
            self._forget(response)
        return response


def _status(error: LifecycleError) -> int:
    if isinstance(error, TooManyAttempts):
        return 429
    if isinstance(error, Unreachable | NeedsPerson):
        return 503
    return 401 if isinstance(error, AnswerStale | TokenRefused | SignInRefused) else 403
