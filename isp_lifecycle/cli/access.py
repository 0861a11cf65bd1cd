"""``isp access``: who may do what, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli import own_roles, people
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.views import access as views
from isp_lifecycle.views import sources as source_views

access = typer.Typer(help="Who may do what, and why.", no_args_is_help=True)

access.add_typer(own_roles.role, name="role")
people.add_to(access)

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


@access.command()
def source(
    name: Annotated[str, typer.Argument(help="A source's name in the settings.")], as_json: Json = False
) -> None:
    """Ask a source's servers, and print its table of groups and roles; exit code 1 when none answers."""
    doors = _doors()
    answers = source_views.answers(doors.window, operator(), source=name)
    lines = [line for one in source_views.sources(doors.window, operator()) if one.name == name for line in one.lines]
    if as_json:
        print_json({"servers": [vars(one) for one in answers], "groups": {line.group: line.role for line in lines}})
    else:
        print_table(
            ("server", "answers", "what"),
            [(a.server, "no" if a.error else f"{a.seconds:.2f} s", a.error or "; ".join(a.notes)) for a in answers],
        )
        print_table(("group", "role"), [(line.group, line.role if line.known else f"{line.role}?") for line in lines])
    if all(one.error for one in answers):
        raise typer.Exit(1)


@access.command()
def try_out(
    name: Annotated[str, typer.Argument(help="A directory's name in the settings.")],
    user: Annotated[str, typer.Argument(help="The name that they sign in with.")],
    as_json: Json = False,
) -> None:
    """Say as what somebody of a directory would be let in, without their password; exit code 1 when they would not."""
    doors = _doors()
    found = source_views.try_out(doors.window, operator(), source=name, username=user)
    if as_json:
        print_json({**vars(found), "permissions": sorted(found.permissions), "let_in": found.let_in})
    else:
        typer.echo(f"{found.name} ({found.username}), groups: {', '.join(found.groups) or 'none'}")
        if found.let_in:
            number = len(found.permissions)
            typer.echo(f"Would be let in as {found.role}, by {found.role_from}: {number} permissions.")
        else:
            why = found.bar or ("their account here was closed" if found.closed else "no group of theirs has a role")
            typer.echo(f"Would not be let in: {why}")
    if not found.let_in:
        raise typer.Exit(1)
