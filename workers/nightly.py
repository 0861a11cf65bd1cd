"""What the schedule asks of both doors at once: look through one, note what was seen through the other."""

from __future__ import annotations

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.intake import netbox, numbers
from isp_lifecycle.intake.imports import netbox as pools
from isp_lifecycle.views.audit.whole import conflicts


def check_numbers(doors: Doors, actor: Actor) -> None:
    """Compare the numbers on record with sessions, leases, reservations and flows, and note it."""
    found = conflicts(doors.window, actor, outside=bootstrap.open_outside(doors.settings))
    numbers.note_conflicts(doors.door, actor, found=found, with_devices=True)


def exchange_with_netbox(doors: Doors, actor: Actor) -> None:
    """Do what the settings say of NetBox, and note how that went; nothing when they say nothing."""
    wanted = doors.settings.netbox
    if not (wanted.import_nightly or wanted.export_nightly):
        return
    try:
        said, well = _exchanged(doors, actor)
    except LifecycleError as error:
        said, well = f"NetBox: {error.message} {error.remedy}".strip(), False
    numbers.note_netbox(doors.door, actor, text=said, well=well)


def _exchanged(doors: Doors, actor: Actor) -> tuple[str, bool]:
    wanted, api = doors.settings.netbox, bootstrap.open_netbox(doors.settings)
    said, well = [], True
    if wanted.import_nightly:
        done = pools.apply(doors.door, actor, pools=pools.read_pools(api, wanted))
        said.append(f"{len(done.rows) - done.rejected} pools taken, {done.rejected} rejected")
        well = not done.rejected
    if wanted.export_nightly:
        out = netbox.export(doors.door, actor, netbox=api, applied=True)
        counts = f"{len(out.created)} created, {len(out.changed)} changed, {len(out.removed)} removed"
        said.append(f"{counts}, {len(out.foreign)} left alone, {len(out.refused)} not accepted")
        well = well and not (out.foreign or out.refused or out.left)
    remedy = "" if well else " `isp netbox import` and `export` show each."
    return f"NetBox {api.where}: {'; '.join(said)}.{remedy}", well
