"""Attacks on what the phone sends and reads: others' visits, stolen and missing seals, keys used twice, odd bodies."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from dashboards.field.entries import LARGEST_ENTRY
from dashboards.field.routes import field_router
from dashboards.routes import STAFF_FOLDERS
from isp_lifecycle.access import actions
from isp_lifecycle.access.model import Role
from isp_lifecycle.field import actions as field
from isp_lifecycle.field import store
from isp_lifecycle.field.model import TimeRange
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.field_work import FieldWork
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import Settings
from tests.pages.conftest import PASSWORD, Running

Serve = Callable[..., Running]
FOLDERS = {path: STAFF_FOLDERS[path] for path in ("/field/", "/kept/")}
NOW = datetime.now(UTC)
ENTRIES = "SELECT kind, text FROM visit_entries ORDER BY taken_at"


class Phones:
    """Two engineers with a visit each, and what they send."""

    def __init__(self, serve: Serve, settings: Settings) -> None:
        self.running = serve("staff", folders=FOLDERS, folder_router=field_router, settings=settings)
        self.visits = {name: self._visit(name) for name in ("ann", "ben")}
        self.ann, self.ben = self.running.signed_in("ann"), self.running.signed_in("ben")
        self.seal = self.seal_of("ann")

    def _visit(self, name: str) -> str:
        with write(self.running.engine) as tx:
            actions.create_user(tx=tx, at=NOW, username=name, name=name, role=Role.INSTALLER, password=PASSWORD)
            engineer = field.put_engineer(tx=tx, username=name, name=name)
            visit = store.insert_visit(
                tx=tx,
                service_id=new_id(),
                order_id=new_id(),
                delivery_id=new_id(),
                engineer_id=engineer.id,
                during=TimeRange(NOW + timedelta(days=9), NOW + timedelta(days=9, hours=1)),
                address="1 Quay Row",
                instructions="",
                at=NOW,
            )
            assert visit is not None
            return visit.code

    def seal_of(self, name: str) -> str:
        """What the page of this session puts on what it sends; the page asks for it with the day."""
        client: httpx.Client = getattr(self, name)
        return str(client.get("/field/today").json()["seal"])

    def send(
        self,
        key: UUID | None = None,
        *,
        by: httpx.Client | None = None,
        file: bytes | None = None,
        headers: dict[str, str] | None = None,
        **entry: Any,
    ) -> httpx.Response:
        """Send ann's note, or what is said instead."""
        made = {"owner": "ann", "visit": self.visits["ann"], "kind": "note", "made_at": NOW.isoformat()}
        made |= {"fields": {"text": "The key is at 7."}} | entry
        files: dict[str, Any] = {"entry": (None, json.dumps(made))}
        if file is not None:
            files["file"] = ("p.jpg", file, "image/jpeg")
        given = {"x-form-seal": self.seal} | (headers or {})
        return (by or self.ann).post(f"/field/entries/{key or new_id()}", files=files, headers=given)

    def kept(self) -> list[tuple[str, str]]:
        with self.running.engine.connect() as connection:
            return [(row.kind, row.text) for row in connection.execute(sa.text(ENTRIES))]


@pytest.fixture
def phones(serve: Serve, settings: Settings) -> Phones:
    return Phones(serve, settings.model_copy(update={"field": FieldWork(entries_per_hour=40)}))


def test_what_is_not_sealed_by_this_session_and_sent_from_here_does_nothing(phones: Phones) -> None:
    visitor = phones.running.client()
    sales = phones.running.signed_in("sales")
    bens = phones.seal_of("ben")
    assert phones.send(headers={"x-form-seal": ""}).status_code == 403
    assert phones.send(headers={"x-form-seal": bens}).status_code == 403
    assert phones.send(headers={"origin": "http://evil.example"}).status_code == 403
    assert phones.send(headers={"origin": "null"}).status_code == 403
    assert phones.send(by=visitor).headers["location"].startswith("/sign-in")
    assert phones.send(by=sales).status_code == 403
    assert phones.ann.put(f"/field/entries/{new_id()}", headers={"x-form-seal": phones.seal}).status_code == 405
    assert phones.ann.post("/kept/x", headers={"x-form-seal": phones.seal}).status_code == 405
    assert sales.get("/field/today").status_code == 403
    assert phones.kept() == []
    with phones.running.engine.connect() as connection:
        told = sa.text("SELECT count(*) FROM audit WHERE action = 'refused' AND actor = 'sales'")
        assert connection.execute(told).scalar_one() == 2


def test_an_answer_asked_for_again_is_the_same_and_the_key_serves_nothing_else(phones: Phones) -> None:
    key = new_id()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: phones.send(key).json(), range(8)))
    assert answers == [{"became": "taken", "kind": "note", "words": "The key is at 7."}] * 8
    other = phones.send(key, fields={"text": "Something else."}).json()
    assert (other["became"], "under this entry's key" in other["message"]) == ("refused", True)
    assert phones.kept() == [("note", "The key is at 7.")]


def test_nobody_writes_at_or_sends_for_somebody_else(phones: Phones) -> None:
    others = phones.send(visit=phones.visits["ben"]).json()
    assert (others["became"], "belongs to ben" in others["message"]) == ("refused", True)
    foreign = phones.send(owner="ben").json()
    assert (foreign["became"], "made by ben" in foreign["message"]) == ("refused", True)
    assert phones.ann.get(f"/field/visits/{phones.visits['ben']}").status_code == 404
    assert phones.ann.get(f"/field/visits/{phones.visits['ben']}/onts").status_code == 404
    assert phones.send(visit="V-999999").json()["became"] == "refused"
    assert phones.kept() == []


def test_odd_bodies_are_refused_in_words(phones: Phones) -> None:
    odd: list[dict[str, Any]] = [
        {"kind": "rocket"},
        {"kind": "note", "fields": {"text": "   "}},
        {"kind": "note", "fields": {"text": ["a"]}},
        {"kind": "note", "fields": "x"},
        {"kind": "note", "made_at": "yesterday"},
        {"kind": "note", "made_at": NOW.replace(tzinfo=None).isoformat()},
        {"kind": "light", "fields": {"level_dbm": "low"}},
        {"kind": "light", "fields": {"level_dbm": 400}},
        {"kind": "signature", "fields": {"name": "Ada", "strokes": [[1]]}},
        {"kind": "signature", "fields": {"name": "Ada", "strokes": [[["<", 1], [2, 2]]]}},
        {"kind": "photo", "file": b"<html><script>alert(1)</script>"},
        {"kind": "activation", "fields": {"serial": "00:11:22:33:44:55"}},
    ]
    answers = [phones.send(**one).json() for one in odd]
    assert [a["became"] for a in answers] == ["refused"] * len(odd)
    assert all(a["message"] and a["remedy"] for a in answers)
    large = phones.send(kind="photo", file=b"\xff\xd8\xff" + b"0" * LARGEST_ENTRY).json()
    assert "too large" in large["message"]
    raw = phones.ann.post(f"/field/entries/{new_id()}", content=b"{", headers={"x-form-seal": phones.seal}).json()
    assert raw["became"] == "refused"
    assert phones.kept() == []


def test_a_photo_is_served_to_who_may_see_the_visit_as_a_picture_and_nothing_else(phones: Phones) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    assert phones.send(kind="photo", fields={}, file=out.getvalue()).json()["became"] == "taken"
    with phones.running.engine.connect() as connection:
        where = f"/kept/{connection.execute(sa.text('SELECT entry_id FROM visit_files')).scalar_one()}"
    answer = phones.ann.get(where)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith('inline; filename="V-')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert Image.open(io.BytesIO(answer.content)).size == (40, 30)
    assert phones.ben.get(where).status_code == 404
    assert phones.running.client().get(where).status_code == 303
    assert phones.running.signed_in("auditor").get(where).status_code == 200


def test_the_page_is_the_same_for_everybody_and_an_ended_session_sends_nothing(phones: Phones) -> None:
    pages = [client.get("/field/") for client in (phones.ann, phones.ben)]
    assert pages[0].text == pages[1].text
    assert "script-src 'self';" in pages[0].headers["content-security-policy"]
    assert phones.ann.get("/field").headers["location"] == "/field/"
    assert phones.ann.get("/field/today").headers["cache-control"] == "no-store"
    cookie = phones.ann.cookies[phones.running.realm.cookie]
    gone = phones.ann.post("/sign-out", data={"seal": phones.seal})
    assert gone.headers["location"] == "/sign-in?ended=1"
    phones.ann.cookies.set(phones.running.realm.cookie, cookie)
    assert phones.send().status_code == 303
    assert phones.kept() == []


def test_more_than_anybody_writes_in_an_hour_is_put_off(phones: Phones) -> None:
    answers = [phones.send(fields={"text": ""}) for _ in range(41)]
    assert [a.status_code for a in answers] == [200] * 40 + [429]
    assert answers[-1].json()["became"] == "later"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
