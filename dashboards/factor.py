"""The second factor of one's own account, and confirming who sits there before what is dangerous. Plain pages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from dashboards import plain
from dashboards.account import Account, Here
from dashboards.proof import counted_as, proved_again
from dashboards.signin import bind, new_nonce, sealed
from isp_lifecycle.access import actions, second_factor
from isp_lifecycle.access.errors import ProofNeeded, SignInRefused
from isp_lifecycle.access.model import User
from isp_lifecycle.access.second_factor import Setup
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.foundation.vault import vault_of
from isp_lifecycle.intake import second_factor as intake
from isp_lifecycle.intake.door import Entry
from isp_lifecycle.intake.told import told

DONE = {"off": say("The second factor is off.")}


@dataclass(frozen=True)
class _Mine:
    """What the page says of one's second factor."""

    user: User
    on: bool
    left: int
    setup: Setup | None


class SecondFactor:
    """The routes of the second factor and of confirming."""

    def __init__(self, account: Account) -> None:
        self._account, self._parts = account, account.parts
        self.router = APIRouter()
        self.router.add_api_route("/account/confirm", self.confirm_form, methods=["GET"])
        self.router.add_api_route("/account/confirm", self.confirm, methods=["POST"])
        self.router.add_api_route("/account/factor", self.page, methods=["GET"])
        self.router.add_api_route("/account/factor/begin", self.begin, methods=["POST"])
        self.router.add_api_route("/account/factor/confirm", self.switch_on, methods=["POST"])
        self.router.add_api_route("/account/factor/codes", self.renew_codes, methods=["POST"])
        self.router.add_api_route("/account/factor/off", self.switch_off, methods=["POST"])

    # --- the factor ------------------------------------------------------------------------------------------------

    async def page(self, request: Request, done: str = "") -> Response:
        """What one has, and what can be done about it."""
        here = await self._account.here(request)
        if here is None:
            return plain.redirect("/sign-in")
        return await self._shown(here, done=DONE.get(done, ""))

    async def begin(self, request: Request, seal: str = Form("")) -> Response:
        """A seed for the authenticator."""
        return await self._done(request, seal, intake.begin, then="/account/factor")

    async def switch_on(self, request: Request, seal: str = Form(""), passcode: str = Form("")) -> Response:
        """Have it asked for, by a code that the authenticator shows; the recovery codes are shown once."""
        return await self._done(request, seal, intake.confirm, passcode=passcode)

    async def renew_codes(self, request: Request, seal: str = Form("")) -> Response:
        """Other recovery codes, shown once."""
        return await self._done(request, seal, intake.renew_codes)

    async def switch_off(self, request: Request, seal: str = Form(""), passcode: str = Form("")) -> Response:
        """Ask for it no more."""
        return await self._done(request, seal, intake.take_off, then="/account/factor?done=off", passcode=passcode)

    async def _done(
        self, request: Request, seal: str, entry: Entry[..., Any], *, then: str = "", **named: str
    ) -> Response:
        """Do it as who asks, wrong codes counted as at signing in; show what came of it, or go on."""
        here = await self._account.here(request)
        if here is None or not self._account.is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        name, address = here.actor.username, here.actor.address
        try:
            if named:
                await self._parts.codes.count(username=name, address=address)
            came = await asyncio.to_thread(entry, self._account.doors.door, here.actor, **named)
        except ProofNeeded:
            return plain.redirect("/account/confirm?next=/account/factor")
        except LifecycleError as error:
            return await self._shown(here, error=plain.both(error), status=400)
        if named:
            await self._parts.codes.succeeded(username=name, address=address)
        if entry is intake.confirm:
            await self._parts.sessions.enrolled(here.session)
        return plain.redirect(then) if then else await self._shown(here, codes=came)

    async def _shown(
        self, here: Here, *, done: str = "", error: str = "", codes: tuple[str, ...] = (), status: int = 200
    ) -> Response:
        mine = await asyncio.to_thread(self._mine, here)
        must = mine.user.role in self._parts.door.settings.second_factor_roles
        return plain.rendered(
            "factor.html",
            status=status,
            brand=self._parts.rules.brand,
            seal=self._account.seal(here),
            on=mine.on,
            left=mine.left,
            setup=mine.setup,
            qr=Markup(_qr(mine.setup.uri)) if mine.setup else "",  # noqa: S704 - made by segno from our own text
            must=must,
            may_take_off=mine.on and not must,
            codes=codes,
            done=done,
            error=error,
        )

    def _mine(self, here: Here) -> _Mine:
        settings = self._parts.door.settings
        with read(self._parts.engine) as tx:
            user = actions.user_by_id(tx=tx, user_id=here.session.user_id)
            on = second_factor.is_asked_for(tx=tx, user_id=user.id)
            left = second_factor.codes_left(tx=tx, user_id=user.id)
            setup = second_factor.pending(tx=tx, vault=vault_of(settings), user=user, issuer=settings.company.name)
        return _Mine(user, on, left, setup)

    # --- confirming ------------------------------------------------------------------------------------------------

    async def confirm_form(self, request: Request, next: str = "") -> Response:  # noqa: A002 - the query's name
        """The form; it leads back to the page that it was reached from."""
        here = await self._account.here(request)
        if here is None:
            return plain.redirect("/sign-in")
        came_from = urlsplit(request.headers.get("referer", ""))
        below = came_from.path.removeprefix(self._parts.rules.front.prefix)
        back = below + (f"?{came_from.query}" if came_from.query else "")
        return await self._confirm_form(here, wanted=self._back_to(next or back))

    async def confirm(
        self,
        request: Request,
        current: str = Form(""),
        passcode: str = Form(""),
        seal: str = Form(""),
        next: str = Form(""),  # noqa: A002 - the field's name
    ) -> Response:
        """Check it as at signing in, wrong ones counted as there, and note in the session that it was proved."""
        here = await self._account.here(request)
        if here is None or not self._account.is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        parts, name = self._parts, here.actor.username
        counted, address = counted_as(name, directories=parts.directories), here.actor.address
        try:
            await parts.attempts.count(username=counted, address=address)
            await asyncio.to_thread(self._prove, here, current, passcode)
        except LifecycleError as error:
            words = _("This does not fit.") if isinstance(error, SignInRefused) else plain.both(error)
            return await self._confirm_form(here, wanted=self._back_to(next), error=words, status=401)
        await parts.attempts.succeeded(username=counted, address=address)
        await parts.sessions.proved(here.session)
        return plain.redirect(self._back_to(next) or "/")

    def _prove(self, here: Here, password: str, passcode: str) -> None:
        """Raises what signing in raises; whatever it came to is told to the audit."""
        parts, refused = self._parts, True
        try:
            user = proved_again(
                parts.door,
                roles=parts.roles,
                directories=parts.directories,
                user_id=here.session.user_id,
                password=password,
            )
            with write(parts.engine) as tx:
                if second_factor.is_asked_for(tx=tx, user_id=user.id):
                    vault, at = vault_of(parts.door.settings), parts.clock.now()
                    second_factor.check(tx=tx, vault=vault, user_id=user.id, code=passcode, at=at)
            refused = False
        finally:
            with write(parts.engine) as tx:
                told(
                    tx=tx,
                    at=parts.clock.now(),
                    actor=here.actor,
                    action="session.confirm_refused" if refused else "session.confirmed",
                    subject_kind="account",
                    subject_id=here.actor.username,
                )

    async def _confirm_form(self, here: Here, *, wanted: str, error: str = "", status: int = 200) -> Response:
        mine, nonce = await asyncio.to_thread(self._mine, here), new_nonce()
        response = plain.rendered(
            "confirm.html",
            status=status,
            brand=self._parts.rules.brand,
            providers=tuple(self._parts.providers.values()),
            provider_seal=sealed(self._parts, nonce),
            seal=self._account.seal(here),
            username=here.actor.username,
            asks_code=mine.on,
            elsewhere=not mine.user.has_password and not self._parts.directories,
            minutes=self._parts.door.settings.web.proof_minutes,
            wanted=wanted,
            error=error,
        )
        bind(response, self._parts, nonce)
        return response

    def _back_to(self, wanted: str) -> str:
        return plain.own_page(wanted, self._parts.pages)


def _qr(text: str) -> str:
    """A QR code as SVG, dark on light whatever the theme: cameras want it so."""
    return segno.make(text, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
