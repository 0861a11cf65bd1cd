"""Signs of life: a thread of each process of the engine writes that it is there; `isp doctor` reads it."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from isp_lifecycle.events import relay
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log

SECONDS = 3.0


def beat_for_ever(*, engine: sa.Engine, clock: Clock, name: str, kind: str) -> threading.Thread:
    """Start the thread; it survives a database that is away for a while."""

    def beats() -> None:
        pause = threading.Event()
        while True:
            try:
                with write(engine) as tx:
                    relay.beat(tx=tx, name=name, kind=kind, now=clock.now())
            except (Unreachable, sa.exc.DBAPIError) as error:
                log(__name__).warning("beat_failed", error=str(error))
            pause.wait(SECONDS)

    thread = threading.Thread(target=beats, name="sign of life", daemon=True)
    thread.start()
    return thread
