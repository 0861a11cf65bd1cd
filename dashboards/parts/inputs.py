"""What people use: buttons and fields, large enough for a thumb, that show when they are busy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboards.parts.notice import Notice, shown


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
    """A button that acts once per press: while it acts it is busy and cannot be pressed; errors go to the notice."""
    made = pmui.Button(label=label, icon=icon or None, variant=kind, color=color, size="large", margin=0, **params)
    careful = shown(notice, act)

    def press(_event: Any) -> None:
        made.loading = True
        made.disabled = True
        try:
            notice.clear()
            careful()
        finally:
            made.loading = False
            made.disabled = False

    made.on_click(press)
    return made


def field(label: str, **params: Any) -> pmui.TextInput:
    """A line of text that is the width of its place."""
    return pmui.TextInput(label=label, **_wide(params))


def choice(label: str, options: dict[str, Any] | Sequence[Any], **params: Any) -> pmui.Select:
    """One of several."""
    return pmui.Select(label=label, options=options, **_wide(params))


def column(*parts: Any, gap: int = 14, **params: Any) -> pn.Column:
    """Parts one below the other."""
    return pn.Column(*parts, styles={"gap": f"{gap}px"}, **_wide(params))


def row(*parts: Any, gap: int = 12, **params: Any) -> pn.Row:
    """Parts side by side, wrapping where there is no room."""
    return pn.Row(*parts, styles={"flex-wrap": "wrap", "align-items": "center", "gap": f"{gap}px"}, **_wide(params))


def sides(left: Any, right: Any) -> pn.Row:
    """A list and what was picked in it: side by side where there is room, else one below the other.

    Made of rows, not of ``pn.FlexBox``: that one compiles its template in the browser, which the policy forbids.
    """
    return pn.Row(
        pn.Column(left, styles={"flex": "3 1 420px", "min-width": "0"}, **_wide({})),
        pn.Column(right, styles={"flex": "2 1 340px", "min-width": "0"}, **_wide({})),
        styles={"flex-wrap": "wrap", "align-items": "flex-start", "gap": "16px"},
        **_wide({}),
    )


def _wide(params: dict[str, Any]) -> dict[str, Any]:
    return {"sizing_mode": "stretch_width", "margin": 0, **params}
