"""``isp settings``: every setting, its default and its meaning."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.foundation.settings import describe, load_settings


def settings(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List every setting: its variable, its default, what it means; and check those that are set."""
    load_settings()
    rows = describe()
    if as_json:
        print_json({"settings": [{"variable": v, "default": d, "meaning": m} for v, d, m in rows]})
        return
    print_table(("variable", "default", "meaning"), [(v, d or "-", m) for v, d, m in rows])
