"""One answer for all who ask at the same time: when something is read, every open map asks for the same."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Together[T]:
    """Runs one question at a time; whoever asks meanwhile shares the next answer, which is begun after they asked.

    So nobody is given what was read before they asked, and however many ask, at most two questions are worked on for
    them. Thread-safe.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = False
        self._begun = self._answered = 0
        self._answer: T | None = None

    def ask(self, question: Callable[[], T]) -> T:
        """The answer to a question that began after this call; an error is only for whoever ran it."""
        with self._changed:
            wanted = self._begun + 1
            while self._running:
                self._changed.wait()
                if self._answered >= wanted:
                    return self._answer  # type: ignore[return-value]  # there is one from the first answer on
            self._running = True
            self._begun += 1
            mine = self._begun
        try:
            answer = question()
        except BaseException:
            with self._changed:
                self._running = False
                self._changed.notify_all()
            raise
        with self._changed:
            self._running, self._answer, self._answered = False, answer, mine
            self._changed.notify_all()
        return answer
