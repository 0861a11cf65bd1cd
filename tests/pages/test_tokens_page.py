"""“Tokens for machines”: made by one's own sealed form, shown in that one answer, ended on the same page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from dashboards.routes import STAFF
from isp_lifecycle.access import actions, tokens
from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import PASSWORD, Running
from tests.pages.test_account import seal_of

Serve = Callable[..., Running]


def test_a_token_is_made_shown_once_and_ended(serve: Serve) -> None:
    running = serve()
    sales, manager = running.signed_in("sales"), running.signed_in("manager")
    assert "/account/tokens" in sales.get("/account").text
    page = sales.get("/account/tokens").text
    assert "There is no token yet." in page
    form = {"name": "<b>sheet</b>", "days": "30", "scopes": ["order.read", "plan.read"], "seal": seal_of(page)}
    made = sales.post("/account/tokens", data=form).text
    secret = tokens.FORM.search(made)
    assert secret is not None
    assert "&lt;b&gt;sheet" in made
    again = sales.get("/account/tokens").text
    assert secret.group() not in again
    assert "never used" in again
    key = re.findall(r'name="key" value="([^"]+)"', again)[0]
    theirs = {"key": key, "seal": seal_of(manager.get("/account/tokens").text)}
    assert manager.post("/account/tokens/revoke", data=theirs).status_code == 404
    assert "stands until" in sales.get("/account/tokens").text
    assert sales.post("/account/tokens/revoke", data={"key": key, "seal": seal_of(again)}).status_code == 303
    assert "revoked" in sales.get("/account/tokens").text


def test_what_is_wrong_is_said_and_forms_of_others_are_refused(serve: Serve) -> None:
    running = serve()
    sales = running.signed_in("sales")
    seal = seal_of(sales.get("/account/tokens").text)
    for fields, says in (
        ({"name": "", "days": "30", "scopes": "order.read"}, "name"),
        ({"name": "x", "days": "999", "scopes": "order.read"}, "1 to 365 days"),
        ({"name": "x", "days": "30"}, "at least one permission"),
        ({"name": "x", "days": "30", "scopes": "network.read"}, "not this account"),
    ):
        answer = sales.post("/account/tokens", data={**fields, "seal": seal})
        assert (answer.status_code, says in answer.text) == (400, True), says
    right = {"name": "x", "days": "30", "scopes": "order.read"}
    assert sales.post("/account/tokens", data={**right, "seal": "0" * 64}).status_code == 403
    evil = {"origin": "http://evil.example"}
    assert sales.post("/account/tokens", data={**right, "seal": seal}, headers=evil).status_code == 403
    assert running.client().get("/account/tokens").status_code == 303


def test_customers_have_no_tokens_and_asking_is_told(serve: Serve) -> None:
    running = serve("portal")
    customer = running.signed_in("ada@example.org")
    assert "/account/tokens" not in customer.get("/account").text
    assert customer.get("/account/tokens").status_code == 403
    seal = seal_of(customer.get("/account").text)
    form = {"name": "x", "days": "30", "scopes": "own.read", "seal": seal}
    assert customer.post("/account/tokens", data=form).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_can_be_used_by_clicking(serve: Serve, chromium: Browser, size: str) -> None:
    running = serve()
    visit = Visit(new_context(chromium, size), running.url)
    visit.sign_in("sales", at="/orders")
    page = visit.page
    page.goto(f"{running.url}/account/tokens")
    page.get_by_label("What uses it").fill("monitoring")
    page.get_by_label("Read orders", exact=False).first.check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text(re.compile("isp_[0-9a-f]{64}"))).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"staff-tokens-{size}.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    page.get_by_role("button", name="End the token monitoring").click()
    expect(page.get_by_text("The token is ended.")).to_be_visible()
    assert visit.foreign() == []
    with running.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(revoked_at) FROM api_tokens")).scalar_one() == 1


@pytest.mark.browser
def test_administrators_see_everybodys_and_end_one(serve: Serve, engine: sa.Engine, chromium: Browser) -> None:
    at = SystemClock().now()
    with write(engine) as tx:
        actions.create_user(
            tx=tx,
            at=at,
            username="root",
            name="Root",
            role=Role.ADMINISTRATOR,
            password=PASSWORD,
            email="root@isp.example",
        )
        sales = actions.user_by_username(tx=tx, username="sales")
        assert sales is not None
        made, secret = tokens.create_token(tx=tx, user_id=sales.id, name="sheet", scopes=["order.read"], days=30, at=at)
    pages = {path: STAFF[path] for path in ("/accounts", "/templates", "/settings", "/plans")}
    visit = Visit(new_context(chromium, "desktop"), serve(pages=pages).url)
    visit.sign_in("root", at="/accounts?account=sales")
    page = visit.page
    expect(page.get_by_text(f"{made.shown}…").first).to_be_visible()
    assert secret not in page.content()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed.")
    page.get_by_label("Why it ends").fill("It was found in a mail.")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("The token is ended.")).to_be_visible()
    expect(page.locator("tbody tr").filter(has_text="sheet")).to_contain_text("revoked")
    assert (visit.errors(), visit.foreign()) == ([], [])
    _own_words(visit, engine)
    _a_setting(visit)
    _a_plan(visit, engine)


def _a_setting(visit: Visit) -> None:
    """A bad value is refused with what is allowed; a good one shows at once, and where it was the default's."""
    visit.console.clear()  # axe-core has just said that it cannot look into the framed message
    visit.open("/settings?setting=support.critical_hours")
    page = visit.page
    value = page.get_by_label("New value (hours)")
    value.fill("soon")
    page.get_by_label("Reason").fill("Nights are quiet.")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("alert")).to_contain_text("support.critical_hours cannot be 'soon'")
    value.fill("6")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Critical tickets are due within: 6 from now on.")).to_be_visible()
    expect(page.locator("tbody tr", has_text="support.critical_hours")).to_contain_text("changed")
    page.screenshot(path=PICTURES / "settings-desktop.png", full_page=True)
    assert (visit.errors(), visit.foreign()) == ([], [])


def _a_plan(visit: Visit, engine: sa.Engine) -> None:
    """A new plan stands in the list, with what OLTs need for it."""
    visit.open("/plans?plan=new")
    page = visit.page
    fields = {"Code": "home-1000", "Name, as customers read it": "Home 1000", "Price a month, EUR": "49.90"}
    for label, text in {**fields, "VLAN of its lines": "100", "Reason": "Spring offer."}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("IPv6 prefix").click()
    page.get_by_role("menuitem", name="/56").click()
    page.get_by_label("The ONT").click()
    page.get_by_role("menuitem", name="dials in by PPPoE").click()
    page.get_by_label("Tags").click()
    page.get_by_role("menuitem", name="a pair of tags for each line").click()
    page.get_by_role("button", name="Put it into the catalogue").click()
    expect(page.get_by_text("The plan home-1000 stands in the catalogue.")).to_be_visible()
    expect(page.locator("tbody tr", has_text="Home 1000").first).to_contain_text("on sale")
    expect(page.get_by_text("isp-512000", exact=True).first).to_be_visible()
    page.screenshot(path=PICTURES / "plans-desktop.png", full_page=True)
    assert (visit.errors(), visit.foreign()) == ([], [])
    with engine.connect() as connection:
        told = connection.execute(sa.text("SELECT action FROM audit WHERE subject_id = 'home-1000'")).scalars().all()
        made = connection.execute(
            sa.text("SELECT ipv6_policy, ont, own_vlan FROM plans WHERE code = 'home-1000'")
        ).one()
    assert told == ["plans.new_plan"]
    assert tuple(made) == ("pd56", "pppoe", True)


def _own_words(visit: Visit, engine: sa.Engine) -> None:
    """The same administrator writes the provider's own words for a message: seen at once, tried, kept, taken back."""
    visit.open("/templates?kind=order_confirmed&language=de")
    page = visit.page
    framed = page.frame_locator("iframe[title='How the message looks']")
    expect(framed.get_by_text("Unser Techniker kommt zu Ihnen")).to_be_visible()
    text = page.get_by_label("Text", exact=True)
    text.fill("Wir kommen am {{ visit_begin|day }}.")
    expect(page.get_by_text("Line 1: there is no {{ visit_begin }}")).to_be_visible()
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("alert")).to_contain_text("This text cannot be used.")
    text.fill("Wir kommen am {{ visit_start|day }}.")
    expect(framed.get_by_text("Wir kommen am Montag, 9. März 2026.")).to_be_visible()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Send it to me").click()
    expect(page.get_by_text("It is on its way to root@isp.example.")).to_be_visible()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_text("Version 1 is kept.")).to_be_visible()
    page.screenshot(path=PICTURES / "templates-desktop.png", full_page=True)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Back to the shipped text").click()
    expect(page.get_by_text("The shipped text counts again.")).to_be_visible()
    expect(framed.get_by_text("Unser Techniker kommt zu Ihnen")).to_be_visible()
    assert (visit.errors(), visit.foreign()) == ([], [])
    with engine.connect() as connection:
        tried = connection.execute(sa.text("SELECT subject, body_text FROM emails WHERE key LIKE 'trial:%'")).one()
        assert tried.subject == "[Probe] Ihr Auftrag O-000123 ist bestätigt"
        assert "Wir kommen am Montag, 9. März 2026." in tried.body_text
        told = "SELECT changes FROM audit WHERE action = 'templates.keep_words'"
        (change,) = connection.execute(sa.text(told)).scalar_one()
        assert change[2] == "Wir kommen am {{ visit_start|day }}."
