"""The frame around every page: title, the role's menu, who is signed in, signing out, light and dark, and release.

One function, :func:`page`, never subclassed. It also mends a leak: ``panel_material_ui.Page`` (0.16) watches a global
parameter and is never let go, 1.7 MB for each session that ever was; :func:`_release` ends that watch at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.io.resources import parse_template
from panel.io.state import state

from dashboards.parts.bell import Bells
from dashboards.parts.html import Html, html_pane, icon, tag
from dashboards.parts.names import role_words
from dashboards.parts.palette import Palette
from dashboards.parts.working import working_bar
from dashboards.route import GROUPS, PageSession, Route, Routes
from dashboards.theme import THEME
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import LANGUAGES, _, said

MENU_WIDTH = 232
#: A menu of so many pages is taken in at a glance; a longer one stands under headings.
FLAT = 12
_BODY_STYLE = (
    ":host { padding: 22px 26px 60px; gap: 16px; box-sizing: border-box; max-height: none !important; } "
    "@media (max-width: 600px) { :host { padding: 14px 14px 60px; gap: 12px; } }"
)


class Shell:
    """What the pages of one server have in common."""

    def __init__(self, *, routes: Routes, settings: Settings, nonce_mark: str, demo: bool, bells: Bells) -> None:
        self._routes = {path: r for path, r in routes.items() if demo or not r.demo_only}
        self._settings = settings
        self._bells = bells
        source = (files("dashboards") / "templates" / "page.html").read_text(encoding="utf-8")
        self._template = parse_template(source)
        self._nonce_mark = nonce_mark

    def page(self, session: PageSession, *, title: str, main: Sequence[Any], width: int = 1180) -> pmui.Page:
        """Put a page's content into the frame."""
        menu, brand = self._menu(session), self._settings.company.name
        meta_title = f"{said(title)} · {brand}"
        result = pmui.Page(
            title=brand,
            meta_title=meta_title,
            template=self._template,
            theme_config=THEME,
            dark_theme=session.dark,
            busy_indicator=None,
            sidebar=[menu] if menu is not None else [],
            sidebar_width=MENU_WIDTH,
            sidebar_resizable=False,
            sidebar_open=menu is not None and not session.narrow,
            # Without a menu a persistent sidebar would still push the content off the left edge by its width.
            sidebar_variant="auto" if menu is not None else "temporary",
            header=[working_bar(), *self._header(session)],
            main=[_body(title, main, width, alone=menu is None)],
            site_url="./",
        )
        self._describe(session)
        return _release(_called(result, meta_title))

    def _describe(self, session: PageSession) -> None:
        """Tell the page's template who looks at it and in which light."""
        if pn.state.curdoc is not None:
            signed_in = "true" if session.sign_out_seal else "false"
            theme = "dark" if session.dark else "light"
            variables = pn.state.curdoc.template_variables
            lost = escape(_("The connection is lost. Trying again…"))
            unsent = escape(_("{count} written down in the field page are not sent. Sign out and delete them?"))
            who = escape(session.actor.username) if session.sign_out_seal else ""
            told = f'data-signed-in="{signed_in}" data-isp-theme="{theme}" data-who="{who}"'
            variables["html_attrs"] = f'{told} data-lost-words="{lost}" data-unsent="{unsent}"'
            variables["nonce_mark"] = self._nonce_mark
            variables["loading"] = _("Loading…")
            variables["unsent"] = _unsent()

    def _menu(self, session: PageSession) -> pn.pane.HTML | None:
        open_pages = [(p, r) for p, r in self._routes.items() if r.in_menu and r.open_to(session.actor)]
        if len(open_pages) < 2:
            return None
        groups: dict[str, list[tuple[str, Route]]] = {}
        for path, route in open_pages:
            groups.setdefault(route.group if len(open_pages) > FLAT else "", []).append((path, route))
        items = "".join(
            _group(name, groups[name], session) if name else _links(groups[name], session.path)
            for name in (*GROUPS, "")
            if name in groups
        )
        return html_pane(Html(f'<nav class="menu" aria-label="{escape(_("Pages"))}">{items}</nav>'))

    def _header(self, session: PageSession) -> list[Any]:
        """Who is signed in at the right end, before it search and bell of those who are the staff."""
        staff = session.actor.may("notice.read")
        found = [Palette(session, self._pages(session)).pane, self._bells.bell(session)] if staff else []
        return [pn.Spacer(sizing_mode="stretch_width", margin=0), *found, self._account(session)]

    def _pages(self, session: PageSession) -> list[tuple[str, str, str]]:
        """Title, address and symbol of the pages that this one may open, for the search."""
        open_to = [(p, r) for p, r in self._routes.items() if r.in_menu and r.open_to(session.actor)]
        return [(said(route.title), f".{path}", route.icon) for path, route in open_to]

    def _account(self, session: PageSession) -> pn.pane.HTML:
        if not session.sign_out_seal:
            sign_in = tag("a", _("Sign in"), css="signin", href="/sign-in")
            return html_pane(tag("div", *_languages(session), sign_in, css="account"), sizing_mode=None)
        name = tag("b", session.actor.name, dir="auto")
        who = (
            f'<a class="who" href="./account" title="{escape(_("Your account"))}">{icon("account_circle")}{name}'
            f"<small>{escape(role_words(session.actor.role_shown))}</small></a>"
        )
        out = escape(_("Sign out"))
        form = (
            '<form method="post" action="./sign-out">'
            f'<input type="hidden" name="seal" value="{escape(session.sign_out_seal)}">'
            f'<button type="submit" title="{out}" aria-label="{out}">{icon("logout")}</button></form>'
        )
        return html_pane(Html(f'<div class="account">{who}{form}</div>'), sizing_mode=None)


def _unsent() -> dict[str, str]:
    """The words of the bar that offers what was typed and not sent."""
    return {
        "kept": _("What you typed here was not sent, and was kept:"),
        "waits": _("Open the form again: it is put in there."),
        "put": _("Put it back"),
        "drop": _("Discard it"),
    }


def _group(name: str, pages: Sequence[tuple[str, Route]], session: PageSession) -> str:
    """Pages under a heading, which is open where one of them is looked at, and where it was left open."""
    here = session.path
    is_open = " open" if name in session.menu or any(path == here for path, _route in pages) else ""
    heading = f'<details data-group="{escape(name)}"{is_open}><summary>{escape(said(name))}</summary>'
    return f"{heading}{_links(pages, here)}</details>"


def _links(pages: Sequence[tuple[str, Route]], here: str) -> str:
    return "".join(
        f'<a href=".{escape(path)}"{_current(path == here)}>'
        f"{icon(route.icon)}<span>{escape(said(route.menu or route.title))}</span></a>"
        for path, route in pages
    )


def _languages(session: PageSession) -> list[Html]:
    """The other languages, for a visitor who has no account to keep the choice."""
    return [
        tag("a", name, css="signin", href=f"/sign-in/language?to={code}&next={session.path}", lang=code)
        for code, name in LANGUAGES.items()
        if code != session.language
    ]


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _body(title: str, main: Sequence[Any], width: int, *, alone: bool) -> pn.Column:
    styles = [_BODY_STYLE, ":host { align-self: center; width: 100%; }"] if alone else [_BODY_STYLE]
    heading = html_pane(tag("h1", title))
    return pn.Column(heading, *main, sizing_mode="stretch_width", max_width=width, margin=0, stylesheets=styles)


def _called(page: pmui.Page, title: str) -> pmui.Page:
    """Have the browser call the page so, in its reader's language; Panel knows one title of a path for everybody."""
    serve = page.server_doc
    page.server_doc = lambda doc, _title, location: serve(doc, title, location)
    return page


def _release(page: pmui.Page) -> pmui.Page:
    """Cut the page off from the state that all sessions share, and let go of the session's views when it ends.

    The page would follow whether *any* session is busy: it would be written to from another session's thread, which
    bokeh answers with an error in the middle of somebody's press, and the watch would keep it alive for ever.
    """
    for watchers in list(state._param__private.watchers.get("busy", {}).values()):
        for watcher in list(watchers):
            if _belongs_to(watcher.fn, page):
                state.param.unwatch(watcher)
    document = pn.state.curdoc
    if document is None:
        return page

    def ended(_context: Any) -> None:
        for reference, view in list(state._views.items()):
            if view[2] is document:
                del state._views[reference]
        state._notifications.pop(document, None)

    pn.state.on_session_destroyed(ended)
    return page


def _belongs_to(function: Any, page: pmui.Page) -> bool:
    owner = getattr(function, "__self__", None)
    return owner is page or getattr(owner, "self", None) is page
