"""The demo's mail page: what the system sent, as its receivers would see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, tag
from dashboards.parts.live import Live
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.views import demo as views
from isp_lifecycle.views.demo import MailRow

#: How often the list is asked for while somebody looks.
REFRESH_SECONDS = 4.0


def page(session: PageSession) -> Sequence[Any]:
    """Mail."""
    return MailPage(session).parts()


class MailPage:
    """The list and the mail that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._rows = session.look(views.mails)
        self._browse = Browse(
            parameter="mail",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("No mail is picked."), _("Pick one to read it."), "mail"),
            narrow=session.narrow,
            picked=session.query.get("mail", ""),
            back=_("All mail"),
            wide_detail=True,
        )
        self._live = Live(
            ask=lambda: session.look(views.mails), show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(), self._live.start()]

    def _fresh(self, rows: tuple[MailRow, ...]) -> None:
        """New mail appears above; the one that is open stays as it is."""
        self._rows = rows
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        if not self._rows:
            return empty(_("No mail has been sent yet."), _("Place an application, and the first one appears."), "mail")
        items = (
            tag(
                "a",
                tag(
                    "div",
                    tag("b", m.subject, dir="auto"),
                    tag("small", words.moment(m.received_at, self._session.zone)),
                    css="row between",
                ),
                tag("p", m.to, css="soft"),
                href=f"?mail={m.mail_id}",
                data_pick=m.mail_id,
                css="card",
                **({"aria_current": "true"} if m.mail_id == picked else {}),
            )
            for m in self._rows
        )
        return tag("div", *items, css="list")

    def _detail(self, mail_id: str) -> list[Any]:
        m = self._session.look(views.mail, mail_id=mail_id)
        head = card(
            tag("h2", m.subject, dir="auto"),
            facts((_("To"), m.to), (_("Received"), words.moment(m.received_at, self._session.zone))),
        )
        if not m.html:
            return [html_pane(head), html_pane(tag("pre", m.text, css="transcript wraps", dir="auto"))]
        framed = tag("iframe", srcdoc=m.html, sandbox="", title=m.subject, height="640")
        plain = tag(
            "details", tag("summary", _("As plain text")), tag("pre", m.text, css="transcript wraps", dir="auto")
        )
        return [html_pane(head), html_pane(framed), html_pane(plain)]
