"""The strip above every page of the staff while the engine as a whole is paused: whatever is asked for stands then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts.html import Html, html_pane, show
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert
from dashboards.parts.words import moment
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.views.engine import state as views
from isp_lifecycle.views.engine.state import HoldRow

#: How often it is asked for while somebody looks; it is one small question.
REFRESH_SECONDS = 10.0


def pause_banner(session: PageSession) -> Sequence[Any]:
    """The strip, which follows the engine; nothing for whoever is not of the staff."""
    if not any(session.actor.may(permission) for permission in views.paused.permissions):
        return ()
    strip = html_pane()
    notice = Notice()

    def said(hold: HoldRow | None) -> None:
        show(strip, _words(session, hold) if hold else Html(""))
        strip.visible = hold is not None

    def ask() -> HoldRow | None:
        return session.look(views.paused)

    said(ask())
    return (
        strip,
        notice.pane,
        Live(
            ask=ask, show=said, every=REFRESH_SECONDS, notice=notice, changes=session.changes, topics=("holds",)
        ).start(),
    )


def _words(session: PageSession, hold: HoldRow) -> Html:
    until = _(" until {time}", time=moment(hold.until, session.zone)) if hold.until else ""
    then = _("What you ask for is kept, and goes on when the engine is resumed.")
    return alert(
        "warn", _("The engine is paused{until} by {by}: {reason}", until=until, by=hold.by, reason=hold.reason), then
    )
