"""Checks of the work itself, seen through the views: relay, workers, queue, OLTs, pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.access.ports import Answer
from isp_lifecycle.cli.doctor.finding import Finding, failed, ok, warning
from isp_lifecycle.views import network
from isp_lifecycle.views import settings as settings_views
from isp_lifecycle.views import sources as source_views
from isp_lifecycle.views.engine import state as engine_views
from isp_lifecycle.views.health.parts import of_engine, of_pools, of_settings
from isp_lifecycle.views.sources import SourceRow
from isp_lifecycle.views.window import Window

LOOKED_TOO_LONG_SECONDS = 180.0


def engine(window: Window) -> Iterator[Finding]:
    """A relay and a worker live, and nothing that is due waits for long."""
    yield from of_engine(engine_views.state(window, SYSTEM), window.settings)


def settings(window: Window) -> Iterator[Finding]:
    """Which settings an administrator changed while everything runs, and which of that does not hold."""
    yield from of_settings(settings_views.settings(window, SYSTEM))


def sources(window: Window) -> Iterator[Finding]:
    """Each source answers, has the groups that the settings name, and is asked again about those who are in."""
    for row in source_views.sources(window, SYSTEM):
        unknown = ", ".join(f"{line.role} (of {line.group})" for line in row.lines if not line.known)
        if unknown:
            yield failed(row.name, f"The settings name roles that there are not: {unknown}.", "Correct its GROUPS.")
        yield from _answers(window, row)


def _answers(window: Window, row: SourceRow) -> Iterator[Finding]:
    answers = source_views.answers(window, SYSTEM, source=row.name)
    silent = "; ".join(f"{one.server}: {one.error}" for one in answers if one.error)
    directory = row.kind == "directory"
    prefix = f"ISP_{'DIRECTORIES' if directory else 'OIDC'}__{row.name.upper()}__"
    if all(one.error for one in answers):
        remedy = f"Mend the server, or correct {prefix}…; `isp access source {row.name}` asks again."
        what = "No server lets us look anybody up" if directory else "Nobody can sign in by it"
        yield failed(row.name, f"{what}: {silent.rstrip('.')}.", remedy)
        return
    if silent:
        yield warning(row.name, f"Not every server answers: {silent}.", "The others are asked; mend it.")
    notes = [note for one in answers for note in one.notes[1:]]
    if notes and directory:
        yield warning(row.name, f"As to the table of groups, {notes[0]}.", f"Correct {prefix}GROUPS or GROUP_BASE.")
    yield from _locked_out(row, answers, attempts=window.settings.web.sign_in_attempts)
    silence = (window.clock.now() - row.looked_at).total_seconds() if row.looked_at else 0.0
    if row.looks_again and silence > LOOKED_TOO_LONG_SECONDS:
        what = f"Nobody who is signed in by it was looked at again for {silence:.0f} s."
        yield warning(row.name, what, "Look whether a worker of the queue office lives.")
    if not silent and not notes:
        yield ok(
            row.name, f"{len(answers)} answer{'s' if len(answers) == 1 else ''}; {len(row.lines)} groups have roles."
        )


def _locked_out(row: SourceRow, answers: Iterable[Answer], *, attempts: int) -> Iterator[Finding]:
    """A directory that locks accounts before our form shuts lets strangers lock people out of their work."""
    locks = min((one.locks_after for one in answers if one.locks_after), default=0)
    if 0 < locks <= attempts:
        what = f"It locks an account after {locks} wrong passwords, and the form here lets {attempts} through."
        yield warning(row.name, what, f"Set ISP_WEB__SIGN_IN_ATTEMPTS below {locks}: strangers could lock people out.")


def olts(window: Window) -> Iterator[Finding]:
    """Each OLT lets us in and answers."""
    plant = network.plant(window, SYSTEM)
    if not plant:
        yield warning("OLTs", "No OLT is known yet.", "Import the plant: `isp import plant FILE`.")
    for olt in plant:
        answer = network.unconfigured(window, SYSTEM, olt=olt.name)
        if answer.error is None:
            yield ok(f"OLT {olt.name}", f"Logged in at {olt.address} and answered in {answer.seconds:.1f} s.")
        else:
            yield failed(f"OLT {olt.name}", answer.error.what, answer.error.remedy)


def pools(window: Window) -> Iterator[Finding]:
    """No address pool is nearly full."""
    yield from of_pools(network.pools(window, SYSTEM))
