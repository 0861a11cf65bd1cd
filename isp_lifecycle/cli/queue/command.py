"""``isp queue``: list, show, retry, cancel, reassign, pause, resume, drain; all by the door, as the operator."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.queue import drain as draining
from isp_lifecycle.cli.queue import told
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.intake import support
from isp_lifecycle.views import support as support_views
from isp_lifecycle.views.engine import queue as views
from isp_lifecycle.views.engine import state
from isp_lifecycle.views.engine.queue import WHICH, QueueRow

queue = typer.Typer(
    help="The event engine's queue: what stands where and why; retry, cancel, reassign, pause, drain.",
    no_args_is_help=True,
)

#: Something still ran when the time was over.
EXIT_STILL_RUNNING = 1

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Id = Annotated[str, typer.Argument(help="Its id, the end of its id (as listed), its ticket or its incident.")]
Reason = Annotated[str, typer.Option(help="Why, in a few words; it is shown to those whose work stands.")]
What = Annotated[str, typer.Argument(help="engine, a subscriber (crm), or an OLT (OLT-NORTH).")]


@queue.command(name="list")
def list_queue(
    which: Annotated[str, typer.Option("--state", help=f"One of {', '.join(WHICH)}.")] = "open",
    subscriber: Annotated[str, typer.Option(help="Only this subscriber's, e.g. plan_change.")] = "",
    olt: Annotated[str, typer.Option(help="Only what concerns this OLT.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 100,
    as_json: Json = False,
) -> None:
    """List what is not over, what failed first; with pauses and totals."""
    doors, who = _doors(), operator()
    found = views.queue(doors.window, who, which=which, subscriber=subscriber, olt=olt, limit=limit)
    engine = found.engine
    if as_json:
        rows = [asdict(r) for r in found.rows]
        holds = [asdict(h) for h in engine.holds]
        print_json({"counts": found.counts, "holds": holds, "deliveries": rows})
        return
    for hold in engine.holds:
        typer.echo(f"PAUSED  {told.pause(hold, doors.settings.company.tz)}")
    if found.rows:
        print_table(told.HEADINGS, [told.line(r, doors.window.clock.now()) for r in found.rows])
    more = found.counts[which] - len(found.rows)
    typer.echo((f"and {more} more; " if more > 0 else "") + told.totals(engine))


@queue.command()
def show(
    delivery: Id,
    evidence: Annotated[bool, typer.Option(help="Also what was said to devices.")] = False,
    as_json: Json = False,
) -> None:
    """Show one delivery: where it stands, why, whose it is, every attempt, and its trace."""
    doors, who, delivery_id = _found(delivery)
    detail = support_views.delivery(doors.window, who, delivery_id=delivery_id)
    spoken = {
        str(a.id): support_views.transcript(doors.window, who, delivery_id=delivery_id, step_run_id=a.id)
        for a in detail.attempts
        if evidence and a.has_transcript
    }
    if as_json:
        print_json(asdict(detail) | ({"transcripts": spoken} if evidence else {}))
        return
    for text in told.detail(detail, doors.settings.company.tz):
        typer.echo(text)
    for transcript in spoken.values():
        typer.echo(f"\n{transcript}")


@queue.command()
def retry(delivery: Id, as_json: Json = False) -> None:
    """Continue a failed delivery at the step that failed."""
    doors, who, delivery_id = _found(delivery)
    support.retry(doors.door, who, delivery_id=delivery_id)
    _say(as_json, {"delivery_id": delivery_id}, "It goes on at the step that failed.")


@queue.command()
def cancel(delivery: Id, reason: Reason, as_json: Json = False) -> None:
    """Give a delivery up: what it did is undone in reverse."""
    doors, who, delivery_id = _found(delivery)
    support.cancel(doors.door, who, delivery_id=delivery_id, reason=reason)
    _say(as_json, {"delivery_id": delivery_id}, "It is given up; what was done is being undone.")


@queue.command()
def reassign(
    delivery: Id, username: Annotated[str, typer.Argument(help="Who is to see to it.")], as_json: Json = False
) -> None:
    """Give what failed, or waits, to a named person."""
    doors, who, delivery_id = _found(delivery)
    user = intake.reassign(doors.door, who, delivery_id=delivery_id, username=username)
    _say(as_json, {"delivery_id": delivery_id, "owner": user.username}, f"{user.name} has it now, and is told.")


@queue.command()
def pause(
    what: What,
    reason: Reason,
    since: Annotated[str, typer.Option("--from", help="When it begins, company time: 2026-03-28 23:30.")] = "",
    until: Annotated[str, typer.Option("--until", help="When it ends by itself; empty: when resumed.")] = "",
    as_json: Json = False,
) -> None:
    """Begin nothing more of it: the engine, one subscriber, or one OLT (a maintenance window)."""
    doors, who = _doors(), operator()
    hold_id = intake.pause(doors.door, who, what=what, reason=reason, since=since, until=until)
    (hold,) = (h for h in state.state(doors.window, who).holds if h.id == hold_id)
    _say(as_json, asdict(hold), told.pause(hold, doors.settings.company.tz))


@queue.command()
def resume(
    what: Annotated[str, typer.Argument(help="As it was paused, or the id of one pause, planned ones too.")],
    as_json: Json = False,
) -> None:
    """End every pause that is on it now; what stood in line goes on at once."""
    doors, who = _doors(), operator()
    try:
        hold_id = UUID(what)
    except ValueError:
        ended = intake.resume(doors.door, who, what=what)
    else:
        intake.lift(doors.door, who, hold_id=hold_id)
        ended = 1
    _say(as_json, {"ended": ended}, f"{ended} pause{'s' if ended > 1 else ''} ended.")


@queue.command()
def drain(
    reason: Reason = "Upgrade",
    within: Annotated[float, typer.Option(min=0, help="Give up waiting after so many seconds.")] = 600.0,
    as_json: Json = False,
) -> None:
    """Hold the engine and wait until nothing runs, before an upgrade. Exit code 1 when something still runs.

    The engine stays held, also when the waiting is broken off: `isp queue resume engine` lets it go on.
    """
    doors, who = _doors(), operator()
    said = ""

    def tell(running: tuple[QueueRow, ...]) -> None:
        nonlocal said
        now = f"{len(running)} running: " + "; ".join(f"{r.workflow} at {r.step} ({r.worker})" for r in running[:5])
        if now != said and not as_json:
            typer.echo(now)
        said = now

    done = draining.drain(doors, who, reason=reason, within=within, tell=tell)
    still = [str(r.delivery_id) for r in done.running]
    words = f"{len(still)} still run after {done.seconds:.0f} s." if still else "Nothing runs; nothing will begin."
    facts = {"drained": not still, "seconds": round(done.seconds, 1), "running": still, "hold_id": done.hold_id}
    _say(as_json, facts, f"{words} `isp queue resume engine` lets it go on.")
    if still:
        raise typer.Exit(EXIT_STILL_RUNNING)


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="queue")


def _found(delivery: str) -> tuple[Doors, Actor, UUID]:
    doors, who = _doors(), operator()
    return doors, who, views.find(doors.window, who, key=delivery)


def _say(as_json: bool, facts: dict[str, object], words: str) -> None:
    if as_json:
        print_json(facts)
    else:
        typer.echo(words)
