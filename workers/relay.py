"""The relay as a process: ``python -m workers.relay``. It publishes to Celery what the library's rounds find ready."""

from __future__ import annotations

import os
import signal
import socket

from kombu.exceptions import ChannelError, OperationalError
from redis.exceptions import RedisError

from isp_lifecycle import bootstrap
from isp_lifecycle.events.rounds import BrokerAway, Rounds
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import load_settings
from workers.app import app
from workers.tasks import work

#: How a broker that is away shows itself, by kombu or by the client below it.
AWAY = (OperationalError, ConnectionError, RedisError)


class CeleryPublisher:
    """Wakes workers by messages to Celery's queues."""

    def pending(self, queue: str) -> int:
        """How many messages lie in the queue."""
        try:
            with app.producer_pool.acquire(block=True) as producer:
                found: int = producer.channel.queue_declare(queue=queue, passive=True).message_count
                return found
        except ChannelError:
            return 0  # an empty queue is none for Redis
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
        publisher=CeleryPublisher(),
    )
    signal.signal(signal.SIGTERM, lambda *_signal: rounds.stop())
    signal.signal(signal.SIGINT, lambda *_signal: rounds.stop())
    rounds.run()


if __name__ == "__main__":
    main()
