"""Cards in columns by state, drawn as HTML: opened, dragged and decided in place, by mouse, thumb and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE, Html
from dashboards.parts.working import at_work


class Columns(JSComponent):
    """Shows columns of cards. Whoever drags a card is a person with a question: what came of it is drawn afterwards.

    A card is an ``article`` with ``data-card``, a column a ``section`` with ``data-column``; a button's ``data-act``
    names what it does, and one with ``data-asks`` asks for a line of text first.
    """

    html = param.String(default="", doc="What is shown; made by the functions of this package, hence escaped.")
    drawn = param.Integer(doc="Counts what was shown, so that a refused drag is drawn back.")

    _esm = Path(__file__).with_name("columns.js")
    _stylesheets: ClassVar[list[str]] = [STYLE, Path(__file__).with_name("columns.css").read_text(encoding="utf-8")]

    def __init__(
        self,
        *,
        on_open: Callable[[str], Any],
        on_act: Callable[[str, str, str], Any],
        on_drop: Callable[[str, str, str], Any],
    ) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width")
        self._on_open, self._on_act, self._on_drop = on_open, on_act, on_drop

    def show(self, content: Html) -> None:
        """Change what is shown, sending nothing when it is the same."""
        if self.html != content:
            self.html = str(content)

    def _handle_msg(self, data: Any) -> None:
        with at_work():
            match data:
                case {"open": str() as key}:
                    self._on_open(key[:40])
                case {"act": str() as act, "card": str() as key, "says": str() as says}:
                    self._on_act(act[:40], key[:40], says[:500])
                case {"card": str() as key, "from": str() as first, "to": str() as then}:
                    self._on_drop(key[:40], first[:40], then[:40])
