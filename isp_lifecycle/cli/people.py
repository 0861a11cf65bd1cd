"""``isp access invite|invite-customer|link|give``: nobody types a password for somebody else."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import accounts, recovery
from isp_lifecycle.intake.door import Door

User = Annotated[str, typer.Argument(help="The user name.")]


def door() -> Door:
    """Changes go in here."""
    return open_doors(connected(load_settings()), application="access").door


def invite(
    user: User,
    role: Annotated[str, typer.Option(help="A role of the staff, shipped or defined here.")],
    email: Annotated[str, typer.Option(help="Where the invitation goes.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
) -> None:
    """Make an account of the staff, and send its owner a link to choose the password."""
    made = recovery.invite_staff(door(), operator(), username=user, name=name, role=role, email=email)
    typer.echo(f"{made.username} is {made.role_shown}; an invitation goes to {made.email}.")


def invite_customer(customer: Annotated[str, typer.Argument(help="The customer's code, such as C-000001.")]) -> None:
    """Make a customer's account at the portal, and send them a link to choose the password."""
    made = recovery.invite_customer(door(), operator(), customer_code=customer)
    typer.echo(f"{made.username} may use the portal; an invitation goes there.")


def link(user: User) -> None:
    """Send somebody a link to set the password; only they get it."""
    sent = recovery.send_link(door(), operator(), username=user)
    typer.echo(f"A link for {sent.username} goes to {sent.email}.")


def give(
    user: User,
    role: Annotated[str, typer.Argument(help="A role of the staff, shipped or defined here.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")],
) -> None:
    """Give one of the staff another role; open pages follow within seconds."""
    given = accounts.change_role(door(), operator(), username=user, role=role, reason=reason)
    typer.echo(f"{given.username} is {given.role_shown} now.")


def add_to(access: typer.Typer) -> None:
    """Put these commands below ``isp access``."""
    for command in (invite, invite_customer, link, give):
        access.command()(command)
