"""Who may do what: the table of roles and permissions, and why somebody may or may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.own_roles import OwnRoles
from dashboards.parts.cards import card
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.names import role_words
from dashboards.parts.notice import Notice, alert
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.views import access as views
from isp_lifecycle.views.access import Explained, PermissionRow


def page(session: PageSession) -> Sequence[Any]:
    """Roles and permissions."""
    return AccessPage(session).parts()


class AccessPage:
    """The table, and a question about one account."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told, self._shown, self._answer = Notice(), html_pane(), html_pane()
        self._matrix = session.look(views.matrix)
        self._text = field(_("Search"), placeholder=_("Part of a permission or of what it allows"), size="small")
        self._text.param.watch(lambda _event: self._draw(), "value_input")

    def parts(self) -> list[Any]:
        """What is shown."""
        people = {f"{a.name} ({a.username})": a.username for a in self._session.look(views.accounts)}
        who, what = choice(_("Who"), people), choice(_("May they"), [one.name for one in self._matrix.rows])

        def ask() -> None:
            found = self._session.look(views.explain, username=who.value, permission=what.value)
            show(self._answer, _answer(found))

        asked = column(row(who, what, button(_("Why?"), ask, notice=self._told, kind="outlined")), self._answer)
        self._draw()
        own = OwnRoles(self._session, self._told, self._again).parts()
        return [self._told.pane, asked, *own, self._text, self._shown]

    def _again(self) -> None:
        """A role was defined, changed or removed."""
        self._matrix = self._session.look(views.matrix)
        self._draw()

    def _draw(self) -> None:
        text = (self._text.value_input or "").strip().lower()
        found = [one for one in self._matrix.rows if text in f"{one.name} {said(one.allows)}".lower()]
        show(self._shown, self._table(found))

    def _table(self, rows: Sequence[PermissionRow]) -> Html:
        columns = [
            Column[PermissionRow](_("Permission"), lambda r: joined(tag("b", r.name), BREAK, tag("small", r.allows))),
            *(self._of(role, number) for role, number in self._matrix.roles.items()),
        ]
        return table(rows, columns, nothing=(_("No permission is called so."), _("Search for less.")))

    def _of(self, role: str, number: int) -> Column[PermissionRow]:
        def cell(one: PermissionRow) -> Html:
            held = role in one.held_by
            return tag("span", _("yes") if held else "–", css="" if held else "soft")

        return Column(f"{role_words(role)} ({number})", cell)


def _answer(found: Explained) -> Html:
    says = alert(
        "good" if found.may else "warn",
        _("{username} may.", username=found.username)
        if found.may
        else _("{username} may not.", username=found.username),
        found.why,
    )
    roles = ", ".join(map(role_words, found.others)) or _("no role that people have")
    return joined(says, card(tag("p", found.allows), tag("p", _("Held by: {roles}.", roles=roles), css="soft")))
