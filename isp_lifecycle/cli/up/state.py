"""``isp status`` and ``isp reset``: they load nothing of the parts that run."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.cli.embedded import postgres
from isp_lifecycle.cli.embedded.folders import elsewhere
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.up import register
from isp_lifecycle.cli.up.errors import StillRunning
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import load_settings

EXIT_NOT_RUNNING = 1


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


def _refuse_running(var: Path) -> None:
    found = register.noted(var)
    if found is not None and found.supervisor.process() is not None:
        raise StillRunning(found.supervisor.pid)
