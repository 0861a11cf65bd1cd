"""The parts as the database tells of them: engine, database, mail, nightly work, the audit trail, address pools.

Nothing is asked of devices or directories here: that takes seconds, and `isp doctor` does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import Text, say, say_many
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import PoolFill
from isp_lifecycle.views.engine.state import BeatRow, EngineState, HoldRow, engine_state
from isp_lifecycle.views.engine.words import pause_words
from isp_lifecycle.views.health.model import Finding, Health, failed, ok, warning
from isp_lifecycle.views.network import PoolRow
from isp_lifecycle.views.settings import SettingRow, rows_of
from isp_lifecycle.views.templates import failing
from isp_lifecycle.views.window import Look, shows

#: The numbers of each queue that are told.
COUNTED = ("ready", "in_line", "running", "again", "scheduled", "waiting", "failed")

WAITS_TOO_LONG_SECONDS = 60.0
CLOCK_OFF_SECONDS = 1.0
POOL_NEARLY_FULL = 0.9
CONNECTIONS_NEARLY_ALL = 0.8
TRANSACTION_TOO_LONG = timedelta(minutes=10)
MAIL_TOO_LATE = timedelta(minutes=15)
#: What is done each night is late when it was not done for so long.
NIGHTLY = timedelta(hours=26)
SEALED_TOO_LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Group:
    """Findings about one part."""

    title: str
    findings: tuple[Finding, ...]

    @property
    def health(self) -> Health:
        """The worst of them."""
        found = {one.health for one in self.findings}
        return next((h for h in (Health.FAILED, Health.WARNING) if h in found), Health.OK)


@shows("system.read")
def health(look: Look) -> tuple[Group, ...]:
    """How every part stands, by what stands in the database."""
    return (
        Group(say("Engine"), tuple(of_engine(engine_state(look), look.settings))),
        Group(say("Database"), tuple(_of_database(look))),
        Group(say("E-mail"), tuple(_of_mail(look))),
        Group(say("OLTs and nightly work"), tuple(_of_nights(look))),
        Group(say("Audit trail"), tuple(_of_trail(look))),
        Group(say("Address pools"), tuple(of_pools(ipam.fill(tx=look.tx)))),
        Group(say("Settings"), tuple(of_settings(rows_of(look)))),
    )


def of_engine(state: EngineState, settings: Settings) -> Iterator[Finding]:
    """A relay and a worker live, nothing that is due waits for long, and nothing is paused that was forgotten."""
    for kind in ("relay", "worker"):
        alive = [b.name for b in state.beats if b.kind == kind and b.alive]
        seen = min((b.seen_seconds_ago for b in state.beats if b.kind == kind), default=None)
        if alive:
            yield ok(kind, say("{many} alive: {names}.", many=len(alive), names=", ".join(alive)))
        else:
            last = say("was never seen") if seen is None else say("was last seen {seen:.0f} s ago", seen=seen)
            yield failed(
                kind,
                say("No {kind} lives; one {last}.", kind=kind, last=last),
                say("Start everything with `isp up`, or read its log."),
            )
    yield from _clocks(state.beats, lease=settings.engine.lease_seconds)
    yield from _pauses(state.holds, settings)
    counts = {name: state.total(name) for name in COUNTED}
    depth = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    depth = depth or say("nothing waits")
    if state.oldest_ready_seconds > WAITS_TOO_LONG_SECONDS:
        what = say(
            "The oldest due delivery waits for {seconds:.0f} s ({depth}).",
            seconds=state.oldest_ready_seconds,
            depth=depth,
        )
        yield warning("queue", what, say("Look at the running deliveries; start more workers if all are busy."))
    else:
        yield ok("queue", say("Deliveries: {depth}.", depth=depth))


def _pauses(holds: Iterable[HoldRow], settings: Settings) -> Iterator[Finding]:
    """What people have paused and may have forgotten."""
    for hold in holds:
        if hold.in_force:
            what = say("{what} is {pause_words}", what=hold.what, pause_words=pause_words(hold, settings.company.tz))
            yield warning("pause", what, say("When that is over: `isp queue resume {id}`.", id=hold.id))


def _clocks(beats: Iterable[BeatRow], *, lease: float) -> Iterator[Finding]:
    """Each living process's own clock against the database's: what differs by less than a lease does no harm."""
    for beat in beats:
        off = abs(beat.clock_ahead_seconds)
        if not beat.alive or off < CLOCK_OFF_SECONDS:
            continue
        judge = failed if off >= lease / 2 else warning
        side = say("ahead of") if beat.clock_ahead_seconds > 0 else say("behind")
        what = say(
            "The clock of {name} is {off:.1f} s {side} the database's; a lease is {lease:.0f} s.",
            name=beat.name,
            off=off,
            side=side,
            lease=lease,
        )
        yield judge(
            "clocks", what, say("Let its host keep time by NTP: off by a lease, it loses what it works on to others.")
        )


def of_pools(pools: Iterable[PoolFill | PoolRow]) -> Iterator[Finding]:
    """No address pool is nearly full."""
    for pool in pools:
        what = say(
            "{taken} of {size} taken, {quarantined} resting, {free} free.",
            taken=pool.taken,
            size=pool.size,
            quarantined=pool.quarantined,
            free=pool.free,
        )
        if pool.free == 0:
            yield failed(
                say("pool {pool}", pool=pool.pool),
                what,
                say("Add a pool for the same policy and area: activations stop here."),
            )
        elif pool.share >= POOL_NEARLY_FULL:
            yield warning(
                say("pool {pool}", pool=pool.pool), what, say("Add a pool for the same policy and area soon.")
            )
        else:
            yield ok(say("pool {pool}", pool=pool.pool), what)


def of_settings(rows: Sequence[SettingRow]) -> Iterator[Finding]:
    """What an administrator changed holds, and nothing is kept that does not."""
    for row in rows:
        name, override = row.about.name, row.override
        if override is not None and row.fixed_by:
            what = say(
                "{name} is {value} by {fixed_by}; {value_too}, which {set_by} gave, is idle.",
                name=name,
                value=row.value,
                fixed_by=row.fixed_by,
                value_too=override.value,
                set_by=override.set_by,
            )
            yield warning(
                "settings",
                what,
                say("Go back to the default on the page Settings, or take {fixed_by} out.", fixed_by=row.fixed_by),
            )
        elif row.left_out:
            yield warning(
                "settings",
                say("What is kept does not hold: {left_out}", left_out=row.left_out),
                say("Change it on the page Settings."),
            )
    said = ", ".join(f"{r.about.name} is {r.value} (default {r.about.default})" for r in rows if r.changed)
    yield ok(
        "settings", say("Changed here: {said}.", said=said) if said else say("None was changed while everything runs.")
    )


_DATABASE = """
    SELECT pg_database_size(current_database()) AS size, current_setting('max_connections')::int AS most,
           (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
           (SELECT min(xact_start) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend') AS oldest,
           current_setting('server_version') AS version
"""


def _of_database(look: Look) -> Iterator[Finding]:
    row: Any = look.tx.execute(sa.text(_DATABASE)).one()
    yield ok("database", say("PostgreSQL {version}, {size:.2f} GB.", version=row.version, size=row.size / 10**9))
    what = say("{used} of {most} connections are in use.", used=row.used, most=row.most)
    if row.used >= row.most * CONNECTIONS_NEARLY_ALL:
        yield warning("connections", what, say("Raise max_connections, or run fewer processes."))
    else:
        yield ok("connections", what)
    if row.oldest is not None and look.at - row.oldest > TRANSACTION_TOO_LONG:
        minutes = (look.at - row.oldest).total_seconds() / 60
        what = say(
            "A transaction is open for {minutes:.0f} minutes: nothing that was deleted since can be cleaned up.",
            minutes=minutes,
        )
        yield warning("transactions", what, say("Find it in pg_stat_activity by its application_name, and end it."))


def _of_mail(look: Look) -> Iterator[Finding]:
    query = "SELECT count(*) AS many, min(created_at) AS oldest FROM emails WHERE sent_at IS NULL"
    row: Any = look.tx.execute(sa.text(query)).one()
    late = row.oldest is not None and look.at - row.oldest > MAIL_TOO_LATE
    if late:
        what = say(
            "{many} e-mails wait; the oldest for {at:.0f} minutes.",
            many=row.many,
            at=(look.at - row.oldest).total_seconds() / 60,
        )
        yield warning("mail", what, say("Look on the page Needs attention why they fail; `isp doctor` asks the relay."))
    else:
        yield ok(
            "mail",
            _waiting(
                row.many,
                say("No e-mails wait to be sent."),
                say_many("{count} e-mail waits to be sent.", "{count} e-mails wait to be sent.", row.many),
            ),
        )

    for title, language, version in failing(look):
        what = say(
            "Your text of “{title}” ({language}, version {number}) fails: {failure}.",
            title=title,
            language=language,
            number=version.number,
            failure=version.failure,
        )
        yield failed("texts", what, say("Messages go out by the shipped text; correct yours on the page Messages."))


def _waiting(number: int, none: Text, some: Text) -> Text:
    return some if number else none


_NIGHTS = """
    SELECT o.name, o.added_at, max(r.finished_at) AS last FROM olts o LEFT JOIN reconciliations r ON r.olt_id = o.id
    GROUP BY o.name, o.added_at ORDER BY o.name
"""


def _of_nights(look: Look) -> Iterator[Finding]:
    rows: list[Any] = list(look.tx.execute(sa.text(_NIGHTS)))
    late = [row.name for row in rows if _is_late(row.last or row.added_at, look.at)]
    if late:
        names: str = ", ".join(late[:5])
        if len(late) > 5:
            names = say("{names} and {more} more", names=names, more=len(late) - 5)
        what = say(
            "{late} of {rows} OLTs were not compared with the records for over a day: {names}.",
            late=len(late),
            rows=len(rows),
            names=names,
        )
        yield warning(
            "comparison", what, say("Look on the page Needs attention; `isp drift compare OLT` compares one now.")
        )
    else:
        yield ok(
            "comparison",
            say("{rows} OLTs; each was compared with the records, or added, within a day.", rows=len(rows)),
        )
    checked: datetime | None = look.tx.execute(sa.text("SELECT max(checked_at) FROM number_checks")).scalar_one()
    if checked is not None and _is_late(checked, look.at):
        what = say(
            "Numbers were last held against reality {at:.0f} hours ago.", at=(look.at - checked).total_seconds() / 3600
        )
        yield warning("numbers", what, say("Look whether beat runs; the page Numbers looks now."))


def _is_late(last: datetime, at: datetime) -> bool:
    return at - last > NIGHTLY


def _of_trail(look: Look) -> Iterator[Finding]:
    query = "SELECT count(*) AS many, min(at) AS oldest FROM audit WHERE seq IS NULL"
    row: Any = look.tx.execute(sa.text(query)).one()
    if row.oldest is not None and look.at - row.oldest > SEALED_TOO_LATE:
        minutes = (look.at - row.oldest).total_seconds() / 60
        what = say(
            "{many} lines wait to be chained; the oldest for {minutes:.0f} minutes.", many=row.many, minutes=minutes
        )
        yield failed("sealing", what, say("Look whether beat and a worker of the queue office live, and their logs."))
    else:
        yield ok(
            "sealing",
            _waiting(
                row.many,
                say("No lines wait to be chained."),
                say_many("{count} line waits to be chained.", "{count} lines wait to be chained.", row.many),
            ),
        )
