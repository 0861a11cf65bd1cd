"""``isp db``: bring the database to the shape that this version needs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.cli.embedded import postgres
from isp_lifecycle.cli.embedded.server import free_port, running
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.migrations import author, steps

db = typer.Typer(help="The database's shape.", no_args_is_help=True)


@db.command()
def upgrade(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Bring the database to the newest shape; an upgrade that fails changes nothing."""
    settings = connected(load_settings())
    assert settings.database_url is not None
    engine = open_engine(settings.database_url.get_secret_value(), application="isp-migrate")
    before, after = steps.upgrade(engine)
    engine.dispose()
    if as_json:
        print_json({"before": before, "after": after, "changed": before != after})
    else:
        typer.echo(f"The database is at {after}" + ("." if before == after else f"; it was at {before or 'nothing'}."))


@db.command()
def revise(
    message: Annotated[str, typer.Argument(help="What the step does, in a few words.")] = "",
    first: Annotated[
        bool, typer.Option("--first", help="Rewrite the first step; only before the first release.")
    ] = False,
) -> None:
    """For developers: write the next step from what differs between the steps so far and the tables."""
    if first:
        typer.echo(author.rewrite_first())
        return
    if not message:
        raise typer.BadParameter("say in a few words what the step does")
    with tempfile.TemporaryDirectory(prefix="isp-revise-") as folder:
        Path(folder).chmod(0o711)
        server = postgres.prepare(var=Path(folder) / "var", port=free_port(), fast=True)
        with running(server, log=Path(folder) / "log"):
            engine = open_engine(server.url)
            steps.upgrade(engine)
            typer.echo(author.draft(engine, message))
            engine.dispose()
