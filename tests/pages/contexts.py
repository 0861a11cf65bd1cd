"""Browser contexts that one test after the other uses: with nothing remembered but the files that pages are made of."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Browser, BrowserContext, Error

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


#: Contexts in use by the present test, and those that earlier tests have left: these know the pages' scripts already.
_used: list[tuple[Browser, str, str, BrowserContext]] = []
_left: list[tuple[Browser, str, str, BrowserContext]] = []


def new_context(chromium: Browser, size: str, locale: str = "en-US") -> BrowserContext:
    """A browser of one size and one language, with nothing remembered but the files that pages are made of."""
    found = next((one for one in _left if one[:3] == (chromium, size, locale)), None)
    if found is not None:
        _left.remove(found)
    else:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, is_mobile=size == "phone", locale=locale
        )
        found = (chromium, size, locale, context)
    _used.append(found)
    return found[3]


def rest_contexts() -> None:
    """The test is over: its tabs are closed, and what its browsers remember is forgotten."""
    while _used:
        one = _used.pop()
        with suppress(Error):  # the test itself, or the browser's end, has closed it
            for page in one[3].pages:
                page.close()
            one[3].clear_cookies()
            _left.append(one)
