"""What went well or wrong, said to the person: what, and what to do. No callback's error is ever silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from dashboards.parts.html import STYLE, Html, html_pane, icon, joined, tag
from dashboards.route import Build, PageSession
from isp_lifecycle.access.errors import ProofNeeded
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import _

_SYMBOLS = {"good": "check_circle", "bad": "error", "warn": "warning", "info": "info"}

_log = log(__name__)


def alert(tone: str, what: object, then: object = "") -> Html:
    """A coloured box: what happened, and what to do."""
    role = "alert" if tone == "bad" else "status"
    more = tag("div", then, css="then") if then else ""
    return tag(
        "div", icon(_SYMBOLS[tone]), tag("div", tag("p", what, css="what"), more), css=f"alert {tone}", role=role
    )


def error_alert(error: LifecycleError) -> Html:
    """What failed and what to do about it."""
    if isinstance(error, ProofNeeded) and error.possible:
        return alert(
            "warn", error.message, joined(tag("a", _("Confirm it"), href="/account/confirm"), " ", error.remedy)
        )
    return alert("bad", error.message, error.remedy)


class Saying(JSComponent):
    """Shows HTML and scrolls to it when it changes."""

    html = param.String(default="", doc="What is shown; made by this module, hence escaped.")

    _esm = Path(__file__).with_name("saying.js")
    _stylesheets: ClassVar[list[str]] = [STYLE]


class Notice:
    """A place on the page for what has just happened; empty, it takes no room."""

    def __init__(self) -> None:
        self.pane = Saying(visible=False, sizing_mode="stretch_width", margin=0)

    def good(self, what: object, then: object = "") -> None:
        """Say that it was done."""
        self._say(alert("good", what, then))

    def info(self, what: object, then: object = "") -> None:
        """Say what is going on."""
        self._say(alert("info", what, then))

    def failed(self, error: Exception) -> None:
        """Say what failed; of an error that nobody foresaw, a number under which the log tells the rest."""
        if isinstance(error, LifecycleError):
            self._say(error_alert(error))
            return
        self._say(alert("bad", *unforeseen(error)))

    def clear(self) -> None:
        """Say nothing."""
        self.pane.html = ""
        self.pane.visible = False

    def _say(self, content: Html) -> None:
        self.pane.visible = True
        self.pane.html = str(content)


def unforeseen(error: Exception) -> tuple[str, str]:
    """Log an error that nobody foresaw under a number, and say so in calm words."""
    number = new_id().hex[-8:]
    _log.error("a page's callback failed", number=number, exc_info=error)
    return _("Something went wrong here that we did not foresee."), _(
        "Nothing is lost. Tell an administrator: {number}.", number=number
    )


def shown(notice: Notice, act: Callable[..., Any]) -> Callable[..., Any]:
    """The callback, with its errors shown in the notice. Returns what the callback returns, or ``None``."""

    def run(*args: Any, **named: Any) -> Any:
        try:
            return act(*args, **named)
        except Exception as error:  # noqa: BLE001 - the frame's edge: nothing above it but Panel, which is silent
            notice.failed(error)
            return None

    return run


def filled(build: Build, session: PageSession) -> Sequence[Any]:
    """The page's content, or what went wrong while it was made."""
    try:
        return build(session)
    except LifecycleError as error:
        return [html_pane(error_alert(error))]
    except Exception as error:  # noqa: BLE001 - the frame's edge: Panel would show an empty page
        return [html_pane(alert("bad", *unforeseen(error)))]


def describe_failure(step: str, what: str, remedy: str) -> Html:
    """A failed step in plain words."""
    return alert("bad", joined(step, ": ", what), joined(tag("b", _("What to do:")), " ", remedy))
