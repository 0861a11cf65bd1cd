"""Debian's Chromium for tests: pictures, and a visit that writes down what the browser asks for and says."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.pages.conftest import PASSWORD, sign_in
from tests.pages.contexts import SIZES, new_context

__all__ = ["PICTURES", "SIZES", "Visit", "new_context"]

#: How long an answer may take while everything else is tested beside it: a press that takes 0.4 s on a quiet machine
#: was seen to take over five. What is quick enough is not asked here: no test of a page claims a speed.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
PICTURES = Path(__file__).parents[2] / "build" / "pictures"


class Visit:
    """A browser context that writes down every request and every line of its console."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(8000)
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

    def errors(self) -> list[str]:
        """What the console says that is no plain information."""
        return [line for line in self.console if line.startswith(("error", "warning"))]

    def foreign(self) -> list[str]:
        """Requests to any other host."""
        return [url for url in self.requests if not url.startswith((self.url, "data:", "blob:"))]
