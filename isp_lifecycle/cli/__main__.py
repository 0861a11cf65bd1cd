"""The command ``isp``: its commands, and how an error ends one (what happened, what to do, exit code 2)."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import PackageNotFoundError, version

import typer

from isp_lifecycle.cli.access import access
from isp_lifecycle.cli.audit import audit
from isp_lifecycle.cli.bench.group import bench
from isp_lifecycle.cli.bulk import bulk
from isp_lifecycle.cli.chaos.command import chaos
from isp_lifecycle.cli.db import db
from isp_lifecycle.cli.demo.command import demo
from isp_lifecycle.cli.doctor.command import doctor
from isp_lifecycle.cli.drift import drift
from isp_lifecycle.cli.due import due
from isp_lifecycle.cli.imports import import_file
from isp_lifecycle.cli.ipam import ipam
from isp_lifecycle.cli.lab import lab
from isp_lifecycle.cli.line import line
from isp_lifecycle.cli.netbox import netbox
from isp_lifecycle.cli.notebook import notebook
from isp_lifecycle.cli.olt import olt
from isp_lifecycle.cli.output import EXIT_ERROR, print_error, wants_json
from isp_lifecycle.cli.queue.command import queue
from isp_lifecycle.cli.sample.command import sample
from isp_lifecycle.cli.settings import settings
from isp_lifecycle.cli.trail import trail
from isp_lifecycle.cli.up.command import reset, status, up
from isp_lifecycle.foundation import logs
from isp_lifecycle.foundation.errors import LifecycleError

app = typer.Typer(
    name="isp",
    help="The whole life of an internet provider's customer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(up)
app.command()(status)
app.command()(reset)
app.command()(settings)
app.command()(doctor)
app.command()(audit)
app.command(name="import")(import_file)
app.command()(demo)
app.command(context_settings={"ignore_unknown_options": True})(notebook)
app.add_typer(db, name="db")
app.add_typer(lab, name="lab")
app.add_typer(olt, name="olt")
app.add_typer(drift, name="drift")
app.add_typer(line, name="line")
app.add_typer(ipam, name="ipam")
app.add_typer(netbox, name="netbox")
app.add_typer(due, name="due")
app.add_typer(trail, name="trail")
app.add_typer(access, name="access")
app.add_typer(bulk, name="bulk")
app.add_typer(sample, name="sample")
app.add_typer(queue, name="queue")
app.add_typer(bench, name="bench")
app.command()(chaos)


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
