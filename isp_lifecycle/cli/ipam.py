"""``isp ipam``: questions about numbers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.views import numbers

EXIT_NOBODY = 1

ipam = typer.Typer(help="Addresses, prefixes, and ports behind a NAT.", no_args_is_help=True)


@ipam.callback()
def _group() -> None:
    """Keeps ``whose`` a command of its own while it is the only one."""


@ipam.command()
def whose(
    address: Annotated[str, typer.Argument(help="IPv4 or IPv6; outside or inside of a NAT.")],
    port: Annotated[int | None, typer.Argument(help="The port, where many share the address.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"], help="The instant, UTC; now without."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say who had an address, or a port of a shared one, at an instant. Exit code 1 when it was nobody's."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    instant = at.replace(tzinfo=UTC) if at else None
    found = numbers.whose(doors.window, operator(), address=address, port=port, at=instant)
    if as_json:
        print_json(asdict(found))
    else:
        typer.echo(found.words)
        if found.inside:
            typer.echo(f"inside {found.inside}, outside {found.outside}")
    if found.service_code is None:
        raise typer.Exit(EXIT_NOBODY)
