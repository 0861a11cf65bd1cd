"""Clocks that differ: by less than a lease they cost nobody a turn or a lease, and more is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isp_lifecycle.cli.doctor import work
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.events import claims, deliveries, lines, relay, turns
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Lease
from isp_lifecycle.foundation.db import write
from isp_lifecycle.views.window import Window
from tests.flows.engine.conftest import Bench

LEASE = timedelta(seconds=15)


@pytest.mark.parametrize("ahead", [-14.9, -8.0, -1.0, 0.0, 1.0, 8.0, 14.9])
def test_other_clock_takes_nothing_away_while_it_differs_by_less_than_a_lease(bench: Bench, ahead: float) -> None:
    """A worker claims by a clock that is ``ahead`` of the relay's and the other worker's, and goes on to the end."""
    theirs = bench.clock.now()
    ours = theirs + timedelta(seconds=ahead)
    delivery_id, other_id = bench.request(), bench.request()
    with write(bench.engine) as tx:
        (lease,) = claims.claim(tx=tx, delivery_id=delivery_id, worker="a", now=ours, length=LEASE)
        (other,) = claims.claim(tx=tx, delivery_id=other_id, worker="b", now=theirs, length=LEASE)
        assert isinstance(lease, Lease)
        assert isinstance(other, Lease)
        assert turns.take(tx=tx, lease=lease, key=lines.olt("A"), now=ours, length=LEASE)
        swept = relay.sweep(tx=tx, now=theirs, lease=LEASE)
        assert (swept.taken_over, swept.unblocked) == (0, 0)
        assert not turns.take(tx=tx, lease=other, key=lines.olt("A"), now=theirs, length=LEASE)
        assert claims.claim(tx=tx, delivery_id=delivery_id, worker="b", now=theirs, length=LEASE) == []
        deliveries.finish(tx=tx, lease=lease, now=ours)


def test_clock_that_is_behind_by_more_loses_its_lease_and_can_commit_nothing(bench: Bench) -> None:
    theirs = bench.clock.now()
    delivery_id = bench.request()
    with write(bench.engine) as tx:
        (lease,) = claims.claim(
            tx=tx, delivery_id=delivery_id, worker="a", now=theirs - timedelta(seconds=16), length=LEASE
        )
        assert isinstance(lease, Lease)
        assert relay.sweep(tx=tx, now=theirs, lease=LEASE).taken_over == 1
        (again,) = claims.claim(tx=tx, delivery_id=delivery_id, worker="b", now=theirs, length=LEASE)
        assert isinstance(again, Lease)
        assert again.token == lease.token + 1
        with pytest.raises(LeaseLost):
            deliveries.finish(tx=tx, lease=lease, now=theirs)


def test_doctor_finds_each_process_whose_clock_is_off(bench: Bench) -> None:
    """Signs of life tell it: the database notes how far the clock that writes one is from its own."""
    with write(bench.engine) as tx:
        now = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        for name, ahead in (("right", 0.2), ("fast", 4.0), ("slow", -9.0)):
            relay.beat(tx=tx, name=name, kind="worker", now=now + timedelta(seconds=ahead))
    bench.clock.push(now - bench.clock.now())
    window = Window(bench.engine, bench.clock, bench.parts.settings, Olts([]))
    found = {f.what.split(";")[0]: str(f.health) for f in work.engine(window) if f.name == "clocks"}
    assert found == {
        "The clock of fast is 4.0 s ahead of the database's": "warning",
        "The clock of slow is 9.0 s behind the database's": "failed",
    }
