"""The suite's look: one calm palette, light and dark, as Material UI's theme and as variables for our own parts."""

from __future__ import annotations

from typing import Any

_NONE = {"display": "none"}
_SHARED: dict[str, Any] = {
    "shape": {"borderRadius": 10},
    "typography": {
        "fontFamily": 'Roboto, system-ui, "Segoe UI", sans-serif',
        "h3": {"fontSize": "1.15rem", "fontWeight": 600, "@media (max-width:600px)": {"fontSize": "0.98rem"}},
        "button": {"textTransform": "none", "fontWeight": 600, "fontSize": "0.95rem"},
    },
    "components": {
        "MuiButton": {
            "styleOverrides": {"root": {"boxShadow": "none", "minHeight": 44, "&:hover": {"boxShadow": "none"}}}
        },
        "MuiIconButton": {"styleOverrides": {"root": {"minWidth": 44, "minHeight": 44}}},
        "MuiAppBar": {
            "defaultProps": {"elevation": 0},
            "styleOverrides": {"root": {"backgroundColor": "#12343b", "backgroundImage": "none", "color": "#ffffff"}},
        },
        # What is typed reads in its own direction, whatever the page's is.
        "MuiInputBase": {"styleOverrides": {"input": {"unicodeBidi": "plaintext"}}},
        # A window of 1280 px that is enlarged four times has room for the buttons of the header alone.
        "MuiToolbar": {
            "styleOverrides": {"root": {"@media (max-width:360px)": {"& > .MuiBox-root:first-of-type": _NONE}}}
        },
        "MuiLinearProgress": {"defaultProps": {"aria-label": "Busy"}},
        "MuiDrawer": {"styleOverrides": {"paper": {"backgroundImage": "none"}}},
    },
}

_LIGHT: dict[str, Any] = {
    "palette": {
        "primary": {"main": "#0f766e", "contrastText": "#ffffff"},
        "secondary": {"main": "#40525a"},
        "success": {"main": "#1b7a3d"},
        "warning": {"main": "#9a5b00"},
        "error": {"main": "#b3261e"},
        "info": {"main": "#1d5fa8"},
        "background": {"default": "#f4f7f7", "paper": "#f4f7f7"},
        "text": {"primary": "#17262b", "secondary": "#52646b"},
        "divider": "#d5dede",
    },
}

_DARK: dict[str, Any] = {
    "palette": {
        "primary": {"main": "#4cc3b5", "contrastText": "#06201d"},
        "secondary": {"main": "#a3b4b8"},
        "success": {"main": "#6fcf8e"},
        "warning": {"main": "#f0b35a"},
        "error": {"main": "#ff9a93"},
        "info": {"main": "#8fbdf2"},
        "background": {"default": "#10181b", "paper": "#10181b"},
        "text": {"primary": "#e6eeee", "secondary": "#a3b4b8"},
        "divider": "#2e3c41",
    },
}

#: What ``pmui.Page(theme_config=...)`` takes.
THEME: dict[str, Any] = {"light": {**_SHARED, **_LIGHT}, "dark": {**_SHARED, **_DARK}}
