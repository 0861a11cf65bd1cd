"""Which parts there are, in which order they start, and how each shows that it is ready."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import API, FIRST_OLT, LAB_CONTROL, METRICS, PORTAL, POSTGRES, REDIS, SMTP, STAFF
from isp_lifecycle.cli import surroundings
from isp_lifecycle.cli.embedded import postgres, redis
from isp_lifecycle.cli.embedded.server import Server
from isp_lifecycle.cli.up.part import Part, Ready, accepts, answers_ok
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.views.engine import state as engine_views
from isp_lifecycle.views.window import Window

#: Databases, then their shape, then what devices and mail are, then the sample town, then everything that uses them.
DATABASES, SHAPE, OUTSIDE, TOWN, SUITE = range(5)

#: Deliveries that the workers for what is not the network work on at once.
OFFICE_AT_ONCE, REPORTS_AT_ONCE = 4, 1

#: The longest time that importing one OLT's customers may take.
TOWN_SECONDS = 30.0

PORTAL_URL = "ISP_PORTAL_DATABASE_URL"

CELERY = (sys.executable, "-m", "celery", "--app", "workers.app")


def all_parts(settings: Settings, *, pages: bool = True) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Every part for these settings, and notes for whoever starts them. Prepares the embedded servers' folders."""
    servers = tuple(_embedded(settings))
    env = surroundings.environment(settings)
    databases = tuple(_database(server, settings) for server in servers)
    faces = (*_pages(settings, env), *_machines(settings, env)) if pages else ()
    parts = (
        *databases,
        *_shape(settings, env),
        *_outside(settings, env),
        *_town(settings, env),
        *_engine(settings, env),
        *faces,
    )
    return parts, tuple(note for server in servers for note in server.notes)


def _embedded(settings: Settings) -> Iterator[Server]:
    if settings.database_url is None:
        yield postgres.prepare(var=settings.var, port=settings.port + POSTGRES)
    if settings.redis_url is None:
        yield redis.prepare(var=settings.var, port=settings.port + REDIS)


def _database(server: Server, settings: Settings) -> Part:
    is_postgres = server.name == "postgres"
    port = settings.port + (POSTGRES if is_postgres else REDIS)
    return Part(
        name=server.name,
        argv=server.argv,
        stage=DATABASES,
        ready=lambda _seconds: server.ready(),
        before=(lambda: postgres.end_leftover(postgres.data_folder(settings.var))) if is_postgres else (lambda: None),
        stop=server.stop,
        stop_seconds=30.0,
        uid=server.uid,
        gid=server.gid,
        ports=(port,),
    )


def _shape(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    """The migrations; on the embedded server the portal's role is let in as well, on your own one you do that."""
    portal = surroundings.portal_environment(settings)
    admit = ("--admit-portal",) if settings.database_url is None and settings.portal_database_url is None else ()
    argv = _module("isp_lifecycle.cli", "db", "upgrade", *admit)
    yield Part(name="migrate", argv=argv, stage=SHAPE, env=portal | env, once=True)


def _outside(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    """What stands for the world outside: a mail sink where no relay is set, and in the demo the plant."""
    sink = settings.port + SMTP
    if settings.smtp.port is None and there_is("isp_lifecycle.notices.sink"):
        argv = _module("isp_lifecycle.notices.sink", "--port", str(sink), "--folder", str(settings.var / "mail"))
        yield Part(name="mail", argv=argv, stage=OUTSIDE, env=env, ready=accepts(sink), ports=(sink,))
    if settings.environment == "demo" and there_is("isp_lifecycle.lab.__main__"):
        control, first_olt = settings.port + LAB_CONTROL, settings.port + FIRST_OLT
        argv = _module(
            "isp_lifecycle.lab",
            *("--state", str(settings.var / "lab"), "--speed", f"{settings.lab_speed:g}"),
            *("--olts", str(settings.lab_olts), "--vendors", settings.lab_vendors),
            *("--base-port", str(first_olt), "--control-port", str(control)),
        )
        yield Part(
            name="lab",
            argv=argv,
            stage=OUTSIDE,
            env=env | surroundings.lab_environment(settings),
            ready=answers_ok(f"http://127.0.0.1:{control}/health"),
            ports=(control, *range(first_olt, first_olt + settings.lab_olts)),
        )


def _town(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    """In the demo, the sample town: loaded once, found loaded at each later start."""
    if settings.environment == "demo" and there_is("isp_lifecycle.cli.sample"):
        load = _module("isp_lifecycle.cli", "sample", "load")
        yield Part(
            name="sample", argv=load, stage=TOWN, env=env, once=True, start_seconds=TOWN_SECONDS * settings.lab_olts
        )


def _engine(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    if there_is("workers.relay"):
        yield Part(name="relay", argv=_module("workers.relay"), stage=SUITE, env=env, ready=beats(settings, "relay@"))
    if not there_is("workers.app"):
        return
    # A worker for each queue, so that slow devices hold up no e-mail.
    for queue, threads in (
        ("network", settings.engine.olts_at_once),
        ("office", OFFICE_AT_ONCE),
        ("reports", REPORTS_AT_ONCE),
    ):
        worker = (*CELERY, "worker", "--queues", queue, "--pool", "threads", "--concurrency", str(threads))
        yield Part(
            name=queue,
            argv=(*worker, "--hostname", f"{queue}@%h", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            stage=SUITE,
            env=env,
            ready=beats(settings, f"{queue}@"),
            # It finishes the steps at hand; what does not end in time is taken up again after the next start.
            stop_seconds=30.0,
        )
    if there_is("workers.metrics"):
        port = settings.metrics.port or settings.port + METRICS
        ready = answers_ok(f"http://{settings.metrics.host}:{port}/healthz")
        yield Part(name="metrics", argv=_module("workers.metrics"), stage=SUITE, env=env, ready=ready, ports=(port,))
    beat = (*CELERY, "beat", "--loglevel", "INFO", "--schedule", f"{env['ISP_VAR']}/run/beat", "--pidfile", "")
    yield Part(name="beat", argv=beat, stage=SUITE, env=env)


def beats(settings: Settings, name: str) -> Ready:
    """A check: a process whose name begins so has given a sign of life since it was started."""

    @cache
    def window() -> Window:
        return bootstrap.open_doors(surroundings.connected(settings), application="up").window

    def check(seconds: float) -> bool:
        try:
            signs = engine_views.beats(window(), SYSTEM)
        except (Unreachable, sa.exc.DBAPIError):
            return False  # not yet; a part that stays silent for too long is told with the end of its log
        return any(b.name.startswith(name) and b.seen_seconds_ago < seconds for b in signs)

    return check


def _pages(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    told = surroundings.portal_environment(settings)
    if there_is("dashboards.portal") and PORTAL_URL not in told:
        bootstrap.portal_database_url(settings)  # raises SettingMissing, before anything is started
    for name, module, place, surrounding, without in (
        ("staff", "dashboards.staff", STAFF, env, frozenset({PORTAL_URL, "ISP_PORTAL_KEY"})),
        ("portal", "dashboards.portal", PORTAL, told, surroundings.NOT_FOR_THE_PORTAL),
    ):
        port = settings.port + place
        if there_is(module):
            health = answers_ok(f"http://{settings.web.host}:{port}/healthz")
            yield Part(
                name=name,
                argv=_module(module),
                stage=SUITE,
                env={k: v for k, v in surrounding.items() if k not in without},
                without=without,
                ready=health,
                ports=(port,),
            )


def _machines(settings: Settings, env: dict[str, str]) -> Iterator[Part]:
    """The HTTP API."""
    port = settings.port + API
    if there_is("isp_lifecycle.api.__main__"):
        health = answers_ok(f"http://{settings.api.host}:{port}/healthz")
        yield Part(name="api", argv=_module("isp_lifecycle.api"), stage=SUITE, env=env, ready=health, ports=(port,))


def there_is(module: str) -> bool:
    """Whether that program is installed; without importing it."""
    parent, _, _ = module.rpartition(".")
    return importlib.util.find_spec(parent) is not None and importlib.util.find_spec(module) is not None


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)
