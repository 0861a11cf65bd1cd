"""``isp access``: who may do what, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.views import access as views

access = typer.Typer(help="Who may do what, and why.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="access")


@access.command()
def matrix(as_json: Json = False) -> None:
    """Print every permission with the roles that hold it."""
    doors = _doors()
    found = views.matrix(doors.window, operator())
    if as_json:
        print_json(
            {
                "roles": dict(found.roles),
                "permissions": [{**vars(row), "held_by": sorted(row.held_by)} for row in found.rows],
            }
        )
        return
    held = {row.name: ", ".join(role for role in found.roles if role in row.held_by) for row in found.rows}
    print_table(("permission", "allows", "held by"), [(row.name, row.allows, held[row.name]) for row in found.rows])


@access.command()
def explain(
    user: Annotated[str, typer.Argument(help="The user name.")],
    permission: Annotated[str, typer.Argument(help="What is asked about, such as line.repair.")],
    as_json: Json = False,
) -> None:
    """Say whether somebody may do something, and why; exit code 1 when they may not."""
    doors = _doors()
    found = views.explain(doors.window, operator(), username=user, permission=permission)
    if as_json:
        print_json(vars(found))
    else:
        typer.echo(f"{found.permission}: {found.allows}")
        typer.echo(f"{found.username} {'may' if found.may else 'may not'}: {found.why}")
        typer.echo(f"Roles that may: {', '.join(found.others) or 'none that people have'}")
    if not found.may:
        raise typer.Exit(1)
