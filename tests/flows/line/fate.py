"""Dying on purpose: a worker that stops at any instruction that matters, and one that does everything twice.

``Died`` is no ``Exception``, so nothing in the product may catch it: what is not committed then is lost, as it is when
a process is killed. A place is where the worker stood: around a step's function, after a change on a device, or at a
commit, named by the functions that had come to it. At each place one dies once; the next worker gets past.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.drivers.contract import Change
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    PersonStep,
    Step,
    Unobservable,
    Workflow,
)

type Watch = Callable[[str, str], None]
"""Told of each place: the step's name and the moment (``before do``, ``after do``, ``after verify``)."""


class Died(BaseException):
    """The process was killed here."""


def watched(workflow: Workflow[Any], watch: Watch) -> Workflow[Any]:
    """The same workflow, with somebody who is told of every moment of every step."""
    return replace(workflow, steps=tuple(_watched(step, watch) for step in workflow.steps))


def _watched(step: Step[Any], watch: Watch) -> Step[Any]:
    def around(function: Callable[..., Any], moment: str) -> Callable[..., Any]:
        def told(*arguments: Any) -> Any:
            watch(step.name, f"before {moment}")
            given = function(*arguments)
            watch(step.name, f"after {moment}")
            return given

        return told

    if not isinstance(step.undo, Irreversible):
        step = replace(step, undo=around(step.undo, "undo"))
    match step:
        case DatabaseStep():
            return replace(step, do=around(step.do, "do"))
        case PersonStep():
            return replace(step, ask=around(step.ask, "ask"), take=around(step.take, "do"))
        case OutsideStep(verify=Unobservable()):
            return replace(step, do=around(step.do, "do"))
        case OutsideStep(verify=verify):
            return replace(step, do=around(step.do, "do"), verify=around(verify, "verify"))


def doubled(workflow: Workflow[Any], compare: Callable[[str, Callable[[], Did[Any]]], Did[Any]]) -> Workflow[Any]:
    """The same workflow, whose outside steps are done by ``compare``, which is given the step's name and its do."""
    return replace(workflow, steps=tuple(_doubled(step, compare) for step in workflow.steps))


def _doubled(step: Step[Any], compare: Callable[[str, Callable[[], Did[Any]]], Did[Any]]) -> Step[Any]:
    if not isinstance(step, OutsideStep):
        return step
    return replace(step, do=lambda case, site: compare(step.name, lambda: step.do(case, site)))


@dataclass
class Fate:
    """Where a worker dies. Armed only while it works, so that people and clocks beside it live."""

    only: tuple[str, str] | None = None
    """Die at this place and no other; None: once at each."""
    mortal: bool = True
    armed: bool = False
    died: list[Any] = field(default_factory=list)
    last: tuple[str, str] = ("", "")

    def watch(self, step: str, moment: str) -> None:
        """A moment of a step has come."""
        self.last = (step, moment)
        self._at(self.last)

    def _at(self, place: Any) -> None:
        mine = self.armed and self.mortal and threading.current_thread() is threading.main_thread()
        if mine and place not in self.died and self.only in (None, place):
            self.died.append(place)
            raise Died(place)

    @contextmanager
    def rules(self, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Die also at commits of this engine, and after each change that was made on a device."""
        carry_out = CliSession._carry_out

        def at_commit(_connection: sa.Connection) -> None:
            self._at((self.last, "commit", _came_by()))

        def after_change(session: CliSession, change: Change) -> None:
            carry_out(session, change)
            self._at((self.last, "changed", f"{change.verb} {change.what}"))

        monkeypatch.setattr(CliSession, "_carry_out", after_change)
        sa.event.listen(engine, "commit", at_commit)
        try:
            yield
        finally:
            sa.event.remove(engine, "commit", at_commit)
            monkeypatch.setattr(CliSession, "_carry_out", carry_out)


def _came_by() -> tuple[str, ...]:
    """The lines of the product's engine that have led here."""
    found, frame = [], sys._getframe(2)
    while frame.f_back is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(("isp_lifecycle.workflows.", "isp_lifecycle.events.")):
            found.append(f"{name}:{frame.f_lineno}")
        frame = frame.f_back
    return tuple(found)
