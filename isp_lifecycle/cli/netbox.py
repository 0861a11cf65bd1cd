"""``isp netbox``: pools out of NetBox, and what is in use written to it; a preview first."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli import imports
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import netbox as exports
from isp_lifecycle.intake.imports import netbox as pools

#: Something was not accepted, or stands there for somebody else; all else was done.
EXIT_NOT_ALL = 1

netbox = typer.Typer(
    help="NetBox as the source of prefixes, and as a place to see what is in use.", no_args_is_help=True
)

Apply = Annotated[bool, typer.Option("--apply", help="Write; without this nothing is changed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@netbox.command(name="import")
def import_pools(write: Apply = False, as_json: AsJson = False) -> None:
    """Make NetBox's prefixes with the tag or role of the settings our address pools.

    Good ones are imported although others are bad; those are named by their address in NetBox, field and value.
    Importing again changes nothing. Exit code 1 when some were rejected.
    """
    settings = connected(load_settings())
    doors = bootstrap.open_doors(settings, application="netbox")
    found = pools.read_pools(bootstrap.open_netbox(settings), settings.netbox)
    done = (pools.apply if write else pools.preview)(doors.door, operator(), pools=found)
    if as_json:
        print_json(imports.document(done, None))
    else:
        imports.tell(done, None)
    if done.rejected:
        raise typer.Exit(EXIT_NOT_ALL)


@netbox.command(name="export")
def export_in_use(write: Apply = False, as_json: AsJson = False) -> None:
    """Write addresses, blocks and delegated prefixes in use to NetBox with their services; remove what is free again.

    Only objects with the tag ISP_NETBOX__TAG are ever changed or removed. Exporting again changes nothing. Exit code 1
    when something stands in NetBox without the tag, or was not accepted.
    """
    settings = connected(load_settings())
    doors = bootstrap.open_doors(settings, application="netbox")
    done = exports.export(doors.door, operator(), netbox=bootstrap.open_netbox(settings), applied=write)
    if as_json:
        print_json(_document(done))
    else:
        _tell(done)
    if done.foreign or done.refused or done.left:
        raise typer.Exit(EXIT_NOT_ALL)


def _document(done: exports.Exported) -> dict[str, object]:
    return {
        "netbox": done.where,
        "applied": done.applied,
        "created": [str(one) for one in done.created],
        "changed": [str(one) for one in done.changed],
        "removed": [str(one) for one in done.removed],
        "same": done.same,
        "foreign": [{"address": one.text, "stands_at": where} for one, where in done.foreign],
        "refused": done.refused,
        "left": done.left,
    }


def _tell(done: exports.Exported) -> None:
    would = "" if done.applied else "would be "
    for word, things in (("created", done.created), ("changed", done.changed), ("removed", done.removed)):
        for one in things[: imports.LISTED]:
            typer.echo(f"{would}{word}  {one}")
        if len(things) > imports.LISTED:
            typer.echo(f"{would}{word}  and {len(things) - imports.LISTED} more")
    for one, where in done.foreign:
        typer.echo(
            f"left alone: {one.text} stands without our tag at {where}: give it the tag, or remove it.", err=True
        )
    for refusal in done.refused:
        typer.echo(f"not accepted by NetBox: {refusal}", err=True)
    if done.left:
        typer.echo(f"{done.left} are not as written: somebody else writes there; run this again.", err=True)
    counts = f"{len(done.created)} created, {len(done.changed)} changed, {len(done.removed)} removed, {done.same} same"
    typer.echo(f"{done.where}: {counts}, {len(done.foreign)} left alone, {len(done.refused)} not accepted.")
    if not done.applied:
        typer.echo("Nothing was written. Add --apply to write this to NetBox.")
