"""Directories and providers by which staff sign in: their tables, whether they answer, and whom they would let in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert
from dashboards.parts.table import Column, table
from dashboards.route import PageSession, Routes
from isp_lifecycle.access.ports import Answer
from isp_lifecycle.foundation.texts import _, n_, said, say
from isp_lifecycle.views import sources as views
from isp_lifecycle.views.sources import Line, SourceRow, TriedOut

NONE = (
    say("Everybody signs in by an account that was made here."),
    say(
        "ISP_DIRECTORIES in the settings connects Active Directory or another directory, ISP_OIDC Google, "
        "Microsoft Entra or another provider; `isp settings` says how."
    ),
)


def page(session: PageSession, routes: Routes) -> Sequence[Any]:
    """Sources of accounts; ``routes`` are the pages among which somebody would find theirs."""
    return SourcesPage(session, routes).parts()


class SourcesPage:
    """Each source, and a question about one person."""

    def __init__(self, session: PageSession, routes: Routes) -> None:
        self._session = session
        self._routes = routes
        self._told, self._answer = Notice(), html_pane()

    def parts(self) -> list[Any]:
        """What is shown."""
        found = self._session.look(views.sources)
        if not found:
            return [html_pane(empty(*NONE, "key"))]
        directories = {one.title: one.name for one in found if one.kind == "directory"}
        asked = [self._asked(directories)] if directories else []
        return [self._told.pane, *asked, *(self._source(one) for one in found)]

    # One person --------------------------------------------------------------------------------------------------

    def _asked(self, directories: dict[str, str]) -> Any:
        """What would an account see? Nobody's password is needed for it."""
        where = choice(_("Source"), directories)
        who = field(_("Who"), placeholder=_("The name that they sign in with"))

        def ask() -> None:
            show(self._answer, Html(""))
            found = self._session.look(views.try_out, source=where.value, username=who.value_input or who.value or "")
            show(self._answer, self._tried(found))

        press = button(_("What would they see?"), ask, notice=self._told, kind="outlined", icon="person_search")
        return column(row(where, who, press), self._answer)

    def _tried(self, found: TriedOut) -> Html:
        says = alert("good", *_admitted(found)) if found.let_in else alert("warn", *_refused(found))
        pages = [said(route.title) for route in self._routes.values() if route.in_menu and _opens(route.any_of, found)]
        about = facts(
            (_("Name"), f"{found.name} ({found.username})"),
            (_("E-mail"), found.email or _("none that is vouched for")),
            (_("Groups"), ", ".join(found.groups) or _("none")),
            (_("Account here"), _account(found)),
            (_("Pages"), ", ".join(pages) if found.let_in else ""),
        )
        return joined(says, card(about))

    # One source --------------------------------------------------------------------------------------------------

    def _source(self, one: SourceRow) -> Any:
        zone = self._session.zone
        looked = words.moment(one.looked_at, zone) if one.looked_at else _("nobody may be signed in by it now")
        if not one.looks_again:
            hours = n_("{count} hour", "{count} hours", self._session.settings.web.absolute_hours)
            looked = _(
                "never: whom it lets in no more is noticed when they sign in, which they do after {hours}", hours=hours
            )
        about = facts(
            (_("Name in the settings"), one.name),
            (_("Kind"), one.kind),
            (
                _("People"),
                _(
                    "{people} signed in by it so far, of whom it still lets in {let_in}",
                    people=one.people,
                    let_in=one.let_in,
                ),
            ),
            (_("Looked again"), looked),
        )
        head = [html_pane(card(tag("h2", one.title), about)), html_pane(_lines(one))]
        answers = html_pane()

        def ask() -> None:
            found = self._session.look(views.answers, source=one.name)
            at = words.clock(self._session.now, zone)
            show(answers, joined(_answers(found), tag("p", _("Asked at {at}.", at=at), css="soft")))

        press = button(_("Ask {title} now", title=one.title), ask, notice=self._told, kind="outlined", icon="sync")
        return column(*head, row(press), answers)


def _lines(one: SourceRow) -> Html:
    columns = [
        Column[Line](_("Group"), lambda r: r.group, "key"),
        Column[Line](
            _("Role"),
            lambda r: r.role if r.known else tag("span", _("{role}: there is no such role", role=r.role), css="bad"),
        ),
    ]
    nothing = (_("No group of it has a role, so that it lets nobody in."), _("Fill its GROUPS in the settings."))
    return table(one.lines, columns, nothing=nothing)


def _answers(found: Sequence[Answer]) -> Html:
    columns = [
        Column[Answer](_("Server"), lambda a: a.server, "key"),
        Column[Answer](_("Answers"), lambda a: "no" if a.error else _("in {seconds:.0f} ms", seconds=a.seconds * 1000)),
        Column[Answer](_("What"), lambda a: a.error or lines(a.notes)),
    ]
    return table(found, columns, nothing=(_("It has no servers."), ""))


def _admitted(found: TriedOut) -> tuple[str, str]:
    by = (
        _("“{line}” is the first line of the table that fits", line=found.line)
        if found.line
        else _("Another source gives the role")
    )
    number = n_("{count} permission", "{count} permissions", len(found.permissions))
    return (
        _("{name} would be let in as {role}, with {number}.", name=found.name, role=found.role, number=number),
        _("{by}; the role comes from {role_from}.", by=by, role_from=found.role_from),
    )


def _refused(found: TriedOut) -> tuple[str, str]:
    if found.bar:
        return _("{name} would not be let in.", name=found.name), _("They would read: “{bar}”", bar=found.bar)
    if found.closed:
        return _("{name} would not be let in.", name=found.name), _("An administrator closed their account here.")
    return _("{name} would not be let in.", name=found.name), _("None of their groups stands in the table.")


def _account(found: TriedOut) -> str:
    if not found.account:
        return _("a new one would be made") if found.role else "none"
    return found.account if found.known else _("{account}, which has the same e-mail address", account=found.account)


def _opens(any_of: tuple[str, ...], found: TriedOut) -> bool:
    return any(permission in found.permissions for permission in any_of)
