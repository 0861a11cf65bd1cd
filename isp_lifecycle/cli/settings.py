"""``isp settings``: every setting with its meaning; and a hand on those that may change while everything runs.

A command sees the variables of its own surroundings: what the operator gave to the parts that run is shown by them.
"""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import describe, load_settings
from isp_lifecycle.intake import settings as intake
from isp_lifecycle.views import settings as views
from isp_lifecycle.views.settings import SettingRow

settings = typer.Typer(
    help="List every setting: its variable, its default, what it means; and check those that are set.",
    invoke_without_command=True,
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Name = Annotated[str, typer.Argument(help="Such as support.critical_hours.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]


@settings.callback()
def every(ctx: typer.Context, as_json: Json = False) -> None:
    """List every setting: its variable, its default, what it means; and check those that are set."""
    if ctx.invoked_subcommand is not None:
        return
    load_settings()
    rows = describe()
    if as_json:
        print_json({"settings": [{"variable": v, "default": d, "meaning": m} for v, d, m in rows]})
        return
    print_table(("variable", "default", "meaning"), [(v, d or "-", m) for v, d, m in rows])


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="settings")


@settings.command("list")
def list_changeable(as_json: Json = False) -> None:
    """List the settings that may change while everything runs: as they are, and who changed them."""
    rows = views.settings(_doors().window, operator())
    if as_json:
        print_json({"settings": [_document(row) for row in rows]})
        return
    table = [(r.about.name, r.value or "-", r.about.unit or "-", r.about.default or "-", _because(r)) for r in rows]
    print_table(("setting", "value", "unit", "default", "because"), table)


@settings.command("set")
def set_value(
    name: Name,
    value: Annotated[str, typer.Argument(help="Its value from now on; put -- before one that begins with a dash.")],
    reason: Reason,
) -> None:
    """Have a setting hold a value; every part follows within seconds."""
    done = intake.change_setting(_doors().door, operator(), name=name, value=value, reason=reason)
    typer.echo(f"{done.name} is {done.after}.")


@settings.command()
def reset(name: Name, reason: Reason) -> None:
    """Have a setting's default hold again."""
    doors = _doors()
    done = intake.reset_setting(doors.door, operator(), name=name, reason=reason)
    row = views.setting(doors.window, operator(), name=done.name)
    typer.echo(f"{done.name} is {row.value or 'empty'}, as the default says.")


@settings.command()
def history(as_json: Json = False) -> None:
    """List who changed which setting, when and why; the newest first."""
    doors = _doors()
    rows = views.changes(doors.window, operator())
    if as_json:
        print_json({"changes": [{**vars(row), "changed_at": row.changed_at.isoformat()} for row in rows]})
        return
    zone = doors.settings.company.tz
    print_table(
        ("when", "who", "setting", "before", "after", "reason"),
        [
            (
                f"{r.changed_at.astimezone(zone):%Y-%m-%d %H:%M}",
                r.changed_by,
                r.name,
                _said(r.before),
                _said(r.after),
                r.reason,
            )
            for r in rows
        ],
    )


def _said(value: str | None) -> str:
    return "default" if value is None else value


def _because(row: SettingRow) -> str:
    if row.fixed_by:
        return f"the operator set it in {row.fixed_by}"
    if row.left_out:
        return f"left out: {row.left_out}"
    return f"{row.override.set_by}: {row.override.reason}" if row.override else "the default"


def _document(row: SettingRow) -> dict[str, object]:
    one = row.about
    return {
        "name": one.name,
        "value": row.value,
        "unit": one.unit,
        "default": one.default,
        "allowed": one.allowed,
        "meaning": one.meaning,
        "affects": one.affects,
        "takes_effect": one.takes_effect,
        "fixed_by": row.fixed_by,
        "changed_by": row.override.set_by if row.override else "",
        "left_out": row.left_out,
    }
