"""“Tokens for machines”: what programs of one's own ask by. A plain page beside one's account, with sealed forms."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.account import Account, Here
from dashboards.parts import words
from dashboards.parts.names import state_words
from isp_lifecycle.access.errors import Forbidden, ProofNeeded
from isp_lifecycle.access.model import PERMISSIONS
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.intake import tokens as intake
from isp_lifecycle.views import machines as views
from isp_lifecycle.views.machines import TokenRow


class Tokens:
    """The routes of one's own tokens."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._parts = account.parts
        self._doors = account.doors
        self.router = APIRouter()
        self.router.add_api_route("/account/tokens", self.page, methods=["GET"])
        self.router.add_api_route("/account/tokens", self.make, methods=["POST"])
        self.router.add_api_route("/account/tokens/revoke", self.revoke, methods=["POST"])

    async def page(self, request: Request, done: str = "") -> Response:
        """The tokens, and the form for another one."""
        here = await self._account.here(request)
        if here is None:
            return plain.redirect("/sign-in")
        return await self._shown(here, done=_("The token is ended.") if done else "")

    async def make(
        self,
        request: Request,
        name: str = Form(""),
        days: int = Form(0),
        scopes: list[str] = Form(default_factory=list),
        seal: str = Form(""),
    ) -> Response:
        """Make a token and show it, in this answer only."""
        here = await self._account.here(request)
        if here is None or not self._account.is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        try:
            made = await asyncio.to_thread(
                intake.create, self._doors.door, here.actor, name=name, scopes=scopes, days=days
            )
        except ProofNeeded:
            return plain.redirect("/account/confirm?next=/account/tokens")
        except Refused as refused:
            return await self._shown(here, error=plain.both(refused), status=400)
        return await self._shown(here, secret=made.secret)

    async def revoke(self, request: Request, key: UUID = Form(), seal: str = Form("")) -> Response:
        """End a token."""
        here = await self._account.here(request)
        if here is None or not self._account.is_ours(request, here, seal):
            return plain.stale_form(self._parts.rules.brand)
        try:
            await asyncio.to_thread(intake.revoke, self._doors.door, here.actor, key=key)
        except NotFound:
            return plain.not_found(self._parts.rules.brand)
        return plain.redirect("/account/tokens?done=1")

    async def _shown(
        self, here: Here, *, done: str = "", error: str = "", secret: str = "", status: int = 200
    ) -> Response:
        try:
            rows = await asyncio.to_thread(views.own_tokens, self._doors.window, here.actor)
        except Forbidden as refused:  # told to the audit by the door
            return plain.forbidden(self._parts.rules.brand, page=_("Tokens for machines"), role=refused.role)
        scopes = await asyncio.to_thread(views.own_scopes, self._doors.window, here.actor)
        return plain.rendered(
            "tokens.html",
            status=status,
            brand=self._parts.rules.brand,
            rows=[self._row(row) for row in rows],
            scopes=[(name, said(PERMISSIONS[name]).rstrip(".")) for name in scopes],
            seal=self._account.seal(here),
            done=done,
            error=error,
            secret=secret,
        )

    def _row(self, row: TokenRow) -> dict[str, object]:
        token, zone = row.token, self._doors.settings.company.tz
        used = _("never used")
        if token.used_at is not None:
            local = token.used_at.astimezone(zone)
            used = _(
                "last used {day}, {time:%H:%M} from {address}",
                day=words.day(local),
                time=local,
                address=token.used_from,
            )
        stands = row.state == "stands"
        until = _("stands until {day}", day=words.day(token.expires_at.astimezone(zone)))
        return {
            "id": str(token.id),
            "name": token.name,
            "shown": token.shown,
            "state": until if stands else state_words(row.state),
            "stands": stands,
            "used": used,
            "scopes": ", ".join(sorted(token.scopes)),
        }
