"""Tasks: thin, keyword-only, primitives; errors go out. ``**_later`` lets an older worker take a newer message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.intake import clockwork, drift, leads, light, numbers, plans, sources, terminal, trail
from workers import nightly, runtime
from workers.app import app


@app.task(name="workers.tasks.work")
def work(*, queue: str, **_later: Any) -> None:
    """Take what is ready on this queue, the most urgent first."""
    runtime.engine().work(queue)


@app.task(name="workers.tasks.run_delivery")
def run_delivery(*, delivery_id: str, **_later: Any) -> None:
    """Work on one delivery as far as it goes now."""
    runtime.engine().run(UUID(delivery_id))


@app.task(name="workers.tasks.escalate_overdue")
def escalate_overdue(**_later: Any) -> None:
    """Tell people of waits past their deadline."""
    clockwork.escalate_overdue(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.escalate_tickets")
def escalate_tickets(**_later: Any) -> None:
    """Tell people of tickets past their time."""
    clockwork.escalate_tickets(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.look_for_prepared")
def look_for_prepared(**_later: Any) -> None:
    """Have OLTs asked whether ONTs that were registered ahead are plugged in."""
    clockwork.look_for_prepared(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.find_owners")
def find_owners(**_later: Any) -> None:
    """Give what is nobody's to somebody."""
    clockwork.find_owners(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.save_changed_olts")
def save_changed_olts(**_later: Any) -> None:
    """Have changed OLTs save their configuration."""
    clockwork.save_changed_olts(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.end_quarantine")
def end_quarantine(**_later: Any) -> None:
    """Give rested addresses back to their pools."""
    clockwork.end_quarantine(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.charge_months")
def charge_months(**_later: Any) -> None:
    """Charge every active service for the months that are due."""
    while clockwork.charge_months(runtime.doors().door, SYSTEM):
        continue


@app.task(name="workers.tasks.begin_plan_changes")
def begin_plan_changes(**_later: Any) -> None:
    """Have plans be what they were to become by today."""
    plans.begin_plan_changes(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.forget_evidence")
def forget_evidence(**_later: Any) -> None:
    """Drop evidence that is older than the policy keeps it, once every OLT that it tells of is being saved."""
    clockwork.save_changed_olts(runtime.doors().door, SYSTEM)
    while terminal.forget_terminals(runtime.doors().door, SYSTEM):
        continue
    while clockwork.forget_evidence(runtime.doors().door, SYSTEM):
        continue


@app.task(name="workers.tasks.compare_olts")
def compare_olts(**_later: Any) -> None:
    """Have every OLT compared with the records."""
    drift.compare_all(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.read_light")
def read_light(**_later: Any) -> None:
    """Have the light of every ONT of every OLT read, and old readings forgotten."""
    light.read_all(runtime.doors().door, SYSTEM)
    while light.forget(runtime.doors().door, SYSTEM):
        continue


@app.task(name="workers.tasks.weekly_report")
def weekly_report(**_later: Any) -> None:
    """Have last week's report run."""
    clockwork.weekly_report(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.seal_trail")
def seal_trail(**_later: Any) -> None:
    """Chain the audit trail's new lines."""
    trail.seal(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.follow_leads")
def follow_leads(**_later: Any) -> None:
    """Remind of leads' next steps, tell of addresses that can be served now, and forget who asked long ago."""
    leads.follow_leads(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.place_leads")
def place_leads(**_later: Any) -> None:
    """Find the premises of leads whose address was not on record."""
    leads.place_leads(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.end_holds")
def end_holds(**_later: Any) -> None:
    """Let go of numbers that were held for orders until now."""
    numbers.end_holds(runtime.doors().door, SYSTEM)


@app.task(name="workers.tasks.check_numbers")
def check_numbers(**_later: Any) -> None:
    """Compare the numbers on record with what is really in use, and note what that finds."""
    nightly.check_numbers(runtime.doors(), SYSTEM)


@app.task(name="workers.tasks.exchange_with_netbox")
def exchange_with_netbox(**_later: Any) -> None:
    """Take pools from NetBox and write what is in use there, where the settings say so."""
    nightly.exchange_with_netbox(runtime.doors(), SYSTEM)


@app.task(name="workers.tasks.look_again")
def look_again(**_later: Any) -> None:
    """Ask directories and providers what has become of those who are signed in."""
    doors = runtime.doors()
    sources.look_again(doors.door, SYSTEM, sources=doors.window.asked_again)
