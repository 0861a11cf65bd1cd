"""Links from object to object: each kind leads to its one address, and only those who may open it see a link."""

from __future__ import annotations

from dashboards.parts.html import Html, markup, tag
from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.pages import Thing, opens, page_of


def link(actor: Actor, thing: Thing, key: object, shown: object = None, *, css: str = "") -> Html:
    """The object as a link, or its words alone where the actor may not open its page; nothing without a key."""
    if not key:
        return Html("")
    said = markup(str(key) if shown is None else shown)
    if not opens(thing, actor.may):
        return said
    return tag("a", said, href=page_of(thing, key), css=css)
