"""What people use: buttons and fields, large enough for a thumb, that act once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboards.parts.notice import Notice, shown
from dashboards.parts.working import at_work
from isp_lifecycle.foundation.texts import said

#: A second press so soon after the first one's end is the same press: a double click, or an impatient thumb.
SAME_PRESS_SECONDS = 0.5


def button(
    label: str,
    act: Callable[[], Any],
    *,
    notice: Notice,
    icon: str = "",
    kind: str = "contained",
    color: str = "primary",
    **params: Any,
) -> pmui.Button:
    """A button that acts once per press; errors go to the notice.

    It is not disabled while it acts: panel-material-ui's components send a value that changed twice in a moment back
    to the server as it was in between, and the button would stay disabled. Presses of one session run one after the
    other, so it is enough to leave out those that waited behind the first.
    """
    look = {"variant": kind, "color": color, "size": "large", "margin": 0, "css_classes": ["acts"]}
    made = pmui.Button(label=said(label), icon=icon or None, **look, **params)
    careful = shown(notice, act)
    ended = -SAME_PRESS_SECONDS

    def press(_event: Any) -> None:
        nonlocal ended
        with at_work():
            if time.monotonic() - ended >= SAME_PRESS_SECONDS:
                notice.clear()
                careful()
                ended = time.monotonic()

    made.on_click(press)
    return made


def field(label: str, **params: Any) -> pmui.TextInput:
    """A line of text that is the width of its place."""
    return pmui.TextInput(label=said(label), **_wide(params))


def choice(label: str, options: Mapping[str, Any] | Sequence[Any], **params: Any) -> pmui.Select:
    """One of several."""
    if isinstance(options, Mapping):
        options = {said(name): value for name, value in options.items()}
    return pmui.Select(label=said(label), options=options, **_wide(params))


def column(*parts: Any, gap: int = 14, **params: Any) -> pn.Column:
    """Parts one below the other, as tall as they are: Panel would bound them by what they stand in."""
    return pn.Column(*parts, styles={"gap": f"{gap}px", "max-height": "none"}, **_wide(params))


def row(*parts: Any, gap: int = 12, **params: Any) -> pn.Row:
    """Parts side by side, wrapping where there is no room."""
    return pn.Row(*parts, styles={"flex-wrap": "wrap", "align-items": "center", "gap": f"{gap}px"}, **_wide(params))


def sides(left: Any, right: Any, *, wide_right: bool = False) -> pn.Row:
    """A list and what was picked in it: side by side where there is room, else one below the other.

    The list takes the larger share, unless ``wide_right`` gives it to what was picked. Made of rows, not of
    ``pn.FlexBox``: that one compiles its template in the browser, which the policy forbids.
    """
    wide, slim = "3 1 420px", "2 1 340px"
    shares = (slim, wide) if wide_right else (wide, slim)
    return pn.Row(
        *(
            pn.Column(side, styles={"flex": share, "min-width": "0", "max-height": "none"}, **_wide({}))
            for side, share in zip((left, right), shares, strict=True)
        ),
        styles={"flex-wrap": "wrap", "align-items": "flex-start", "gap": "16px", "max-height": "none"},
        **_wide({}),
    )


def _wide(params: dict[str, Any]) -> dict[str, Any]:
    return {"sizing_mode": "stretch_width", "margin": 0, **params}
