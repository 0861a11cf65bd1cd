"""What changed in the database, heard once by each server process and passed on to the open pages that show it.

One connection listens for all pages (``foundation.changes`` says who tells). A page that hears its topic asks its view
again, so that nothing but the topic's name travels here, and nobody is shown what they may not see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from isp_lifecycle.foundation.changes import heard
from isp_lifecycle.foundation.db import DatabaseUnreachable, Engine
from isp_lifecycle.foundation.logs import log

#: After a lost connection it is tried again so soon.
AGAIN_SECONDS = 1.0
_log = log(__name__)


class Changes:
    """Passes topics on to those who follow them; all of it on the server's own loop."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Callable[[], None]]] = {}

    def follow(self, topics: Iterable[str], told: Callable[[], None]) -> Callable[[], None]:
        """Call ``told`` whenever one of these topics is heard; returns what ends that."""
        topics = tuple(topics)
        for topic in topics:
            self._followers.setdefault(topic, set()).add(told)

        def end() -> None:
            for topic in topics:
                self._followers.get(topic, set()).discard(told)

        return end

    def tell(self, topic: str) -> None:
        """A topic was heard. One page that cannot be told is logged, and keeps no other from hearing."""
        for told in tuple(self._followers.get(topic, ())):
            try:
                told()
            except Exception:  # noqa: BLE001 - the frame's edge: it would end the hearing of every page of this process
                _log.exception("page_not_told", topic=topic)

    async def listen(self, engine: Engine) -> None:
        """Hear the database until cancelled. After a lost connection all follow: nobody knows what was missed."""
        while True:
            try:
                async for topic in heard(engine):
                    for one in (topic,) if topic else tuple(self._followers):
                        self.tell(one)
            except DatabaseUnreachable as error:
                _log.warning("pages_hear_nothing", reason=error.message)
            await asyncio.sleep(AGAIN_SECONDS)
