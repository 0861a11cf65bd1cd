"""E-mails about accounts, from the door to a real mail server: the link is in what is sent, and nowhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from pydantic import SecretStr

from dashboards.proof import proved
from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.access import actions as access
from isp_lifecycle.access import recovery as links
from isp_lifecycle.access.errors import HasPassword, LinkDead, NoAddress, PasswordsDiffer, PasswordWeak, UsernameTaken
from isp_lifecycle.access.model import PORTAL_ROLES, ROLES, SYSTEM, Actor, Role, User
from isp_lifecycle.access.ports import Person
from isp_lifecycle.access.store import identities
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts, recovery
from isp_lifecycle.intake.door import Door
from isp_lifecycle.notices.errors import AddressMalformed
from isp_lifecycle.notices.mailbox import messages
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.notices.model import LINK_MARK
from isp_lifecycle.notices.sink import LocalSink
from isp_lifecycle.reports.ports import NoReporter
from isp_lifecycle.views import demo
from isp_lifecycle.views import recovery as views
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.parts import Parts
from tests.conftest import PORTAL_KEY

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OLD, NEW = "correct horse battery", "seven quiet lighthouses"
ADMINISTRATOR = Actor(None, "chief", "Chief", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")
STRANGER = Actor(None, "", "Visitor", Role.APPLICANT, ROLES[Role.APPLICANT], "staff", address="192.0.2.7")
AT_PORTAL = replace(STRANGER, source="portal")
MAEVE = {"username": "maeve", "name": "Maeve Byrne", "email": "maeve@isp.example"}


@dataclass
class Office:
    """Doors, an engine to work on what comes in by them, and the mails that came of it."""

    engine: sa.Engine
    clock: PushableClock
    door: Door
    window: Window
    parts: Parts
    folder: Path

    def work(self) -> None:
        """Work on all that is ready."""
        with write(self.engine) as tx:
            ids: list[UUID] = list(tx.execute(sa.text("SELECT id FROM deliveries WHERE state = 'queued'")).scalars())
        for one in ids:
            Engine(parts=self.parts, worker="test").run(one)

    def token(self) -> str:
        """The token of the newest mail, from what its receiver got; none has it in one of its forms only."""
        newest = messages(self.folder)[0]
        found = {
            re.findall(r"http://127\.0\.0\.1:\d+/sign-in/password\?token=([\w=-]+)", form)[0]
            for form in (newest.text, newest.html)
        }
        assert len(found) == 1
        return found.pop()

    def set(self, token: str, new: str = NEW, realm: str = "staff") -> User:
        """Set the password by a link."""
        return recovery.set_password_by_link(self.door, STRANGER, token=token, realm=realm, new=new, again=new)  # type: ignore[arg-type]

    def everything(self) -> str:
        """Whatever stands in the database."""
        with read(self.engine) as tx:
            names = tx.execute(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
            rows = [tx.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names]
        return "\n".join(str(tuple(row)) for found in rows for row in found)  # a Row itself shows long texts shortened

    def signs_in(self, username: str, password: str) -> bool:
        """Whether name and password fit."""
        with write(self.engine) as tx:
            try:
                return access.check_password(tx=tx, username=username, password=password).username == username
            except Exception:  # noqa: BLE001 - a refusal of whatever kind
                return False


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(access, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    settings = Settings(var=tmp_path, secret_key=SecretStr("s" * 64), portal_key=SecretStr(PORTAL_KEY))
    clock, olts = PushableClock(START), Olts([])
    with LocalSink(tmp_path / "mail", free_port()) as sink:
        parts = Parts(
            engine=engine,
            clock=clock,
            settings=settings,
            olts=olts,
            sign_on=NotConnected(),
            crm=FileDrop(tmp_path / "crm"),
            mailer=Mailer("127.0.0.1", sink.port, "isp@example.org"),
            reporter=NoReporter(),
        )
        yield Office(
            engine,
            clock,
            Door(engine, clock, settings),
            Window(engine, clock, settings, olts),
            parts,
            sink.folder,
        )
    olts.close()


def test_an_invited_one_sets_the_password_once_and_is_told(office: Office) -> None:
    made = recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE, role="support")
    assert (made.has_password, made.role) == (False, Role.SUPPORT)
    office.work()
    newest = messages(office.folder)[0]
    assert (newest.to, newest.subject) == ("maeve@isp.example", "Your account is ready: choose a password")
    assert "for 7 days from now" in newest.text
    token = office.token()
    assert views.account_behind(office.window, STRANGER, token=token, realm="staff") == "maeve"
    assert views.account_behind(office.window, STRANGER, token=token, realm="staff") == "maeve"  # looking is free
    office.set(token)
    assert office.signs_in("maeve", NEW)
    with pytest.raises(LinkDead):
        office.set(token, "another quiet lighthouse")
    office.work()
    told = messages(office.folder)[0]
    assert told.subject == "Your account: your password was set by a link that we had sent you"
    assert "192.0.2.7" in told.text
    assert "Monday 2 March 2026, 09:00" in told.text
    assert ":8600/sign-in/forgotten" in told.text


def test_the_link_stands_in_what_is_sent_only(office: Office) -> None:
    recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE, role="support")
    office.work()
    token, kept = office.token(), office.everything()
    office.set(token)
    assert LINK_MARK in kept
    assert "token=" not in kept + office.everything()
    assert token[:24] not in kept + office.everything()
    sales = Actor(None, "sally", "Sally", Role.SALES, ROLES[Role.SALES], "test")
    for row in demo.mails(office.window, sales):
        shown = demo.mail(office.window, sales, mail_id=row.mail_id)
        assert LINK_MARK in shown.text + shown.html
        assert "token=" not in shown.text + shown.html


def test_a_forgotten_password_is_set_by_the_newest_or_an_older_link_until_one_was_used(office: Office) -> None:
    accounts.create_staff_account(office.door, ADMINISTRATOR, **MAEVE, role="support", password=OLD)
    tokens = []
    for name in ("MAEVE", "Maeve@ISP.example"):
        recovery.ask_link(office.door, STRANGER, name=name, realm="staff")
        office.work()
        office.clock.push(timedelta(minutes=1))
        tokens.append(office.token())
    assert office.signs_in("maeve", OLD)
    office.set(tokens[0])
    assert (office.signs_in("maeve", OLD), office.signs_in("maeve", NEW)) == (False, True)
    for token in tokens:
        with pytest.raises(LinkDead):
            office.set(token)


def test_an_account_of_the_staff_is_written_to_in_its_own_language(office: Office) -> None:
    made = accounts.create_staff_account(office.door, ADMINISTRATOR, **MAEVE, role="support", password=OLD)
    own = Actor(made.id, "maeve", MAEVE["name"], Role.SUPPORT, ROLES[Role.SUPPORT], "staff")
    accounts.choose_language(office.door, own, language="de")
    recovery.ask_link(office.door, STRANGER, name="maeve", realm="staff")
    office.work()
    newest = messages(office.folder)[0]
    assert newest.subject == "Ein neues Passwort für Ihr Konto"
    assert "Der Link gilt einmal und ab jetzt 30 Minuten lang." in newest.text
    office.set(office.token())
    office.work()
    told = messages(office.folder)[0]
    assert told.subject == "Ihr Konto: Ihr Passwort wurde über einen Link gesetzt, den wir Ihnen geschickt hatten"
    assert "Montag, 2. März 2026, 09:00" in told.text


@pytest.mark.parametrize("end", ["time", "closed", "changed", "key", "realm", "purpose", "account", "cut"])
def test_a_link_dies(office: Office, end: str) -> None:
    made = accounts.create_staff_account(office.door, ADMINISTRATOR, **MAEVE, role="support", password=OLD)
    recovery.ask_link(office.door, STRANGER, name="maeve", realm="staff")
    office.work()
    token, realm = office.token(), "portal" if end == "realm" else "staff"
    match end:
        case "time":
            office.clock.push(timedelta(minutes=30))
        case "closed":
            accounts.close_account(office.door, ADMINISTRATOR, username="maeve", reason="x")
            with pytest.raises(LinkDead):
                office.set(token)
            accounts.reopen_account(office.door, ADMINISTRATOR, username="maeve", reason="x")
            office.set(token)  # the account is as it was: the link works until its end
        case "changed":
            accounts.set_password(office.door, ADMINISTRATOR, username="maeve", password="three green bicycles")
        case "key":
            other = office.door.settings.model_copy(update={"secret_key": SecretStr("t" * 64)})
            office.door = Door(office.engine, office.clock, other)
        case "purpose":
            token = ("Aa" if token[0] == "A" else "BB") + token[2:]
        case "account":
            other = accounts.create_staff_account(
                office.door, ADMINISTRATOR, **MAEVE | {"username": "oisin"}, role="support", password=OLD
            )
            token = _named(token, made.id, other.id)
        case "cut":
            token = token[:-2]
    with pytest.raises(LinkDead):
        office.set(token, realm=realm)
    assert not office.signs_in("oisin", NEW)


def _named(token: str, before: UUID, after: UUID) -> str:
    whole = base64.urlsafe_b64decode(token)
    assert before.bytes in whole
    return base64.urlsafe_b64encode(whole.replace(before.bytes, after.bytes)).decode()


def test_what_is_wrong_with_a_password_leaves_the_link_alive(office: Office) -> None:
    recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE, role="support")
    office.work()
    token = office.token()
    with pytest.raises(PasswordWeak):
        office.set(token, "password1234")
    with pytest.raises(PasswordsDiffer):
        recovery.set_password_by_link(office.door, STRANGER, token=token, realm="staff", new=NEW, again="other")
    assert office.set(token).username == "maeve"


def test_a_stranger_learns_nothing_and_the_audit_all(office: Office) -> None:
    accounts.create_staff_account(office.door, ADMINISTRATOR, **MAEVE, role="support", password=OLD)
    accounts.create_staff_account(
        office.door, ADMINISTRATOR, username="nomail", name="N", role="support", email="", password=OLD
    )
    asked = [("maeve", "staff"), ("maeve", "portal"), ("nobody", "staff"), ("nomail", "staff")]
    answers = [recovery.ask_link(office.door, STRANGER, name=name, realm=realm) for name, realm in asked]  # type: ignore[arg-type]
    assert answers == [None, None, None, None]
    office.work()
    assert len(messages(office.folder)) == 1
    with read(office.engine) as tx:
        lines = tx.execute(sa.text("SELECT subject_id, changes FROM audit WHERE action = 'recovery.ask_link'")).all()
    assert [(name, changes[0][2]) for name, changes in lines] == [
        ("maeve", "sent: reset"),
        ("maeve", "not sent: no open account here is called so"),
        ("nobody", "not sent: no open account here is called so"),
        ("nomail", "not sent: no e-mail address is known"),
    ]


def test_an_account_of_a_directory_is_told_where_its_password_is(office: Office) -> None:
    with write(office.engine) as tx:
        user = access.create_user(
            tx=tx, at=START, username="ann", name="Ann", role=Role.SUPPORT, email="ann@isp.example"
        )
        person = Person("office", "guid-1", "ann", "Ann", "ann@isp.example", frozenset())
        identities.signed_in(tx=tx, user_id=user.id, person=person, at=START)
    recovery.ask_link(office.door, STRANGER, name="ann", realm="staff")
    office.work()
    (told,) = messages(office.folder)
    assert told.subject == "The password of your account is kept elsewhere"
    assert "the one that you have at office" in " ".join(told.text.split())
    assert "token=" not in told.text + told.html


@dataclass
class AtPortal:
    """What the portal's process has: its own role in the database, its own secret, and none of the staff's."""

    door: Door
    window: Window

    def set(self, token: str, new: str = NEW) -> User:
        """Look behind a link, and set the password by it."""
        assert views.account_behind(self.window, AT_PORTAL, token=token, realm="portal")
        return recovery.set_password_by_link(self.door, AT_PORTAL, token=token, realm="portal", new=new, again=new)


@pytest.fixture
def at_portal(office: Office, portal_engine: sa.Engine, tmp_path: Path) -> AtPortal:
    office.clock.push(datetime.now(UTC) - START)  # the database believes no other time of what the portal records
    settings = Settings(var=tmp_path / "portal", portal_key=SecretStr(PORTAL_KEY))
    door, olts = Door(portal_engine, office.clock, settings), office.window.olts
    return AtPortal(door, Window(portal_engine, office.clock, settings, olts))


def test_the_portal_claims_no_account_but_of_a_link_that_we_made(office: Office, at_portal: AtPortal) -> None:
    """Whom a stranger names is not claimed, so that the portal's role sees nobody for them."""
    made = accounts.create_staff_account(office.door, ADMINISTRATOR, **MAEVE, role="support", password=OLD)
    settings, key = at_portal.door.settings, links.key_of(office.door.settings, "portal")
    with write(office.engine) as tx:
        ends_at = office.clock.now() + timedelta(minutes=5)
        token = links.make_token(tx=tx, key=key, user=made, purpose=links.Purpose.RESET, ends_at=ends_at)
    assert links.claim_of_link(settings, {"realm": "portal", "token": token}) == Claim("link", str(made.id))
    for other in (_named(token, made.id, new_id()), "BB" + token[2:], token[:36] + "AAAA" + token[40:], token[4:], ""):
        assert links.claim_of_link(settings, {"realm": "portal", "token": other}) is None
    for stranger in (office.door.settings.model_copy(update={"portal_key": SecretStr("x" * 64)}), office.door.settings):
        realm = "portal" if stranger is not office.door.settings else "staff"
        assert links.claim_of_link(stranger, {"realm": realm, "token": token}) is None
    with pytest.raises(LinkDead):  # it is claimed, being ours, and is an account of the staff all the same
        views.account_behind(at_portal.window, AT_PORTAL, token=token, realm="portal")


def test_a_customer_is_invited_by_the_sales_desk_to_the_portal(office: Office, at_portal: AtPortal) -> None:
    with write(office.engine) as tx:
        mary = customers.register_customer(
            tx=tx, name="Mary Byrne", email="mary@isp.example", phone="+353 1 555 0100", at=START
        ).customer
        access.create_user(tx=tx, at=START, username="bob@isp.example", name="B", role=Role.SALES)
        bob = customers.register_customer(
            tx=tx, name="Bob Byrne", email="bob@isp.example", phone="+353 1 555 0100", at=START
        ).customer
    sales = Actor(None, "sally", "Sally", Role.SALES, ROLES[Role.SALES], "test")
    recovery.invite_customer(office.door, sales, customer_code=mary.code)
    recovery.invite_customer(office.door, sales, customer_code=mary.code)  # the mail was lost, say
    office.work()
    assert len(messages(office.folder)) == 2
    assert ":8601/sign-in/password" in messages(office.folder)[0].text
    token = office.token()
    with pytest.raises(LinkDead):
        office.set(token, realm="staff")
    assert at_portal.set(token).customer_id == mary.id
    user = proved(at_portal.door, roles=PORTAL_ROLES, directories={}, username="mary@isp.example", password=NEW)
    assert user.customer_id == mary.id
    office.work()
    assert "your password was set by a link" in messages(office.folder)[0].subject
    recovery.ask_link(at_portal.door, AT_PORTAL, name="Mary@isp.example", realm="portal")
    office.work()
    at_portal.set(office.token(), OLD)
    proved(at_portal.door, roles=PORTAL_ROLES, directories={}, username="mary@isp.example", password=OLD)
    with pytest.raises(HasPassword):
        recovery.invite_customer(office.door, sales, customer_code=mary.code)
    with pytest.raises(UsernameTaken):
        recovery.invite_customer(office.door, sales, customer_code=bob.code)


def test_an_invitation_needs_an_address(office: Office) -> None:
    with pytest.raises(NoAddress):
        recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE | {"email": " "}, role="support")
    with pytest.raises(AddressMalformed):
        recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE | {"email": "maeve"}, role="support")
    accounts.create_staff_account(office.door, SYSTEM, **MAEVE | {"email": ""}, role="support", password=OLD)
    with pytest.raises(NoAddress):
        recovery.send_link(office.door, ADMINISTRATOR, username="maeve")


class Quoting:
    """A relay with a filter that quotes the link it does not like."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        text = envelope.content.decode().replace("=\r\n", "").replace("=3D", "=")  # type: ignore[attr-defined]
        return "554 5.7.1 Link not wanted: " + re.findall(r"token=([\w=-]+)", text)[0]


def test_a_relay_that_quotes_the_link_puts_it_into_no_evidence(office: Office) -> None:
    relay = Controller(Quoting(), hostname="127.0.0.1", port=free_port())
    relay.start()
    try:
        office.parts = Parts(**vars(office.parts) | {"mailer": Mailer("127.0.0.1", relay.port, "isp@example.org")})
        recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE, role="support")
        office.work()
    finally:
        relay.stop()
    kept = office.everything()
    assert "its words are left out" in kept
    with read(office.engine) as tx:
        user = access.user_by_username(tx=tx, username="maeve")
    assert user is not None
    start = base64.urlsafe_b64encode(b"\x01" + user.id.bytes).decode()[:20]
    assert start not in kept


def test_links_lead_where_the_settings_say(office: Office) -> None:
    web = Web(public_origin="https://ops.isp.example/suite")
    office.parts = Parts(**vars(office.parts) | {"settings": office.parts.settings.model_copy(update={"web": web})})
    recovery.invite_staff(office.door, ADMINISTRATOR, **MAEVE, role="support")
    office.work()
    assert "https://ops.isp.example/suite/sign-in/password?token=" in messages(office.folder)[0].text
