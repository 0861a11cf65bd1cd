"""What an engineer wrote down at a visit: notes, levels, photos, the customer's signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card
from dashboards.parts.html import Html, html_pane, joined, tag
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views import onsite
from isp_lifecycle.views.onsite import KeptRow

NAMES = {
    "note": say("Note"),
    "light": say("Light"),
    "photo": say("Photo"),
    "signature": say("Signature"),
    "activation": say("Activation"),
    "cannot_do": say("Could not be done"),
}


def kept_at(session: PageSession, **which: str) -> list[Any]:
    """A card with what was written down at a visit, or at those of an order, a service or a customer."""
    if not (session.actor.may("visit.read") or session.actor.may("visit.read_all")):
        return []
    shown = kept(session, session.look(onsite.kept, **which))
    return [html_pane(shown)] if shown else []


def kept(session: PageSession, rows: Sequence[KeptRow]) -> Html:
    """The card itself."""
    if not rows:
        return Html("")
    return card(tag("ul", *(_row(session, one) for one in rows), css="kept"), heading=_("Written down on site"))


def _row(session: PageSession, one: KeptRow) -> Html:
    name = NAMES.get(one.kind, one.kind)
    said = joined(tag("b", name), f" {one.text}" if one.text else "")
    made = tag("small", f"{one.by}, {words.moment(one.made_at, session.zone)}, {one.visit_code}")
    text = tag("div", tag("p", said), made)
    if one.file_id is None:
        return tag("li", text)
    where = f"/kept/{one.file_id}"
    picture = Html(f'<img src=".{where}" class="{one.kind}" alt="" loading="lazy">')
    return tag(
        "li",
        tag("a", picture, href=where, target="_blank", rel="noopener", aria_label=f"{name} {one.text}".strip()),
        text,
    )
