"""``isp ipam``: questions about numbers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli.audit import tell
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.foundation.terms import VLANS
from isp_lifecycle.intake import numbers as intake
from isp_lifecycle.intake import plant
from isp_lifecycle.views import numbers
from isp_lifecycle.views.audit.whole import conflicts as number_conflicts

EXIT_NOBODY = 1

ipam = typer.Typer(help="Addresses, prefixes, and ports behind a NAT.", no_args_is_help=True)


@ipam.command()
def whose(
    address: Annotated[str, typer.Argument(help="IPv4 or IPv6; outside or inside of a NAT.")],
    port: Annotated[int | None, typer.Argument(help="The port, where many share the address.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"], help="The instant, UTC; now without."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say who had an address, or a port of a shared one, at an instant. Exit code 1 when it was nobody's."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    instant = at.replace(tzinfo=UTC) if at else None
    found = numbers.whose(doors.window, operator(), address=address, port=port, at=instant)
    if as_json:
        print_json(asdict(found))
    else:
        typer.echo(found.words)
        if found.inside:
            typer.echo(f"inside {found.inside}, outside {found.outside}")
    if found.service_code is None:
        raise typer.Exit(EXIT_NOBODY)


@ipam.command()
def conflicts(
    without_devices: Annotated[bool, typer.Option("--without-devices", help="Ask no OLT.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compare the numbers on record with what RADIUS, DHCP and the OLTs really have; each conflict with what to do.

    It changes nothing. Exit code 0: they agree. 1: a conflict was found. 3: something could not be looked at.
    """
    settings = connected(load_settings())
    doors = bootstrap.open_doors(settings, application="ipam")
    outside = bootstrap.open_outside(settings)
    tell(
        number_conflicts(doors.window, operator(), outside=outside, devices=not without_devices),
        as_json=as_json,
    )


@ipam.command()
def hold(
    order: Annotated[str, typer.Argument(help="The order's code; a new line that nobody confirmed yet.")],
    until: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"], help="The instant, UTC.")
    ],
) -> None:
    """Hold an order's address (and IPv6 prefix) until an instant; again with another one: until that."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    held = intake.hold_for_order(doors.door, operator(), order_code=order, until=until.replace(tzinfo=UTC))
    typer.echo(f"{' and '.join(held)} held for {order} until {until:%Y-%m-%d %H:%M} UTC.")


@ipam.command(name="let-go")
def let_go(order: Annotated[str, typer.Argument(help="The order's code.")]) -> None:
    """Give back what is held for an order."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    gone = intake.let_go_for_order(doors.door, operator(), order_code=order)
    typer.echo(f"{' and '.join(gone)} given back." if gone else f"Nothing is held for {order}.")


@ipam.command()
def holds(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List what is held for orders, the next to end first."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    rows = numbers.holds(doors.window, operator())
    if as_json:
        print_json({"holds": [asdict(row) for row in rows]})
        return
    cells = [(r.order_code, r.customer, r.prefix, r.pool, f"{r.until:%Y-%m-%d %H:%M}") for r in rows]
    print_table(("order", "customer", "held", "pool", "until (UTC)"), cells)


group = typer.Typer(help="VLAN groups: lines with tags of their own (1:1).", no_args_is_help=True)
ipam.add_typer(group, name="group")


@group.command("add")
def add_group(
    olt: Annotated[str, typer.Argument(help="The OLT.")],
    outer: Annotated[int, typer.Argument(help="The tag towards the core that its lines share.")],
    first: Annotated[int, typer.Option(help="The first inner tag.")] = VLANS[0],
    last: Annotated[int, typer.Option(help="The last inner tag.")] = VLANS[-1] - 1,
    port: Annotated[list[str] | None, typer.Option("--port", help="A PON port that it serves; all without.")] = None,
) -> None:
    """Add a group to an OLT, or bring the one of this outer tag to these values."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    done = plant.put_vlan_group(
        doors.door, operator(), olt=olt, outer=outer, first=first, last=last, ports=tuple(port or ())
    )
    typer.echo(f"VLAN group {outer} on {olt}: {done}.")


@group.command("list")
def list_groups(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List the groups, and how full each is."""
    doors = bootstrap.open_doors(connected(load_settings()), application="ipam")
    rows = numbers.vlan_groups(doors.window, operator())
    if as_json:
        print_json({"groups": [asdict(row) for row in rows]})
        return
    headings = ("OLT", "outer", "inner", "PON ports", "room", "taken", "resting", "free")
    print_table(
        headings,
        [
            (r.olt, str(r.outer), r.inner, ", ".join(r.ports) or "all", *map(str, (r.size, r.taken, r.resting, r.free)))
            for r in rows
        ],
    )
