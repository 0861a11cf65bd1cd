"""Texts of messages: what customers are written, the provider's own words for it, and how they will look."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import panel_material_ui as pmui

from dashboards.pages.templates_shown import failed, history, made, placeholders, wrong
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row, sides
from dashboards.parts.notice import Notice
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES, _
from isp_lifecycle.intake import templates as intake
from isp_lifecycle.views import templates as views
from isp_lifecycle.views.templates import KindRow, TemplateDetail


def page(session: PageSession) -> Sequence[Any]:
    """Messages."""
    return TemplatesPage(session).parts()


class TemplatesPage:
    """The kinds of messages, and the one that is picked, in one language."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        asked = session.query.get("language", ENGLISH)
        self._language = asked if asked in LANGUAGES else ENGLISH
        self._browse = Browse(
            parameter="kind",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("No message is picked."), _("Pick one to see and change its text."), "drafts"),
            narrow=session.narrow,
            picked=session.query.get("kind", ""),
            back=_("All messages"),
            wide_detail=True,
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return self._browse.parts()

    def _list(self, picked: str) -> Html:
        rows = self._session.look(views.kinds)
        groups = groupby(rows, key=lambda one: one.group)
        return joined(
            *(
                tag(
                    "div",
                    tag("h3", group),
                    *(self._item(one, picked) for one in among),
                    css="list",
                    style="gap: 6px; margin-bottom: 18px",
                )
                for group, among in groups
            )
        )

    def _item(self, one: KindRow, picked: str) -> Html:
        own = [chip("failed" if code in one.failed else "", f"{code} {n}") for code, n in sorted(one.own.items())]
        return tag(
            "a",
            tag("div", tag("b", one.title), tag("span", *own), css="row between"),
            href=f"?kind={one.name}",
            data_pick=one.name,
            css="card",
            style="padding: 9px 14px",
            **({"aria_current": "true"} if one.name == picked else {}),
        )

    def _detail(self, name: str) -> list[Any]:
        one = self._session.look(views.template, kind=name, language=self._language)
        return Editor(
            self._session, one, notice=self._browse.notice, again=self._browse.again, speak=self._speak
        ).parts()

    def _speak(self, language: str) -> None:
        """Look at the message in another language."""
        self._language = language
        self._browse.open(self._browse.picked)


class Editor:
    """One message in one language: its text, what can stand in it, how it looks, and the versions before."""

    def __init__(self, session: PageSession, one: TemplateDetail, *, notice: Notice, again: Any, speak: Any) -> None:
        self._session = session
        self._one = one
        self._notice = notice
        self._again = again
        self._may = session.actor.may("template.write")
        self._language = choice(
            _("Language"), {name: code for code, name in LANGUAGES.items()}, value=one.language, size="small"
        )
        self._language.param.watch(lambda event: speak(event.new), "value")
        self._subject = field(
            _("Subject"), value=one.words.subject, max_length=200, disabled=not self._may, visible=one.has_subject
        )
        self._body = pmui.TextAreaInput(
            label=_("Text"),
            value=one.words.body,
            max_length=10_000,
            rows=9,
            auto_grow=True,
            max_rows=30,
            disabled=not self._may,
            sizing_mode="stretch_width",
            margin=0,
        )
        for part in (self._subject, self._body):
            part.param.watch(lambda _event: self._look(), ["value_input", "value"])
        self._preview = html_pane()
        self._versions = Picking(on_pick=self._take)

    def parts(self) -> list[Any]:
        """What is shown."""
        one = self._one
        head = html_pane(
            joined(
                tag("h2", one.title),
                tag("p", one.when, css="soft"),
                tag("p", _("To: {whom}", whom=one.to), css="soft"),
                failed(one),
            )
        )
        self._look()
        self._versions.show(history(self._session, one))
        written = column(
            self._language,
            self._subject,
            self._body,
            *(self._presses() if self._may else []),
        )
        return [head, sides(written, self._preview), html_pane(placeholders(one)), self._versions]

    def _presses(self) -> list[Any]:
        keep = button(_("Keep this text"), self._keep, notice=self._notice, icon="save")
        trial = button(_("Send it to me"), self._send, notice=self._notice, kind="outlined", icon="outgoing_mail")
        back = button(
            _("Back to the shipped text"),
            self._back,
            notice=self._notice,
            kind="outlined",
            icon="settings_backup_restore",
        )
        return [row(keep, trial, *([back] if self._one.own else []))]

    def _written(self) -> tuple[str, str]:
        return _typed(self._subject), _typed(self._body)

    def _look(self) -> None:
        """Show how it looks as it stands there now, or what is wrong with it."""
        subject, body = self._written()
        found = self._session.look(
            views.preview, kind=self._one.name, language=self._one.language, subject=subject, body=body
        )
        show(self._preview, wrong(found.problems) if found.problems else made(found))

    def _keep(self) -> None:
        subject, body = self._written()
        one = self._one
        kept = self._session.act(
            intake.keep_words,
            kind=one.name,
            language=one.language,
            subject=subject,
            written=body,
            based_on=one.number,
        )
        self._again()
        self._notice.good(
            _("Version {number} is kept.", number=kept.number),
            _("Messages are written by it from now on; what was sent keeps its text."),
        )

    def _back(self) -> None:
        one = self._one
        self._session.act(intake.back_to_shipped, kind=one.name, language=one.language, based_on=one.number)
        self._again()
        self._notice.good(_("The shipped text counts again."), _("Your versions stay in the history below."))

    def _send(self) -> None:
        subject, body = self._written()
        one = self._one
        to = self._session.act(intake.send_to_me, kind=one.name, language=one.language, subject=subject, written=body)
        self._notice.good(_("It is on its way to {address}.", address=to))

    def _take(self, command: str) -> None:
        """Put an earlier version, or the shipped text, into the fields; it is kept only when somebody says so."""
        number = int(command.rpartition(":")[2])
        found = next((one.words for one in self._one.history if one.number == number), None) or self._one.shipped
        self._subject.value, self._body.value = found.subject, found.body
        self._subject.value_input, self._body.value_input = found.subject, found.body
        self._look()


def _typed(part: Any) -> str:
    """What stands in a field now, whether it was left or not."""
    return str(part.value if part.value_input is None else part.value_input) or ""
