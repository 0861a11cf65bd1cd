"""Devices' accounts: by which user each OLT is signed in to; setting one. A password goes in and never comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.intake import secrets as intake
from isp_lifecycle.views import secrets as views
from isp_lifecycle.views.secrets import DeviceAccountRow


def page(session: PageSession) -> Sequence[Any]:
    """Devices' accounts."""
    return SecretsPage(session).parts()


class SecretsPage:
    """The list, and the form for who may set one."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told, self._shown = Notice(), html_pane()

    def parts(self) -> list[Any]:
        """What is shown."""
        self._draw()
        form = [self._form()] if self._session.actor.may("secret.write") else []
        return [self._told.pane, self._shown, *form]

    def _draw(self) -> None:
        show(self._shown, self._table(self._session.look(views.device_accounts)))

    def _table(self, rows: Sequence[DeviceAccountRow]) -> Html:
        zone = self._session.zone
        columns = [
            Column[DeviceAccountRow](_("Account"), lambda r: tag("b", r.name), "key"),
            Column[DeviceAccountRow](_("User name"), lambda r: r.username or "–"),
            Column[DeviceAccountRow]("OLTs", lambda r: str(r.olts)),
            Column[DeviceAccountRow](_("Kept"), _kept),
            Column[DeviceAccountRow](
                _("Since"),
                lambda r: (
                    joined(
                        words.day(r.changed_at.astimezone(zone).date()),
                        BREAK,
                        tag("small", _("by {changed_by}", changed_by=r.changed_by)),
                    )
                    if r.changed_at
                    else "–"
                ),
            ),
        ]
        nothing = (_("There is no device account yet."), _("Set one below; the plant's file names it."))
        return table(rows, columns, nothing=nothing)

    def _form(self) -> Any:
        name, username = field(_("Account"), placeholder="default"), field(_("User name there"))
        look = {"sizing_mode": "stretch_width", "margin": 0}
        password = pmui.PasswordInput(label=_("Password"), **look)
        enable = pmui.PasswordInput(label=_("Enable password"), **look)

        def keep() -> None:
            given = {"name": name, "username": username, "password": password, "enable_password": enable}
            values = {key: (one.value_input or one.value or "") for key, one in given.items()}
            self._session.act(intake.set_device_account, **values)
            for one in given.values():
                one.value = ""
            self._draw()
            self._told.good(
                _("{values} is kept, sealed.", values=values["name"]),
                _("Devices are signed in to by it from their next session on."),
            )

        press = button(_("Keep it"), keep, notice=self._told, icon="key")
        title = html_pane(tag("h2", _("Set an account")))
        pairs = (
            [name, username, password, enable] if self._session.narrow else [row(name, username), row(password, enable)]
        )
        return column(title, *pairs, row(press))


def _kept(one: DeviceAccountRow) -> Html:
    if one.changed_at:
        return tag("span", _("sealed"))
    return tag("span", _("in the settings") if one.in_settings else _("nowhere yet"), css="soft")
