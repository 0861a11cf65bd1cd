"""The pool over real sessions: kept, checked, thrown away, in turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from isp_lifecycle.drivers.contract import OltAccess, OltSession, Transcript
from isp_lifecycle.drivers.errors import (
    LoginRefused,
    NoTurn,
    OntMissing,
    PoolClosed,
    SessionLost,
    UnknownOlt,
)
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.drivers.registry import open_session, vendors
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.foundation.errors import Unreachable
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab

OLT = "OLT-SOUTH"
PORT = PonPort(0, 1, 0)


@pytest.fixture
def access(lab: RunningLab) -> OltAccess:
    lab.client.reset()
    return OltAccess(OLT, "huawei", "127.0.0.1", lab.ports[OLT], USERNAME, PASSWORD, read_timeout=5.0)


class Logins:
    """Counts how often the pool logs in, and remembers the last session."""

    def __init__(self) -> None:
        self.count = 0
        self.last: OltSession | None = None

    def __call__(self, access: OltAccess, transcript: Transcript) -> OltSession:
        self.count += 1
        self.last = open_session(access, transcript)
        return self.last


@pytest.fixture
def logins() -> Logins:
    return Logins()


@pytest.fixture
def olts(access: OltAccess, logins: Logins) -> Iterator[Olts]:
    with Olts([access], opener=logins, turn_seconds=0.3) as pool:
        yield pool


def test_session_is_kept_and_each_user_has_its_own_transcript(olts: Olts, logins: Logins) -> None:
    first, second = Transcript(), Transcript()
    with olts.writer(OLT, first) as olt:
        olt.identify()
    with olts.writer(OLT, second) as olt:
        olt.port_onts(PORT)
    assert logins.count == 1
    assert "display version" in first.text()
    assert "connecting to OLT-SOUTH" in first.text()
    assert [entry.text for entry in second.entries if entry.direction == "sent"] == ["display ont info summary 0/1/0"]
    assert PASSWORD not in first.text() + second.text()


def test_writer_and_reader_work_side_by_side(olts: Olts, logins: Logins, lab: RunningLab) -> None:
    with olts.writer(OLT, Transcript()) as writer, olts.reader(OLT, Transcript()) as reader:
        assert writer.identify() == reader.identify()
        assert lab.client.olt(OLT).sessions == 2
    assert logins.count == 2


def test_second_writer_waits_for_its_turn_and_then_gives_up(olts: Olts) -> None:
    with olts.writer(OLT, Transcript()):
        began = time.monotonic()
        with pytest.raises(NoTurn, match="OLT-SOUTH"), olts.writer(OLT, Transcript()):
            pass
        assert 0.25 < time.monotonic() - began < 2.0
    with olts.writer(OLT, Transcript()) as olt:
        assert olt.alive()


def test_many_threads_take_turns_on_one_session(access: OltAccess, logins: Logins) -> None:
    inside, most, counted = 0, 0, []
    lock = threading.Lock()

    def work(pool: Olts) -> None:
        nonlocal inside, most
        with pool.writer(OLT, Transcript()) as olt:
            with lock:
                inside += 1
                most = max(most, inside)
            counted.append(len(olt.port_onts(PORT)))
            with lock:
                inside -= 1

    with Olts([access], opener=logins) as pool:
        threads = [threading.Thread(target=work, args=(pool,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, logins.count) == (1, 1)
    assert len(counted) == 8
    assert len(set(counted)) == 1


def test_refused_request_keeps_the_session_and_a_failed_one_loses_it(
    olts: Olts, logins: Logins, lab: RunningLab
) -> None:
    with pytest.raises(OntMissing), olts.writer(OLT, Transcript()) as olt:
        olt.ont_status(PORT, 120)
    with olts.writer(OLT, Transcript()) as olt:
        olt.identify()
    assert logins.count == 1
    lab.client.fault(OLT, "drop_mid_command", times=1)
    with pytest.raises(SessionLost), olts.writer(OLT, Transcript()) as olt:
        olt.identify()
    with olts.writer(OLT, Transcript()) as olt:
        olt.identify()
    assert logins.count == 2


def test_session_that_died_while_kept_is_replaced(olts: Olts, logins: Logins, lab: RunningLab) -> None:
    with olts.writer(OLT, Transcript()) as olt:
        olt.identify()
    kept = logins.last
    assert kept is not None
    lab.client.reboot(OLT)
    transcript = Transcript()
    ends = time.monotonic() + 10
    while kept.alive():  # the OLT's goodbye is still on its way
        assert time.monotonic() < ends
        time.sleep(0.05)
    while True:
        try:
            with olts.writer(OLT, transcript) as olt:
                assert olt.identify().product
            break
        except Unreachable:  # it is still starting
            assert time.monotonic() < ends
            time.sleep(0.1)
    assert logins.count >= 2
    assert "opening a new one" in transcript.text()


def test_refused_login_is_not_tried_again_until_it_was_mended(access: OltAccess, logins: Logins) -> None:
    with Olts([replace(access, password="wrong")], opener=logins) as pool:
        for use in (pool.writer, pool.reader, pool.writer):
            with pytest.raises(LoginRefused), use(OLT, Transcript()):
                pass
        assert logins.count == 1
        pool.trust_again(access)
        with pool.reader(OLT, Transcript()) as olt:
            assert olt.identify().product
        assert logins.count == 2


def test_access_is_looked_up_at_each_use(access: OltAccess, logins: Logins) -> None:
    """As the inventory has it now: a changed access opens a new session, also while the old one is in use."""
    known = {OLT: access}

    def lookup(name: str) -> OltAccess:
        if name not in known:
            raise UnknownOlt(name)
        return known[name]

    with Olts(lookup, opener=logins) as pool:
        assert pool.names == ()
        with pytest.raises(UnknownOlt), pool.writer("OLT-EAST", Transcript()):
            pass
        with pool.writer(OLT, Transcript()) as writer:
            known[OLT] = replace(access, read_timeout=4.0)
            with pool.reader(OLT, Transcript()) as reader:
                assert (writer.access.read_timeout, reader.access.read_timeout) == (5.0, 4.0)
            assert writer.identify().product
        transcript = Transcript()
        with pool.writer(OLT, transcript) as writer:
            assert writer.access.read_timeout == 4.0
        assert "access has changed" in transcript.text()
        assert (logins.count, pool.names) == (3, (OLT,))


def test_refusal_is_forgotten_when_a_person_says_so(access: OltAccess, logins: Logins) -> None:
    with Olts([replace(access, password="wrong")], opener=logins) as pool:
        for _ in range(2):
            with pytest.raises(LoginRefused), pool.writer(OLT, Transcript()):
                pass
            pool.forget_refusal(OLT)
    assert logins.count == 2


def test_refused_login_is_tried_again_after_a_while(access: OltAccess, logins: Logins) -> None:
    with Olts([replace(access, password="wrong")], opener=logins, refused_seconds=0.05) as pool:
        for _ in range(2):
            with pytest.raises(LoginRefused), pool.writer(OLT, Transcript()):
                pass
            time.sleep(0.06)
    assert logins.count == 2


def test_idle_session_is_logged_out(access: OltAccess, logins: Logins, lab: RunningLab) -> None:
    with Olts([access], opener=logins, idle_seconds=0.2) as pool:
        with pool.writer(OLT, Transcript()) as olt:
            olt.identify()
        ends = time.monotonic() + 5
        while lab.client.olt(OLT).sessions and time.monotonic() < ends:
            time.sleep(0.05)
        assert lab.client.olt(OLT).sessions == 0
        with pool.writer(OLT, Transcript()) as olt:
            olt.identify()
    assert logins.count == 2


def test_closed_pool_has_logged_out_and_opens_nothing(access: OltAccess, lab: RunningLab) -> None:
    pool = Olts([access])
    with pool.writer(OLT, Transcript()) as olt:
        olt.identify()
    pool.close()
    assert lab.client.olt(OLT).sessions == 0
    with pytest.raises(PoolClosed), pool.writer(OLT, Transcript()):
        pass


def test_unknown_olt_is_refused(olts: Olts) -> None:
    with pytest.raises(UnknownOlt, match="OLT-EAST"), olts.reader("OLT-EAST", Transcript()):
        pass
    with pytest.raises(UnknownOlt):
        olts.trust_again(OltAccess("OLT-EAST", "huawei", "127.0.0.1", 1, "a", "b"))
    assert olts.names == (OLT,)
    assert vendors() == ("huawei", "vsol", "zte", "zte-c600")
