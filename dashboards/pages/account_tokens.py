"""The tokens of somebody's account, for administrators: what machines ask by in its name, and ending one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.cards import card
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.intake import tokens as intake
from isp_lifecycle.views import machines as views
from isp_lifecycle.views.machines import TokenRow


def account_tokens(session: PageSession, username: str, notice: Notice, changed: Callable[[], None]) -> list[Any]:
    """What is shown of an account's tokens; nothing where it never had one."""
    found = [one for one in session.look(views.all_tokens) if one.username == username]
    if not found:
        return []
    shown = html_pane(card(_table(found, session), heading=_("Tokens")))
    standing = {f"{one.token.name} ({one.token.shown}…)": str(one.token.id) for one in found if one.state == "stands"}
    if not standing or not session.actor.may("user.write"):
        return [shown]
    which, reason = choice(_("Token"), standing), field(_("Why it ends"), max_length=300)

    def end() -> None:
        session.act(intake.revoke_anybodys, key=UUID(which.value), reason=reason.value_input or "")
        changed()
        notice.good(_("The token is ended."), _("Whatever asks by it is refused from now on."))

    return [shown, column(which, reason, row(button(_("End it"), end, notice=notice, kind="outlined", color="error")))]


def _table(found: list[TokenRow], session: PageSession) -> Html:
    zone = session.zone
    columns = [
        Column[TokenRow](_("Token"), lambda t: joined(t.token.name, BREAK, tag("small", f"{t.token.shown}…")), "key"),
        Column[TokenRow](_("May"), lambda t: ", ".join(sorted(t.token.scopes))),
        Column[TokenRow](_("Last used"), lambda t: words.moment(t.token.used_at, zone) or _("never")),
        Column[TokenRow](_("Ends"), lambda t: words.moment(t.token.expires_at, zone)),
        Column[TokenRow](_("State"), lambda t: chip(t.state)),
    ]
    return table(found, columns, nothing=("", ""))
