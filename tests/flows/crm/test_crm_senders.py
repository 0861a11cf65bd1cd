"""The CRM is told by real files and over real HTTP, TLS included."""

from __future__ import annotations

import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from isp_lifecycle.crm.errors import CrmNeedsCare, CrmRefused, CrmUnreachable, MessageDiffers
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.crm.model import CrmKind, CrmMessage, Told
from isp_lifecycle.crm.ports import CrmSender
from isp_lifecycle.crm.webhook import Webhook
from isp_lifecycle.foundation.ids import new_id
from tests.flows.certificates import certificate

MESSAGE = CrmMessage(
    id=new_id(),
    kind=CrmKind.SERVICE_STATE,
    at=datetime(2026, 2, 3, 12, tzinfo=UTC),
    customer_code="C-000001",
    state="active",
    service_code="S-000003",
    address="7 Ché Street",
)


@dataclass
class Receiver:
    """A CRM on a real socket: answers with one status, and keeps what it was sent."""

    port: int = 0
    status: int = 201
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, str], object]] = field(default_factory=list)
    hang: threading.Event | None = None


@contextmanager
def serving(receiver: Receiver, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posts.append((self.path, dict(self.headers), json.loads(content)))
            if receiver.hang is not None:
                receiver.hang.wait(10)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.body.encode())

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.hang is not None:
            receiver.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving(Receiver()) as running:
        yield running


def hook(receiver: Receiver, **more: object) -> Webhook:
    return Webhook(url=f"http://127.0.0.1:{receiver.port}/hook", token="hush", **more)  # type: ignore[arg-type]


def test_a_webhook_posts_the_document_with_its_key_and_token(receiver: Receiver) -> None:
    sender: CrmSender = hook(receiver)
    told = sender.tell(MESSAGE)
    ((path, headers, document),) = receiver.posts
    assert told == Told(f"http://127.0.0.1:{receiver.port}/hook", repeated=False)
    assert (path, document) == ("/hook", MESSAGE.document())
    assert (headers["Idempotency-Key"], headers["Authorization"]) == (str(MESSAGE.id), "Bearer hush")


def test_a_webhook_tells_a_replay_and_sends_no_empty_token(receiver: Receiver) -> None:
    receiver.headers = {"Idempotency-Replayed": "true"}
    assert replace(hook(receiver), token="").tell(MESSAGE).repeated
    assert "Authorization" not in receiver.posts[0][1]


@pytest.mark.parametrize(
    ("status", "leaf"),
    [
        (500, CrmUnreachable),
        (503, CrmUnreachable),
        (429, CrmUnreachable),
        (409, CrmUnreachable),
        (401, CrmNeedsCare),
        (403, CrmNeedsCare),
        (404, CrmNeedsCare),
        (302, CrmNeedsCare),
        (400, CrmRefused),
        (422, CrmRefused),
    ],
)
def test_an_answer_that_is_not_yes_has_its_kind(receiver: Receiver, status: int, leaf: type[Exception]) -> None:
    receiver.status = status
    receiver.headers = {"Location": "/elsewhere"}
    with pytest.raises(leaf, match=str(status)):
        hook(receiver).tell(MESSAGE)
    assert len(receiver.posts) == 1


def test_a_refusal_keeps_the_answer_as_evidence_without_the_token(receiver: Receiver) -> None:
    receiver.status, receiver.body = 422, "unknown field; token hush" + "x" * 1000
    with pytest.raises(CrmRefused) as refused:
        hook(receiver).tell(MESSAGE)
    assert refused.value.answer.startswith("unknown field; token ***xxx")
    assert (refused.value.status, len(refused.value.answer)) == (422, 500)


def test_a_crm_that_hangs_is_unreachable(receiver: Receiver) -> None:
    receiver.hang = threading.Event()
    with pytest.raises(CrmUnreachable, match="timed out"):
        hook(receiver, timeout=0.2).tell(MESSAGE)


def test_a_crm_that_is_down_is_unreachable(receiver: Receiver) -> None:
    with pytest.raises(CrmUnreachable, match="refused"):
        # Nothing listens on port 1 of this machine.
        Webhook(url="http://127.0.0.1:1/hook").tell(MESSAGE)


@pytest.mark.parametrize(
    ("address", "trusted", "told"), [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)]
)
def test_a_webhook_verifies_certificate_and_address(tmp_path: Path, address: str, trusted: bool, told: bool) -> None:
    cert, key = certificate(tmp_path, address=address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with serving(Receiver(), tls=context) as receiver:
        sender = Webhook(url=f"https://127.0.0.1:{receiver.port}/hook", trust=str(cert) if trusted else None)
        if told:
            assert sender.tell(MESSAGE).repeated is False
        else:
            with pytest.raises(CrmNeedsCare, match="certificate"):
                sender.tell(MESSAGE)
        assert len(receiver.posts) == int(told)


def test_a_dropped_file_is_the_whole_document_under_the_messages_id(tmp_path: Path) -> None:
    sender: CrmSender = FileDrop(tmp_path / "crm")
    told = sender.tell(MESSAGE)
    target = tmp_path / "crm" / f"{MESSAGE.id}.json"
    assert told == Told(str(target), repeated=False)
    assert json.loads(target.read_text()) == MESSAGE.document()
    assert [path.name for path in (tmp_path / "crm").iterdir()] == [target.name]


def test_dropping_the_same_again_leaves_the_file_alone(tmp_path: Path) -> None:
    FileDrop(tmp_path).tell(MESSAGE)
    target = tmp_path / f"{MESSAGE.id}.json"
    before = target.stat()
    assert FileDrop(tmp_path).tell(MESSAGE) == Told(str(target), repeated=True)
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_dropping_other_content_under_the_same_id_is_refused(tmp_path: Path) -> None:
    FileDrop(tmp_path).tell(MESSAGE)
    with pytest.raises(MessageDiffers):
        FileDrop(tmp_path).tell(replace(MESSAGE, state="terminated"))
    assert json.loads((tmp_path / f"{MESSAGE.id}.json").read_text()) == MESSAGE.document()


def test_a_folder_that_is_none_is_unreachable_and_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "crm"
    blocked.write_text("in the way")
    with pytest.raises(CrmUnreachable, match="exists"):
        FileDrop(blocked).tell(MESSAGE)
    assert os.listdir(tmp_path) == ["crm"]
