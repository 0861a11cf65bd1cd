"""Which parts there are, in which order they start, and how each shows that it is ready."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator

from isp_lifecycle.cli import surroundings
from isp_lifecycle.cli.embedded import postgres, redis
from isp_lifecycle.cli.embedded.server import Server
from isp_lifecycle.cli.up.part import Part, accepts, answers_ok
from isp_lifecycle.foundation.settings import Settings

#: Databases, then their shape, then what devices and mail are, then the sample town, then everything that uses them.
DATABASES, SHAPE, OUTSIDE, TOWN, SUITE = range(5)

CELERY = (sys.executable, "-m", "celery", "--app", "workers.app")


def all_parts(settings: Settings) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Every part for these settings, and notes for whoever starts them. Prepares the embedded servers' folders."""
    servers = tuple(_embedded(settings))
    env = surroundings.environment(settings)
    databases = tuple(_database(server, settings) for server in servers)
    parts = (*databases, *_shape(env), *_outside(settings, env), *_engine(env), *_pages(settings, env))
    return parts, tuple(note for server in servers for note in server.notes)


def _embedded(settings: Settings) -> Iterator[Server]:
    if settings.database_url is None:
        yield postgres.prepare(var=settings.var, port=settings.port + surroundings.POSTGRES)
    if settings.redis_url is None:
        yield redis.prepare(var=settings.var, port=settings.port + surroundings.REDIS)


def _database(server: Server, settings: Settings) -> Part:
    is_postgres = server.name == "postgres"
    port = settings.port + (surroundings.POSTGRES if is_postgres else surroundings.REDIS)
    return Part(
        name=server.name,
        argv=server.argv,
        stage=DATABASES,
        ready=server.ready,
        before=(lambda: postgres.end_leftover(postgres.data_folder(settings.var))) if is_postgres else (lambda: None),
        stop=server.stop,
        stop_seconds=30.0,
        uid=server.uid,
        gid=server.gid,
        ports=(port,),
    )


def _shape(env: dict[str, str]) -> Iterator[Part]:
    yield Part(name="migrate", argv=_module("isp_lifecycle.cli", "db", "upgrade"), stage=SHAPE, env=env, once=True)


def _outside(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    """What stands for the world outside: a mail sink where no relay is set, and in the demo the plant."""
    sink = settings.port + surroundings.SMTP_SINK
    if settings.smtp.port is None and there_is("isp_lifecycle.notices.sink"):
        argv = _module("isp_lifecycle.notices.sink", "--port", str(sink), "--folder", str(settings.var / "mail"))
        yield Part(name="mail", argv=argv, stage=OUTSIDE, env=env, ready=accepts(sink), ports=(sink,))
    if settings.environment == "demo" and there_is("isp_lifecycle.lab.__main__"):
        control, first_olt = settings.port + surroundings.LAB_CONTROL, settings.port + surroundings.FIRST_OLT
        argv = _module(
            "isp_lifecycle.lab",
            *("--state", str(settings.var / "lab"), "--speed", f"{settings.lab_speed:g}"),
            *("--base-port", str(first_olt), "--control-port", str(control)),
        )
        yield Part(
            name="lab",
            argv=argv,
            stage=OUTSIDE,
            env=env | surroundings.lab_environment(settings),
            ready=answers_ok(f"http://127.0.0.1:{control}/health"),
            ports=(control, first_olt, first_olt + 1),
        )


def _engine(env: dict[str, str]) -> Iterator[Part]:
    if there_is("workers.relay"):
        yield Part(name="relay", argv=_module("workers.relay"), stage=SUITE, env=env)
    if there_is("workers.app"):
        # A worker that is told to stop finishes the step at hand; what does not end in time is taken up again later.
        worker = (*CELERY, "worker", "--loglevel", "INFO", "--concurrency", "4", "--hostname", "workflows@%h")
        yield Part(name="worker", argv=worker, stage=SUITE, env=env, stop_seconds=30.0)
        beat = (*CELERY, "beat", "--loglevel", "INFO", "--schedule", f"{env['ISP_VAR']}/run/beat", "--pidfile", "")
        yield Part(name="beat", argv=beat, stage=SUITE, env=env)


def _pages(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    for name, module, place in (
        ("staff", "dashboards.staff", surroundings.STAFF),
        ("portal", "dashboards.portal", surroundings.PORTAL),
    ):
        port = settings.port + place
        if there_is(module):
            health = answers_ok(f"http://{settings.web.host}:{port}/healthz")
            yield Part(name=name, argv=_module(module), stage=SUITE, env=env, ready=health, ports=(port,))


def there_is(module: str) -> bool:
    """Whether that program is installed; without importing it."""
    parent, _, _ = module.rpartition(".")
    return importlib.util.find_spec(parent) is not None and importlib.util.find_spec(module) is not None


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)
