"""How a notebook opens the window: by DATABASE_URL where it is set, else on what `isp up` runs nearby.

``isp notebook`` hands that to a notebook that starts elsewhere: another folder, a Jupyter of one's own.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.bootstrap import database_url, open_doors
from isp_lifecycle.cli.operator import account_name
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.cli.up.register import noted
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings, config_file, load_settings
from isp_lifecycle.views.window import Window


class NothingRuns(Refused):
    """There is neither a database in the settings nor an `isp up` nearby."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No running `isp up` was found in {folder} or above it.",
            field="DATABASE_URL",
            remedy="Start the demo with `make demo`, or set DATABASE_URL to your database.",
        )


def open_window() -> tuple[Window, Actor]:
    """The window, and the actor that somebody with the database's password is: reads all, changes nothing."""
    window = open_doors(found(), application="notebook").window
    return window, Actor(None, account_name(), account_name(), Role.AUDITOR, ROLES[Role.AUDITOR], "notebook")


def notebook(
    command: Annotated[list[str] | None, typer.Argument(help="What to start, such as: jupyter lab notebooks.")] = None,
) -> None:
    """Start a command that finds the database from any folder; or print what to set, for eval "$(isp notebook)".

    The notebooks stand in notebooks/; their kernel is the Python that this command runs with. What is printed holds
    the database's password.
    """
    settings = found()
    wanted = {
        "DATABASE_URL": database_url(settings),
        "ISP_VAR": str(settings.var.resolve()),
        "ISP_ENVIRONMENT": settings.environment,
    }
    if Path(config_file()).is_file():
        wanted["ISP_CONFIG"] = str(Path(config_file()).resolve())
    if not command:
        for name, value in wanted.items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        return
    try:
        os.execvpe(command[0], command, {**os.environ, **wanted})  # noqa: S606 - what the analyst typed
    except OSError as error:
        raise Refused(
            f"{command[0]} cannot be started: {error.strerror}.",
            field="command",
            value=command[0],
            remedy="Install it; Jupyter and other editors are your own choice and do not come along.",
        ) from None


def found() -> Settings:
    """The settings with a database: the one that they name, else that of the `isp up` which runs nearby."""
    settings = load_settings()
    return settings if settings.database_url else connected(_running(settings))


def _running(settings: Settings) -> Settings:
    """The settings with the data folder of the `isp up` that runs in this folder or in one above it.

    A notebook's kernel starts in the notebook's folder, where a relative data folder is not the one that is meant.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        var = folder / settings.var
        found = noted(var)
        if found is not None and found.supervisor.process() is not None:
            return settings.model_copy(update={"var": var, "port": found.port})
    raise NothingRuns(here)
