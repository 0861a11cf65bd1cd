"""``isp olt``: add an OLT, look at everything on it, take note of what stands there; its identity."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import field, plant
from isp_lifecycle.intake.imports.customers import CUSTOMERS
from isp_lifecycle.views import discovery as views
from isp_lifecycle.views import drift as drift_views
from isp_lifecycle.views import network
from isp_lifecycle.views.discovery import Discovery

olt = typer.Typer(help="The OLTs: add one, look at what stands on it, take note of it.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The OLT's name, such as OLT-NORTH.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def _doors() -> bootstrap.Doors:
    return bootstrap.open_doors(connected(load_settings()), application="olt")


@olt.command(name="list")
def list_olts(as_json: Json = False) -> None:
    """List the OLTs with their last comparison with the records."""
    rows = drift_views.olts(_doors().window, operator())
    if as_json:
        print_json({"olts": [vars(row) for row in rows]})
        return
    headings = ("OLT", "vendor", "area", "compared", "ONTs", "open drifts", "nobody's ONTs")
    print_table(
        headings,
        [
            (
                row.olt,
                row.vendor,
                row.area,
                f"{row.compared_at:%Y-%m-%d %H:%M}" if row.compared_at else "never",
                str(row.onts) if row.compared_at else "",
                str(row.open + row.in_hand),
                str(row.adopted + row.strangers),
            )
            for row in rows
        ],
    )


@olt.command()
def add(
    name: Name,
    vendor: Annotated[str, typer.Option(help="huawei, zte ...: whose command line it speaks.")],
    host: Annotated[str, typer.Option(help="Its management address.")],
    uplink: Annotated[str, typer.Option(help="The port towards the core, in its own notation: 0/9/0, xgei_1/4/1.")],
    area: Annotated[str, typer.Option(help="The area that it serves.")],
    port: Annotated[int, typer.Option(help="SSH port.")] = 22,
    credentials: Annotated[str, typer.Option(help="The account on it, by its name in the settings.")] = "default",
    as_json: Json = False,
) -> None:
    """Record an OLT, connect, and show what stands on it. Nothing that stands there is changed or taken note of yet."""
    opened, who = _doors(), operator()
    plant.add_olt(
        opened.door,
        who,
        name=name,
        vendor=vendor,
        host=host,
        port=port,
        credentials=credentials,
        area=area,
        uplink=uplink,
    )
    if not as_json:
        typer.echo(f"{name} is recorded. Asking it…")
    _tell(views.discovery(opened.window, who, olt=name), as_json=as_json, applied=False)


@olt.command()
def adopt(
    name: Name,
    apply: Annotated[bool, typer.Option("--apply", help="Take note of it; without this it is only shown.")] = False,
    as_json: Json = False,
) -> None:
    """Read everything on an OLT in one session, and take note of it: ports, VLANs, and ONTs that are no service's."""
    opened, who = _doors(), operator()
    found = views.discovery(opened.window, who, olt=name)
    if apply:
        plant.adopt(opened.door, who, olt=name, seen=found.seen)
    _tell(found, as_json=as_json, applied=apply)


@olt.command()
def launch(
    name: Name,
    port: Annotated[str, typer.Argument(help="The PON port, such as 0/1/0.")],
    dbm: Annotated[float, typer.Argument(help="The level that it sends with, in dBm.")],
) -> None:
    """Record with which level a PON port really sends: what should arrive at its ONTs is reckoned from it."""
    opened = _doors()
    plant.record_launch(opened.door, operator(), olt=name, port=port, tx_dbm=dbm)
    typer.echo(f"{name} {port} sends with {dbm:.1f} dBm.")


@olt.command()
def cards(name: Name, as_json: Json = False) -> None:
    """List the cards of an OLT as they were last seen: what is missing or another than before says so."""
    rows = network.cards(_doors().window, operator(), olt=name)
    if as_json:
        print_json({"cards": [vars(row) for row in rows]})
        return
    cells = [
        (
            row.place,
            row.model,
            f"missing since {row.missing_since:%Y-%m-%d %H:%M}" if row.missing_since else row.state,
            f"{row.in_use} of {row.pon_ports}" if row.pon_ports else "-",
            f"{row.seen_at:%Y-%m-%d %H:%M}",
            f"{row.was_model} until {row.changed_at:%Y-%m-%d}" if row.changed_at else "",
        )
        for row in rows
    ]
    print_table(("slot", "card", "state", "PON ports in use", "seen (UTC)", "before"), cells)


@olt.command()
def prepare(
    visit: Annotated[str, typer.Argument(help="The visit of a new line, V-000123.")],
    serial: Annotated[str, typer.Argument(help="The ONT's serial number: posted, or picked for the visit.")],
) -> None:
    """Register a new line's ONT before it is plugged in, so that plugging it in suffices."""
    done = field.prepare_ont(_doors().door, operator(), visit_code=visit, serial=serial)
    typer.echo(f"{done.serial} is being registered: isp queue show {done.delivery_id}.")


@olt.command()
def onts(
    name: Annotated[str | None, typer.Argument(help="One OLT; all without it.")] = None,
    to_csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Write them as a customers.csv whose network columns are filled."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the ONTs that are known and no service's."""
    rows = drift_views.adopted(_doors().window, operator(), olt=name)
    if to_csv is not None:
        _write(to_csv, rows)
        typer.echo(f"{len(rows)} ONTs in {to_csv}: fill the other columns, then `isp import customers {to_csv}`.")
    elif as_json:
        print_json({"onts": [vars(row) for row in rows]})
    else:
        headings = ("OLT", "port", "ONT", "serial", "VLAN", "kbit/s down", "kbit/s up", "description")
        print_table(
            headings,
            [
                (
                    r.olt,
                    r.pon_port,
                    str(r.ont_id),
                    r.serial,
                    *(_or_dash(v) for v in (r.vlan, r.down_kbps, r.up_kbps)),
                    r.description,
                )
                for r in rows
            ],
        )


def _or_dash(value: int | None) -> str:
    return "-" if value is None else str(value)


def _write(path: Path, rows: tuple[drift_views.AdoptedRow, ...]) -> None:
    """In the columns of the customers' import; a description of ours is taken for the service's code."""
    if path.exists():
        raise Refused(f"{path} is there already.", field="csv", value=str(path), remedy="Name another file.")
    names = [column.name for column in CUSTOMERS.level.columns]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for row in rows:
            known: dict[str, Any] = {"olt": row.olt, "pon_port": row.pon_port, "ont_id": row.ont_id}
            known |= {"serial": row.serial, "vlan": row.vlan, "service_port": row.service_port}
            writer.writerow(dict.fromkeys(names, "") | known | {"name": row.description})


def _document(found: Discovery, *, applied: bool) -> dict[str, Any]:
    seen, adoption = found.seen, found.adoption
    return {
        "olt": found.olt,
        "product": seen.identity.product,
        "version": seen.identity.version,
        "boards": [
            {"place": board.place, "model": board.model, "state": board.state, "pon_ports": len(board.pon_ports)}
            for board in seen.boards
        ],
        "onts": len(seen.found.onts),
        "service_ports": len(seen.found.service_ports),
        "ours": adoption.ours,
        "boards_changed": [asdict(news) for news in adoption.boards],
        "new": {"pon_ports": len(adoption.pon_ports), "vlans": adoption.vlans, "onts": adoption.news},
        "gone": [str(serial) for serial in adoption.gone],
        "unread": seen.found.unread,
        "seconds": found.seconds,
        "device_seconds": found.device_seconds,
        "commands": found.commands,
        "applied": applied,
    }


def _tell(found: Discovery, *, as_json: bool, applied: bool) -> None:
    """What was seen, and what of it is news."""
    if as_json:
        print_json(_document(found, applied=applied))
        return
    seen, adoption, identity = found.seen, found.adoption, found.seen.identity
    typer.echo(f"{found.olt}: {identity.product} {identity.version} {identity.patch}".rstrip())
    for board in seen.boards:
        ports = f", {len(board.pon_ports)} PON ports" if board.pon_ports else ""
        typer.echo(f"  slot {board.place}: {board.model} ({board.state}){ports}")
    typer.echo(
        f"  {len(seen.found.onts)} ONTs with {len(seen.found.service_ports)} service ports, {adoption.ours} ours"
    )
    if seen.found.unread:
        typer.echo(f"  not read: {seen.found.unread}")
    typer.echo(
        f"  read in {found.seconds:.1f} s, {found.device_seconds:.1f} s of them its own, {found.commands} commands"
    )
    news = [
        *(f"slot {news.text}" for news in adoption.boards),
        f"{len(adoption.pon_ports)} PON ports" if adoption.pon_ports else "",
        f"VLANs {', '.join(map(str, adoption.vlans))}" if adoption.vlans else "",
        f"{adoption.news} ONTs that are no service's" if adoption.news else "",
        f"{len(adoption.gone)} ONTs that stand there no more" if adoption.gone else "",
    ]
    said = "; ".join(filter(None, news))
    if not said:
        typer.echo("All of it is on record.")
    elif applied:
        typer.echo(f"Noted: {said}. See `isp olt onts {found.olt}`.")
    else:
        typer.echo(f"To be noted: {said}. Do it with `isp olt adopt {found.olt} --apply`.")


@olt.command()
def trust(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Accept without asking; you have compared it already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object; needs --yes to accept.")] = False,
) -> None:
    """Show the SSH host key that an OLT has now, and accept it in place of the one that is known."""
    doors = _doors()
    key = network.host_key(doors.window, SYSTEM, olt=name)
    if not as_json:
        typer.echo(f"known: {key.pinned or 'none yet'}\nfound: {key.found or 'none, it is reached by Telnet'}")
    accept = bool(key.found) and not key.fits and (yes or (not as_json and _compared(name)))
    if accept:
        plant.accept_host_key(doors.door, SYSTEM, olt=name, host_key=key.found)
    if as_json:
        print_json({"olt": name, "known": key.pinned, "found": key.found, "accepted": accept})
    elif accept:
        typer.echo(f"Accepted. Press Retry where work stands still because of {name}.")
    else:
        typer.echo("Nothing was changed.")


def _compared(name: str) -> bool:
    return typer.confirm(f"Is that the key that {name} itself shows on its console?")
