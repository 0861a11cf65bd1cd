"""One answer for all who ask at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from isp_lifecycle.views.map.together import Together


def test_many_who_ask_at_once_share_an_answer_that_was_begun_after_they_asked() -> None:
    together, go_on = Together[int](), threading.Event()
    asked: list[int] = []

    def question() -> int:
        asked.append(len(asked) + 1)
        assert go_on.wait(15)
        return len(asked)

    with ThreadPoolExecutor(9) as askers:
        first = askers.submit(together.ask, question)
        until(lambda: bool(asked))
        later = [askers.submit(together.ask, question) for _ in range(8)]
        until(lambda: len(together._changed._waiters) == 8)  # type: ignore[attr-defined]  # those who wait
        go_on.set()
        assert first.result() == 1
        assert {one.result() for one in later} == {2}
    assert asked == [1, 2]


def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + 15
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_an_error_is_for_whoever_ran_it() -> None:
    together = Together[int]()

    def fails() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        together.ask(fails)
    assert together.ask(lambda: 7) == 7
