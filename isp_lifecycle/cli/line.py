"""``isp line``: a customer's line as it is now, read on the device; why it does not work; and the reset of its ONT."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import care as intake
from isp_lifecycle.views import care as views
from isp_lifecycle.views import echo as pings
from isp_lifecycle.views.care import LastReset, LineNow, SessionsNow
from isp_lifecycle.views.diagnosis import asking
from isp_lifecycle.views.diagnosis import find as finding
from isp_lifecycle.views.diagnosis.find import Match
from isp_lifecycle.views.diagnosis.model import Diagnosis, Sure
from isp_lifecycle.views.echo import EchoNow

line = typer.Typer(help="One customer's line: its ONT now, its sessions, its reset.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="The service's code, such as S-001234.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
EXIT_NOT_READ = 1
EXIT_CAUSE, EXIT_BLIND = 1, 3
#: Beyond what a reset may take by the settings, a wait in the queue.
QUEUE_SECONDS = 60.0


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="line")


@line.command()
def show(code: Code, as_json: Json = False) -> None:
    """Ask the OLT for the line's ONT: state, light, firmware, counters; and RADIUS for its sessions and usage.

    Exit code 1 when the ONT could not be read.
    """
    doors = _doors()
    now = views.line_now(doors.window, operator(), service_code=code)
    if now is None:
        raise NotFound("line of service", code)
    sessions = views.sessions_now(doors.window, operator(), service_code=code)
    if as_json:
        print_json({"line": _plain(now), "sessions": _plain(sessions)})
    else:
        _tell(now, sessions)
    if now.status.error is not None:
        raise typer.Exit(EXIT_NOT_READ)


@line.command()
def ping(code: Code, as_json: Json = False) -> None:
    """Ping the line's address by the blackbox exporter: the session's, or the one on record.

    Exit code 0 when everything came back, 1 when something was lost, 3 when nothing could be asked.
    """
    doors = _doors()
    found = pings.ping(doors.window, operator(), service_code=code)
    what, then = pings.in_words(found)
    if as_json:
        print_json(_plain(found))
    else:
        typer.echo(f"{what} {then}")
        if found.missed:
            typer.echo(f"RADIUS could not say whether the line has another address now: {found.missed}", err=True)
    if found.echoes is None:
        raise typer.Exit(EXIT_BLIND)
    raise typer.Exit(0 if found.echoes.received == found.echoes.sent else EXIT_CAUSE)


@line.command()
def reset(code: Code, as_json: Json = False) -> None:
    """Have the line's ONT start anew, and follow it until it is back; its customer is offline for a minute or two."""
    doors = _doors()
    delivery_id = intake.reset_ont(doors.door, operator(), service_code=code)
    network = doors.settings.network
    deadline = time.monotonic() + network.online_within_seconds + network.reset_within_seconds + QUEUE_SECONDS
    told = 0
    while (last := _last(doors, code)).under_way and time.monotonic() < deadline:
        told = told if as_json else _tell_steps(last, told)
        time.sleep(0.3)
    if as_json:
        print_json(_plain(last))
    else:
        _tell_steps(last, told)
    if last.state != "done":
        why = last.failure.what if last.failure else f"It is {last.state}."
        raise Refused(
            why, field="service", value=code, remedy=f"See `isp queue show {delivery_id}`; it goes on from there."
        )


@line.command()
def why(
    code: Annotated[str, typer.Argument(help="Service, order, customer, address, serial number or IP address.")],
    as_json: Json = False,
) -> None:
    """Say why a line does not work: one cause, how sure, what was seen, what could not be, and what to do.

    Exit code 0 when it is good, 1 when a cause was found, 3 when too little could be seen.
    """
    doors = _doors()
    found = finding.find(doors.window, operator(), text=code)
    if len(found) != 1:
        raise _ambiguous(code, found)
    looking = asking.look_into(doors.window, operator(), key=found[0].key)
    answer = looking.wait()
    if as_json:
        print_json(_plain(answer))
    else:
        _tell_why(answer)
    raise typer.Exit(0 if answer.finding.healthy else EXIT_BLIND if answer.finding.sure is Sure.OPEN else EXIT_CAUSE)


def _ambiguous(code: str, found: Sequence[Match]) -> Refused:
    some = ", ".join(f"{one.key} ({one.customer})" for one in found[:8])
    what = f"{code!r} means {len(found)} lines: {some}." if found else f"No line is known by {code!r}."
    remedy = "Give a service's code." if found else "Give a service, order, customer, address, serial number or IP."
    return Refused(what, field="code", value=code, remedy=remedy)


def _tell_why(answer: Diagnosis) -> None:
    one = answer.finding
    typer.echo(f"{answer.key}, {answer.customer}: {one.says}")
    typer.echo(f"  {one.cause}, {one.sure}. What to do: {one.advice}")
    if one.bring:
        typer.echo(f"  Bring: {', '.join(one.bring)}.")
    for other in answer.besides:
        typer.echo(f"  Besides: {other.says}")
    typer.echo(f"  To the customer: {one.to_customer}")
    rows = [(x.name, str(x.how), x.words, f"{x.at:%H:%M:%S} UTC" if x.at else "", x.source) for x in answer.chain]
    print_table(("link", "state", "as seen", "at", "by"), rows)
    for missed in answer.missed:
        typer.echo(f"Not seen: {missed.what}: {missed.why}")


def _last(doors: Doors, code: str) -> LastReset:
    found = views.last_reset(doors.window, operator(), service_code=code)
    if found is None:
        raise NotFound("reset of", code)
    return found


def _tell_steps(last: LastReset, told: int) -> int:
    """Print what has been done since so many steps were told; returns how many are."""
    done = [step for step in last.steps if step.state == "done"]
    for step in done[told:]:
        typer.echo(f"{step.name}: {step.says.partition(chr(10))[0]}")
    return len(done)


def _tell(now: LineNow, sessions: SessionsNow) -> None:
    typer.echo(f"{now.service_code} at {now.place}, ONT {now.serial}")
    rows = [(one.what, f"{one.at:%H:%M:%S} UTC", one.source, one.error or one.words) for one in views.read_out(now)]
    print_table(("what", "read at", "from", "as read"), [*rows, *_session_rows(sessions)])


def _session_rows(s: SessionsNow) -> list[tuple[str, str, str, str]]:
    at, source = f"{s.read_at:%H:%M:%S} UTC", f"FreeRADIUS in {s.seconds:.1f} s"
    if not s.connected:
        return [("Session", at, "", "no RADIUS is connected")]
    if s.error is not None:
        return [("Session", at, source, s.error.what)]
    rows = [
        (
            "Session",
            at,
            source,
            f"since {one.started_at:%Y-%m-%d %H:%M} UTC, {one.address or 'no address'}, by {one.gateway}",
        )
        for one in s.live
        if one.started_at is not None
    ]
    used = [
        ("This month", at, source, f"{m.down_octets} bytes down, {m.up_octets} up in {m.sessions} sessions")
        for m in s.months[:1]
    ]
    return [*(rows or [("Session", at, source, "none is live")]), *used]


def _plain(value: LineNow | SessionsNow | LastReset | Diagnosis | EchoNow) -> dict[str, object]:
    """As JSON takes it; addresses and ports as their texts."""

    def texts(thing: object) -> object:
        if isinstance(thing, dict):
            return {name: texts(inner) for name, inner in thing.items()}
        if isinstance(thing, list | tuple):
            return [texts(inner) for inner in thing]
        return str(thing) if type(thing).__module__ == "ipaddress" else thing

    return {name: texts(inner) for name, inner in asdict(value).items()}
