"""A terminal to a device by clicking: read, refused, recorded, replayed; full access, and what ends either."""

from __future__ import annotations

import json
import re
import threading

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser

OLT = "OLT-NORTH"


def opened(visit: Visit) -> Page:
    """Press what opens a terminal, and wait for the device's prompt."""
    page = visit.page
    page.get_by_role("button", name="Open the terminal").click()
    expect(page.locator(".xterm-rows")).to_contain_text(re.compile(rf"{OLT}[>#]"))
    return page


def enter(page: Page, line: str) -> None:
    """Type a line into the terminal, letter by letter."""
    page.get_by_label("Terminal", exact=True).press_sequentially(line)
    page.keyboard.press("Enter")


#: Keeps the page's websocket and what is sent on it, so that a test can send what no page would.
KEEP_SOCKET = """
    const Real = WebSocket;
    window.sent = [];
    window.WebSocket = class extends Real {
      constructor(...given) { super(...given); window.socket = this }
      send(data) { if (typeof data === 'string') window.sent.push(data); super.send(data) }
    };
"""
TYPED = r'\["typed","[^"]*"\]'
#: Sends the last message with typed letters again, with other content: the text that stands for it in the protocol.
CRAFT = """
    ([from, to]) => {
      const at = window.sent.findLastIndex(frame => /\\["typed","[^"]*"\\]/.test(frame) && frame.length < 2000);
      const content = window.sent[at].replace(new RegExp(from), to);
      const header = {...JSON.parse(window.sent[at - 2]), msgid: crypto.randomUUID()};
      [JSON.stringify(header), '{}', content].forEach(frame => window.socket.send(frame));
      return content;
    }
"""


def said(desk: Desk) -> str:
    """What stands in the records, without when it was said."""
    lines = "".join(texts(desk, "SELECT events FROM terminal_pieces ORDER BY terminal_id, number")).splitlines()
    return "".join(text for _, kind, text in map(json.loads, lines) if kind == "o")


def test_support_reads_is_refused_what_changes_and_everything_is_replayed(desk: Desk, chromium: Browser) -> None:
    running = desk.serve()
    support = Visit(new_context(chromium, "desktop"), running.url)
    support.sign_in("support", at=f"/terminal?olt={OLT}")
    expect(support.page.get_by_text("Full access")).to_have_count(0)
    page = opened(support)
    rows = page.locator(".xterm-rows")
    enter(page, "dis board 0")
    expect(rows).to_contain_text("SlotID")
    enter(page, "reboot")
    expect(rows).to_contain_text("Not sent: 'reboot'")
    page.screenshot(path=PICTURES / "terminal-desktop-light.png")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("The terminal is over: Nuala Support ended it.")).to_be_visible()
    enter(page, "display version")
    assert support.errors() == []
    assert support.foreign() == []

    page.locator("[data-pick]").first.click()
    replayed = page.locator(".frame").last
    expect(replayed.get_by_role("button", name="Play", exact=True)).to_be_visible()
    replayed.get_by_label("Speed").click()
    replayed.get_by_role("button", name="Play", exact=True).click()
    expect(replayed.locator(".xterm-rows")).to_contain_text("SlotID")
    expect(replayed.get_by_role("button", name="Play again")).to_be_visible()
    replayed.get_by_role("button", name="not sent: reboot").click()
    page.screenshot(path=PICTURES / "terminal-replay-desktop-light.png", full_page=True)
    assert texts(desk, "SELECT profile || ' ' || username || ' ' || ended_why FROM terminals") == [
        "reading support Nuala Support ended it"
    ]
    assert texts(desk, "SELECT action FROM audit WHERE subject_kind = 'terminal' ORDER BY at") == [
        "terminal.begin_reading",
        "terminal.note_end",
    ]


def lines_to_devices() -> list[str]:
    """The threads that hear a device for a person: one for each open connection."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("console-")]


def settled(page: Page, desk: Desk, statement: str, found: list[str]) -> None:
    """Wait until rows say this."""
    for _ in range(150):
        if texts(desk, statement) == found:
            return
        page.wait_for_timeout(100)
    assert texts(desk, statement) == found


HOLDS = "SELECT key FROM holds"
ENDS = "SELECT ended_why FROM terminals ORDER BY began_at"


def test_full_access_asks_why_pauses_the_olt_and_ends_with_the_session(desk: Desk, chromium: Browser) -> None:
    running = desk.serve()
    engineer = Visit(new_context(chromium, "phone"), running.url)
    engineer.sign_in("network", at=f"/terminal?olt={OLT}")
    page = engineer.page
    page.get_by_role("link", name="Full access").click()
    page.get_by_role("button", name="Open the terminal").click()
    expect(page.get_by_role("alert")).to_contain_text("A reason of 1 to 300 characters is needed.")
    page.get_by_label("Why do you need it?").fill("The uplink's speed is wrong.")
    page.wait_for_timeout(600)
    opened(engineer)
    assert texts(desk, HOLDS) == [f"olt:{OLT}"]
    for line, prompt in (("enable", f"{OLT}#"), ("config", "(config)#"), ("vlan 777 smart", "(config)#")):
        enter(page, line)
        expect(page.locator(".xterm-rows")).to_contain_text(prompt)
    page.screenshot(path=PICTURES / "terminal-phone-light.png")
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    assert len(lines_to_devices()) == 1

    other = page.context.new_page()
    other.goto(running.url + "/network")
    other.get_by_label("Sign out").click()
    expect(other).to_have_url(re.compile("/sign-in"))
    settled(other, desk, ENDS, ["the page was closed, or its session ended"])
    settled(other, desk, HOLDS, [])
    assert lines_to_devices() == []
    told = texts(desk, "SELECT reason FROM audit WHERE action = 'terminal.begin_full'")
    assert told == ["The uplink's speed is wrong."]
    assert "vlan 777 smart" in said(desk)

    support = Visit(new_context(chromium, "desktop"), running.url)
    support.sign_in("support", at="/terminal")
    opened(support)
    key = desk.plant.one("SELECT id FROM terminals WHERE profile = 'full'").id
    support.page.goto(f"{running.url}/terminal?record={key}")  # and leaves the terminal that was open
    expect(support.page.get_by_text("There is no such record, or it is not yours.")).to_be_visible()
    settled(support.page, desk, ENDS, ["the page was closed, or its session ended"] * 2)


def test_crafted_messages_reach_neither_the_device_nor_anybody_elses_terminal(desk: Desk, chromium: Browser) -> None:
    running = desk.serve()
    engineer = Visit(new_context(chromium, "desktop"), running.url)
    engineer.page.add_init_script(KEEP_SOCKET)
    engineer.sign_in("network", at=f"/terminal?olt={OLT}")
    opened(engineer)
    enter(engineer.page, "display version")
    expect(engineer.page.locator(".xterm-rows")).to_contain_text("PATCH")
    theirs = engineer.page.evaluate("window.sent.findLast(f => f.includes('\"typed\"'))")
    target = re.search(r'\["model",\{"id":"(p\d+)"\}\]', theirs)
    assert target is not None, theirs
    attacker = Visit(new_context(chromium, "phone"), running.url)
    attacker.page.add_init_script(KEEP_SOCKET)
    attacker.sign_in("support", at="/terminal?olt=OLT-SOUTH")
    attacker.page.get_by_role("button", name="Open the terminal").click()
    rows = attacker.page.locator(".xterm-rows")
    expect(rows).to_contain_text("OLT-SOUTH#")
    enter(attacker.page, "display board 0")
    expect(rows).to_contain_text("SlotID")

    def craft(to: str, of: str = TYPED) -> str:
        return str(attacker.page.evaluate(CRAFT, [of, to]))

    craft('["typed","' + "a" * 100_000 + '"]')
    craft('["typed",["reboot"]]')
    craft('["size",[1000000000,-5]]')
    craft('["size",["a",true]]')
    craft('["profile","full"]')
    craft('["typed","reboot\\r"]')
    expect(rows).to_contain_text("Not sent: 'reboot'")
    other = r'\{"id":"p\d+"\}(.*)' + TYPED
    assert target[1] in craft(f'{{"id":"{target[1]}"}}$1["typed","zzz"]', other)
    attacker.page.wait_for_timeout(2500)
    sizes = texts(
        desk, "SELECT events FROM terminal_pieces p JOIN terminals t ON t.id = terminal_id WHERE olt <> 'OLT-NORTH'"
    )
    assert re.findall(r'"r", "(\d+x\d+)"', "".join(sizes))[-1] == "400x5"
    assert texts(desk, "SELECT profile FROM terminals ORDER BY began_at") == ["reading", "reading"]
    expect(engineer.page.locator(".xterm-rows")).not_to_contain_text("zzz")
    assert "zzz" not in said(desk)
