"""Sessions and usage as a real FreeRADIUS wrote them down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from zoneinfo import ZoneInfo

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.model import Usage, UsedIn
from tests.contract.sign_on.lines import LINE
from tests.sign_on.freeradius import FreeRadius

USER = LINE.service_code
SINCE = datetime.now(UTC) - timedelta(days=1)
UNTIL = SINCE + timedelta(days=2)


def report(freeradius: FreeRadius, session: str, kind: str, *more: str, user: str = USER) -> None:
    freeradius.account(f'User-Name = "{user}"', f'Acct-Session-Id = "{session}"', f"Acct-Status-Type = {kind}", *more)


def test_live_session_is_read_with_its_place_and_octets(freeradius: FreeRadius) -> None:
    freeradius.begin_session(USER, "1", "10.77.0.50")
    octets = ("Acct-Input-Octets = 1000", "Acct-Output-Octets = 2000")
    where = ('NAS-Port-Id = "OLT-9 xpon 0/1/0/12:5.3.70"', 'Calling-Station-Id = "00-00-5E-00-53-01"')
    report(freeradius, "2", "Start", *where)
    assert [(one.nas_port, one.caller) for one in Accounts(freeradius.adapter().server).live_sessions(USER)][-1] == (
        "OLT-9 xpon 0/1/0/12:5.3.70",
        "00-00-5E-00-53-01",
    )
    assert Accounts(freeradius.adapter().server).seen_behind("00005E005301") == (USER,)
    accounts = Accounts(freeradius.adapter().server)
    assert (accounts.index_wanted(many=-2) != "", accounts.index_wanted()) == (True, "")
    report(freeradius, "2", "Stop", *where)
    assert Accounts(freeradius.adapter().server).seen_behind("00005E005301") == ()
    report(freeradius, "1", "Interim-Update", "Framed-IP-Address = 10.77.0.50", *octets)
    radius = freeradius.adapter()
    (session,) = radius.live_sessions(USER)
    assert radius.live_sessions("S-009999") == ()
    assert (session.service_code, session.session_id) == (USER, "1")
    assert (session.gateway, session.address) == (IPv4Address("127.0.0.1"), IPv4Address("10.77.0.50"))
    assert (session.up_octets, session.down_octets) == (1000, 2000)
    assert session.started_at is not None
    assert session.started_at.tzinfo is not None
    assert (session.ended_at, session.ended_because) == (None, "")


def test_usage_counts_the_sessions_that_began_in_the_period(freeradius: FreeRadius) -> None:
    for session, up, down in (("1", 5000, 9000), ("2", 1, 2)):
        freeradius.begin_session(USER, session)
        # More than 4 GiB: the gigawords count how often the 32 bits ran over (RFC 2869, 5.1).
        octets = (f"Acct-Input-Octets = {up}", f"Acct-Output-Octets = {down}", "Acct-Output-Gigawords = 1")
        report(freeradius, session, "Stop", *octets, "Acct-Terminate-Cause = User-Request")
    freeradius.begin_session("S-009999", "3")
    radius = freeradius.adapter()
    accounts = Accounts(radius.server)
    (day,) = accounts.used_by(USER, unit="day", zone=ZoneInfo("Pacific/Kiritimati"), since=SINCE)
    assert day == UsedIn(datetime.now(ZoneInfo("Pacific/Kiritimati")).date(), 2, 5001, 9002 + 2 * 2**32)
    (month,) = accounts.used_by(USER, unit="month", zone=ZoneInfo("UTC"), since=SINCE)
    assert (month.begins.day, month.sessions) == (1, 2)
    newest = accounts.past_sessions(USER, offset=0, limit=1)
    assert (newest.total, [one.session_id for one in newest.rows]) == (2, ["2"])
    assert [one.session_id for one in accounts.past_sessions(USER, offset=1, limit=5).rows] == ["1"]
    assert radius.usage(USER, since=SINCE, until=UNTIL) == Usage(USER, 2, 5001, 9002 + 2 * 2**32)
    assert radius.usage(USER, since=UNTIL, until=UNTIL + timedelta(1)) == Usage(USER, 0, 0, 0)
    ended = radius.sessions(USER, since=SINCE, until=UNTIL)
    assert radius.live_sessions(USER) == ()
    assert [(s.session_id, s.ended_because, s.ended_at is None) for s in ended] == [
        ("1", "User-Request", False),
        ("2", "User-Request", False),
    ]
