"""Scripts and styles of pages: what stands in a page's head is found once, and a style is sent once to each page.

Panel (1.10) walks all classes of components and asks the file system about each, for every page that is asked for:
half of what a start page costs a server. It comes out the same whenever the page has the same kinds of parts. And it
sends the suite's style anew with each part of a page, at first and whenever one is drawn anew: most of its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import InlineStyleSheet
from panel.io import server
from panel.io.resources import Bundle
from panel.io.state import state
from panel.reactive import Reactive

#: Kinds of pages times paths they are served below; what comes beyond that is found anew.
MOST_KEPT = 500
#: Parts of bokeh that no page of ours has; the browser would read 300 kB for nothing.
UNUSED = frozenset({"bokeh-gl"})
#: Styles of so many characters are sent once to a page; naming a shorter one would take as much.
LONG = 200

_resolve = Reactive._resolve_stylesheets


def keep_bundles() -> None:
    """Have this process find each page's scripts and styles once. Calling it again changes nothing."""
    if not isinstance(server.bundle_resources, Kept):
        server.bundle_resources = Kept(server.bundle_resources)


class Kept:
    """Remembers bundles by the kinds of a page's parts, and by all else that they depend on.

    Formulas are never drawn: MathJax, which two dollar signs in a customer's note would call for, is not part of it.
    """

    def __init__(self, find: Callable[..., Bundle]) -> None:
        self._find = find
        self._kept: dict[tuple[object, ...], Bundle] = {}

    def __call__(self, roots: Iterable[Model], resources: Any) -> Bundle:
        """What ``panel.io.resources.bundle_resources`` gives for these roots."""
        roots = list(roots)
        kinds = frozenset(type(model) for root in roots for model in root.references())
        known = len(Model.model_class_reverse_map)
        key = (kinds, known, state.rel_path, resources.mode, resources.root_url, resources.absolute, resources.minified)
        found = self._kept.get(key)
        if found is None:
            slim = resources.clone(components=[part for part in resources.components if part not in UNUSED])
            found = self._find(roots, slim, enable_mathjax=False)
            if len(self._kept) < MOST_KEPT:
                self._kept[key] = found
        return found


def share_styles() -> None:
    """Have each page get each style once, and name it from then on. Calling it again changes nothing."""
    Reactive._resolve_stylesheets = _resolve_once


def _resolve_once(part: Reactive, properties: dict[str, Any], document: Document | None) -> None:
    """What Panel does, and for texts what it does for addresses: one model, kept with the document, named by all."""
    _resolve(part, properties, document)
    if document is None or "stylesheets" not in properties:
        return
    known = state._stylesheets.setdefault(document, {})
    properties["stylesheets"] = [_shared(sheet, known, document) for sheet in properties["stylesheets"]]


def _shared(sheet: Any, known: dict[str, Any], document: Document) -> Any:
    if not isinstance(sheet, str) or len(sheet) < LONG:
        return sheet
    found = known.get(sheet)
    if found is None or found.document not in (None, document):
        found = known[sheet] = InlineStyleSheet(css=sheet)
    return found
