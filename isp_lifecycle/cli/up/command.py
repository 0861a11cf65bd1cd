"""``isp up``."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.cli.embedded.folders import make_var
from isp_lifecycle.cli.sample.signins import PASSWORD, sign_ins
from isp_lifecycle.cli.up import register
from isp_lifecycle.cli.up.part import Part
from isp_lifecycle.cli.up.parts import all_parts
from isp_lifecycle.cli.up.supervisor import Supervisor
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.lab.town import make_town

#: The parts that people open, and how they are called there.
PAGES = {"staff": "staff: ", "portal": "portal:"}


def up(
    port: Annotated[int | None, typer.Option(help="First port of the block, instead of ISP_PORT.")] = None,
    pages: Annotated[bool, typer.Option("--with-pages/--without-pages", help="Serve staff suite and portal.")] = True,
) -> None:
    """Start every part and keep it running until Ctrl-C."""
    settings = load_settings(**({} if port is None else {"port": port}))
    os.umask(0o077)  # what the parts write (mail, logs, reports) is about customers, and nobody else's business
    settings = settings.model_copy(update={"var": make_var(settings.var)})
    say = Narrator(settings.var / "log" / "up.log")
    with register.alone(settings.var):
        parts, notes = all_parts(settings, pages=pages)
        for note in notes:
            say("isp", note)
        supervisor = Supervisor(
            parts=parts,
            var=settings.var,
            port=settings.port,
            host=settings.web.host,
            say=say,
            longest_pause=settings.restart_longest_seconds,
        )
        supervisor.run(when_up=lambda: _greet(parts, settings.web.host, say, settings.lab_olts))


class Narrator:
    """Says one line a change, on the terminal and in ``up.log``; a terminal that has gone is no reason to stop."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._clock = SystemClock()

    def __call__(self, name: str, text: str) -> None:
        """Say it."""
        now = self._clock.now()
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{now.astimezone(UTC).isoformat(timespec='milliseconds')} {name}: {text}\n")
        try:
            typer.echo(f"{now.astimezone():%H:%M:%S}  {name:<9} {text}")
        except OSError:
            return  # the terminal has gone; the log has it


def _greet(parts: tuple[Part, ...], host: str, say: Narrator, olts: int) -> None:
    say("isp", "everything is up; Ctrl-C stops it")
    for part in parts:
        if part.name in PAGES:
            say("isp", f"{PAGES[part.name]} http://{host}:{part.ports[0]}/")
    if any(part.name == "sample" for part in parts):
        _tell_sign_ins(say, olts)


def _tell_sign_ins(say: Narrator, olts: int) -> None:
    """The demo's accounts; everybody has the same password, and only the loopback is listened on."""
    say("isp", f"sign in with the password  {PASSWORD}")
    for one in sign_ins(make_town(olts=olts)):
        say("isp", f"  {one.role:<14} {one.username:<36} {'portal' if one.at_portal else 'staff'}")
