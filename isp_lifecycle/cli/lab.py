"""``isp lab``: the trainer's hand on the simulated plant; plug an ONT, cut a fibre, make an OLT refuse."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

import httpx
import typer

from isp_lifecycle.bootstrap import LAB_CONTROL
from isp_lifecycle.cli import surroundings
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.foundation.errors import Refused, Unreachable
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.lab.__main__ import DEFAULT_BASE_PORT, DEFAULT_CONTROL_PORT
from isp_lifecycle.lab.__main__ import main as run_lab
from isp_lifecycle.lab.client import LabClient, LabRefused
from isp_lifecycle.lab.wire import OntState

lab = typer.Typer(help="The simulated plant: plug, unplug, cut, mend, inject faults.", no_args_is_help=True)

Place = Annotated[str, typer.Argument(help="drop: premises code; splitter: its code; pon: OLT-NORTH:0/1/0")]
Kind = Annotated[Literal["drop", "splitter", "pon"], typer.Argument(help="What kind of fibre.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def _with_lab[R](ask: Callable[[LabClient], R]) -> R:
    """Ask the lab of the running installation; its refusals become errors that say what to do."""
    settings = surroundings.connected(load_settings())
    url = f"http://127.0.0.1:{settings.port + LAB_CONTROL}"
    try:
        with LabClient(url) as client:
            return ask(client)
    except LabRefused as error:
        raise Refused(str(error), remedy="`isp lab state` lists what there is.") from error
    except httpx.TransportError as error:
        raise Unreachable(f"No lab answers at {url}.", remedy="Start it with `isp up`.") from error


@lab.command()
def state(
    olt: Annotated[str | None, typer.Argument(help="One OLT, with its ONTs.")] = None, as_json: Json = False
) -> None:
    """What stands in the plant: OLTs, faults, cuts, ONTs on no port."""
    if olt is not None:
        one = _with_lab(lambda client: client.olt(olt))
        if as_json:
            print_json(one.model_dump(mode="json"))
            return
        print_table(("serial", "place", "service", "state", "rx dBm"), [_cells(ont) for ont in one.onts])
        return
    whole = _with_lab(lambda client: client.state())
    if as_json:
        print_json(whole.model_dump(mode="json"))
        return
    rows = [
        (
            o.name,
            f"{o.host}:{o.port}",
            str(len(o.onts)),
            str(len(o.autofind)),
            ", ".join(f.kind for f in o.faults) or "-",
        )
        for o in whole.olts
    ]
    print_table(("OLT", "address", "ONTs", "in sight", "faults"), rows)
    typer.echo(f"Cuts: {', '.join(whole.cuts) or 'none'}. Losses: {whole.losses or 'none'}.")


def _cells(ont: OntState) -> tuple[str, ...]:
    place = f"{ont.pon_port} {ont.ont_id if ont.ont_id is not None else '-'}"
    level = "-" if ont.rx_dbm is None else f"{ont.rx_dbm:.1f}"
    return (ont.display_serial, place, ont.service_code or "-", ont.run_state, level)


@lab.command()
def plug(serial: str, premises_code: str, as_json: Json = False) -> None:
    """Connect an ONT at an address, as the engineer would, and switch it on."""
    ont = _with_lab(lambda client: client.plug(serial, premises_code))
    if as_json:
        print_json(ont.model_dump(mode="json"))
    else:
        typer.echo(f"{ont.display_serial} is plugged in at {premises_code}: {ont.olt} {ont.pon_port}, {ont.run_state}.")


@lab.command()
def unplug(serial: str) -> None:
    """Take an ONT off its fibre."""
    _with_lab(lambda client: client.unplug(serial))
    typer.echo(f"{serial} is unplugged.")


@lab.command()
def power(serial: str, on: Annotated[bool, typer.Option("--on/--off")] = True) -> None:
    """Switch an ONT on or off."""
    _with_lab(lambda client: client.power_on(serial) if on else client.power_off(serial))
    typer.echo(f"{serial} is switched {'on' if on else 'off'}.")


@lab.command()
def cut(kind: Kind, place: Place) -> None:
    """Cut a fibre."""
    _with_lab(lambda client: client.cut(kind, place))
    typer.echo(f"The fibre of {kind} {place} is cut.")


@lab.command()
def mend(kind: Kind, place: Place) -> None:
    """Mend a fibre that was cut."""
    _with_lab(lambda client: client.mend(kind, place))
    typer.echo(f"The fibre of {kind} {place} is whole.")


@lab.command()
def splice(kind: Kind, place: Place, loss_db: float) -> None:
    """Make a splice lose so many dB; 0 makes it good again."""
    _with_lab(lambda client: client.splice(kind, place, loss_db=loss_db))
    typer.echo(f"A splice of {kind} {place} loses {loss_db:g} dB.")


@lab.command()
def fault(
    olt: str,
    kind: Annotated[str, typer.Argument(help="refuse_login unreachable busy slow garbled hang reboot full ...")],
    seconds: Annotated[float | None, typer.Option(help="It ends by itself after this.")] = None,
    times: Annotated[int | None, typer.Option(help="For so many commands or log-ins.")] = None,
    factor: Annotated[float | None, typer.Option(help="slow: how many times slower; wrapped: columns.")] = None,
    match: Annotated[str | None, typer.Option(help="Only commands that match this regular expression.")] = None,
    text: Annotated[str | None, typer.Option(help="unknown_answer: what the OLT says.")] = None,
) -> None:
    """Make an OLT misbehave."""
    _with_lab(
        lambda client: client.fault(
            olt,
            kind,  # type: ignore[arg-type]  # the lab refuses a kind that it does not know, and lists those it does
            seconds=seconds,
            times=times,
            factor=factor,
            match=match,
            text=text,
        )
    )
    typer.echo(f"{olt}: {kind}.")


@lab.command()
def clock(olt: str, at: Annotated[datetime, typer.Argument(help="In UTC, as 1990-01-01T00:00:00.")]) -> None:
    """Let an OLT believe that it is another time, until the lab is reset."""
    _with_lab(lambda client: client.set_clock(olt, at.replace(tzinfo=UTC)))
    typer.echo(f"{olt} believes that it is {at:%Y-%m-%d %H:%M:%S} UTC.")


@lab.command(name="renew-key")
def renew_key(olt: str) -> None:
    """Give an OLT another SSH host key, as when its control board is exchanged."""
    _with_lab(lambda client: client.renew_key(olt))
    typer.echo(f"{olt} has another SSH host key now.")


@lab.command()
def clear(olt: Annotated[str | None, typer.Argument(help="One OLT; empty = all.")] = None) -> None:
    """End all faults."""
    _with_lab(lambda client: client.clear_faults(olt))
    typer.echo("No faults.")


@lab.command()
def reset() -> None:
    """Put the whole plant back to its first day. The database does not notice: use it with `isp reset`."""
    _with_lab(lambda client: client.reset())
    typer.echo("The plant is as on its first day.")


@lab.command()
def region(
    olts: Annotated[int, typer.Option(min=1, max=512, help="How many, of 200 ONTs each.")] = 500,
    vendors: Annotated[str, typer.Option(help="In turn, such as zte,huawei; all without it.")] = "",
    speed: Annotated[float, typer.Option(help="Divides every latency; 0: none.")] = 1.0,
    base_port: Annotated[int, typer.Option(help="SSH port of the first OLT; 0: any.")] = DEFAULT_BASE_PORT,
    control_port: Annotated[int, typer.Option(help="Control interface; 0: any.")] = DEFAULT_CONTROL_PORT,
) -> None:
    """Run a plant of a large provider's size until Ctrl-C: in memory, each OLT made when somebody first asks for it."""
    with tempfile.TemporaryDirectory(prefix="isp-region-") as folder:
        places = ("--base-port", str(base_port), "--control-port", str(control_port), "--state", folder)
        size = ("--region", "--olts", str(olts), "--vendors", vendors, "--speed", f"{speed:g}")
        raise typer.Exit(run_lab([*places, *size]))
