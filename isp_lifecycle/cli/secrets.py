"""``isp secrets``: the accounts by which devices are signed in to, sealed, and the key that seals them."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import secrets as intake
from isp_lifecycle.views import secrets as views

secrets = typer.Typer(
    help="Devices' accounts, sealed in the database, and the key that seals them.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Name = Annotated[str, typer.Argument(help="What the plant's file calls the account, such as default.")]


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="secrets")


@secrets.command(name="list")
def list_accounts(as_json: Json = False) -> None:
    """List devices' accounts: user name, since when, how many OLTs; never a password."""
    doors = _doors()
    rows = views.device_accounts(doors.window, operator())
    if as_json:
        print_json({"accounts": [{**vars(row), "changed_at": str(row.changed_at or "")} for row in rows]})
        return
    zone = doors.settings.company.tz
    print_table(
        ("name", "user name", "OLTs", "where", "since", "by"),
        [
            (
                row.name,
                row.username or "-",
                str(row.olts),
                "settings" if row.in_settings else "database" if row.changed_at else "nowhere",
                f"{row.changed_at.astimezone(zone):%Y-%m-%d %H:%M}" if row.changed_at else "-",
                row.changed_by or "-",
            )
            for row in rows
        ],
    )


@secrets.command(name="set")
def set_account(
    name: Name,
    username: Annotated[str, typer.Option(prompt="User name", help="The account's user name on the devices.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="Password", hide_input=True, envvar="ISP_DEVICE_PASSWORD", help="Asked for; never on a command line."
        ),
    ],
    enable: Annotated[bool, typer.Option("--enable", help="Ask for the password of `enable`, too.")] = False,
) -> None:
    """Keep the account by which devices are signed in to, sealed; it is used from their next session on."""
    enable_password = typer.prompt("Password of enable", hide_input=True) if enable else ""
    intake.set_device_account(
        _doors().door, operator(), name=name, username=username, password=password, enable_password=enable_password
    )
    typer.echo(f"{name} is kept, sealed.")


@secrets.command(name="remove")
def remove_account(name: Name) -> None:
    """Take an account out that no OLT names any more."""
    intake.remove_device_account(_doors().door, operator(), name=name)
    typer.echo(f"{name} is gone.")


@secrets.command()
def rotate(as_json: Json = False) -> None:
    """Make a new key and seal every secret under it; the old key stays in the file until `isp secrets forget-keys`."""
    anew = intake.rotate(_doors().door, operator())
    if as_json:
        print_json({"sealed_anew": anew})
    else:
        typer.echo(f"{anew} secrets are sealed under a new key. Copy the file of keys to where else it is needed.")


@secrets.command(name="forget-keys")
def forget_keys(as_json: Json = False) -> None:
    """Forget all keys but the newest, once nothing is sealed by them; what copies of the database have stays shut."""
    gone = intake.forget_old_keys(_doors().door, operator())
    if as_json:
        print_json({"forgotten": gone})
    else:
        typer.echo(f"{gone} old keys are forgotten.")
