"""``isp db``: bring the database to the shape that this version needs."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli.embedded import postgres
from isp_lifecycle.cli.embedded.server import free_port, running
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.claims import PORTAL_REDIS_RULES, PORTAL_ROLE
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.secret import portal_key
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.migrations import author, portal, steps

db = typer.Typer(help="The database's shape.", no_args_is_help=True)


@db.command()
def upgrade(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    admit_portal: Annotated[
        bool, typer.Option("--admit-portal", help="Let the portal's role sign in, as ISP_PORTAL_DATABASE_URL says.")
    ] = False,
) -> None:
    """Bring the database to the newest shape, and the portal's role to what it may reach; or change nothing."""
    settings = connected(load_settings())
    engine = open_engine(bootstrap.database_url(settings), application="isp-migrate")
    before, after = steps.upgrade(engine)
    with write(engine) as tx:
        portal.trust(tx=tx, key=portal_key(settings))
        if admit_portal:
            portal.admit(tx=tx, url=bootstrap.portal_database_url(settings))
    engine.dispose()
    if as_json:
        print_json({"before": before, "after": after, "changed": before != after})
    else:
        typer.echo(f"The database is at {after}" + ("." if before == after else f"; it was at {before or 'nothing'}."))


@db.command("portal-role")
def portal_role() -> None:
    """Print what lets the portal into your own PostgreSQL by a role of its own; a new password each time."""
    settings = connected(load_settings())
    password, broker = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    redis_place = urlsplit(bootstrap.redis_url(settings)).netloc.rpartition("@")[2]
    url = urlsplit(bootstrap.database_url(settings))
    place = url.netloc.rpartition("@")[2]
    typer.echo(f"""-- Once, as an account of the database server that may create roles (psql {place}{url.path}):
{portal.role_statement(password)}

# Then, for the portal's process alone, and nowhere else:
ISP_PORTAL_DATABASE_URL=postgresql://{PORTAL_ROLE}:{password}@{place}{url.path}

# The same for your own Redis (redis-cli), which keeps it by ACL SAVE where its configuration names an aclfile:
ACL SETUSER {PORTAL_ROLE} reset on >{broker} {PORTAL_REDIS_RULES}
ISP_PORTAL_REDIS_URL=redis://{PORTAL_ROLE}:{broker}@{redis_place}/0

# Then `isp db upgrade`, which grants the role what the portal needs and nothing else; `isp doctor` looks whether it
# is so. Both passwords are printed this once.""")


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
