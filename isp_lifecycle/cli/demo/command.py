"""``isp demo --once``: play the main job headless and print what was observed."""

from __future__ import annotations

from typing import Annotated

import typer

from isp_lifecycle.cli.demo.faults import FAULTS
from isp_lifecycle.cli.demo.life import Chapter, Life, configurations
from isp_lifecycle.cli.demo.run import Outcome, run_once
from isp_lifecycle.cli.demo.story import Story, Wish
from isp_lifecycle.cli.demo.system import own_system
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.lab.town import VENDORS

EXIT_NOT_AS_EXPECTED = 1

#: With faults the engine's pauses are short, so that a fault that is retried five times is seen within seconds.
HASTE = {
    "ISP_ENGINE__RETRY_FIRST_SECONDS": "0.5",
    "ISP_NETWORK__ONLINE_WITHIN_SECONDS": "10",
    "ISP_NETWORK__REFUSED_LOGIN_SECONDS": "0",
}


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the main job once and end.")] = False,
    fault: Annotated[
        str | None, typer.Option(help=f"Inject a fault: {', '.join(FAULTS)}; or all, one after the other.")
    ] = None,
    then: Annotated[str, typer.Option(help="After the fault: retry (it is mended first) or cancel.")] = "retry",
    speed: Annotated[float, typer.Option(min=0.1, help="The plant runs so many times faster than a real one.")] = 10.0,
    vendor: Annotated[str, typer.Option(help=f"Whose OLTs the plant has: {', '.join(VENDORS)}.")] = "huawei",
    life: Annotated[
        bool,
        typer.Option(
            "--life",
            help="Go on with a plan change, suspension, resumption, swap, move and end; print the OLT's "
            "running configuration before and after each.",
        ),
    ] = False,
    keep: Annotated[bool, typer.Option(help="Keep the folder of this run's own system.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Play one customer's story, from application to light; report what was observed. Exit code 1: not as expected."""
    faults = _checked(once=once, fault=fault, then=then, vendor=vendor, life=life)
    with own_system(speed=speed, environment=HASTE if fault else {}, keep=keep, vendors=(vendor, vendor)) as system:
        if life:
            _play_life(Story(system, Wish()), as_json=as_json)
            return
        outcomes = [run_once(system, fault=one, then=then) for one in faults]
    if as_json:
        print_json(outcomes[0].document() if len(outcomes) == 1 else {"runs": [o.document() for o in outcomes]})
    else:
        for outcome in outcomes:
            _print(outcome, brief=len(outcomes) > 1)
    if not all(outcome.expected for outcome in outcomes):
        raise typer.Exit(EXIT_NOT_AS_EXPECTED)


def _checked(*, once: bool, fault: str | None, then: str, vendor: str, life: bool) -> list[str | None]:
    """The faults to inject; Refused for what cannot be played."""
    if not once:
        raise Refused(
            "Say --once.", remedy="`isp up` starts the demo with its pages; `isp demo --once` plays it headless."
        )
    if then not in {"retry", "cancel"}:
        raise Refused(f"--then {then} is not possible.", field="then", value=then, remedy="Use retry or cancel.")
    if vendor not in VENDORS:
        remedy = f"Use one of: {', '.join(VENDORS)}."
        raise Refused(f"The plant has no OLTs of {vendor!r}.", field="vendor", value=vendor, remedy=remedy)
    if life and fault:
        raise Refused("--life plays without faults.", field="fault", value=fault, remedy="Leave one of the two out.")
    return _chosen(fault)


def _play_life(story: Story, *, as_json: bool) -> None:
    at_first = configurations(story)
    outcome = run_once(story.system, story=story)
    if not outcome.expected:
        _print(outcome, brief=True)
        raise typer.Exit(EXIT_NOT_AS_EXPECTED)
    chapters: list[Chapter] = []
    for chapter in Life(story, at_first).play():
        chapters.append(chapter)
        if not as_json:
            _print_chapter(chapter)
    expected = all(chapter.expected for chapter in chapters)
    if as_json:
        print_json({"operations": [chapter.document() for chapter in chapters], "expected": expected})
    else:
        typer.echo(f"Outcome: {len(chapters)} operations, {'as expected' if expected else 'NOT as expected'}.")
    if not expected:
        raise typer.Exit(EXIT_NOT_AS_EXPECTED)


def _print_chapter(chapter: Chapter) -> None:
    """The configuration as it was and as it is, without what stayed (all of it: --json)."""
    lines = [len(text.splitlines()) for text in (chapter.before, chapter.after)]
    typer.echo(f"\n{chapter.name}: {chapter.what}")
    typer.echo(f"  running configuration of {chapter.olt}, before ({lines[0]} lines) and after ({lines[1]} lines):")
    for line in chapter.difference:
        typer.echo(f"    {line}")
    typer.echo(f"  {'ok ' if chapter.expected else 'NOT'}  {chapter.found} ({chapter.seconds:.1f} s)")


def _chosen(fault: str | None) -> list[str | None]:
    if fault is None:
        return [None]
    if fault == "all":
        return list(FAULTS)
    if fault not in FAULTS:
        raise Refused(
            f"There is no fault {fault!r}.",
            field="fault",
            value=fault,
            remedy=f"Choose one of {', '.join(FAULTS)}, all.",
        )
    return [fault]


def _print(outcome: Outcome, *, brief: bool) -> None:
    if outcome.fault:
        typer.echo(f"\nFault: {outcome.fault} — {FAULTS[outcome.fault].words}")
    if not brief:
        rows = [
            (
                f"{row.at:%H:%M:%S}",
                row.subject,
                row.name,
                row.state,
                "" if row.seconds is None else f"{row.seconds:.2f}",
                f"{row.device_seconds:.2f}" if row.device_seconds else "",
                (row.failure.what if row.failure else row.says).split("\n")[0],
            )
            for row in outcome.timeline
        ]
        print_table(("at", "part", "step", "result", "s", "device s", "says"), rows)
        typer.echo("")
    for what, ok in outcome.checks:
        typer.echo(f"  {'ok ' if ok else 'NOT'}  {what}")
    if outcome.evidence and not outcome.expected:
        typer.echo(f"       found: {outcome.evidence}")
    if outcome.failure:
        typer.echo(f"       what: {outcome.failure.what}\n       do:   {outcome.failure.remedy}")
    if outcome.connect_seconds is not None and outcome.device_seconds:
        typer.echo(
            f"From Activate to active {outcome.connect_seconds:.1f} s, of which the devices took "
            f"{outcome.device_seconds:.1f} s (ratio {outcome.connect_seconds / outcome.device_seconds:.2f})."
        )
    typer.echo(f"Outcome: {outcome.outcome}, {'as expected' if outcome.expected else 'NOT as expected'}.")
