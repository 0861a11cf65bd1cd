"""What one worker process holds: its parts and its engine, made at first use and shared by its threads."""

from __future__ import annotations

import os
import socket
import threading
from functools import cache

from isp_lifecycle import bootstrap
from isp_lifecycle.events import beats
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.parts import Parts
from workers.papermill import PapermillReporter

_making = threading.Lock()


@cache
def _settings() -> Settings:
    """One object for all that this process holds, so that all of it follows a change."""
    return load_settings()


@cache
def _parts() -> Parts:
    settings = _settings()
    reporter = PapermillReporter(folder=bootstrap.reports_folder(settings))
    return bootstrap.open_parts(settings, application="worker", reporter=reporter)


@cache
def _engine() -> Engine:
    return Engine(parts=_parts(), worker=f"{socket.gethostname()}:{os.getpid()}")


@cache
def _doors() -> bootstrap.Doors:
    return bootstrap.open_doors(_settings(), application="worker")


@cache
def _follow() -> None:
    bootstrap.follow_settings(_doors())


def engine() -> Engine:
    """This process's engine."""
    with _making:
        _follow()
        return _engine()


def stop() -> None:
    """Begin no more deliveries: this process is about to end."""
    if _engine.cache_info().currsize:
        _engine().stop()


def doors() -> bootstrap.Doors:
    """This process's doors, for what the schedule asks."""
    with _making:
        _follow()
        return _doors()


def forget() -> None:
    """After a fork: connections of the parent are not ours."""
    _parts.cache_clear()
    _engine.cache_clear()
    _doors.cache_clear()
    _settings.cache_clear()
    _follow.cache_clear()


def live(*, name: str, kind: str) -> None:
    """Write a sign of life every few seconds, from a thread of its own."""
    engine = bootstrap.open_database(load_settings(), application=f"beat of {name}", pool_size=1)
    beats.beat_for_ever(engine=engine, clock=SystemClock(), name=name, kind=kind)
