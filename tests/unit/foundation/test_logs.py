"""What a line of the log never shows, whoever writes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from isp_lifecycle.foundation.logs import log, set_up


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
def test_nothing_that_is_called_a_secret_is_written(capsys: pytest.CaptureFixture[str], form: str) -> None:
    set_up(level="info", form=form, process="test")
    log("here").info(
        "something happened",
        password="hush-1",
        device_password="hush-2",
        api_token="hush-3",
        cookie="hush-4",
        client_secret="hush-5",
        url="postgresql://isp:hush-6@db.isp.example/isp",
        attempts=3,
    )
    logging.getLogger("another.library").warning("a plain line")
    said = capsys.readouterr().err
    assert "something happened" in said
    assert "a plain line" in said
    assert "postgresql://isp:***@db.isp.example/isp" in said
    assert "hush" not in said
