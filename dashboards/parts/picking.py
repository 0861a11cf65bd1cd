"""HTML whose links act in place: a click on ``data-pick`` reaches Python instead of leaving the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE, Html
from dashboards.parts.working import at_work


class Picking(JSComponent):
    """Shows HTML and calls :attr:`on_pick` with the ``data-pick`` of what was clicked.

    A click with a modifier key, or the middle button, follows the link as in any page.
    """

    html = param.String(default="", doc="What is shown; made by the functions of this package, hence escaped.")

    _esm = Path(__file__).with_name("picking.js")
    _stylesheets: ClassVar[list[str]] = [STYLE]

    def __init__(self, content: Html = Html(""), *, on_pick: Callable[[str], Any], **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        params.setdefault("margin", 0)
        super().__init__(html=str(content), **params)
        self._on_pick = on_pick

    def show(self, content: Html) -> None:
        """Change what is shown, sending nothing when it is the same."""
        if self.html != content:
            self.html = str(content)

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, str):
            with at_work():
                self._on_pick(data)
