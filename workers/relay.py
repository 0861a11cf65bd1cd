"""The relay as a process: ``python -m workers.relay``. It publishes to Celery what the library's rounds find ready."""

from __future__ import annotations

import os
import signal
import socket
from uuid import UUID

from kombu.exceptions import OperationalError

from isp_lifecycle import bootstrap
from isp_lifecycle.events.rounds import BrokerAway, Rounds
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import load_settings
from workers.tasks import run_delivery


def publish(queue: str, delivery_id: UUID) -> None:
    """Wake a worker of this queue; raises BrokerAway."""
    try:
        run_delivery.apply_async(kwargs={"delivery_id": str(delivery_id)}, queue=queue)
    except (OperationalError, ConnectionError) as error:
        raise BrokerAway(str(error)) from error


def main() -> None:
    """Run one relay until TERM or INT."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="relay")
    rounds = Rounds(
        engine=bootstrap.open_database(settings, application="relay", pool_size=2),
        name=f"relay@{socket.gethostname()}:{os.getpid()}",
        limits=settings.engine,
        clock=SystemClock(),
        publisher=publish,
    )
    signal.signal(signal.SIGTERM, lambda *_signal: rounds.stop())
    signal.signal(signal.SIGINT, lambda *_signal: rounds.stop())
    rounds.run()


if __name__ == "__main__":
    main()
