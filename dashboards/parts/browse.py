"""A list and the one that is picked in it: side by side at a desk, one after the other on a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import panel as pn

from dashboards.parts.html import Html, html_pane, tag
from dashboards.parts.inputs import column, sides
from dashboards.parts.listing import Listing
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from isp_lifecycle.foundation.texts import said, say


class Browse:
    """Keeps what is picked in the page's address, so that it can be sent to a colleague and survives a reload.

    ``draw`` gives the list with the picked key marked; ``detail`` gives the parts that show one, and may raise: the
    error is shown in their place. ``wide_detail`` gives the one more room than the list. Keys with a colon
    (``page:after``) are commands and go to ``command``. A page with a :class:`Listing` gives that as ``listing``, after
    it was made: then what the list is asked stands in the address as well. ``always`` stands in it whatever is picked.
    """

    def __init__(
        self,
        *,
        parameter: str,
        draw: Callable[[str], Html] = lambda _picked: Html(""),
        detail: Callable[[str], list[Any]],
        nothing: Html,
        narrow: bool,
        picked: str = "",
        back: str = say("All"),
        command: Callable[[str], None] = lambda _word: None,
        wide_detail: bool = False,
        always: Mapping[str, str] | None = None,
    ) -> None:
        self._always = always or {}
        self._parameter = parameter
        self._draw = draw
        self._detail = detail
        self._nothing = nothing
        self._narrow = narrow
        self._command = command
        self._wide_detail = wide_detail
        self.picked = picked
        self.notice = Notice()
        self.list: Any = Picking(on_pick=self.pick)
        self._listing: Listing | None = None
        self._redraw: Callable[[], None] | None = None
        self._above = column()
        self._back = Picking(
            tag("a", f"← {said(back)}", href="?", data_pick="browse:back", css="action"), on_pick=self.pick
        )
        self._place = column()
        # The notice stands still: put anew among other parts, an empty one would take a gap's room.
        told = column(self.notice.pane, self._place)
        self._one = column(self._back, told) if narrow else told

    def lists(self, listing: Listing) -> None:
        """Show this list instead of what ``draw`` draws."""
        self._listing, self.list = listing, listing.pane

    def drawn_by(self, draw: Callable[[], None]) -> None:
        """Have this draw what stands in the list's place, whenever it is to be drawn anew."""
        self._redraw = draw

    def parts(self, *above: Any) -> list[Any]:
        """What the page shows; ``above`` stands over the list."""
        self.refresh()
        self.open(self.picked)
        self._above.objects = [*above, self.list]
        return (
            [column(self._above, self._one)]
            if self._narrow
            else [sides(column(*above, self.list), self._one, wide_right=self._wide_detail)]
        )

    def refresh(self) -> None:
        """Draw the list anew."""
        if self._redraw is not None:
            self._redraw()
        elif self._listing is not None:
            self._listing.draw(self.picked)
        else:
            self.list.show(self._draw(self.picked))

    def open(self, key: str) -> None:
        """Show one, or none."""
        self.picked = key
        self.notice.clear()
        parts = shown(self.notice, self._detail)(key) if key else [html_pane(self._nothing)]
        self._place.objects = parts or []
        if self._narrow:
            self._above.visible, self._one.visible = not key, bool(key)

    def again(self) -> None:
        """Show list and picked one as they are now, keeping what the notice says."""
        self.refresh()
        if self.picked:
            parts = shown(self.notice, self._detail)(self.picked)
            self._place.objects = parts or []

    def pick(self, key: str) -> None:
        """Show what was picked in the list, and say so in the address."""
        if key.startswith("page:"):
            self._command(key)
            return
        self.open("" if key == "browse:back" else key)
        self.moved()

    def moved(self) -> None:
        """What is picked, or asked of the list, is another: draw the list, and put it into the address."""
        self.refresh()
        asked = self._listing.asked.words() if self._listing is not None else {}
        words = {**self._always, **asked, **({self._parameter: self.picked} if self.picked else {})}
        if pn.state.location is not None:
            pn.state.location.search = f"?{urlencode(words, safe=',:.-')}" if words else ""
