"""The command ``isp``: its commands, and how an error ends one (what happened, what to do, exit code 2)."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import PackageNotFoundError, version

import typer

from isp_lifecycle.cli.lazy import lazy_group
from isp_lifecycle.cli.output import EXIT_ERROR, print_error, wants_json
from isp_lifecycle.foundation import logs
from isp_lifecycle.foundation.errors import LifecycleError

#: Each command: where it is, and what it is for, as it says itself.
COMMANDS = {
    "up": ("up.command:up", "Start every part and keep it running until Ctrl-C."),
    "status": (
        "up.state:status",
        "List what runs: state, process, time since its start, restarts. Exit code 1 when nothing runs.",
    ),
    "reset": ("up.state:reset", "Clear the data folder: database, queue, mail, the plant's state, logs and secrets."),
    "settings": (
        "settings:settings",
        "List every setting: its variable, its default, what it means; and check those that are set.",
    ),
    "doctor": ("doctor.command:doctor", "Check every part; say what is wrong and how to mend it."),
    "audit": (
        "audit:audit",
        "Compare records, devices, addresses, charges and messages; name what is lost, doubled, leaked or unowned.",
    ),
    "import": ("imports:import_file", "Show what a file would create and change, or import it."),
    "demo": (
        "demo.command:demo",
        "Play one customer's story, from application to light; report what was observed. Exit code 1: not as expected.",
    ),
    "notebook": (
        "notebook:notebook",
        'Start a command that finds the database from any folder; or print what to set, for eval "$(isp notebook)".',
    ),
    "db": ("db:db", "The database's shape."),
    "lab": ("lab:lab", "The simulated plant: plug, unplug, cut, mend, inject faults."),
    "olt": ("olt:olt", "The OLTs: add one, look at what stands on it, take note of it."),
    "drift": ("drift:drift", "In what OLTs differ from the records: compare, list, mend, take as found."),
    "line": ("line:line", "One customer's line: its ONT now, its sessions, its reset."),
    "ipam": ("ipam:ipam", "Addresses, prefixes, and ports behind a NAT."),
    "netbox": ("netbox:netbox", "NetBox as the source of prefixes, and as a place to see what is in use."),
    "proxy": ("proxy:proxy", "What a reverse proxy before the pages must be told."),
    "due": ("due:due", "What will happen: list it, put it on another day, take it back."),
    "trail": ("trail:trail", "The audit trail: list, check, export, erase a person."),
    "access": ("access:access", "Who may do what, and why."),
    "secrets": ("secrets:secrets", "Devices' accounts, sealed in the database, and the key that seals them."),
    "token": ("token:token", "Tokens by which machines ask the HTTP API."),
    "bulk": ("bulk:bulk", "Change many services at once."),
    "sample": ("sample.command:sample", "The demo's sample town."),
    "queue": (
        "queue.command:queue",
        "The event engine's queue: what stands where and why; retry, cancel, reassign, pause, drain.",
    ),
    "bench": ("bench.group:bench", "Performance, as ratios to references measured in the same run."),
    "texts": ("texts:texts", "The catalogues of texts: what is marked in the source, translated."),
    "chaos": (
        "chaos.command:chaos",
        "Put a system of its own under fire, then compare everything; exit code 1: lost, doubled, leaked or unowned.",
    ),
}

app = typer.Typer(
    name="isp",
    cls=lazy_group(
        {name: f"isp_lifecycle.cli.{place}" for name, (place, _) in COMMANDS.items()},
        {name: words for name, (_, words) in COMMANDS.items()},
        loose=("notebook",),
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def isp() -> None:
    """The whole life of an internet provider's customer."""


@app.command(name="version")
def print_version() -> None:
    """Print the version."""
    try:
        typer.echo(version("isp-lifecycle"))
    except PackageNotFoundError:
        typer.echo("unknown: not installed, run from a checkout")


def main() -> None:
    """Run one command; errors of the product end it with code 2."""
    logs.set_up(level="warning", process="isp")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        app()
    except LifecycleError as error:
        print_error(error, as_json=wants_json())
        sys.exit(EXIT_ERROR)


if __name__ == "__main__":
    main()
