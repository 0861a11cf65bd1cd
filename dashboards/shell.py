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
from dashboards.parts.html import Html, html_pane, icon
from dashboards.parts.working import working_bar
from dashboards.route import PageSession, Routes
from dashboards.theme import THEME

MENU_WIDTH = 232
_BODY_STYLE = (
    ":host { padding: 22px 26px 60px; gap: 16px; box-sizing: border-box; max-height: none !important; } "
    "@media (max-width: 600px) { :host { padding: 14px 14px 60px; gap: 12px; } }"
)


class Shell:
    """What the pages of one server have in common."""

    def __init__(self, *, routes: Routes, brand: str, nonce_mark: str, demo: bool, bells: Bells) -> None:
        self._routes = {path: r for path, r in routes.items() if demo or not r.demo_only}
        self._brand = brand
        self._bells = bells
        source = (files("dashboards") / "templates" / "page.html").read_text(encoding="utf-8")
        self._template = parse_template(source)
        self._nonce_mark = nonce_mark

    def page(self, session: PageSession, *, title: str, main: Sequence[Any], width: int = 1180) -> pmui.Page:
        """Put a page's content into the frame."""
        menu = self._menu(session)
        result = pmui.Page(
            title=self._brand,
            meta_title=f"{title} · {self._brand}",
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
            site_url="/",
        )
        self._describe(session)
        return _release(result)

    def _describe(self, session: PageSession) -> None:
        """Tell the page's template who looks at it and in which light."""
        if pn.state.curdoc is not None:
            signed_in = "true" if session.sign_out_seal else "false"
            theme = "dark" if session.dark else "light"
            variables = pn.state.curdoc.template_variables
            variables["html_attrs"] = f'data-signed-in="{signed_in}" data-isp-theme="{theme}"'
            variables["nonce_mark"] = self._nonce_mark

    def _menu(self, session: PageSession) -> pn.pane.HTML | None:
        open_pages = [(p, r) for p, r in self._routes.items() if r.in_menu and r.open_to(session.actor)]
        if len(open_pages) < 2:
            return None
        items = "".join(
            f'<a href="{escape(path)}"{_current(path == session.path)}>'
            f"{icon(route.icon)}<span>{escape(route.title)}</span></a>"
            for path, route in open_pages
        )
        return html_pane(Html(f'<nav class="menu" aria-label="Pages">{items}</nav>'))

    def _header(self, session: PageSession) -> list[Any]:
        """Who is signed in at the right end, before it the bell of those who are told things."""
        bell = [self._bells.bell(session)] if session.actor.may("notice.read") else []
        return [pn.Spacer(sizing_mode="stretch_width", margin=0), *bell, self._account(session)]

    def _account(self, session: PageSession) -> pn.pane.HTML:
        if not session.sign_out_seal:
            return html_pane(
                Html('<div class="account"><a class="signin" href="/sign-in">Sign in</a></div>'), sizing_mode=None
            )
        who = (
            f'<a class="who" href="/account" title="Your account"><b>{escape(session.actor.name)}</b>'
            f"<small>{escape(session.actor.role)}</small></a>"
        )
        form = (
            '<form method="post" action="/sign-out">'
            f'<input type="hidden" name="seal" value="{escape(session.sign_out_seal)}">'
            f'<button type="submit" title="Sign out" aria-label="Sign out">{icon("logout")}</button></form>'
        )
        return html_pane(Html(f'<div class="account">{who}{form}</div>'), sizing_mode=None)


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _body(title: str, main: Sequence[Any], width: int, *, alone: bool) -> pn.Column:
    styles = [_BODY_STYLE, ":host { align-self: center; width: 100%; }"] if alone else [_BODY_STYLE]
    heading = html_pane(Html(f"<h1>{escape(title)}</h1>"))
    return pn.Column(heading, *main, sizing_mode="stretch_width", max_width=width, margin=0, stylesheets=styles)


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
