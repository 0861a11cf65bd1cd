"""The relay as a process: ``python -m workers.relay``. It publishes to Celery what the library's rounds find ready."""

from __future__ import annotations

import os
import signal
import socket

import redis
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from isp_lifecycle import bootstrap
from isp_lifecycle.events.rounds import BrokerAway, Rounds
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import load_settings
from workers.tasks import work

#: How a broker that is away shows itself, by kombu or by the client below it.
AWAY = (OperationalError, ConnectionError, RedisError)


class CeleryPublisher:
    """Wakes workers by messages to Celery's queues; ``broker`` is the Redis that these are lists of."""

    def __init__(self, broker: redis.Redis) -> None:
        self._broker = broker

    def pending(self, queue: str) -> int:
        """How many messages lie in the queue."""
        try:
            return int(self._broker.llen(queue))
        except AWAY as error:
            raise BrokerAway(str(error)) from error

    def wake(self, queue: str) -> None:
        """Send one message."""
        try:
            work.apply_async(kwargs={"queue": queue}, queue=queue)
        except AWAY as error:
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
        publisher=CeleryPublisher(
            redis.Redis.from_url(bootstrap.redis_url(settings), socket_connect_timeout=3, socket_timeout=5)
        ),
    )
    signal.signal(signal.SIGTERM, lambda *_signal: rounds.stop())
    signal.signal(signal.SIGINT, lambda *_signal: rounds.stop())
    rounds.run()


if __name__ == "__main__":
    main()
