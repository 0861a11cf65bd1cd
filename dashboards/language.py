"""In which language a page speaks: the account's own choice, else the browser's, else the provider's.

The guard decides it for each request and websocket and says it in the request's context; a page's document remembers
it, for the threads and ticks in which Panel runs what belongs to the page.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import panel as pn

from isp_lifecycle.foundation import catalogues, texts
from isp_lifecycle.foundation.texts import LANGUAGES

__all__ = ["COOKIE", "catalogues", "chosen", "remember", "wanted"]

#: What a browser remembers of its reader's choice, for pages without an account.
COOKIE = "isp_language"

#: The language of each open page, by its document; a page that is gone takes it along.
_of_pages: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def wanted(accepted: str) -> str:
    """The first language of ours that a browser asks for (RFC 9110, Accept-Language); empty for none."""
    ranked = []
    for place, one in enumerate(accepted.split(",")[:20]):
        tag, _sep, weight = one.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES and (strength := _weight(weight)) > 0:
            ranked.append((-strength, place, code))
    return min(ranked)[2] if ranked else ""


def _weight(written: str) -> float:
    """How much a language is wanted; what is no number is not wanted at all."""
    if not written.strip():
        return 1.0
    try:
        return float(written.strip().removeprefix("q="))
    except ValueError:
        return 0.0


def chosen(*, own: str, cookie: str, accepted: str, usual: str) -> str:
    """The language to speak with whoever asks: the first of these that there is."""
    return next((one for one in (own, cookie, wanted(accepted), usual) if one in LANGUAGES), texts.ENGLISH)


def remember(document: Any, code: str) -> None:
    """What runs for this document from here on speaks this language."""
    texts.speak(code)
    if document is not None:
        _of_pages[document] = code


def _of_page() -> str:
    """The language of the page for which something runs now; empty outside of pages."""
    document = pn.state.curdoc
    return _of_pages.get(document, "") if document is not None else ""


texts.ask_who_looks(_of_page)
