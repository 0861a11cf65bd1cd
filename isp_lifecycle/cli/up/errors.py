"""What can go wrong when the parts are started."""

from __future__ import annotations

from pathlib import Path

from isp_lifecycle.foundation.errors import Refused, Unreachable


class AlreadyRunning(Refused):
    """Another ``isp up`` works on the same data folder."""

    def __init__(self, var: Path, pid: int) -> None:
        super().__init__(
            f"`isp up` already runs on {var}, as process {pid}.",
            field="var",
            value=str(var),
            remedy="Look at it with `isp status`, stop it with Ctrl-C, or set ISP_VAR to another folder.",
        )
        self.pid = pid


class PortTaken(Refused):
    """A port of the block is in use by somebody else."""

    def __init__(self, taken: dict[int, tuple[str, str]]) -> None:
        what = "; ".join(f"port {port} for {name} is taken by {holder}" for port, (name, holder) in taken.items())
        super().__init__(
            f"{what[0].upper()}{what[1:]}.",
            field="port",
            value=min(taken),
            remedy="Stop what holds it, or move the whole block: `isp up --port 8700`.",
        )
        self.taken = taken


class PartFailed(Unreachable):
    """A part did not come up."""

    def __init__(self, name: str, why: str, log: Path, last_lines: str) -> None:
        super().__init__(
            f"{name} {why}" + (f"; its last lines:\n{last_lines}" if last_lines else "."),
            field="part",
            value=name,
            remedy=f"Read {log}, mend the cause and start again; everything else was stopped.",
        )
        self.part = name


class StillRunning(Refused):
    """The data folder cannot be cleared while it is in use."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"`isp up` still runs, as process {pid}.",
            field="pid",
            value=pid,
            remedy="Stop it with Ctrl-C first, then clear the folder.",
        )
