"""``isp olt``: what a person decides about an OLT's identity."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import plant
from isp_lifecycle.views import network

olt = typer.Typer(help="The OLTs' identity: their SSH host keys.", no_args_is_help=True)


@olt.callback()
def _group() -> None:
    """Keeps ``trust`` a command of its own while it is the only one."""


@olt.command()
def trust(
    name: Annotated[str, typer.Argument(help="The OLT's name, such as OLT-NORTH.")],
    yes: Annotated[bool, typer.Option("--yes", help="Accept without asking; you have compared it already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object; needs --yes to accept.")] = False,
) -> None:
    """Show the SSH host key that an OLT has now, and accept it in place of the one that is known."""
    doors = bootstrap.open_doors(connected(load_settings()), application="olt")
    key = network.host_key(doors.window, SYSTEM, olt=name)
    if not as_json:
        typer.echo(f"known: {key.pinned or 'none yet'}\nfound: {key.found or 'none, it is reached by Telnet'}")
    accept = bool(key.found) and not key.fits and (yes or (not as_json and _compared(name)))
    if accept:
        plant.accept_host_key(doors.door, SYSTEM, olt=name, host_key=key.found)
    if as_json:
        print_json({"olt": name, "known": key.pinned, "found": key.found, "accepted": accept})
    elif accept:
        typer.echo(f"Accepted. Press Retry where work stands still because of {name}.")
    else:
        typer.echo("Nothing was changed.")


def _compared(name: str) -> bool:
    return typer.confirm(f"Is that the key that {name} itself shows on its console?")
