"""Checks of the work itself, seen through the views: relay, workers, queue, OLTs, pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.doctor.finding import Finding, failed, ok, warning
from isp_lifecycle.cli.doctor.machine import CLOCK_OFF_SECONDS
from isp_lifecycle.views import network
from isp_lifecycle.views.engine import state as engine_views
from isp_lifecycle.views.engine.state import BeatRow, HoldRow
from isp_lifecycle.views.engine.words import pause_words
from isp_lifecycle.views.window import Window

#: The numbers of each queue that are told.
COUNTED = ("ready", "in_line", "running", "again", "scheduled", "waiting", "failed")

WAITS_TOO_LONG_SECONDS = 60.0
POOL_NEARLY_FULL = 0.9


def engine(window: Window) -> Iterator[Finding]:
    """A relay and a worker live, and nothing that is due waits for long."""
    state = engine_views.state(window, SYSTEM)
    for kind in ("relay", "worker"):
        alive = [b.name for b in state.beats if b.kind == kind and b.alive]
        seen = min((b.seen_seconds_ago for b in state.beats if b.kind == kind), default=None)
        if alive:
            yield ok(kind, f"{len(alive)} alive: {', '.join(alive)}.")
        else:
            last = "was never seen" if seen is None else f"was last seen {seen:.0f} s ago"
            yield failed(kind, f"No {kind} lives; one {last}.", "Start everything with `isp up`, or read its log.")
    yield from _clocks(state.beats, lease=window.settings.engine.lease_seconds)
    yield from _pauses(window, state.holds)
    counts = {name: state.total(name) for name in COUNTED}
    depth = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    depth = depth or "nothing waits"
    if state.oldest_ready_seconds > WAITS_TOO_LONG_SECONDS:
        what = f"The oldest due delivery waits for {state.oldest_ready_seconds:.0f} s ({depth})."
        yield warning("queue", what, "Look at the running deliveries; start more workers if all are busy.")
    else:
        yield ok("queue", f"Deliveries: {depth}.")


def _pauses(window: Window, holds: tuple[HoldRow, ...]) -> Iterator[Finding]:
    """What people have paused and may have forgotten."""
    for hold in holds:
        if hold.in_force:
            what = f"{hold.what} is {pause_words(hold, window.settings.company.tz)}"
            yield warning("pause", what, f"When that is over: `isp queue resume {hold.id}`.")


def _clocks(beats: Iterable[BeatRow], *, lease: float) -> Iterator[Finding]:
    """Each living process's own clock against the database's: what differs by less than a lease does no harm."""
    for beat in beats:
        off = abs(beat.clock_ahead_seconds)
        if not beat.alive or off < CLOCK_OFF_SECONDS:
            continue
        judge = failed if off >= lease / 2 else warning
        side = "ahead of" if beat.clock_ahead_seconds > 0 else "behind"
        what = f"The clock of {beat.name} is {off:.1f} s {side} the database's; a lease is {lease:.0f} s."
        yield judge(
            "clocks", what, "Let its host keep time by NTP: off by a lease, it loses what it works on to others."
        )


def olts(window: Window) -> Iterator[Finding]:
    """Each OLT lets us in and answers."""
    plant = network.plant(window, SYSTEM)
    if not plant:
        yield warning("OLTs", "No OLT is known yet.", "Import the plant: `isp import plant FILE`.")
    for olt in plant:
        answer = network.unconfigured(window, SYSTEM, olt=olt.name)
        if answer.error is None:
            yield ok(f"OLT {olt.name}", f"Logged in at {olt.address} and answered in {answer.seconds:.1f} s.")
        else:
            yield failed(f"OLT {olt.name}", answer.error.what, answer.error.remedy)


def pools(window: Window) -> Iterator[Finding]:
    """No address pool is nearly full."""
    for pool in network.pools(window, SYSTEM):
        what = f"{pool.taken} of {pool.size} taken, {pool.quarantined} resting, {pool.free} free."
        if pool.free == 0:
            yield failed(f"pool {pool.pool}", what, "Add a pool for the same policy and area: activations stop here.")
        elif pool.share >= POOL_NEARLY_FULL:
            yield warning(f"pool {pool.pool}", what, "Add a pool for the same policy and area soon.")
        else:
            yield ok(f"pool {pool.pool}", what)
