"""What a ping means, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any

import pytest

from isp_lifecycle.aaa.errors import ServerUnreachable
from isp_lifecycle.aaa.model import Session
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.telemetry.model import Echoes
from isp_lifecycle.views import echo
from isp_lifecycle.views.common import FailureRow
from isp_lifecycle.views.echo import EchoNow, in_words

AT, HERE = datetime(2026, 5, 4, 9, 30, tzinfo=UTC), ip_address("100.64.0.2")


@pytest.mark.parametrize(
    ("trips", "says", "then"),
    [
        ((3.0, 1.0, 2.0), "100.64.0.2 answers in 2.0 ms.", "look at what is behind it"),
        ((3.0, 1.0), "100.64.0.2 answers in 2.0 ms.", "1 of 3 was lost"),
        ((4.0,), "100.64.0.2 answers in 4.0 ms.", "2 of 3 were lost"),
        ((), "100.64.0.2 does not answer.", "The router may be off"),
    ],
)
def test_what_came_back_is_said(trips: tuple[float, ...], says: str, then: str) -> None:
    what, more = in_words(EchoNow(HERE, False, AT, echoes=Echoes(HERE, 3, trips, "http://127.0.0.1:9115")))
    assert what == says
    assert then in more


def test_why_nothing_was_asked_is_said() -> None:
    assert in_words(EchoNow(None, False, AT))[0] == "The service has no address."
    assert "ISP_PROBE__URL" in in_words(EchoNow(HERE, False, AT))[1]
    failed = FailureRow("Ping", "unreachable", "It does not answer.", "Look there.")
    assert in_words(EchoNow(HERE, False, AT, error=failed)) == ("It does not answer.", "Look there.")


def test_a_radius_that_does_not_answer_is_told_and_never_taken_for_no_session() -> None:
    class Silent:
        def live_sessions(self, service_code: str) -> tuple[Session, ...]:
            raise ServerUnreachable("FreeRADIUS", f"no connection to ask about {service_code}")

    window: Any = SimpleNamespace(accounts=Silent(), clock=SystemClock(), prober=None)
    assert echo._in_session(window, "S-000001")[1].startswith("The database of FreeRADIUS does not answer")
    window.accounts = None
    assert echo._in_session(window, "S-000001") == (None, "")
