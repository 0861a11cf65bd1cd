"""The shell in a real browser: its looks, no content from elsewhere, no error in its console, and no leak."""

from __future__ import annotations

import gc
import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

import panel_material_ui as pmui
import pytest
from bokeh.document import Document
from playwright.sync_api import Browser, expect

from dashboards.parts import cards, states
from dashboards.parts.html import html_pane, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.picking import Picking
from dashboards.parts.steps import ShownStep, steps
from dashboards.parts.table import Column, pager, pick, table
from dashboards.parts.transcript import transcript
from dashboards.route import PageSession, Route
from isp_lifecycle.foundation.errors import Refused
from tests.pages.browser import PICTURES, SIZES, Visit, new_context
from tests.pages.conftest import Running

Serve = Callable[..., Running]


def every_part(session: PageSession) -> Sequence[Any]:
    """A page with each of the shared parts."""
    notice = Notice()
    picked = html_pane(cards.empty("Nothing is picked.", "Pick a row on the left."))
    name = field("Name")

    def open_row(key: str) -> None:
        picked.object = str(cards.card(cards.facts(("Order", key), ("State", states.chip("confirmed"))), heading=key))

    def greet() -> None:
        if not name.value:
            raise Refused("The name is empty.", remedy="Write a name, then press again.", field="name")
        notice.good(f"Hello {name.value}.")

    def stumble() -> None:
        raise RuntimeError("unforeseen")

    def linger() -> None:
        time.sleep(2)
        notice.good("It took its time.")

    rows = [(f"O-{n:06d}", "Amara Okafor <b>", state) for n, state in enumerate(["submitted", "confirmed", "failed"])]
    columns = [
        Column[tuple[str, str, str]]("Order", lambda r: pick(r[0], r[0], parameter="order"), "key"),
        Column[tuple[str, str, str]]("Customer", lambda r: r[1]),
        Column[tuple[str, str, str]]("State", lambda r: states.chip(r[2])),
        Column[tuple[str, str, str]]("Price", lambda _r: "29.90 EUR", "num"),
    ]
    shown = [
        ShownStep("Reserve an address", "done", "100.64.0.17", "0.1 s"),
        ShownStep("Configure the OLT", "failed", time="2.4 s", failure="The serial is on another port."),
        ShownStep("Tell the customer", "todo"),
    ]
    figures = (cards.tile("New orders", 12, "3 since yesterday"), cards.tile("Failed", 2, tone="bad"))
    return [
        notice.pane,
        html_pane(cards.tiles(*figures, cards.tile("First time right", "94 %", tone="good"))),
        Picking(
            table(rows, columns, nothing=("No orders.", "")) + pager(offset=0, shown=3, total=40), on_pick=open_row
        ),
        picked,
        column(
            name,
            row(
                button("Greet", greet, notice=notice),
                button("Stumble", stumble, notice=notice, kind="outlined"),
                button("Take your time", linger, notice=notice, kind="outlined"),
            ),
        ),
        html_pane(cards.card(steps(shown), heading="Steps")),
        html_pane(cards.card(tag("p", cards.bar(0.83, "83 % taken")), transcript("MA5800> enable\nMA5800#"))),
    ]


PAGES = {
    "/parts": Route("Every part", "widgets", every_part, any_of=("order.read",)),
    "/orders": Route("Orders", "assignment", every_part, any_of=("order.read",)),
}


@pytest.fixture
def visit(chromium: Browser, serve: Serve) -> Callable[..., Visit]:
    """Open browsers at a server of all parts."""
    running = serve(pages=PAGES)

    def start(size: str = "desktop") -> Visit:
        return Visit(new_context(chromium, size), running.url)

    return start


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_shell_renders_with_nothing_from_elsewhere_and_a_quiet_console(visit: Callable[..., Visit], size: str) -> None:
    browser = visit(size)
    browser.sign_in("sales")
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.page.screenshot(path=PICTURES / f"parts-{size}-light.png")
    browser.to_dark()
    browser.page.wait_for_timeout(400)
    browser.page.screenshot(path=PICTURES / f"parts-{size}-dark.png")
    expect(browser.page.get_by_role("heading", level=1)).to_have_text("Every part")
    width = browser.page.evaluate("document.scrollingElement.scrollWidth")
    assert width == SIZES[size][0]
    assert browser.foreign() == []
    assert browser.errors() == []


@pytest.mark.browser
def test_dark_is_remembered(visit: Callable[..., Visit]) -> None:
    browser = visit()
    browser.sign_in("sales")
    browser.to_dark()
    browser.page.reload()
    browser.ready()
    assert browser.page.evaluate("document.documentElement.dataset.ispTheme") == "dark"


@pytest.mark.browser
def test_row_opens_in_place_and_errors_say_what_to_do(visit: Callable[..., Visit]) -> None:
    page = (browser := visit()).page
    browser.sign_in("sales")
    address = page.url
    page.get_by_role("link", name="O-000001").click()
    expect(page.get_by_role("heading", name="O-000001")).to_be_visible()
    assert page.url == address
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("The name is empty.*Write a name, then press again."))
    page.get_by_role("button", name="Stumble").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("did not foresee.*Tell an administrator: [0-9a-f]{8}"))
    page.get_by_label("Name").fill("Ada")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_text("Hello Ada.")).to_be_visible()


@pytest.mark.browser
def test_open_tab_is_led_to_the_sign_in_when_its_session_ends_elsewhere(visit: Callable[..., Visit]) -> None:
    browser = visit()
    browser.sign_in("sales")
    second = browser.page.context.new_page()
    second.goto(browser.url + "/orders")
    second.get_by_role("button", name="Sign out").click()
    second.wait_for_url("**/sign-in?ended=1")
    browser.page.wait_for_url("**/sign-in?ended=1&next=%2Fparts", timeout=5000)


@pytest.mark.browser
def test_closed_sessions_leave_no_page_and_no_document_behind(visit: Callable[..., Visit]) -> None:
    """panel-material-ui keeps 1.7 MB for each session that ever was, unless the shell lets go of it.

    What remembers something by a page's document must not reach that document from what it remembers.
    """
    others = _of_pages()  # of servers that were stopped under their sessions, by the tests before this one
    browser = visit()
    browser.sign_in("sales")
    for _ in range(8):
        browser.page.reload()
        browser.ready()
    opened = _of_pages() - others
    assert {type(found) for found in opened} == {pmui.Page, Document}
    browser.page.goto("about:blank")
    deadline = time.monotonic() + 12  # sooner than the 15 seconds for which a page waits for its browser
    while len(opened) > 1 and time.monotonic() < deadline:
        time.sleep(2)
        gc.collect()
    # A connection that was opened while a page was made keeps the context it was opened in, and so one empty document.
    assert [type(one) for one in opened] in ([], [Document])


def _of_pages() -> WeakSet[Any]:
    """All pages, and the documents of sessions, that are in this process's memory."""
    gc.collect()
    # By type(): isinstance would ask the lazy proxies that Celery leaves about for their class, and so for a broker.
    found = [one for one in gc.get_objects() if issubclass(type(one), pmui.Page | Document)]
    # A thread's own empty document belongs to no session, and stays.
    return WeakSet(one for one in found if type(one) is not Document or one.session_context is not None)


@pytest.mark.browser
def test_press_goes_on_when_its_tab_is_closed_and_its_page_is_let_go(
    serve: Serve, chromium: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def slow(session: PageSession) -> Sequence[Any]:
        notice = Notice()

        def work() -> None:
            told.append("begun")
            time.sleep(5)
            notice.good(f"Done, {session.actor.username}.")
            told.append("done")

        return [notice.pane, button("Work", work, notice=notice)]

    running = serve(pages={"/orders": Route("Orders", "assignment", slow, any_of=("order.read",))})
    browser = Visit(new_context(chromium, "desktop"), running.url)
    browser.sign_in("sales", at="/orders")
    browser.page.get_by_role("button", name="Work").click()
    _within(5, lambda: told == ["begun"])
    with caplog.at_level(logging.WARNING):
        browser.page.close()
        _within(10, lambda: told == ["begun", "done"])
        time.sleep(3)
    assert [one.getMessage() for one in caplog.records if one.levelno > logging.WARNING] == []


def _within(seconds: float, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.browser
def test_one_press_darkens_the_page_and_is_remembered_on_a_slow_device(visit: Callable[..., Visit]) -> None:
    """On a slow device the frame is drawn long after the page's parts are there: nothing may hang on that order."""
    browser = visit()
    browser.sign_in("sales")
    browser.page.set_default_timeout(30_000)
    browser.page.context.new_cdp_session(browser.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    for theme in ("dark", "light", "dark"):
        browser.page.goto(browser.url + "/parts")
        browser.page.wait_for_selector("html[data-ready=true]", state="attached")
        browser.page.get_by_label("Toggle theme").click()
        expect(browser.page.locator(f"html[data-isp-theme={theme}]")).to_be_attached()


@pytest.mark.browser
def test_press_that_takes_long_shows_a_bar_on_its_own_page_only(visit: Callable[..., Visit]) -> None:
    presser, other = visit(), visit("phone")
    presser.sign_in("sales")
    other.sign_in("manager", at="/parts")
    bar = {v: v.page.get_by_role("progressbar", name="Working") for v in (presser, other)}
    beside = presser.page.get_by_role("button", name="Take your time").bounding_box()
    assert beside is not None
    presser.page.mouse.click(beside["x"] + beside["width"] + 4, beside["y"] + 4)  # hits nothing that acts
    presser.page.wait_for_timeout(700)
    expect(bar[presser]).to_have_count(0)
    for _press in range(2):
        presser.page.get_by_role("button", name="Take your time").click()
        expect(bar[presser]).to_be_visible()
        expect(bar[other]).to_have_count(0)
        expect(presser.page.get_by_text("It took its time.")).to_be_visible()
        expect(bar[presser]).to_have_count(0)
        presser.page.wait_for_timeout(600)
    assert presser.errors() == other.errors() == []
