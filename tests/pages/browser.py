"""Debian's Chromium for tests: pictures, and a visit that writes down what the browser asks for and says."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.pages.conftest import PASSWORD, sign_in
from tests.pages.contexts import SIZES, new_context

__all__ = ["PICTURES", "SIZES", "Visit", "new_context"]

#: How long an answer may take while everything else is tested beside it: a press that takes 0.4 s on a quiet machine
#: was seen to take over five. What is quick enough is not asked here: no test of a page claims a speed.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
PICTURES = Path(__file__).parents[2] / "build" / "pictures"
#: Findings of axe-core, one line for each look at a page; begun anew by each run of the tests.
AXE = Path(__file__).parents[2] / "build" / "axe.md"
IMPACTS = ("critical", "serious", "moderate", "minor")


class Visit:
    """A browser context that writes down every request and every line of its console."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.requests: list[str] = []
        self.console: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.console.append(f"{m.type}: {m.text}"))
        self.page.on("pageerror", lambda e: self.console.append(f"error: {e}"))
        self.url = url

    def sign_in(self, username: str, *, at: str = "/") -> None:
        """Be signed in and look at a page; the form itself is filled in ``test_sign_in`` and in the journeys."""
        with httpx.Client(base_url=self.url, headers={"origin": self.url}, timeout=20) as client:
            answer = sign_in(client, username, PASSWORD)
            assert answer.status_code == 303, answer.text
            cookies = [{"name": name, "value": value, "url": self.url} for name, value in client.cookies.items()]
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # a TypedDict, of which these are three keys
        self.open(at)

    def open(self, path: str) -> None:
        """Go to a page and wait for it."""
        self.page.goto(self.url + path)
        self.ready()

    def ready(self) -> None:
        """Wait until the page has been drawn."""
        self.page.wait_for_selector("html[data-ready=true]", state="attached")
        self.page.wait_for_timeout(300)

    def to_dark(self) -> None:
        """Switch to dark, with one press."""
        self.page.get_by_label("Toggle theme").click()
        expect(self.page.locator("html[data-isp-theme=dark]")).to_be_attached()
        self.page.mouse.move(self.page.viewport_size["width"] / 2, self.page.viewport_size["height"] - 5)
        expect(self.page.get_by_role("tooltip")).to_have_count(0)  # half faded it has half its contrast

    def errors(self) -> list[str]:
        """What the console says that is no plain information, and what keeps people from using the page as it is."""
        return self.said() + self._barriers()

    def said(self) -> list[str]:
        """What the console says that is no plain information."""
        return [line for line in self.console if line.startswith(("error", "warning"))]

    def _barriers(self) -> list[str]:
        """What axe-core finds that is serious or critical; every look at a page becomes a line of ``build/axe.md``."""
        expect(self.page.locator(".MuiPopover-root[aria-hidden=true]")).to_have_count(0)  # a menu that is closing
        found = Axe().run(self.page).response["violations"]
        size = next(name for name, (width, _height) in SIZES.items() if width == self.page.viewport_size["width"])
        theme = self.page.evaluate("document.documentElement.dataset.ispTheme ?? 'light'")
        count = [sum(one["impact"] == impact for one in found) for impact in IMPACTS]
        place = urlsplit(self.page.url)
        told = f"{place.path}?{re.sub(r'=[^&]*', '', place.query)}".rstrip("?")
        lesser = ", ".join(sorted(one["id"] for one in found))
        AXE.parent.mkdir(parents=True, exist_ok=True)
        with AXE.open("a", encoding="utf-8") as file:
            file.write(f"| {told} | {size} | {theme} | {' | '.join(map(str, count))} | {lesser} |\n")
        return [
            f"axe: {one['id']}, {one['help']}: {node['html'][:200]}"
            for one in found
            if one["impact"] in ("critical", "serious")
            for node in one["nodes"]
        ]

    def foreign(self) -> list[str]:
        """Requests to any other host."""
        return [url for url in self.requests if not url.startswith((self.url, "data:", "blob:"))]
