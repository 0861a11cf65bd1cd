"""``isp db``: bring the database to the shape that this version needs."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.migrations import steps

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
