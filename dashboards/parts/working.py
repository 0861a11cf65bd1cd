"""The bar that says a press is at work: of this page alone, however busy the server's other pages are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from weakref import ReferenceType, WeakKeyDictionary, ref

import panel as pn
import param
from panel.custom import JSComponent


class Working(JSComponent):
    """A bar at the page's upper edge, from a press until it is done, shown from half a second on.

    Panel's own busy indicator follows one state of the whole process: it shows on every page what one page does, and
    writes to their documents from a foreign thread.
    """

    done = param.Integer(default=0, doc="How many of the presses on this page have been done.")

    _esm = Path(__file__).with_name("working.js")
    _stylesheets: ClassVar[list[str]] = [Path(__file__).with_name("working.css").read_text(encoding="utf-8")]


#: The bar of each open page, by its document. The page holds its bar; held from here, the bar would hold the document
#: that it is found by, and neither would ever go.
_bars: WeakKeyDictionary[Any, ReferenceType[Working]] = WeakKeyDictionary()


def working_bar() -> Working:
    """The bar for the page that is being made."""
    made = Working(width=0, height=0, margin=0, sizing_mode="fixed")
    if pn.state.curdoc is not None:
        _bars[pn.state.curdoc] = ref(made)
    return made


@contextmanager
def at_work() -> Iterator[None]:
    """Around whatever a press does: the browser shows the bar from the press until this block ends."""
    known = _bars.get(pn.state.curdoc) if pn.state.curdoc is not None else None
    try:
        yield
    finally:
        bar = known() if known is not None else None
        if bar is not None:
            bar.done += 1
