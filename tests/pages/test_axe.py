"""That axe-core sees into the pages' shadow roots at all: otherwise a clean table would mean nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.pages.browser import SIZES, Visit, new_context

pytestmark = pytest.mark.browser


def test_what_cannot_be_used_is_found_within_a_shadow_root(chromium: Browser) -> None:
    visit = Visit(new_context(chromium, "desktop"), "about:blank")
    page = visit.page
    page.set_content("<html lang=en><head><title>T</title></head><body><main><div id=host></div></main></body></html>")
    page.evaluate(
        """() => { document.getElementById("host").attachShadow({ mode: "open" }).innerHTML =
            "<h1>Here</h1><input><p style='color:#999;background:#fff'>pale</p>"; }"""
    )
    found = " ".join(visit.errors())
    assert "axe: label," in found
    assert "axe: color-contrast," in found
    assert page.viewport_size == dict(zip(("width", "height"), SIZES["desktop"], strict=True))
