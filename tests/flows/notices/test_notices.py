"""E-mails and notifications on a real PostgreSQL: written once, sent once, read by whom they are for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.notices import actions
from isp_lifecycle.notices.actions import Handed
from isp_lifecycle.notices.errors import AddressMalformed, AudienceMissing, MailUnreachable
from isp_lifecycle.notices.mailbox import messages
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.notices.model import ApplicationReceived, Email, Level, Provider
from isp_lifecycle.notices.sink import LocalSink

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
SENDER = "hello@brightwater.example"
PROVIDER = Provider("Brightwater Fibre", "+353 1 555 0100", ZoneInfo("Europe/Dublin"))
LETTER = ApplicationReceived("Mary Byrne", "O-000002", "Fibre 500", "7 Quay Street")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[LocalSink]:
    with LocalSink(tmp_path / "mail", free_port()) as running:
        yield running


def mailer(port: int) -> Mailer:
    return Mailer(host="127.0.0.1", port=port, sender=SENDER, timeout=5)


def compose(tx: Tx, *, key: str = "application:1", at: datetime = NOON, letter: ApplicationReceived = LETTER) -> Email:
    return actions.write_email(
        tx=tx, key=key, to="mary@isp.example", letter=letter, provider=PROVIDER, sender=SENDER, at=at
    )


def test_writing_again_under_a_key_keeps_the_first_letter(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = compose(tx)
        again = compose(tx, at=LATER, letter=replace(LETTER, plan="Fibre 1000"))
        other = compose(tx, key="application:2", at=LATER)
        assert again == first
        assert actions.unsent(tx=tx) == (first, other)
        assert actions.emails_to(tx=tx, to="mary@isp.example") == (first, other)
        assert actions.email_by_key(tx=tx, key="application:2") == other
    assert (first.subject, first.sent_at) == ("We have received your application O-000002", None)
    assert "Fibre 500" in first.body_text


def test_writing_to_what_is_no_address_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx, pytest.raises(AddressMalformed):
        actions.write_email(tx=tx, key="k", to="mary", letter=LETTER, provider=PROVIDER, sender=SENDER, at=NOON)


def test_sending_twice_delivers_once(engine: sa.Engine, sink: LocalSink) -> None:
    with write(engine) as tx:
        compose(tx)
    with write(engine) as tx:
        sent, _how = actions.send_email(tx=tx, key="application:1", mailer=mailer(sink.port), at=LATER)
    with write(engine) as tx:
        again, _how = actions.send_email(tx=tx, key="application:1", mailer=mailer(sink.port), at=LATER)
        assert again == sent
        assert actions.unsent(tx=tx) == ()
    (stored,) = messages(sink.folder)
    assert (stored.message_id, stored.text, sent.sent_at) == (sent.message_id, sent.body_text, LATER)


def test_many_who_send_at_once_deliver_once(engine: sa.Engine, sink: LocalSink) -> None:
    with write(engine) as tx:
        compose(tx)

    together = Barrier(5)

    def one(_: int) -> Email:
        with write(engine) as tx:
            together.wait(timeout=10)
            return actions.send_email(tx=tx, key="application:1", mailer=mailer(sink.port), at=LATER)[0]

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(one, range(5)))) == 1
    assert len(messages(sink.folder)) == 1


def test_a_mail_that_could_not_be_sent_waits_and_is_sent_later(engine: sa.Engine, sink: LocalSink) -> None:
    with write(engine) as tx:
        written = compose(tx)
    with pytest.raises(MailUnreachable), write(engine) as tx:
        actions.send_email(tx=tx, key=written.key, mailer=mailer(1), at=NOON)
    with write(engine) as tx:
        assert actions.unsent(tx=tx) == (written,)
        actions.send_email(tx=tx, key=written.key, mailer=mailer(sink.port), at=LATER)
    assert [stored.message_id for stored in messages(sink.folder)] == [written.message_id]


def send(engine: sa.Engine, key: str, relay: Mailer) -> Handed:
    """Offer and send, each in its transaction, as the workflow does."""
    with write(engine) as tx:
        actions.offer_email(tx=tx, key=key)
    with write(engine) as tx:
        return actions.send_email(tx=tx, key=key, mailer=relay, at=LATER)[1]


def send_and_die(engine: sa.Engine, key: str, relay: Mailer) -> None:
    """The same by a worker that is killed before it notes the end."""
    with write(engine) as tx:
        actions.offer_email(tx=tx, key=key)
    with engine.connect() as tx:  # closed without a commit
        actions.send_email(tx=tx, key=key, mailer=relay, at=NOON)


def test_after_an_attempt_that_ended_unnoticed_the_relay_is_asked(engine: sa.Engine, sink: LocalSink) -> None:
    with write(engine) as tx:
        written = compose(tx)
    relay = replace(mailer(sink.port), kept_in=sink.folder)
    send_and_die(engine, written.key, relay)
    assert send(engine, written.key, relay) is Handed.BEFORE
    assert [stored.message_id for stored in messages(sink.folder)] == [written.message_id]
    with write(engine) as tx:
        assert actions.unsent(tx=tx) == ()


def test_an_attempt_that_died_before_the_relay_had_it_is_followed_by_one_that_sends(
    engine: sa.Engine, sink: LocalSink
) -> None:
    with write(engine) as tx:
        written = compose(tx)
        actions.offer_email(tx=tx, key=written.key)
    assert send(engine, written.key, replace(mailer(sink.port), kept_in=sink.folder)) is Handed.ONCE
    assert len(messages(sink.folder)) == 1


def test_a_relay_that_cannot_be_asked_gets_it_again_under_the_same_message_id(
    engine: sa.Engine, sink: LocalSink
) -> None:
    with write(engine) as tx:
        written = compose(tx)
    send_and_die(engine, written.key, mailer(sink.port))
    assert send(engine, written.key, mailer(sink.port)) is Handed.PERHAPS_AGAIN
    assert [stored.message_id for stored in messages(sink.folder)] == [written.message_id] * 2


def test_who_has_lost_the_work_sends_nothing(engine: sa.Engine, sink: LocalSink) -> None:
    with write(engine) as tx:
        written = compose(tx)

    def lost() -> None:
        raise LookupError

    with write(engine) as tx, pytest.raises(LookupError):
        actions.send_email(tx=tx, key=written.key, mailer=mailer(sink.port), at=NOON, still_mine=lost)
    assert messages(sink.folder) == ()


def test_sending_what_was_never_written_says_so(engine: sa.Engine) -> None:
    with write(engine) as tx, pytest.raises(NotFound):
        actions.send_email(tx=tx, key="never", mailer=mailer(1), at=NOON)


def test_notifications_reach_a_person_by_name_and_by_role(engine: sa.Engine) -> None:
    given = {"text": "Line S-000003 stands still.", "link": "/support/I-000001", "level": Level.FAILURE}
    with write(engine) as tx:
        mine = actions.notify(tx=tx, key="1", at=NOON, username="nora", **given)
        ours = actions.notify(tx=tx, key="2", at=LATER, role="support", **given)
        actions.notify(tx=tx, key="3", at=NOON, username="ben", **given)
        actions.notify(tx=tx, key="4", at=NOON, role="sales", **given)
        assert actions.notify(tx=tx, key="1", at=LATER, username="nora", **given) == mine
    nora = {"username": "nora", "roles": ("support", "noc")}
    with read(engine) as tx:
        assert actions.notifications_for(tx=tx, **nora) == (ours, mine)
        assert actions.notifications_for(tx=tx, limit=1, **nora) == (ours,)
        assert actions.notifications_for(tx=tx, username="nora", roles=()) == (mine,)
    with write(engine) as tx:
        assert actions.unread_count(tx=tx, **nora) == 2
        seen = actions.read_notification(tx=tx, notification_id=ours.id, at=LATER, **nora)
        assert actions.read_notification(tx=tx, notification_id=ours.id, at=LATER + timedelta(1), **nora) == seen
        assert actions.unread_count(tx=tx, **nora) == 1
        assert actions.notifications_for(tx=tx, **nora) == (mine,)
        assert actions.notifications_for(tx=tx, unread=False, **nora) == (seen, mine)
        with pytest.raises(NotFound):
            actions.read_notification(tx=tx, notification_id=new_id(), at=LATER, **nora)
        with pytest.raises(NotFound):
            actions.read_notification(tx=tx, notification_id=mine.id, at=LATER, username="ben", roles=("support",))


def test_all_is_read_until_it_was_looked_at_and_nothing_of_others(engine: sa.Engine) -> None:
    given = {"text": "?", "link": "/", "level": Level.INFO}
    with write(engine) as tx:
        actions.notify(tx=tx, key="1", at=NOON, username="nora", **given)
        actions.notify(tx=tx, key="2", at=NOON, role="support", **given)
        after = actions.notify(tx=tx, key="3", at=LATER, role="support", **given)
        others = actions.notify(tx=tx, key="4", at=NOON, username="ben", **given)
        assert actions.read_all(tx=tx, username="nora", roles=("support",), until=NOON, at=LATER) == 2
        assert actions.notifications_for(tx=tx, username="nora", roles=("support",)) == (after,)
        assert actions.notifications_for(tx=tx, username="ben", roles=()) == (others,)


def test_a_notification_that_quotes_a_device_reaches_its_reader(engine: sa.Engine) -> None:
    with write(engine) as tx:
        told = actions.notify(
            tx=tx, key="1", at=NOON, text="It said \x00\udcff.", link="/", level=Level.INFO, role="noc"
        )
    assert told.text == "It said \\x00\\udcff."


@pytest.mark.parametrize(("username", "role"), [(None, None), ("nora", "support")])
def test_a_notification_is_for_a_person_or_a_role(engine: sa.Engine, username: str | None, role: str | None) -> None:
    with write(engine) as tx, pytest.raises(AudienceMissing):
        actions.notify(tx=tx, key="1", at=NOON, text="?", link="/", level=Level.INFO, username=username, role=role)
