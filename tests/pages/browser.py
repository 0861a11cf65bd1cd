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
#: What 200 % of enlargement leaves of the desktop's window.
ENLARGED = {"width": 720, "height": 450}
#: What 400 % leave of a window of 1280 px, and the smallest of telephones.
NARROWEST = {"width": 320, "height": 640}
#: What reaches beyond an edge of the screen, or has the page scroll sideways. What scrolls by itself, such as the
#: columns of a board, may hold more than is seen at once.
STICKS_OUT = """() => {
    const found = new Set();
    const about = (one) => `${one.localName}.${one.getAttribute("class") ?? ""} ${one.textContent.trim().slice(0, 40)}`;
    const look = (root, scrolls) => {
        for (const one of root.children) {
            const style = getComputedStyle(one), box = one.getBoundingClientRect();
            if (style.display === "none" || style.visibility === "hidden") { continue; }
            if (one.matches("[role=progressbar]")) { continue; }
            const page = one.matches(".main-content"), more = one.scrollWidth - one.clientWidth;
            const own = !page && ["auto", "scroll"].includes(style.overflowX);
            if (page && more > 0) { found.add(`the page scrolls by ${more}`); }
            const seen = box.width > 2 && box.height > 2;
            if (!scrolls && seen && (box.right > innerWidth + 1 || box.left < -1)) { found.add(about(one)); }
            look(one, scrolls || own);
            if (one.shadowRoot) { look(one.shadowRoot, scrolls || own); }
        }
    };
    look(document.body, false);
    return [...found];
}"""
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

    def sticks_out(self) -> list[str]:
        """What cannot be seen without scrolling sideways, on the screen as it is."""
        return list(self.page.evaluate(STICKS_OUT))

    def sticks_out_of(self, width: int, height: int) -> list[str]:
        """The same of a screen of another size, once the menu has moved; the present one comes back afterwards."""
        before = self.page.viewport_size
        assert before is not None
        self.page.set_viewport_size({"width": width, "height": height})
        for _look in range(10):
            self.page.wait_for_timeout(200)
            if not (found := self.sticks_out()):
                break
        self.page.set_viewport_size(before)
        return found

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
