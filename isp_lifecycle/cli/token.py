"""``isp token``: accounts and tokens of machines."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import tokens as intake
from isp_lifecycle.views import machines as views

token = typer.Typer(help="Tokens by which machines ask the HTTP API.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="token")


@token.command()
def partner(
    username: Annotated[str, typer.Argument(help="The account's name.")],
    code: Annotated[str, typer.Option(help="The partner's code, on every order that comes by it.")],
    name: Annotated[str, typer.Option(help="The company's name.")] = "",
    as_json: Json = False,
) -> None:
    """Make an account for a partner's machines, for which tokens are made next."""
    made = intake.create_partner(_doors().door, operator(), username=username, name=name or code, code=code)
    if as_json:
        print_json({"username": made.username, "partner": made.partner})
    else:
        typer.echo(f"{made.username} is an account of the partner {code}. Next: isp token create {made.username} ...")


@token.command()
def create(
    username: Annotated[str, typer.Argument(help="The partner's account.")],
    name: Annotated[str, typer.Option(help="What uses it.")],
    days: Annotated[int, typer.Option(help="So long it stands, at most 365.")] = 90,
    scope: Annotated[list[str] | None, typer.Option(help="A permission; again for more. Without: all it may.")] = None,
    as_json: Json = False,
) -> None:
    """Make a token for a machine's account and print it, this once."""
    made = intake.create_for(
        _doors().door, operator(), username=username, name=name, scopes=tuple(scope or ()), days=days
    )
    if as_json:
        print_json({"id": str(made.token.id), "secret": made.secret, "expires_at": made.token.expires_at.isoformat()})
    else:
        typer.echo(made.secret)
        typer.echo(f"It stands until {made.token.expires_at:%Y-%m-%d} and is not shown again.", err=True)


@token.command("list")
def list_tokens(as_json: Json = False) -> None:
    """List all tokens: whose, what for, until when, when and from where last used."""
    rows = [
        {
            "id": str(row.token.id),
            "token": f"{row.token.shown}...",
            "account": row.username,
            "name": row.token.name,
            "state": row.state,
            "until": f"{row.token.expires_at:%Y-%m-%d}",
            "last used": f"{row.token.used_at:%Y-%m-%d %H:%M} from {row.token.used_from}" if row.token.used_at else "",
            "scopes": " ".join(sorted(row.token.scopes)),
        }
        for row in views.all_tokens(_doors().window, operator())
    ]
    if as_json:
        print_json({"tokens": rows})
    else:
        names = ("id", "token", "account", "name", "state", "until", "last used", "scopes")
        print_table(names, [tuple(row[name] for name in names) for row in rows])


@token.command()
def revoke(
    key: Annotated[UUID, typer.Argument(help="Its id, as `isp token list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the audit.")],
) -> None:
    """End a token, from its next request on."""
    intake.revoke_anybodys(_doors().door, operator(), key=key, reason=reason)
    typer.echo("The token is ended.")
