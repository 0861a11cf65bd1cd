"""How every part stands, for whoever runs the system: what works, what will not for long, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import column
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views.health import parts as views
from isp_lifecycle.views.health.model import Finding, Health
from isp_lifecycle.views.health.parts import Group

REFRESH_SECONDS = 5.0
_WORDS = {
    Health.OK: ("good", say("works")),
    Health.WARNING: ("warn", say("look at it")),
    Health.FAILED: ("bad", say("does not work")),
}


def page(session: PageSession) -> Sequence[Any]:
    """Health of all parts."""
    notice, shown = Notice(), html_pane()

    def ask() -> tuple[Group, ...]:
        return session.look(views.health)

    def told(groups: tuple[Group, ...]) -> None:
        show(shown, _told(groups, words.clock(session.now, session.zone)))

    told(ask())
    live = Live(ask=ask, show=told, every=REFRESH_SECONDS, notice=notice)
    return [notice.pane, html_pane(_ways(session)), column(shown), live.start()]


def _ways(session: PageSession) -> Html:
    """Where to go on from here; and what the keyboard reaches, so that it can scroll the page."""
    ways = (("delivery.read", "/engine", _("Queue")), ("delivery.read", "/support", _("Needs attention")))
    trail = ("audit.read", "/trail", _("Audit trail"))
    links = [tag("a", said, href=to) for may, to, said in (*ways, trail) if session.actor.may(may)]
    return tag("p", *(joined(link, " ") for link in links), css="row")


def _told(groups: tuple[Group, ...], at: str) -> Html:
    worst = next((h for h in (Health.FAILED, Health.WARNING) if any(g.health is h for g in groups)), Health.OK)
    said = {
        Health.OK: alert(
            "good",
            _("Everything works."),
            _("Looked at {at}. The command isp doctor also asks OLTs and directories.", at=at),
        ),
        Health.WARNING: alert("warn", _("Everything works, but somebody should look."), _("Looked at {at}.", at=at)),
        Health.FAILED: alert("bad", _("A part does not work."), _("Looked at {at}.", at=at)),
    }[worst]
    order = [Health.FAILED, Health.WARNING, Health.OK]
    return tag("div", said, *(_group(g) for g in sorted(groups, key=lambda g: order.index(g.health))), css="stack-m")


def _group(group: Group) -> Html:
    lines = [_line(one) for one in group.findings] or [tag("p", _("Nothing to tell."), css="soft")]
    head = tag("div", tag("h2", group.title), _chip(group.health), css="row between")
    return card(head, tag("div", *lines, css="stack-m"))


def _line(one: Finding) -> Html:
    remedy = tag("p", tag("b", _("What to do: ")), one.remedy) if one.remedy else ""
    head = tag("div", tag("b", one.name), _chip(one.health), css="row") if one.health is not Health.OK else ""
    return tag("div", head, tag("p", one.what, css="soft" if one.health is Health.OK else ""), remedy)


def _chip(health: Health) -> Html:
    tone, said = _WORDS[health]
    return tag("span", said, css=f"chip {tone}")
