"""Roles that are defined here, on the page Roles: which there are, defining one, changing and removing it."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.access.model import STAFF_ROLES
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import own_roles as intake
from isp_lifecycle.views import own_roles as views
from isp_lifecycle.views.own_roles import OwnRoleRow

NEW = say("A new role")


class OwnRoles:
    """The list, and a form that fills itself with the role that is picked in it."""

    def __init__(self, session: PageSession, told: Notice, changed: Any) -> None:
        self._session, self._told, self._changed = session, told, changed
        self._rows = session.look(views.own_roles)
        self._shown = html_pane()
        self._which = choice(_("Role defined here"), self._names(), value=NEW)
        self._name = field(_("Its name"), placeholder=_("night desk"), max_length=40)
        self._base = choice(_("Starts from"), sorted(STAFF_ROLES), value="support")
        self._may = pmui.MultiChoice(
            label=_("May, beside what all staff may"),
            options=list(session.look(views.grantable)),
            searchable=True,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._reason = field(_("Reason"), max_length=300)
        self._which.param.watch(lambda _event: self._fill(), "value")

    def parts(self) -> list[Any]:
        """What is shown: the list for all who read roles, the form for those who change them."""
        self._draw()
        if not self._session.actor.may("user.write"):
            return [self._shown]
        presses = row(
            button(_("Save the role"), self._save, notice=self._told, icon="badge"),
            button(_("Remove it"), self._remove, notice=self._told, kind="outlined", color="error", icon="delete"),
        )
        form = column(self._which, row(self._name, self._base), self._may, self._reason, presses, visible=False)

        def turn() -> None:
            form.visible = not form.visible

        ask = button(_("Define or change a role"), turn, notice=self._told, kind="outlined", icon="add_moderator")
        return [self._shown, row(ask), form]

    def _names(self) -> list[str]:
        return [NEW, *(one.name for one in self._rows)]

    def _fill(self) -> None:
        found = next((one for one in self._rows if one.name == self._which.value), None)
        self._name.disabled = found is not None
        self._name.value = found.name if found else ""
        self._base.value = found.base if found else "support"
        self._may.value = [p for p in found.permissions if p in self._may.options] if found else []

    def _save(self) -> None:
        picked, base, may = str(self._which.value), str(self._base.value), frozenset(self._may.value)
        name, reason = self._name.value_input or self._name.value or "", self._reason.value_input or ""
        act = self._session.act
        if picked == NEW:
            done = act(intake.define_role, name=name, base=base, permissions=may, reason=reason)
            says = _("Give it to somebody on the page Accounts.")
        else:
            done = act(intake.change_own_role, name=picked, base=base, permissions=may, reason=reason)
            says = _("Pages that are open follow within seconds.")
        self._again(done.name)
        self._told.good(_("The role {name} is kept.", name=done.name), says)

    def _remove(self) -> None:
        picked = str(self._which.value)
        self._session.act(intake.remove_role, name=picked, reason=self._reason.value_input or "")
        self._again(NEW)
        self._told.good(_("There is no role {picked} any more.", picked=picked))

    def _again(self, picked: str) -> None:
        self._rows = self._session.look(views.own_roles)
        self._which.options = self._names()
        self._which.value = picked
        self._reason.value = ""
        self._draw()
        self._changed()

    def _draw(self) -> None:
        if not self._rows:
            show(self._shown, tag("p", _("No role was defined here; those below came with the suite."), css="soft"))
            return
        columns = [
            Column[OwnRoleRow](_("Role defined here"), lambda r: tag("b", r.name), "key"),
            Column[OwnRoleRow](_("Starts from"), lambda r: r.base),
            Column[OwnRoleRow](_("Accounts"), lambda r: str(r.accounts)),
            Column[OwnRoleRow](_("May"), lambda r: _list(r.permissions)),
        ]
        show(self._shown, table(self._rows, columns, nothing=("", "")))


def _list(permissions: tuple[str, ...]) -> Html:
    return joined(tag("small", ", ".join(permissions) or _("what all staff may")))
