"""Safe HTML: text is escaped where it enters, and one pane shows the result with the suite's own style.

A Material UI component costs 5 to 8 ms of server time in each session, an HTML pane 2 ms for any amount of content; so
what is only looked at is written as HTML, and inputs alone are components.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Any

import panel as pn

from isp_lifecycle.foundation.texts import Text, said


class Html(str):
    """Text that is HTML already; everything else is escaped by :func:`markup`."""

    __slots__ = ()


#: The style of all parts; each shadow root needs its own.
STYLE = (files("dashboards") / "assets" / "parts.css").read_text(encoding="utf-8")


#: Attributes that lead to a page or file.
LINKS = frozenset({"href", "src"})

#: A new line within a text.
BREAK = Html("<br>")
#: Where a long word may break.
MAY_BREAK = Html("<wbr>")


def markup(value: object) -> Html:
    """The value as HTML: a text in the language of whoever looks, escaped unless it is HTML. ``None`` is nothing."""
    if isinstance(value, Html):
        return value
    if isinstance(value, str):
        return Html(escape(said(value)))
    return Html("" if value is None else escape(said(value)))


def phrase(msgid: str, /, **parts: object) -> Html:
    """A marked text in the language of whoever looks, with HTML or escaped texts in its places."""
    return Html(markup(Text(msgid, msgid)).format(**{name: markup(part) for name, part in parts.items()}))


def joined(*pieces: object) -> Html:
    """Pieces one after the other."""
    return Html("".join(markup(piece) for piece in pieces))


def tag(name: str, *content: object, css: str = "", **attributes: str) -> Html:
    """An element with escaped content; ``aria_label`` is written as ``aria-label``.

    Links to our own pages are written as seen from a page, all of which stand side by side: so they are right below
    whatever path a proxy puts them.
    """
    attributes = {k: f".{v}" if k in LINKS and v.startswith("/") else v for k, v in attributes.items()}
    written = "".join(f' {k.rstrip("_").replace("_", "-")}="{escape(said(v))}"' for k, v in attributes.items())
    class_ = f' class="{escape(css)}"' if css else ""
    return Html(f"<{name}{class_}{written}>{joined(*content)}</{name}>")


def typed(value: object) -> Html:
    """What somebody typed: in its own direction, whatever is written around it."""
    return tag("span", value, dir="auto")


def dotted(*values: object) -> Html:
    """Values on one line with dots between them, each in its own direction; what is empty is left out."""
    return Html(" · ".join(typed(value) for value in values if value not in (None, "")))


def icon(name: str) -> Html:
    """A symbol of the Material icon font, which is part of the suite; decoration only, never the sole meaning."""
    return Html(f'<i class="icon" aria-hidden="true">{escape(name)}</i>')


def html_pane(content: Html = Html(""), **params: Any) -> pn.pane.HTML:
    """A pane that shows HTML in the suite's style; set ``.object`` to change it."""
    params.setdefault("sizing_mode", "stretch_width")
    params.setdefault("margin", 0)
    return pn.pane.HTML(str(content), stylesheets=[STYLE], **params)


def show(pane: pn.pane.HTML, content: Html) -> None:
    """Change what a pane shows, sending nothing when it is the same as before."""
    if pane.object != content:
        pane.object = str(content)
