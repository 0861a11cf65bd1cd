"""The command: N requests under fire, silence, then the audit; exit code 0 only when all of its counts are zero."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.chaos.hands import Hands
from isp_lifecycle.cli.chaos.load import Load
from isp_lifecycle.cli.chaos.monkey import Monkey
from isp_lifecycle.cli.chaos.world import World
from isp_lifecycle.cli.demo.system import own_system
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.views.audit.model import AuditReport, Outcome
from isp_lifecycle.views.audit.whole import audit

EXIT_FOUND = 1
#: Short leases and pauses, so that what died is taken up soon and a run takes minutes.
HASTE = {
    "ISP_ENGINE__LEASE_SECONDS": "5",
    "ISP_ENGINE__HEARTBEAT_SECONDS": "1",
    "ISP_ENGINE__RETRY_FIRST_SECONDS": "0.5",
    "ISP_ENGINE__RETRY_LONGEST_SECONDS": "4",
    "ISP_NETWORK__ONLINE_WITHIN_SECONDS": "10",
    "ISP_NETWORK__READ_TIMEOUT_SECONDS": "5",
    "ISP_NETWORK__POLL_SECONDS": "0.1",
    "ISP_NETWORK__REFUSED_LOGIN_SECONDS": "0",
    "ISP_RESTART_LONGEST_SECONDS": "2",
    "ISP_LOG_LEVEL": "warning",
}
#: A run too short to meet many faults meets at least one for so many requests.
REQUESTS_A_FAULT = 4
#: When nothing has moved for so long, it stands.
QUIET_SECONDS = 900.0

_MOVING = """
    SELECT count(*) FROM deliveries
    WHERE state IN ('queued', 'running', 'waiting') OR (state = 'scheduled' AND due_at < now() + interval '1 hour')
"""
_UNFINISHED = """
    SELECT d.subscriber, d.state, d.failure->>'step' AS step, d.failure->>'what' AS what,
           (SELECT coalesce(t.assignee, t.role) FROM tasks t WHERE t.delivery_id = d.id AND t.state = 'open' LIMIT 1)
             AS task, d.blocked_on, d.due_at
    FROM deliveries d WHERE d.state NOT IN ('done', 'cancelled') ORDER BY d.id
"""


@dataclass(frozen=True)
class Result:
    """What a run has shown. ``unfinished``: deliveries that stand with a person; ``findings``: the audit's list."""

    events: int
    seed: int
    lost: int
    doubled: int
    leaked: int
    unowned: int
    unfinished: int
    faults: dict[str, int]
    requests: dict[str, int]
    people: dict[str, int]
    deliveries: dict[str, int]
    takeovers: int
    seconds: float
    audit: str
    findings: list[dict[str, Any]]
    stands: list[dict[str, Any]]

    @property
    def clean(self) -> bool:
        """All zeros, and everything was looked at."""
        return not (self.lost or self.doubled or self.leaked or self.unowned) and self.audit == Outcome.CLEAN


def chaos(
    events: Annotated[int, typer.Option(min=1, help="Requests of all kinds.")] = 200,
    seed: Annotated[int, typer.Option(help="Draws requests, faults and instants.")] = 1,
    olts: Annotated[int, typer.Option(min=2, max=200, help="OLTs of the simulated plant.")] = 20,
    speed: Annotated[float, typer.Option(min=1, help="The plant runs so many times faster than a real one.")] = 100.0,
    calm: Annotated[bool, typer.Option("--calm", help="The same without any fault, to compare.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folder of this run's own system.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Put a system of its own under fire, then compare everything; exit code 1: lost, doubled, leaked or unowned."""
    with own_system(speed=speed, environment=HASTE, keep=keep, olts=olts) as system:
        world = World(system, random.Random(seed))  # noqa: S311 - chance, not secrets
        world.plugged.update({c.premises_code: c.serial for c in make_town(olts=olts).customers})
        result = _run(world, events=events, seed=seed, calm=calm)
    if as_json:
        print_json(asdict(result))
    else:
        _print(result)
    if not result.clean:
        raise typer.Exit(EXIT_FOUND)


def _run(world: World, *, events: int, seed: int, calm: bool) -> Result:
    began = time.monotonic()
    load, monkey, hands = Load(world), Monkey(world), Hands(world)
    hands.start()
    if not calm:
        monkey.start()
    load.run(events)
    if not calm:
        monkey.stop(after=events // REQUESTS_A_FAULT)
    _until_quiet(world)
    world.over.set()
    hands.join()
    seconds = time.monotonic() - began
    return _result(world, seed=seed, seconds=seconds, load=load, monkey=monkey, hands=hands)


def _until_quiet(world: World) -> None:
    """Let everything come to its end, or to a person; gives up, and lets the audit tell, when nothing moves."""
    until = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until:
        failed = world.number("SELECT count(*) FROM deliveries WHERE state = 'failed'")
        if world.number(_MOVING) == 0 and failed == 0:
            return
        time.sleep(0.5)


def _result(world: World, *, seed: int, seconds: float, load: Load, monkey: Monkey, hands: Hands) -> Result:
    doors = world.system.doors
    report: AuditReport = audit(doors.window, SYSTEM, outside=bootstrap.open_outside(world.system.settings))
    stands = [dict(row._mapping) for row in world.rows(_UNFINISHED)]
    states = world.rows("SELECT state, count(*) AS n FROM deliveries GROUP BY state")
    return Result(
        events=load.asked.total(),
        seed=seed,
        unfinished=len(stands),
        faults=dict(sorted(monkey.faults.items())),
        requests=dict(load.asked),
        people=dict(hands.did),
        deliveries={row.state: row.n for row in states},
        takeovers=world.number("SELECT coalesce(sum(takeovers), 0) FROM deliveries"),
        seconds=round(seconds, 1),
        audit=str(report.outcome),
        findings=[asdict(finding) for finding in report.findings],
        stands=stands,
        **{kind: report.counts.get(kind, 0) for kind in ("lost", "doubled", "leaked", "unowned")},
    )


def _print(result: Result) -> None:
    print_table(("fault", "times"), [(name, str(n)) for name, n in result.faults.items()])
    typer.echo("")
    print_table(("request", "times"), [(name, str(n)) for name, n in Counter(result.requests).most_common()])
    typer.echo("")
    print_table(("people pressed", "times"), [(name, str(n)) for name, n in Counter(result.people).most_common()])
    typer.echo("")
    for finding in result.findings:
        typer.echo(f"{str(finding['kind']).upper():<8} {finding['about']} {finding['key']}: {finding['what']}")
    for row in result.stands:
        where = f"{row['subscriber']} {row['state']} at {row['step']}"
        typer.echo(f"stands   {where}: {row['what']} (with {row['task']})")
    typer.echo(
        f"{result.events} requests, {sum(result.deliveries.values())} deliveries, "
        f"{sum(result.faults.values())} faults, {result.takeovers} leases taken over, "
        f"in {result.seconds:.0f} s (seed {result.seed}).\n"
        f"lost {result.lost}, doubled {result.doubled}, leaked {result.leaked}, unowned {result.unowned}, "
        f"unfinished {result.unfinished}; the audit: {result.audit}."
    )
