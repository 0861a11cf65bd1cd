"""Structured logs: JSON for machines, readable lines in a terminal, the ids of the case on every line.

``bound(delivery=..., service=...)`` puts ids on every line that is written inside its block, in this thread or task.
Nothing that looks like a secret is ever written: values of such names are replaced before rendering.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

_SECRET = re.compile(r"passw|secret|token|cookie|authorization|credential|api_?key|session_id", re.IGNORECASE)
_IN_URL = re.compile(r"(?P<scheme>[a-z+]+://[^:/@\s]*):[^@/\s]+@")


def _mask(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if _SECRET.search(key) and not isinstance(value, (int, float, bool)):
            entry[key] = "***"
        elif isinstance(value, str) and "://" in value:
            entry[key] = _IN_URL.sub(r"\g<scheme>:***@", value)
    return entry


def set_up(*, level: str = "info", form: str = "auto", process: str = "") -> None:
    """Send this process's logs (its own and the libraries') to standard error, in one form."""
    readable = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if readable
        else [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _mask, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("paramiko", "netmiko", "asyncssh", "amqp", "kombu", "urllib3", "httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    if process:
        structlog.contextvars.bind_contextvars(process=process)


def log(name: str) -> structlog.stdlib.BoundLogger:
    """A logger by the name of its module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def bound(**ids: Any) -> AbstractContextManager[Any]:
    """Put these ids on every line logged inside the block; empty ones are left out."""
    return structlog.contextvars.bound_contextvars(**{k: str(v) for k, v in ids.items() if v is not None})
