"""Every page on the sample town, through real doors: what it says, who may open it, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from redis.asyncio import Redis

from dashboards.portal import portal_realm
from dashboards.routes import HOMES, PORTAL, STAFF, STAFF_FOLDERS
from dashboards.server import Realm, ServerParts, build_server
from dashboards.staff import staff_realm
from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import ROLES, STAFF_ROLES, SYSTEM, VISITOR, Role
from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import customers, leads, lines, plans, sales, support
from isp_lifecycle.intake import portal as intake
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.town.files import write_files
from isp_lifecycle.reports import actions as reports
from isp_lifecycle.reports.model import Period
from tests.conftest import portal_engine_of
from tests.databases import copied
from tests.pages.browser import ENLARGED, NARROWEST, PICTURES, Visit, new_context
from tests.pages.conftest import PASSWORD, Running, listening, page_port

KINDS = ("plans", "pools", "plant", "premises", "staff", "customers")

AN_UNSERVED_PLACE = """UPDATE premises SET splitter_code = NULL, splitter_port = NULL WHERE id = (
    SELECT p.id FROM premises p WHERE NOT EXISTS (SELECT FROM services s WHERE s.premises_id = p.id)
    AND NOT EXISTS (SELECT FROM orders o WHERE o.premises_id = p.id) ORDER BY code LIMIT 1)
    RETURNING id, number, street"""

A_HOME_CUSTOMER = """SELECT c.id, c.email FROM customers c JOIN services s ON s.customer_id = c.id
                     WHERE s.terms->>'plan_code' = 'home-100' ORDER BY c.code"""

#: What people may type: from right to left, and as long as it is taken, with blanks and without any.
ARABIC, HEBREW = "محمد عبد الرحمن الهاشمي", "הלקוח לא עונה אחרי 18:00.\nO-000001 נסגר (דחוף)."
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren" * 2
BLANKS = "Maria Fernanda Guadalupe de los Angeles Hohenzollern-Sigmaringen y Fernandez de Cordoba"

#: What each page must say on the sample town, by path and the role that looks.
SAYS = {
    ("/orders", Role.SALES): "Maeve O'Sullivan 0",
    ("/customers", Role.SALES): "Maeve O'Sullivan 2",
    ("/leads", Role.SALES): "Nobody waits.",
    ("/new-order", Role.SALES): "Where do you need it?",
    ("/services", Role.SUPPORT): "S-000120",
    ("/visits", Role.INSTALLER): "There are no visits in the next two weeks.",
    ("/support", Role.SUPPORT): "Nothing stands still.",
    ("/why", Role.SUPPORT): "Whose line does not work?",
    ("/tickets", Role.SUPPORT): "No ticket is open.",
    ("/engine", Role.MANAGER): "goes to the next worker that is free",
    ("/network", Role.NETWORK): "OLT-NORTH",
    ("/map", Role.NETWORK): "OLT-NORTH",
    ("/board", Role.DISPATCHER): "There are no visits then.",
    ("/terminal", Role.SUPPORT): "No terminal was opened yet.",
    ("/figures", Role.MANAGER): "First time right",
    ("/health", Role.ADMINISTRATOR): "No relay lives; one was never seen.",
    ("/accounts", Role.MANAGER): "administrator",
    ("/access", Role.ADMINISTRATOR): "Confirm an order, which starts the work.",
    ("/sources", Role.AUDITOR): "Everybody signs in by an account that was made here.",
    ("/device-accounts", Role.ADMINISTRATOR): "Set an account",
    ("/plans", Role.SALES): "Home 100",
    ("/settings", Role.AUDITOR): "support.critical_hours",
    ("/trail", Role.AUDITOR): "session.sign_in",
    ("/templates", Role.ADMINISTRATOR): "Order confirmed, with the appointment",
    ("/mail", Role.SALES): "No mail has been sent yet.",
}


class Town:
    """The sample town in a database, with servers of both realms on it."""

    def __init__(self, doors: Doors, redis_url: str, portal_redis_url: str) -> None:
        self.doors = doors
        self.engine = doors.door.engine
        self.redis_url, self.portal_redis_url = redis_url, portal_redis_url
        self.stops: list[Callable[[], None]] = []
        self.usernames = self._accounts()
        self.codes = [self._apply(n, code) for n, code in enumerate(self._free_premises(3))]

    def serve(self, realm: Realm) -> Running:
        """Start a server on the town."""
        behind, doors = self.engine, self.doors
        if realm.name == "portal":
            behind = portal_engine_of(self.engine.url)
            self.stops.append(behind.dispose)
            door, window = replace(doors.door, engine=behind), replace(doors.window, engine=behind)
            told = doors.settings.model_copy(update={"redis_url": SecretStr(self.portal_redis_url)})
            doors = Doors(door, window, told)
        broker = self.portal_redis_url if realm.name == "portal" else self.redis_url
        parts = ServerParts(doors.settings, behind, Redis.from_url(broker), SystemClock(), doors)
        server = build_server(realm, parts)
        self.stops.append(listening(server, realm.port))
        return Running(f"http://127.0.0.1:{realm.port}", server, self.engine, realm)

    def hear_everything(self) -> dict[str, str]:
        """Have people type what is hard to show wherever something is typed; returns where it is shown, with a part."""
        door, free = self.doors.door, self._free_premises(5)[3:]
        codes = [self._apply(n, free[n], name) for n, name in enumerate((ARABIC, LONG))]
        with write(self.engine) as tx:
            move = "UPDATE premises SET street = :street WHERE id = (SELECT premises_id FROM orders WHERE code = :code)"
            tx.execute(sa.text(move), {"street": "شارع الملك فيصل", "code": codes[0]})
            owner = tx.execute(sa.text("SELECT code FROM customers WHERE name = :name"), {"name": ARABIC}).scalar_one()
        customers.add_note(door, SYSTEM, customer_code=owner, written=HEBREW, pinned=True)
        customers.add_note(door, SYSTEM, customer_code=owner, written="y" * 300)
        ticket = support.open_ticket(door, SYSTEM, about=codes[0], subject=LONG, text=HEBREW)
        lead = leads.take_lead(
            door, SYSTEM, contact=(LONG, "l@example.org", ""), written=ARABIC, wish="w" * 200, consent=True
        )
        plans.new_plan(
            door, SYSTEM, code="a-plan-with-a-long-code-that-goes-on", name=BLANKS[:80], down_kbps=1024, up_kbps=1024,
            price="1299.99", address_policy="dynamic", vlan=100, reason=HEBREW.partition("\n")[0],
        )  # fmt: skip
        return {
            f"/orders?order={codes[0]}": ARABIC,
            "/orders?way=board": ARABIC,
            f"/customers?customer={owner}": "18:00",
            f"/tickets?ticket={ticket}": "18:00",
            f"/leads?lead={lead}": ARABIC,
            "/plans?plan=a-plan-with-a-long-code-that-goes-on": "1299.99",
        }

    def _accounts(self) -> dict[Role, str]:
        found: dict[Role, str] = {}
        with write(self.engine) as tx:
            for person in make_town().staff:
                user = access.user_by_username(tx=tx, username=person.username)
                assert user is not None
                if user.role not in found:
                    access.set_password(tx=tx, user_id=user.id, password=PASSWORD)
                    found[user.role] = user.username
            for role in STAFF_ROLES - set(found):
                at = self.doors.door.clock.now()
                access.create_user(tx=tx, at=at, username=f"a.{role}", name=f"A {role}", role=role, password=PASSWORD)
                found[role] = f"a.{role}"
            row = tx.execute(sa.text(A_HOME_CUSTOMER)).first()
            assert row is not None
            at = self.doors.door.clock.now()
            access.create_user(
                tx=tx, at=at, username=row.email, name="C", role=Role.CUSTOMER, password=PASSWORD, customer_id=row.id
            )
            found[Role.CUSTOMER] = row.email
        return found

    def _free_premises(self, number: int) -> list[str]:
        query = """SELECT code FROM premises p WHERE splitter_code IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM services s WHERE s.premises_id = p.id) ORDER BY code LIMIT :n"""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(query), {"n": number}).scalars())

    def _apply(self, n: int, premises_code: str, name: str = "") -> str:
        return intake.place_application(
            self.doors.door,
            VISITOR,
            premises_code=premises_code,
            plan_code="home-500",
            name=name or f"Maeve O'Sullivan {n}",
            email=f"{'other' if name else 'maeve'}{n}@example.org",
            phone="+353 1 555 0100",
            consent=True,
        ).order_code


@pytest.fixture(scope="module")
def imported(postgres: str, _template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the sample town, which each test's own is copied from."""
    folder = tmp_path_factory.mktemp("town")
    with copied(postgres, _template) as url:
        settings = Settings(var=folder, secret_key=SecretStr("s" * 64), database_url=SecretStr(url))
        doors = open_doors(settings, application="test")
        files = write_files(make_town(), folder / "files")
        for kind, path in ((k, p) for k in KINDS for p in files if p.stem == k):
            assert apply(doors.door, SYSTEM, kind=kind, file=ImportFile(path.name, path.read_bytes())).rejected == 0
        doors.door.engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def database(postgres: str, imported: str) -> Iterator[str]:
    """A copy of the sample town."""
    with copied(postgres, imported) as url:
        yield url


@pytest.fixture
def town(
    database: str, redis_url: str, portal_redis_url: str, redis_client: redis.Redis, tmp_path: Path
) -> Iterator[Town]:
    """The sample town; servers stop when the test ends."""
    settings = Settings(
        var=tmp_path,
        secret_key=SecretStr("s" * 64),
        database_url=SecretStr(database),
        redis_url=SecretStr(redis_url),
        port=page_port(),
        web=Web(applications_per_address=1),
    )
    built = Town(open_doors(settings, application="test"), redis_url, portal_redis_url)
    yield built
    for stop in reversed(built.stops):
        stop()
    built.engine.dispose()


@pytest.fixture
def staff(town: Town) -> Running:
    """The staff suite on the sample town."""
    return town.serve(staff_realm(town.doors.settings))


def test_every_route_has_its_own_permission_and_every_role_a_home() -> None:
    assert [p for p, r in {**STAFF, **STAFF_FOLDERS}.items() if not r.any_of or r.public] == []
    assert [p for p, r in PORTAL.items() if r.public] == ["/"]
    assert set(HOMES) == {str(role) for role in STAFF_ROLES}
    everywhere = {**STAFF, **STAFF_FOLDERS}
    closed = [r for r, home in HOMES.items() if not any(p in ROLES[Role(r)] for p in everywhere[home].any_of)]
    assert closed == []


def test_every_role_opens_its_pages_and_no_other(town: Town, staff: Running) -> None:
    for role in STAFF_ROLES:
        client = staff.signed_in(town.usernames[role])
        expected = {p: 200 if any(n in ROLES[role] for n in r.any_of) else 403 for p, r in STAFF.items()}
        assert {path: client.get(path).status_code for path in STAFF} == expected
        reports = client.get("/reports/0197a3b2-0000-7000-8000-000000000000").status_code
        assert reports == (404 if "report.read" in ROLES[role] else 403)
        assert client.get("/").headers["location"] == HOMES[role]


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_says_what_it_must_quietly_and_from_here_only(
    town: Town, staff: Running, chromium: Browser, size: str
) -> None:
    portal = town.serve(portal_realm(town.doors.settings))
    looks = [(staff, path, role, says) for (path, role), says in SAYS.items()]
    looks += [(portal, "/", None, "Choose your plan"), (portal, "/my", Role.CUSTOMER, "Change my plan")]
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = new_context(chromium, size)
    for running, path, role, says in looks:
        context.clear_cookies()
        browser = Visit(context, running.url)
        if role is not None:
            browser.sign_in(town.usernames[role], at=path)
        else:
            browser.open(path)
        expect(browser.page.get_by_text(says).first).to_be_visible()
        name = f"{running.realm.name}{path.replace('/', '-')}".rstrip("-")
        browser.page.screenshot(path=PICTURES / f"{name}-{size}-light.png")
        if size == "desktop":  # light here, dark on the phone: each page is looked at by axe-core in both
            assert browser.errors() == []
        browser.to_dark()
        browser.page.wait_for_timeout(300)
        browser.page.screenshot(path=PICTURES / f"{name}-{size}-dark.png")
        assert browser.page.evaluate("document.scrollingElement.scrollWidth") == browser.page.viewport_size["width"]
        assert browser.sticks_out() == []
        assert size == "phone" or browser.sticks_out_of(**ENLARGED) == []
        assert browser.foreign() == []
        assert (browser.said() if size == "desktop" else browser.errors()) == []
        browser.page.close()


@pytest.mark.browser
def test_what_people_type_breaks_no_page_however_long_and_from_right_to_left(
    town: Town, staff: Running, chromium: Browser
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    visit = Visit(new_context(chromium, "desktop"), staff.url)
    visit.sign_in(town.usernames[Role.ADMINISTRATOR], at="/health")
    for path, says in town.hear_everything().items():
        visit.open(path)
        expect(visit.page.get_by_text(says).first).to_be_visible()
        visit.page.screenshot(path=PICTURES / f"typed-{path[1:].partition('=')[0].replace('?', '-')}-desktop.png")
        out = [visit.sticks_out_of(**NARROWEST), visit.sticks_out_of(**ENLARGED)]
        assert (path, *out) == (path, [], [])
        for one in visit.page.get_by_text(says, exact=True).all():  # its own direction, whatever is written around it
            assert one.evaluate("one => getComputedStyle(one.closest('[dir=auto]')).unicodeBidi") == "plaintext"
            assert one.evaluate("one => getComputedStyle(one).direction") == ("rtl" if says == ARABIC else "ltr")
    assert visit.said() == []


@pytest.mark.browser
def test_visitor_applies_and_sales_decides_by_clicking(town: Town, staff: Running, chromium: Browser) -> None:
    """The visitor gives a customer's e-mail address: the form does not tell, and the sales desk must ask."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    portal = town.serve(portal_realm(town.doors.settings))
    visitor = Visit(new_context(chromium, "phone"), portal.url)
    page = visitor.page
    _fill_in(visitor, email=town.usernames[Role.CUSTOMER])
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("must be agreed to"))
    page.get_by_label("I agree").check()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("Thank you, we have your application.")).to_be_visible()
    code = page.locator("b", has_text=re.compile(r"^O-\d{6}$")).inner_text()

    _fill_in(visitor, email="another@example.org")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("alert")).to_have_text(
        re.compile("take no more by this form for now.*in 60 minutes, or call")
    )

    desk = Visit(new_context(chromium, "desktop"), staff.url)
    desk.sign_in(town.usernames[Role.SALES])
    desk.page.locator("summary", has_text="Network").click()
    expect(desk.page.get_by_role("link", name="Numbers")).to_be_visible()
    desk.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")  # it remembers when it has opened
    desk.page.reload()  # a heading that was left open stays open
    desk.ready()
    expect(desk.page.get_by_role("link", name="Numbers")).to_be_visible()
    desk.page.get_by_role("link", name=code).click()
    expect(desk.page.get_by_role("heading", name=f"{code} · New line")).to_be_visible()
    expect(desk.page.get_by_text("please check: is it them?")).to_be_visible()
    expect(desk.page.get_by_text("Typed in the form: Niamh Walsh, +353 1 555 0177.")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Confirm")).to_have_count(0)
    desk.page.screenshot(path=PICTURES / "orders-claimed-desktop.png")
    desk.page.get_by_role("button", name="It is them").click()
    desk.page.wait_for_timeout(600)
    desk.page.get_by_role("button", name="Confirm").click()
    expect(desk.page.get_by_text(f"{code} is confirmed.")).to_be_visible()
    assert f"order={code}" in desk.page.url

    other = town.codes[0]
    desk.page.get_by_role("link", name=other).click()
    expect(desk.page.get_by_role("heading", name=f"{other} · New line")).to_be_visible()
    desk.page.get_by_role("button", name="Reject").click()
    expect(desk.page.get_by_role("alert")).to_have_text(re.compile("A reason is needed."))
    desk.page.get_by_label("Reason, if you reject it").fill("The duct is blocked.")
    desk.page.wait_for_timeout(600)
    desk.page.get_by_role("button", name="Reject").click()
    expect(desk.page.get_by_text(f"{other} is rejected.")).to_be_visible()
    with town.engine.connect() as connection:
        states = dict(
            connection.execute(
                sa.text("SELECT code, state FROM orders WHERE code = ANY(:c)"), {"c": [code, other]}
            ).all()
        )
    assert states == {code: "confirmed", other: "rejected"}
    _decided_on_the_board(desk, town.codes[1:])
    assert desk.errors() == []


def _decided_on_the_board(desk: Visit, new: list[str]) -> None:
    """What cannot be is refused with its reason; a new order is confirmed by dragging, another rejected on its card."""
    page = desk.page
    page.get_by_role("link", name="Board", exact=True).click()
    page.wait_for_url("**/orders?way=board")
    desk.ready()
    columns = {name: page.get_by_role("region", name=name) for name in ("New", "Confirmed", "Failed")}
    card = columns["New"].get_by_role("article").filter(has_text=new[0])
    card.drag_to(columns["Failed"])
    expect(page.get_by_role("alert")).to_contain_text("Drag it to Confirmed, or reject it with a reason.")
    expect(card).to_be_visible()
    card.drag_to(columns["Confirmed"])
    expect(page.get_by_text(f"{new[0]} is confirmed.")).to_be_visible()
    expect(columns["Confirmed"].get_by_role("article").filter(has_text=new[0])).to_be_visible()
    page.screenshot(path=PICTURES / "orders-board-desktop.png")
    columns["New"].get_by_role("button", name=f"Reject {new[1]}").click()
    page.get_by_label("Reason, which the customer reads").fill("No duct.")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{new[1]} is rejected.")).to_be_visible()
    expect(columns["New"].get_by_text(new[1])).to_have_count(0)
    columns["Confirmed"].get_by_role("link", name=new[0]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{new[0]} · New line")).to_be_visible()
    assert f"order={new[0]}" in page.url
    page.get_by_role("link", name="← The board").click()
    expect(columns["Confirmed"]).to_be_visible()


@pytest.mark.browser
def test_who_cannot_be_served_leaves_word_and_becomes_an_order_with_papers(
    town: Town, staff: Running, chromium: Browser
) -> None:
    """A visitor of the portal is kept as a lead; fibre comes; the desk makes it an order and keeps its contract."""
    with write(town.engine) as tx:
        place = tx.execute(sa.text(AN_UNSERVED_PLACE)).one()
    visitor = Visit(new_context(chromium, "phone"), town.serve(portal_realm(town.doors.settings)).url)
    visitor.open("/")
    page = visitor.page
    page.get_by_label("Address").press_sequentially(f"{place.number} {place.street}", delay=10)
    page.get_by_role("link").filter(has_text="not yet").first.click()
    page.get_by_label("Name").locator("visible=true").fill("Niamh Walsh")
    page.get_by_label("E-mail").locator("visible=true").fill("niamh@example.org")
    page.get_by_role("button", name="Tell me when").click()
    expect(page.get_by_role("alert").filter(has_text="must be agreed to")).to_be_visible()
    page.get_by_label("I agree that my details are kept").check()
    page.screenshot(path=PICTURES / "portal-lead-phone.png", full_page=True)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Tell me when").click()
    expect(page.get_by_text("Thank you, we have noted it.")).to_be_visible()
    assert visitor.errors() == []

    desk = Visit(new_context(chromium, "desktop"), staff.url)
    desk.sign_in(town.usernames[Role.SALES], at="/leads")
    page = desk.page
    page.get_by_role("link", name="L-000001").click()
    expect(page.get_by_text("it cannot be served yet")).to_be_visible()
    expect(page.get_by_role("button", name="Make it an order")).to_have_count(0)
    with write(town.engine) as tx:
        tx.execute(
            sa.text("UPDATE premises SET splitter_code = (SELECT min(code) FROM splitters) WHERE id = :id"),
            {"id": place.id},
        )
    page.reload()
    desk.ready()
    expect(page.get_by_text("Can be served: splitter")).to_be_visible()
    page.screenshot(path=PICTURES / "leads-desktop.png")
    page.get_by_label("Telephone").fill("+353 1 555 0177")
    page.get_by_role("button", name="Make it an order").click()
    expect(page.get_by_text(re.compile("L-000001 is order O-"))).to_be_visible()
    page.get_by_role("link", name=re.compile("^O-")).last.click()
    page.wait_for_url("**/orders?order=*")
    desk.ready()
    page.get_by_role("link", name=re.compile("Niamh Walsh")).last.click()
    page.wait_for_url("**/customers?customer=*")
    desk.ready()
    page.get_by_role("link", name="Add a document").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
    )
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The document is kept.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="contract.pdf", exact=True).click()
    assert download.value.path().read_bytes() == b"%PDF-1.7\n%%EOF\n"
    page.screenshot(path=PICTURES / "customer-papers-desktop.png", full_page=True)
    page.get_by_role("link", name="Remove contract.pdf").click()
    page.get_by_label("Why is it not kept any more?").fill("Signed anew.")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("contract.pdf is removed for good.")).to_be_visible()
    expect(page.get_by_text("Signed anew.")).to_be_visible()
    client = staff.signed_in(town.usernames[Role.INSTALLER])
    assert client.get("/documents/0197a3b2-0000-7000-8000-000000000000").status_code == 403
    assert desk.errors() == []


def _fill_in(visitor: Visit, *, email: str) -> None:
    """Everything that the form asks for, but the consent."""
    visitor.open("/")
    page = visitor.page
    page.get_by_label("Address").press_sequentially("anchor lane", delay=15)
    page.get_by_role("link").filter(has_text="available").last.click()
    page.get_by_role("link", name="Home 100").click()
    page.get_by_label("Name").fill("Niamh Walsh")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Telephone").fill("+353 1 555 0177")


@pytest.mark.browser
def test_order_that_somebody_else_decided_meanwhile_is_told(town: Town, staff: Running, chromium: Browser) -> None:
    desk = Visit(new_context(chromium, "desktop"), staff.url)
    desk.sign_in(town.usernames[Role.SALES])
    desk.page.get_by_role("link", name=town.codes[1]).click()
    desk.page.get_by_role("button", name="Confirm").wait_for()
    sales.confirm_order(town.doors.door, SYSTEM, order_code=town.codes[1])
    desk.page.get_by_role("button", name="Confirm").click()
    expect(desk.page.get_by_role("alert")).to_have_text(re.compile("is confirmed and cannot become confirmed.*Reload"))


@pytest.mark.browser
def test_customer_withdraws_what_has_not_begun(town: Town, chromium: Browser) -> None:
    portal = town.serve(portal_realm(town.doors.settings))
    with town.engine.connect() as connection:
        code = connection.execute(
            sa.text(f"SELECT s.code FROM ({A_HOME_CUSTOMER}) x JOIN services s ON s.customer_id = x.id LIMIT 1")
        ).scalar_one()
    later = town.doors.door.clock.now().date() + timedelta(days=9)
    lines.ask_suspension(town.doors.door, SYSTEM, service_code=code, wanted_on=later)
    customer = Visit(new_context(chromium, "phone"), portal.url)
    customer.sign_in(town.usernames[Role.CUSTOMER], at="/my")
    expect(customer.page.get_by_text("Paused from this day on")).to_be_visible()
    customer.page.get_by_role("button", name="Withdraw").click()
    expect(customer.page.get_by_text("It is withdrawn.")).to_be_visible()


@pytest.mark.browser
def test_support_suspends_a_service_after_saying_yes(town: Town, staff: Running, chromium: Browser) -> None:
    desk = Visit(new_context(chromium, "desktop"), staff.url)
    desk.sign_in(town.usernames[Role.SUPPORT], at="/services?service=S-000001")
    desk.page.get_by_role("button", name="Suspend", exact=True).click()
    expect(desk.page.get_by_role("button", name="Change the plan", exact=True)).to_have_count(0)
    desk.page.wait_for_timeout(600)  # it unfolds
    desk.page.get_by_role("button", name="Suspend …").click()
    expect(desk.page.get_by_text("The line is shut on")).to_be_visible()
    desk.page.get_by_role("button", name="Yes, do it").click()
    expect(desk.page.get_by_text(re.compile("Order O-.* is placed"))).to_be_visible()
    with town.engine.connect() as connection:
        kinds = connection.execute(sa.text("SELECT kind FROM orders WHERE kind <> 'new_line'")).scalars().all()
    assert kinds == ["suspension"]


@pytest.mark.browser
def test_report_opens_in_a_sandbox_where_its_script_reaches_no_cookie(
    town: Town, staff: Running, chromium: Browser
) -> None:
    clock, folder = town.doors.door.clock, town.doors.settings.var / "reports"
    folder.mkdir()
    script = "document.title = (() => { try { return document.cookie + 'read' } catch { return 'refused' } })()"
    (folder / "one.html").write_text(f"<!doctype html><h1>Activations</h1><script>{script}</script>", encoding="utf-8")
    with write(town.engine) as tx:
        day = clock.now().date()
        run = reports.request(tx=tx, name="activations", period=Period(day, day), area=None, by="x", at=clock.now())
        reports.keep(tx=tx, run_id=run.id, file="one.html", at=clock.now(), words="")
    manager = Visit(new_context(chromium, "desktop"), staff.url)
    manager.sign_in(town.usernames[Role.MANAGER])
    with manager.page.context.expect_page() as opened:
        manager.page.get_by_role("link", name="Activations").click()
    expect(opened.value.get_by_role("heading", name="Activations")).to_be_visible()
    expect(opened.value).to_have_title("refused")
