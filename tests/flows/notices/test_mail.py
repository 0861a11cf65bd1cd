"""E-mail over real SMTP: to the local sink, and to relays that refuse, stall, or ask for TLS and a sign-in."""

from __future__ import annotations

import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.notices.errors import (
    AddressMalformed,
    AddressRefused,
    MailInDoubt,
    MailNeedsCare,
    MailUnknown,
    MailUnreachable,
)
from isp_lifecycle.notices.mailbox import messages, read_mail
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.notices.model import Email, message_id
from isp_lifecycle.notices.sink import LocalSink

SENDER = "hello@brightwater.example"


def mail(*, to: str = "mary@isp.example", key: str = "k", text: str = "Grüße aus der Leitung.\n") -> Email:
    return Email(
        id=new_id(),
        key=key,
        to=to,
        subject="Your line is active ✓",
        body_text=text,
        body_html="<p>Grüße</p>\n",
        message_id=message_id(key=key, sender=SENDER),
        created_at=datetime(2026, 2, 3, 12, tzinfo=UTC),
        sent_at=None,
    )


def mailer(port: int, **more: Any) -> Mailer:
    return Mailer(host="127.0.0.1", port=port, sender=SENDER, sender_name="Brightwater Fibre", timeout=5, **more)


@contextmanager
def relay(handler: object, **more: Any) -> Iterator[int]:
    """A real SMTP server that behaves as the handler does."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[LocalSink]:
    with LocalSink(tmp_path / "mail", free_port(), keep=3) as running:
        yield running


def test_a_sent_mail_is_stored_as_it_was_written(sink: LocalSink) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    mailer(sink.port).send(mail())
    (stored,) = messages(sink.folder)
    assert stored == read_mail(sink.folder, stored.id)
    assert before <= stored.received_at <= datetime.now(UTC)
    assert (stored.sender, stored.to) == (f"Brightwater Fibre <{SENDER}>", "mary@isp.example")
    assert (stored.subject, stored.text, stored.html) == (
        "Your line is active ✓",
        "Grüße aus der Leitung.\n",
        "<p>Grüße</p>\n",
    )
    assert stored.message_id == message_id(key="k", sender=SENDER)
    raw = (sink.folder / f"{stored.id}.eml").read_text()
    assert "Auto-Submitted: auto-generated" in raw
    assert "Date: Tue, 03 Feb 2026 12:00:00 +0000" in raw


def test_sending_again_uses_the_same_message_id(sink: LocalSink) -> None:
    mailer(sink.port).send(mail())
    mailer(sink.port).send(mail())
    mailer(sink.port).send(mail(key="other"))
    assert len({stored.message_id for stored in messages(sink.folder)}) == 2


def test_an_address_beyond_ascii_is_delivered(sink: LocalSink) -> None:
    mailer(sink.port).send(mail(to="jürgen@isp.example"))
    assert [stored.to for stored in messages(sink.folder)] == ["jürgen@isp.example"]


def test_the_sink_keeps_the_newest_messages(sink: LocalSink) -> None:
    for number in range(5):
        mailer(sink.port).send(mail(text=f"{number}\n"))
        time.sleep(0.003)  # ids sort by the millisecond
    assert [stored.text for stored in messages(sink.folder)] == ["4\n", "3\n", "2\n"]
    assert [stored.text for stored in messages(sink.folder, limit=1)] == ["4\n"]


def test_the_sink_takes_plain_mail_of_others_and_asks_for_patience_when_its_folder_is_gone(sink: LocalSink) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "cron@isp.example", "root@isp.example"
    message.set_content("plain only")
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(message)
    (stored,) = messages(sink.folder)
    assert (stored.subject, stored.text, stored.html) == ("", "plain only\n", "")
    (sink.folder / f"{stored.id}.eml").unlink()
    sink.folder.rmdir()
    with pytest.raises(MailUnreachable, match="451"):
        mailer(sink.port).send(mail())


@pytest.mark.parametrize("mail_id", ["../../etc/passwd", "", "0198c0de-0000-7000-8000-000000000001"])
def test_reading_what_is_not_there_says_so(tmp_path: Path, mail_id: str) -> None:
    with pytest.raises(MailUnknown):
        read_mail(tmp_path, mail_id)
    assert messages(tmp_path / "never") == ()


class Refusing:
    """Answers RCPT, DATA or MAIL with what it is told to."""

    def __init__(self, *, rcpt: str = "", data: str = "250 OK", sender: str = "") -> None:
        self.rcpt, self.data, self.sender = rcpt, data, sender
        self.taken = 0

    async def handle_MAIL(self, server: object, session: object, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.sender or "250 OK"

    async def handle_RCPT(self, server: object, session: object, envelope: Any, address: str, options: Any) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.taken += self.data.startswith("250")
        return self.data


@pytest.mark.parametrize(
    ("handler", "leaf", "words"),
    [
        (Refusing(rcpt="550 5.1.1 No such mailbox"), AddressRefused, r"mary@isp.example .*\(550\).*No such mailbox"),
        (Refusing(rcpt="450 4.2.0 Greylisted"), MailUnreachable, "450 4.2.0 Greylisted"),
        (Refusing(data="554 5.7.1 Spam"), MailNeedsCare, "554 5.7.1 Spam"),
        (Refusing(data="452 4.3.1 Full"), MailUnreachable, "452 4.3.1 Full"),
        (Refusing(sender="550 5.7.1 Not yours"), MailNeedsCare, "550 5.7.1 Not yours"),
        (Refusing(sender="421 4.3.2 Shutting down"), MailUnreachable, "421 4.3.2 Shutting down"),
    ],
)
def test_a_relays_answer_has_its_kind(handler: Refusing, leaf: type[Exception], words: str) -> None:
    with relay(handler) as port, pytest.raises(leaf, match=words) as raised:
        mailer(port).send(mail())
    assert handler.taken == 0
    assert not isinstance(raised.value, MailInDoubt)


def test_a_relay_that_is_down_is_unreachable() -> None:
    with pytest.raises(MailUnreachable, match="refused"):
        mailer(1).send(mail())


def test_a_relay_that_says_nothing_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(MailUnreachable, match="timed out"):
            replace(mailer(silent.getsockname()[1]), timeout=0.2).send(mail())


def test_a_relay_that_breaks_off_after_taking_the_mail_has_taken_it() -> None:
    class BreaksOff(Refusing):
        async def handle_QUIT(self, server: Any, session: object, envelope: object) -> str:
            server.transport.abort()
            return "221 never arrives"

    handler = BreaksOff()
    with relay(handler) as port:
        mailer(port).send(mail())
    assert handler.taken == 1


class TakesAndBreaksOff(Refusing):
    """Takes the mail, and the connection is gone before anybody hears of it, so many times."""

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.times = times

    async def handle_DATA(self, server: Any, session: object, envelope: object) -> str:
        self.taken += 1
        if self.taken <= self.times:
            server.transport.abort()
        return "250 OK"


def test_a_relay_that_breaks_off_before_its_answer_leaves_doubt() -> None:
    handler = TakesAndBreaksOff()
    with relay(handler) as port, pytest.raises(MailInDoubt):
        mailer(port).send(mail())
    assert handler.taken == 1


def test_only_a_relay_whose_folder_is_known_can_be_asked(sink: LocalSink) -> None:
    asked = mailer(sink.port, kept_in=sink.folder)
    assert (mailer(sink.port).has(mail()), asked.has(mail())) == (None, False)
    asked.send(mail())
    assert (asked.has(mail()), asked.has(mail(key="other"))) == (True, False)


def test_an_address_that_is_none_is_never_sent() -> None:
    handler = Refusing()
    with relay(handler) as port, pytest.raises(AddressMalformed):
        mailer(port).send(mail(to="a@b\r\nBcc: c@d"))
    assert handler.taken == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Makes a self-signed certificate for an address, with its key."""

    def make(address: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        folder = tmp_path_factory.mktemp("certificate")
        (folder / "relay.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (folder / "relay.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return folder / "relay.pem", folder / "relay.key"

    return make


def accepts(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
    known = isinstance(login, LoginPassword) and (login.login, login.password) == (b"isp", b"right")
    return AuthResult(success=known, handled=False)


def test_mail_goes_over_verified_tls_with_a_sign_in(certificate: Callable[[str], tuple[Path, Path]]) -> None:
    cert, key = certificate("127.0.0.1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    handler = Refusing()
    with relay(handler, tls_context=tls, require_starttls=True, auth_required=True, authenticator=accepts) as port:
        secured = mailer(port, starttls=True, username="isp", password="right", trust=str(cert))
        secured.send(mail())
        assert handler.taken == 1
        with pytest.raises(MailNeedsCare, match="535"):
            replace(secured, password="wrong").send(mail())
        with pytest.raises(MailNeedsCare, match="certificate is not valid"):
            replace(secured, trust=None).send(mail())
        with pytest.raises(MailNeedsCare, match="530"):
            mailer(port).send(mail())
    assert handler.taken == 1


def test_a_certificate_for_another_address_is_not_trusted(certificate: Callable[[str], tuple[Path, Path]]) -> None:
    cert, key = certificate("127.0.0.2")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    handler = Refusing()
    with relay(handler, tls_context=tls) as port, pytest.raises(MailNeedsCare, match="certificate is not valid"):
        mailer(port, starttls=True, trust=str(cert)).send(mail())
    assert handler.taken == 0


def test_tls_that_is_not_offered_is_not_done_without() -> None:
    handler = Refusing()
    with relay(handler) as port, pytest.raises(MailNeedsCare, match="STARTTLS"):
        mailer(port, starttls=True).send(mail())
    assert handler.taken == 0


def test_a_password_is_never_sent_in_the_clear() -> None:
    handler = Refusing()
    with relay(handler, auth_require_tls=False, authenticator=accepts) as port:
        with pytest.raises(MailNeedsCare, match="in the clear"):
            mailer(port, username="isp", password="right").send(mail())
    assert handler.taken == 0
    assert "hush" not in repr(mailer(1, username="isp", password="hush"))


def test_the_sink_runs_as_a_program_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    program = [sys.executable, "-m", "isp_lifecycle.notices.sink", "--port", str(port), "--folder", str(tmp_path)]
    process = subprocess.Popen(program, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        assert "mail is taken" in process.stderr.readline()
        mailer(port).send(mail())
        assert [stored.to for stored in messages(tmp_path)] == ["mary@isp.example"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.communicate()
