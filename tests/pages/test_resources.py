"""What stands in a page's head is found once for each kind of page, and a style is sent once to each page."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent
from bokeh.model import Model
from bokeh.models import InlineStyleSheet
from bokeh.protocol import Protocol
from panel.io.resources import Bundle, Resources, bundle_resources

from dashboards import resources
from dashboards.parts.html import STYLE, Html, html_pane
from dashboards.parts.inputs import button, field
from dashboards.parts.notice import Notice
from dashboards.route import Route
from tests.pages.conftest import Running

Serve = Callable[..., Running]
PAGES = {
    "/orders": Route("A", "key", lambda _s: [html_pane(Html("<p>Hello</p>")), field("Name")], any_of=("order.read",)),
    "/figures": Route("B", "key", lambda _s: [button("Go", list, notice=Notice())], any_of=("report.read",)),
}


def lists(bundle: Bundle) -> tuple[list[str], ...]:
    return [str(file) for file in bundle.js_files], [str(file) for file in bundle.css_files], bundle.js_modules


def test_head_is_found_once_and_is_what_panel_finds_but_for_what_is_never_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[list[str], ...]] = []
    plain: list[tuple[list[str], ...]] = []

    def find(roots: object, asked: object, **how: object) -> Bundle:
        made = bundle_resources(roots, asked, **how)
        found.append(lists(made))
        return made

    kept = resources.Kept(find)

    def both(roots: list[Model], asked: Resources) -> Bundle:
        plain.append(lists(bundle_resources(roots, asked)))
        return kept(roots, asked)

    monkeypatch.setattr(resources.server, "bundle_resources", both)
    monkeypatch.setattr("dashboards.server.keep_bundles", lambda: None)
    client = serve("staff", PAGES).signed_in("manager")
    texts = [client.get(path).text for path in ("/orders", "/orders", "/figures", "/figures")]
    assert (len(plain), len(found)) == (4, 2)
    for own, panels in ((found[0], plain[0]), (found[0], plain[1]), (found[1], plain[2]), (found[1], plain[3])):
        left_out = [file for file in panels[0] if file not in own[0]]
        assert [file.rpartition("/")[2] for file in left_out] == ["bokeh-gl.min.js"]
        assert ([file for file in panels[0] if file not in left_out], *panels[1:]) == own
    assert all(file in text for file in found[0][0] for text in texts)


def test_a_style_is_sent_once_to_a_page_whatever_is_drawn_on_it_later() -> None:
    resources.share_styles()
    document, told = Document(), list[DocumentPatchedEvent]()
    parts = pn.Column(html_pane(Html("<p>One</p>")), html_pane(Html("<p>Two</p>")))
    document.add_root(parts.get_root(document))
    sheets = [sheet for sheet in document.select({"type": InlineStyleSheet}) if sheet.css == STYLE]
    assert len(sheets) == 1
    assert all(sheets[0] in pane.stylesheets for pane in document.roots[0].children)

    document.models.flush_synced()  # as when the browser has got all of it
    document.on_change(told.append)
    parts.append(html_pane(Html("<p>Three</p>")))
    written = Protocol().create("PATCH-DOC", told).content_json
    assert "Three" in written
    assert STYLE[:60] not in written
    assert sheets[0].id in written


def test_pages_do_not_share_a_style_with_each_other() -> None:
    resources.share_styles()
    part = html_pane(Html("<p>One</p>"))
    documents = [Document(), Document()]
    for document in documents:
        document.add_root(part.get_root(document))
    first, second = ({sheet.id for sheet in document.select({"type": InlineStyleSheet})} for document in documents)
    assert first
    assert not first & second
