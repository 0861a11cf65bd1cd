"""One session on a C600's command line: its banner, its pages, and how it points at a wrong word."""

from dataclasses import replace

from isp_lifecycle.lab.screen import Pager
from isp_lifecycle.lab.zxa10 import displays as shared_displays
from isp_lifecycle.lab.zxa10 import lines as shared_lines
from isp_lifecycle.lab.zxa10 import plant as shared_plant
from isp_lifecycle.lab.zxa10 import session
from isp_lifecycle.lab.zxa10 import views as shared_views
from isp_lifecycle.lab.zxa10.command import Command
from isp_lifecycle.lab.zxa10.titan import displays, lines, running
from isp_lifecycle.lab.zxa10.titan.kinds import TITAN_KINDS

MORE = "--More--"
STARS = "*" * 57
EXHAUSTED = "%Error 140000: Too many users."  # not established
SHARED = (*shared_views.COMMON, *shared_plant.COMMON, *shared_lines.COMMON, *shared_displays.COMMON)
TABLE: tuple[Command, ...] = (
    *(replace(command, kinds=TITAN_KINDS) for command in SHARED),
    *lines.COMMANDS,
    *displays.COMMANDS,
    *running.COMMANDS,
)


class Session(session.Session):
    """One logged-in terminal of one C600."""

    table = TABLE
    pager = Pager(MORE, "\b \b" * len(MORE))
    banner = f"\n{STARS}\n        Welcome to TITAN series OLT of ZTE Corporation\n{STARS}\n"

    def mark(self, line: str, column: int) -> None:
        """Say the line again, and point at the word below it."""
        self.screen.write(f"{line}\n{' ' * column}^\n")
