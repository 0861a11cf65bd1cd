"""What a device and the driver said to each other, word for word: monospace, wrapped on a phone, easily copied."""

from __future__ import annotations

from dashboards.parts.html import Html, tag
from isp_lifecycle.foundation.texts import _


def transcript(text: str) -> Html:
    """The conversation; select it all with one click of the keyboard's Ctrl-A inside it."""
    return tag("pre", text or _("Nothing was said."), css="transcript", tabindex="0", aria_label=_("Device transcript"))
