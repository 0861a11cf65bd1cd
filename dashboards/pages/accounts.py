"""The staff's accounts: who there is, in which role; another role, closing, and a new account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.access.model import STAFF_ROLES
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.views import access as views
from isp_lifecycle.views.access import AccountRow


def page(session: PageSession) -> Sequence[Any]:
    """Accounts."""
    return AccountsPage(session).parts()


class AccountsPage:
    """The list and the account that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told = Notice()
        self._may = session.actor.may("user.write")
        self._text = field("Search", placeholder="Name, user name or role", size="small")
        self._text.param.watch(lambda _event: self._search(), "value_input")
        self._adding = column(visible=False)
        self._browse = Browse(
            parameter="account",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No account is picked.", "Pick one to see it, and to change its role.", "group"),
            narrow=session.narrow,
            picked=session.query.get("account", ""),
            back="All accounts",
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        above = [self._told.pane]
        if self._may:
            above.append(row(button("New account", self._ask, notice=self._told, kind="outlined", icon="person_add")))
        return self._browse.parts(*above, self._adding, self._text)

    def _search(self) -> None:
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        text = (self._text.value_input or "").strip().lower()
        rows = [a for a in self._session.look(views.accounts) if text in f"{a.name} {a.username} {a.role}".lower()]
        columns = [
            Column[AccountRow](
                "Account",
                lambda a: joined(pick(a.username, a.name, parameter="account"), BREAK, tag("small", a.username)),
                "key",
            ),
            Column[AccountRow]("Role", lambda a: a.role),
            Column[AccountRow]("State", lambda a: chip("active" if a.active else "closed")),
        ]
        nothing = ("No account is called so.", "Search for less.")
        return table(rows, columns, nothing=nothing, current=lambda a: a.username == picked)

    def _detail(self, username: str) -> list[Any]:
        a = self._session.look(views.account, username=username)
        about = card(
            tag("div", tag("h2", a.name), chip("active" if a.active else "closed"), css="row between"),
            facts(
                ("User name", a.username),
                ("Role", a.role),
                ("E-mail", a.email),
                ("Made", words.day(a.created_at.astimezone(self._session.zone).date())),
                ("What it did", tag("a", "in the audit trail", href=f"/trail?text={a.username}")),
            ),
        )
        mine = a.username == self._session.actor.username
        return [html_pane(about), *(self._changes(a) if self._may and not mine else ())]

    def _changes(self, a: AccountRow) -> list[Any]:
        """Another role, and the account's end; nobody changes their own."""
        notice, username = self._browse.notice, a.username
        role = choice("Role", sorted(STAFF_ROLES), value=a.role)
        reason = field("Reason", max_length=300)

        def change() -> None:
            act = intake.change_role
            done = self._session.act(act, username=username, role=str(role.value), reason=reason.value_input or "")
            self._browse.again()
            notice.good(f"{done.name} is {done.role} now.", "Pages that are open follow within seconds.")

        def turn() -> None:
            act = intake.close_account if a.active else intake.reopen_account
            done = self._session.act(act, username=username, reason=reason.value_input or "")
            self._browse.again()
            if done.active:
                notice.good(f"{done.name} may sign in again.")
            else:
                notice.good(f"The account of {done.name} is closed.", "Pages that are open close within seconds.")

        presses = row(
            button("Change the role", change, notice=notice, icon="badge"),
            button(
                "Close the account" if a.active else "Open it again",
                turn,
                notice=notice,
                kind="outlined",
                color="error" if a.active else "primary",
                icon="lock" if a.active else "lock_open",
            ),
        )
        return [column(role, reason, presses)]

    def _ask(self) -> None:
        """Open the form, or close it."""
        if self._adding.visible:
            self._adding.visible = False
            return
        name, username, email = field("Name"), field("User name"), field("E-mail")
        role = choice("Role", sorted(STAFF_ROLES), value="support")
        password = pmui.PasswordInput(label="First password", sizing_mode="stretch_width", margin=0)

        def add() -> None:
            texts = {"name": name, "username": username, "email": email, "password": password}
            values = {key: (one.value_input or one.value or "") for key, one in texts.items()}
            made = self._session.act(intake.create_staff_account, role=str(role.value), **values)
            self._adding.visible = False
            self._browse.open(made.username)
            self._browse.refresh()
            self._told.good(f"{made.name} may sign in as {made.role}.", "Hand over the password in person.")

        press = button("Make the account", add, notice=self._told, icon="person_add")
        self._adding.objects = [row(name, username), row(email, role), row(password), row(press)]
        self._adding.visible = True
