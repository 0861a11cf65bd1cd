"""How a notebook opens the window: by DATABASE_URL where it is set, else on what `isp up` runs nearby."""

from __future__ import annotations

from pathlib import Path

from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.bootstrap import open_doors
from isp_lifecycle.cli.operator import account_name
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.cli.up.register import noted
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings, load_settings
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
    settings = load_settings()
    if settings.database_url is None:
        settings = _running(settings)
    window = open_doors(connected(settings), application="notebook").window
    return window, Actor(None, account_name(), account_name(), Role.AUDITOR, ROLES[Role.AUDITOR], "notebook")


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
