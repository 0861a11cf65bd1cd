"""``isp up``, ``isp status`` and ``isp reset``."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.cli.embedded import postgres
from isp_lifecycle.cli.embedded.folders import elsewhere, make_var
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.sample.signins import PASSWORD, sign_ins
from isp_lifecycle.cli.up import register
from isp_lifecycle.cli.up.errors import StillRunning
from isp_lifecycle.cli.up.part import Part
from isp_lifecycle.cli.up.parts import all_parts
from isp_lifecycle.cli.up.supervisor import Supervisor
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.lab.town import make_town

EXIT_NOT_RUNNING = 1
#: The parts that people open, and how they are called there.
PAGES = {"staff": "staff: ", "portal": "portal:"}


def up(
    port: Annotated[int | None, typer.Option(help="First port of the block, instead of ISP_PORT.")] = None,
    pages: Annotated[bool, typer.Option("--with-pages/--without-pages", help="Serve staff suite and portal.")] = True,
) -> None:
    """Start every part and keep it running until Ctrl-C."""
    settings = load_settings(**({} if port is None else {"port": port}))
    os.umask(0o077)  # what the parts write (mail, logs, reports) is about customers, and nobody else's business
    settings = settings.model_copy(update={"var": make_var(settings.var)})
    say = Narrator(settings.var / "log" / "up.log")
    with register.alone(settings.var):
        parts, notes = all_parts(settings, pages=pages)
        for note in notes:
            say("isp", note)
        supervisor = Supervisor(
            parts=parts,
            var=settings.var,
            port=settings.port,
            host=settings.web.host,
            say=say,
            longest_pause=settings.restart_longest_seconds,
        )
        supervisor.run(when_up=lambda: _greet(parts, settings.web.host, say, settings.lab_olts))


def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List what runs: state, process, time since its start, restarts. Exit code 1 when nothing runs."""
    settings = load_settings()
    found = register.noted(settings.var)
    running = found is not None and found.supervisor.process() is not None
    now = SystemClock().now().timestamp()
    rows = [
        {
            "name": child.name,
            "state": child.state if child.process() or child.state in {"pausing", "stopped"} else "gone",
            "pid": child.pid,
            "up_seconds": round(now - child.started) if child.process() else None,
            "restarts": child.restarts,
        }
        for child in (found.children if found else ())
    ]
    if as_json:
        supervisor = asdict(found.supervisor) if found and running else None
        print_json({"running": running, "port": found.port if found else None, "supervisor": supervisor, "parts": rows})
    elif found is not None:
        cells = [tuple("-" if v is None else str(v) for v in row.values()) for row in rows]
        print_table(("part", "state", "pid", "up (s)", "restarts"), cells)
    if not running:
        if not as_json:
            typer.echo("`isp up` does not run." + (" What is listed was left behind." if rows else ""), err=True)
        raise typer.Exit(EXIT_NOT_RUNNING)


def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Clear the data folder: database, queue, mail, the plant's state, logs and secrets."""
    var = load_settings().var.resolve()
    _refuse_running(var)
    folders = [folder for folder in (var, elsewhere(var)) if folder.exists()]
    if not folders:
        typer.echo(f"There is nothing in {var}.")
        return
    if not yes:
        typer.confirm(f"Delete everything in {', '.join(map(str, folders))}?", abort=True)
    with register.alone(var):
        register.end_leftovers(var)
        postgres.end_leftover(postgres.data_folder(var))
        for folder in folders:
            shutil.rmtree(folder)
    typer.echo(f"Cleared {', '.join(map(str, folders))}.")


class Narrator:
    """Says one line a change, on the terminal and in ``up.log``; a terminal that has gone is no reason to stop."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._clock = SystemClock()

    def __call__(self, name: str, text: str) -> None:
        """Say it."""
        now = self._clock.now()
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{now.astimezone(UTC).isoformat(timespec='milliseconds')} {name}: {text}\n")
        try:
            typer.echo(f"{now.astimezone():%H:%M:%S}  {name:<9} {text}")
        except OSError:
            return  # the terminal has gone; the log has it


def _greet(parts: tuple[Part, ...], host: str, say: Narrator, olts: int) -> None:
    say("isp", "everything is up; Ctrl-C stops it")
    for part in parts:
        if part.name in PAGES:
            say("isp", f"{PAGES[part.name]} http://{host}:{part.ports[0]}/")
    if any(part.name == "sample" for part in parts):
        _tell_sign_ins(say, olts)


def _tell_sign_ins(say: Narrator, olts: int) -> None:
    """The demo's accounts; everybody has the same password, and only the loopback is listened on."""
    say("isp", f"sign in with the password  {PASSWORD}")
    for one in sign_ins(make_town(olts=olts)):
        say("isp", f"  {one.role:<14} {one.username:<36} {'portal' if one.at_portal else 'staff'}")


def _refuse_running(var: Path) -> None:
    found = register.noted(var)
    if found is not None and found.supervisor.process() is not None:
        raise StillRunning(found.supervisor.pid)
