"""What every benchmark reports: one row a measure, with its reference, their ratio, and the target."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
import typer

from isp_lifecycle.cli.output import print_json, print_table


@dataclass(frozen=True)
class Row:
    """One measure. ``reference`` was measured in the same run; ``met`` is None where there is no target."""

    measure: str
    value: float
    unit: str
    reference: float | None = None
    target: float | None = None
    #: What the target is about: the ratio must stay below it, or reach it, or the value itself must stay below it.
    judge: Literal["ratio at most", "ratio at least", "value at most"] = "ratio at most"

    @property
    def ratio(self) -> float | None:
        """Value over reference."""
        return self.value / self.reference if self.reference else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        judged = self.value if self.judge == "value at most" else self.ratio
        if self.target is None or judged is None:
            return None
        return judged >= self.target if self.judge == "ratio at least" else judged <= self.target


def machine() -> str:
    """What was measured on, in a few words."""
    memory = f"{psutil.virtual_memory().total / 2**30:.0f} GiB"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({_processor()}), {memory}, {system}"


def _processor() -> str:
    """The processor's name, where Linux tells it; what Python knows otherwise."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def report(*, bench: str, rows: list[Row], as_json: bool) -> bool:
    """Print the table; returns whether every target was met."""
    if as_json:
        documents: list[dict[str, Any]] = [asdict(row) | {"ratio": row.ratio, "met": row.met} for row in rows]
        print_json({"bench": bench, "machine": machine(), "rows": documents})
    else:
        cells = [
            (
                row.measure,
                f"{row.value:.3f} {row.unit}",
                "" if row.reference is None else f"{row.reference:.3f} {row.unit}",
                "" if row.ratio is None else f"{row.ratio:.3f}",
                "" if row.target is None else f"{row.judge} {row.target:g}",
                {None: "", True: "yes", False: "NO"}[row.met],
            )
            for row in rows
        ]
        typer.echo(f"{bench} on {machine()}")
        print_table(("measure", "value", "reference", "ratio", "target", "met"), cells)
    return all(row.met is not False for row in rows)
