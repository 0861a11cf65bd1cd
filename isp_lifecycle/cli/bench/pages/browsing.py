"""Looking at pages in a real browser, where Playwright and a Chromium are: what a person waits for."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from isp_lifecycle.cli.bench.pages.looking import COOKIE, Reader

_READY = "html[data-ready=true]"
#: Waits within the browser until the list's rows are others than before; returns the milliseconds since the press.
_PRESSED = """(press) => new Promise((done, fail) => {
    const every = function* (root) {
        for (const one of root.querySelectorAll("*")) {
            yield one;
            if (one.shadowRoot) { yield* every(one.shadowRoot); }
        }
    };
    const all = (what) => [...every(document)].filter((one) => one.matches(what));
    const rows = () => all("tbody, .empty").map((one) => one.textContent).join();
    const button = all("button, a").find((one) => one.offsetParent && one.textContent.trim().startsWith(press));
    const was = rows();
    const began = performance.now();
    const look = () => {
        const passed = performance.now() - began;
        if (rows() !== was) { done(passed); }
        else if (passed > 20000) { fail(press); }
        else { requestAnimationFrame(look); }
    };
    button.click();
    look();
})"""


def chromium() -> str | None:
    """Where a browser is; None where it, or Playwright, is not here."""
    if find_spec("playwright") is None:
        return None
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def browser(path: str) -> Iterator[Any]:
    """A browser, for the length of a block."""
    playwright = import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def first_paint(opened: Any, reader: Reader, path: str, *, times: int) -> list[float]:
    """Seconds from asking for a page to its being drawn, the browser knowing the suite's scripts already."""
    context = _context(opened, reader)
    found = []
    for _turn in range(times + 1):
        page = context.new_page()
        began = time.monotonic()
        page.goto(reader.url + path, wait_until="commit")
        page.wait_for_selector(_READY, state="attached", timeout=60_000)
        found.append(time.monotonic() - began)
        page.close()
    context.close()
    return found[1:]


def round_trips(opened: Any, reader: Reader, path: str, presses: list[str]) -> list[float]:
    """Seconds from a press on a list to its rows being others, for each of these buttons."""
    context = _context(opened, reader)
    page = context.new_page()
    page.goto(reader.url + path)
    page.wait_for_selector(_READY, state="attached", timeout=60_000)
    page.wait_for_timeout(1000)
    found = []
    for press in presses:
        found.append(page.evaluate(_PRESSED, press) / 1000)
        page.wait_for_timeout(700)
    context.close()
    return found


def _context(opened: Any, reader: Reader) -> Any:
    context = opened.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": reader.cookie, "url": reader.url}])
    return context
