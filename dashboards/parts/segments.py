"""A few ways to look at the same page, one of them chosen: a row of links that act in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboards.parts.html import Html, tag
from dashboards.parts.picking import Picking

#: As wide as the longest choice at least: beside other parts of a row it goes below them rather than off the screen.
_AT_LEAST = ":host { min-width: min-content !important; }"


class Segments:
    """A row of choices; ``chosen`` is called with the key of the one that is clicked."""

    def __init__(self, options: Mapping[str, str], *, chosen: Callable[[str], None], current: str, label: str) -> None:
        self._options = dict(options)
        self._chosen = chosen
        self._label = label
        self.current = current
        self.pane = Picking(self._drawn(), on_pick=self._clicked, stylesheets=[_AT_LEAST])

    def rename(self, options: Mapping[str, str]) -> None:
        """Change the words, for instance a count in them."""
        self._options = dict(options)
        self.pane.show(self._drawn())

    def show(self, current: str) -> None:
        """Mark another one as chosen; none for a way that is no one's."""
        self.current = current
        self.pane.show(self._drawn())

    def _clicked(self, key: str) -> None:
        self.current = key
        self.pane.show(self._drawn())
        self._chosen(key)

    def _drawn(self) -> Html:
        items = (
            tag("a", words, href="#", data_pick=key, **({"aria_current": "true"} if key == self.current else {}))
            for key, words in self._options.items()
        )
        return tag("nav", *items, css="segments", aria_label=self._label)
