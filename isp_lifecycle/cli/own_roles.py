"""``isp access role``: roles that are defined here."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.people import door
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import own_roles as intake
from isp_lifecycle.views import own_roles as views
from isp_lifecycle.views.own_roles import OwnRoleRow

role = typer.Typer(help="Roles that are defined here.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The role's name, such as night-desk.")]
May = Annotated[list[str] | None, typer.Option("--may", help="A permission; repeat it, or write several with commas.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]


def _rows() -> tuple[OwnRoleRow, ...]:
    return views.own_roles(open_doors(connected(load_settings()), application="access").window, operator())


@role.command("list")
def list_roles(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List them, with what they may beside what all staff may."""
    rows = _rows()
    if as_json:
        print_json({"roles": [vars(row) for row in rows]})
    else:
        told = [(row.name, row.base, str(row.accounts), ", ".join(row.permissions)) for row in rows]
        print_table(("role", "starts from", "accounts", "may"), told)


@role.command()
def define(
    name: Name,
    base: Annotated[str, typer.Option(help="The shipped role that it starts from: start page, notices, work.")],
    reason: Reason,
    may: May = None,
) -> None:
    """Define a role."""
    made = intake.define_role(door(), operator(), name=name, base=base, permissions=_names(may), reason=reason)
    typer.echo(f"{made.name} may {len(made.permissions)} things; `isp access give USER {made.name!r}` gives it.")


@role.command()
def change(
    name: Name,
    reason: Reason,
    may: May = None,
    no_more: Annotated[list[str] | None, typer.Option("--no-more", help="A permission that is taken away.")] = None,
    base: Annotated[str, typer.Option(help="Another shipped role to start from.")] = "",
) -> None:
    """Add permissions to a role, and take some away; open pages follow within seconds."""
    now = next((row for row in _rows() if row.name == name.strip().lower()), None)
    if now is None:
        raise NotFound("role", name)
    permissions = (set(now.permissions) | _names(may)) - _names(no_more)
    changed = intake.change_own_role(
        door(), operator(), name=name, base=base or now.base, permissions=permissions, reason=reason
    )
    typer.echo(f"{changed.name} may {len(changed.permissions)} things now.")


@role.command()
def remove(name: Name, reason: Reason) -> None:
    """Remove a role that no account has."""
    intake.remove_role(door(), operator(), name=name, reason=reason)
    typer.echo(f"There is no role {name} any more.")


def _names(given: list[str] | None) -> set[str]:
    return {one.strip() for text in given or () for one in text.split(",") if one.strip()}
