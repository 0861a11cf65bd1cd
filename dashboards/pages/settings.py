"""Settings that may change while everything runs: what holds, whom it affects, who changed it; another value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag, typed
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.notice import alert
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, said, say, spoken_number
from isp_lifecycle.intake import settings as intake
from isp_lifecycle.views import settings as views
from isp_lifecycle.views.settings import SettingRow

#: What people call the sections.
SECTIONS = {
    "company": say("Company"),
    "support": say("Support: when tickets are due"),
    "engine": say("Engine: repeats and evidence"),
    "network": say("Network: limits for lines and devices"),
    "netbox": say("NetBox"),
    "web": say("Signing in, sessions and the public form"),
    "links": say("Links in e-mails"),
    "api": say("Machines"),
    "terminal": say("Terminals"),
    "field": say("Engineers on the road"),
}
REFRESH_SECONDS = 60.0


def page(session: PageSession) -> Sequence[Any]:
    """Settings."""
    return SettingsPage(session).parts()


class SettingsPage:
    """The list by sections, and the setting that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._rows = session.look(views.settings)
        self._text = field(_("Search"), placeholder=_("Name or meaning"), size="small")
        self._text.param.watch(lambda _event: self._search(), "value_input")
        self._browse = Browse(
            parameter="setting",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("No setting is picked."), _("Pick one to see what it does, and to change it."), "tune"),
            narrow=session.narrow,
            picked=session.query.get("setting", ""),
            back=_("All settings"),
        )

    def parts(self) -> list[Any]:
        """What is shown; what others change shows by itself."""
        live = Live(
            ask=lambda: self._session.look(views.settings),
            show=self._told,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=self._session.changes,
            topics=("settings",),
        )
        says = tag(
            "p",
            _(
                "What is changed here holds in every part within seconds, without a restart. "
                "What is not listed, such as addresses of servers and secrets, is the operator's: "
                "the command isp settings lists all."
            ),
            css="soft",
        )
        return [*self._browse.parts(html_pane(says), self._text), live.start()]

    def _search(self) -> None:
        self._browse.refresh()

    def _told(self, rows: tuple[SettingRow, ...]) -> None:
        if rows != self._rows:
            self._rows = rows
            self._browse.refresh()

    def _list(self, picked: str) -> Html:
        asked = (self._text.value_input or "").strip().lower()
        found = [r for r in self._rows if asked in _sought(r)]
        if not found:
            return empty(_("No setting fits that."), _("Search by a word of its name or its meaning."), "tune")
        columns = [
            Column[SettingRow](_("Setting"), _name, "key"),
            Column[SettingRow](_("Value"), _value),
            Column[SettingRow](_("Because"), self._because),
        ]
        groups = [(title, [r for r in found if r.about.section == name]) for name, title in SECTIONS.items()]
        return tag(
            "div",
            *(
                joined(
                    tag("h2", title), table(rows, columns, nothing=("", ""), current=lambda r: r.about.name == picked)
                )
                for title, rows in groups
                if rows
            ),
            css="stack-m",
        )

    def _because(self, one: SettingRow) -> Html:
        if one.fixed_by:
            return tag("span", _("set by the operator"), css="chip")
        if one.left_out:
            return tag("span", _("does not hold"), css="chip bad")
        if one.override is None:
            return tag("span", _("default"), css="soft")
        day = words.day(one.override.set_at.astimezone(self._session.zone).date())
        return joined(tag("span", _("changed"), css="chip info"), BREAK, tag("small", f"{one.override.set_by}, {day}"))

    def _detail(self, name: str) -> list[Any]:
        one = self._session.look(views.setting, name=name)
        about, override = one.about, one.override
        shown = card(
            tag("p", one.meaning),
            facts(
                (_("Value"), _value(one)),
                (_("Default"), f"{_worded(about.default)} {said(about.unit)}".strip()),
                (_("Allowed"), about.allowed),
                (_("Affects"), about.affects),
                (_("From when"), about.takes_effect),
                (_("Name"), about.name),
                (_("Operator's name for it"), about.variable),
                (
                    _("Changed by"),
                    override and f"{override.set_by}, {words.moment(override.set_at, self._session.zone)}",
                ),
                (_("Reason"), override and override.reason),
            ),
            heading=about.title,
        )
        return [html_pane(shown), *self._form(one), html_pane(self._history(about.name))]

    def _form(self, one: SettingRow) -> list[Any]:
        if one.fixed_by:
            idle = f": {one.override.value}" if one.override else ""
            says = alert(
                "info",
                _("It is set by the operator in {fixed_by}, and cannot be changed here.", fixed_by=one.fixed_by),
                _(
                    "Once it is taken out of there and the parts were started again, it can. "
                    "A value that is kept here is idle meanwhile{value}.",
                    value=idle,
                ),
            )
            return [html_pane(says)]
        warn = [html_pane(alert("bad", _("What is kept here does not hold."), one.left_out))] if one.left_out else []
        if not self._session.actor.may("setting.write"):
            return warn
        about = one.about
        if about.kind is bool:
            value = choice(_("New value"), {_worded(key): key for key in ("yes", "no")}, value=one.value)
        else:
            value = field(
                _("New value ({unit})", unit=said(about.unit)) if about.unit else _("New value"),
                value=spoken_number(one.value) if about.kind is float else one.value,
                max_length=300,
            )
        reason = field(_("Reason"), placeholder=_("For colleagues, in a few words"), max_length=300)

        def given() -> str:
            return words.decimal(_typed(value)) if about.kind is float else _typed(value)

        def save() -> None:
            done = self._session.act(intake.change_setting, name=about.name, value=given(), reason=_typed(reason))
            self._after(
                _("{name}: {after} from now on.", name=said(about.title), after=_worded(done.after)), about.takes_effect
            )

        def default() -> None:
            self._session.act(intake.reset_setting, name=about.name, reason=_typed(reason))
            self._after(_("{name}: as the default says.", name=said(about.title)), about.takes_effect)

        notice = self._browse.notice
        presses = [button(_("Change it"), save, notice=notice, icon="tune")]
        if one.override is not None:
            presses.append(button(_("Back to the default"), default, notice=notice, kind="outlined", icon="undo"))
        guarded = [html_pane(tag("p", _("It keeps strangers out: your password may be asked for."), css="soft"))]
        return [*warn, column(value, reason, *(guarded if about.guarded else []), row(*presses))]

    def _after(self, what: str, then: str) -> None:
        self._rows = self._session.look(views.settings)
        self._browse.again()
        self._browse.notice.good(what, then)

    def _history(self, name: str) -> Html:
        found = self._session.look(views.changes, name=name)
        if not found:
            return tag("p", _("It was never changed here."), css="soft")
        zone = self._session.zone
        items = (
            tag(
                "li",
                f"{words.moment(one.changed_at, zone)}, {one.changed_by}: ",
                joined(typed(_kept(one.before)), " → ", typed(_kept(one.after)), ". ", typed(one.reason)),
            )
            for one in found
        )
        return card(tag("ul", *items), heading=_("Changes"))


def _name(one: SettingRow) -> Html:
    """What people call it, and below the name by which commands and the trail know it."""
    return joined(pick(one.about.name, said(one.about.title), parameter="setting"), BREAK, tag("small", one.about.name))


def _sought(one: SettingRow) -> str:
    """What a search finds it by."""
    return f"{one.about.name} {said(one.about.title)} {said(one.meaning)}".lower()


def _typed(what: Any) -> str:
    return str(getattr(what, "value_input", None) or what.value or "")


def _worded(value: str | None) -> str:
    """A value as people read it."""
    return {"yes": _("yes"), "no": _("no"), "": _("empty")}.get(value or "", value or "")


def _kept(value: str | None) -> str:
    return _("the default") if value is None else _worded(value)


def _value(one: SettingRow) -> Html:
    return joined(tag("b", _worded(one.value), dir="auto"), f" {said(one.about.unit)}".rstrip())
