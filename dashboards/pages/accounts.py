"""The staff's accounts: who there is, in which role; another role, closing, and a new account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.account_tokens import account_tokens
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.names import role_words
from dashboards.parts.notice import Notice
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, p_
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.intake import recovery, second_factor
from isp_lifecycle.views import access as views
from isp_lifecycle.views import own_roles
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
        self._text = field(_("Search"), placeholder=_("Name, user name or role"), size="small")
        self._text.param.watch(lambda _event: self._search(), "value_input")
        self._adding = column(visible=False)
        self._browse = Browse(
            parameter="account",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("No account is picked."), _("Pick one to see it, and to change its role."), "group"),
            narrow=session.narrow,
            picked=session.query.get("account", ""),
            back=_("All accounts"),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        above = [self._told.pane]
        if self._may:
            above.append(
                row(button(_("New account"), self._ask, notice=self._told, kind="outlined", icon="person_add"))
            )
        return self._browse.parts(*above, self._adding, self._text)

    def _search(self) -> None:
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        text = (self._text.value_input or "").strip().lower()
        rows = [
            a
            for a in self._session.look(views.accounts)
            if text in f"{a.name} {a.username} {a.role} {role_words(a.role)}".lower()
        ]
        columns = [
            Column[AccountRow](
                _("Account"),
                lambda a: joined(pick(a.username, a.name, parameter="account"), BREAK, tag("small", a.username)),
                "key",
            ),
            Column[AccountRow](_("Role"), lambda a: role_words(a.role)),
            Column[AccountRow](_("State"), lambda a: chip("active" if a.active else "closed")),
        ]
        nothing = (_("No account is called so."), _("Search for less."))
        return table(rows, columns, nothing=nothing, current=lambda a: a.username == picked)

    def _detail(self, username: str) -> list[Any]:
        a = self._session.look(views.account, username=username)
        about = card(
            tag("div", tag("h2", a.name, dir="auto"), chip("active" if a.active else "closed"), css="row between"),
            facts(
                (_("User name"), a.username),
                (
                    _("Role"),
                    _("{role}, from {role_from}", role=role_words(a.role), role_from=a.role_from)
                    if a.role_from
                    else role_words(a.role),
                ),
                (_("Closed"), _("{role_from} gives it no role any more", role_from=a.role_from) if a.withdrawn else ""),
                (_("E-mail"), a.email),
                (_("Second factor"), _("on") if a.has_factor else p_("second factor", "off")),
                (_("Made"), words.day(a.created_at.astimezone(self._session.zone).date())),
                (_("What it did"), tag("a", _("in the audit trail"), href=f"/trail?text={a.username}")),
            ),
        )
        mine = a.username == self._session.actor.username
        tokens = account_tokens(self._session, username, self._browse.notice, self._browse.again)
        return [html_pane(about), *(self._changes(a) if self._may and not mine else ()), *tokens]

    def _changes(self, a: AccountRow) -> list[Any]:
        """Another role, unless a source gives it, and the account's end; nobody changes their own."""
        notice, username = self._browse.notice, a.username
        role = choice(_("Role"), self._roles(a.role), value=a.role)
        reason = field(_("Reason"), max_length=300)

        def change() -> None:
            act = intake.change_role
            done = self._session.act(act, username=username, role=str(role.value), reason=reason.value_input or "")
            self._browse.again()
            notice.good(
                _("{name} is {role_shown} now.", name=done.name, role_shown=done.role_shown),
                _("Pages that are open follow within seconds."),
            )

        def turn() -> None:
            act = intake.close_account if a.active else intake.reopen_account
            done = self._session.act(act, username=username, reason=reason.value_input or "")
            self._browse.again()
            if done.active:
                notice.good(_("{name} may sign in again.", name=done.name))
            else:
                notice.good(
                    _("The account of {name} is closed.", name=done.name),
                    _("Pages that are open close within seconds."),
                )

        def reset() -> None:
            done = self._session.act(second_factor.reset, username=username, reason=reason.value_input or "")
            self._browse.again()
            notice.good(
                _("{name} signs in by the password alone.", name=done.name),
                _("Have them set up another factor at once."),
            )

        def send() -> None:
            sent = self._session.act(recovery.send_link, username=username)
            notice.good(
                _("{name} gets a link to set the password.", name=sent.name), _("It goes to {email}.", email=sent.email)
            )

        end = button(
            _("Close the account") if a.active else _("Open it again"),
            turn,
            notice=notice,
            kind="outlined",
            color="error" if a.active else "primary",
            icon="lock" if a.active else "lock_open",
        )
        link = button(
            _("Send a link to set the password"), send, notice=notice, kind="outlined", icon="forward_to_inbox"
        )
        factor = [button(_("Reset the second factor"), reset, notice=notice, kind="outlined")] if a.has_factor else []
        if a.role_from in self._session.settings.group_tables:
            return [column(reason, row(end, *factor))]
        other = button(_("Change the role"), change, notice=notice, icon="badge")
        return [column(role, reason, row(other, end, link, *factor))]

    def _roles(self, present: str = "") -> list[str]:
        """The roles that whoever looks can give, and the one that somebody has."""
        given = self._session.look(own_roles.given_by)
        return [*given, *([present] if present and present not in given else [])]

    def _ask(self) -> None:
        """Open the form, or close it."""
        if self._adding.visible:
            self._adding.visible = False
            return
        name, username, email = field(_("Name")), field(_("User name")), field(_("E-mail"))
        role = choice(_("Role"), self._roles(), value="support")

        def add() -> None:
            texts = {"name": name, "username": username, "email": email}
            values = {key: (one.value_input or one.value or "") for key, one in texts.items()}
            made = self._session.act(recovery.invite_staff, role=str(role.value), **values)
            self._adding.visible = False
            self._browse.open(made.username)
            self._browse.refresh()
            self._told.good(
                _("{name} is invited as {role_shown}.", name=made.name, role_shown=made.role_shown),
                _("A link goes to {email}.", email=made.email),
            )

        press = button(_("Invite"), add, notice=self._told, icon="person_add")
        self._adding.objects = [row(name, username), row(email, role), row(press)]
        self._adding.visible = True
