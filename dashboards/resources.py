"""What stands in a page's head besides the page itself: scripts and styles, found once and not anew for each session.

Panel (1.10) walks all classes of components and asks the file system about each, for every page that is asked for:
half of what a start page costs a server. It comes out the same whenever the page has the same kinds of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bokeh.model import Model
from panel.io import server
from panel.io.resources import Bundle
from panel.io.state import state

#: Kinds of pages times paths they are served below; what comes beyond that is found anew.
MOST_KEPT = 500
#: Parts of bokeh that no page of ours has; the browser would read 300 kB for nothing.
UNUSED = frozenset({"bokeh-gl"})


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
