"""``isp doctor``: run every check; exit code 1 when something failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli.doctor import machine, work
from isp_lifecycle.cli.doctor.finding import Finding, Health, failed, guarded, ok
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import Settings, SettingWrong, load_settings

EXIT_FAILED = 1
MARKS = {Health.OK: "ok     ", Health.WARNING: "WARNING", Health.FAILED: "FAILED "}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Check every part; say what is wrong and how to mend it."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            typer.echo(f"{MARKS[finding.health]}  {finding.name:<14} {finding.what}")
            if finding.remedy:
                typer.echo(f"{'':24} -> {finding.remedy}")
    counts = {str(health): sum(f.health is health for f in findings) for health in Health}
    if as_json:
        print_json({"healthy": counts["failed"] == 0, "counts": counts, "findings": [asdict(f) for f in findings]})
    else:
        typer.echo(", ".join(f"{count} {health}" for health, count in counts.items()))
    if counts["failed"]:
        raise typer.Exit(EXIT_FAILED)


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which one would look: what others stand on first."""
    try:
        settings = connected(load_settings())
    except SettingWrong as error:
        yield failed("settings", error.message, error.remedy)
        return
    yield ok("settings", f"All are allowed values; {settings.environment}, data in {settings.var}.")
    yield from machine.disk(settings)
    yield from machine.parts(settings)
    yield from machine.broker(bootstrap.redis_url(settings))
    if settings.portal_redis_url is not None:
        yield from machine.portal_broker(settings.portal_redis_url.get_secret_value())
    yield from machine.mail(settings)
    yield from guarded("RADIUS", machine.sign_on(settings))
    yield from guarded("NetBox", machine.netbox(settings))
    yield from guarded("ping", machine.prober(settings))
    yield from machine.proxy(settings)
    yield from machine.pages(settings)
    yield from _on_the_database(settings)


def _on_the_database(settings: Settings) -> Iterator[Finding]:
    engine = bootstrap.open_database(settings, application="doctor", pool_size=2)
    looked = tuple(guarded("database", machine.database(engine, SystemClock())))
    yield from looked
    if any(finding.health is Health.FAILED and finding.name != "clock" for finding in looked):
        yield failed("work", "Workers, OLTs and pools cannot be looked at without it.", "Mend the database first.")
        return
    yield from guarded("portal role", machine.portal_role(settings, engine))
    doors = bootstrap.open_doors(settings, application="doctor")
    yield from guarded("engine", work.engine(doors.window))
    yield from guarded("changed", work.settings(doors.window))
    yield from guarded("sources", work.sources(doors.window))
    yield from guarded("OLTs", work.olts(doors.window))
    yield from guarded("pools", work.pools(doors.window))
