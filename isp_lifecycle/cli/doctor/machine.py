"""Checks of this machine and of the servers beneath: disk, pages, database, broker, mail, clocks."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Iterator
from datetime import datetime
from ipaddress import IPv4Address

import redis
import sqlalchemy as sa

from isp_lifecycle.bootstrap import (
    API,
    PORTAL,
    SMTP,
    STAFF,
    netbox_tags,
    open_accounts,
    open_prober,
    open_sign_on_servers,
    portal_database_url,
    require_weak,
)
from isp_lifecycle.cli.doctor.finding import Finding, Health, failed, guarded, ok, warning
from isp_lifecycle.cli.up.part import answers_ok
from isp_lifecycle.cli.up.register import noted
from isp_lifecycle.foundation.claims import PORTAL_ROLE, Claim
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import open_engine, read
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.secret import portal_key
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.migrations import portal, steps

GIGABYTE = 1_000_000_000
DISK_LOW, DISK_OUT = 2 * GIGABYTE, GIGABYTE // 4
LOOPBACK = IPv4Address("127.0.0.1")
CLOCK_OFF_SECONDS, CLOCK_WRONG_SECONDS = 1.0, 5.0
START = "Start everything with `isp up`."


def disk(settings: Settings) -> Iterator[Finding]:
    """Space for the data folder."""
    folder = settings.var if settings.var.exists() else settings.var.resolve().parent
    free = shutil.disk_usage(folder).free
    what = f"{free / GIGABYTE:.1f} GB are free for {settings.var}."
    if free >= DISK_LOW:
        yield ok("disk", what)
    else:
        judge = failed if free < DISK_OUT else warning
        yield judge("disk", what, "Free some space: PostgreSQL stops when it can write no more.")


def parts(settings: Settings) -> Iterator[Finding]:
    """What `isp up` runs, where it runs at all: with servers of your own something else may start the parts."""
    register = noted(settings.var)
    if register is None or register.supervisor.process() is None:
        return
    restarted = [f"{c.name} ({c.restarts} times)" for c in register.children if c.restarts]
    down = [c.name for c in register.children if c.state not in {"ready", "stopped"}]
    if down:
        yield failed("parts", f"Not up: {', '.join(down)}.", f"Read {settings.var}/log/<part>.log.")
    elif restarted:
        yield warning("parts", f"Had to be started again: {', '.join(restarted)}.", f"Read {settings.var}/log/up.log.")
    else:
        yield ok("parts", f"All {len(register.children)} parts of `isp up` run, none was restarted.")


def database(engine: sa.Engine, clock: Clock) -> Iterator[Finding]:
    """Reachable, at the newest shape, its clock in step with this machine's."""
    with read(engine) as tx:
        before = clock.now()
        row = tx.execute(sa.text("SELECT clock_timestamp(), current_setting('server_version')")).one()
        after = clock.now()
    yield ok("database", f"PostgreSQL {row[1]} answers in {(after - before).total_seconds() * 1000:.0f} ms.")
    yield _clocks(row[0], before, after)
    present, newest = steps.present(engine), steps.newest()
    if present == newest:
        yield ok("migrations", f"The database is at {present}, as this version needs.")
    else:
        what = f"The database is at {present or 'nothing'}, this version needs {newest}."
        yield failed("migrations", what, "Run `isp db upgrade`.")


def _clocks(theirs: datetime, before: datetime, after: datetime) -> Finding:
    """The database's clock may differ by less than the question took; only what is more counts."""
    off = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    what = f"This machine's clock and the database's differ by {off:.1f} s."
    if off < CLOCK_OFF_SECONDS:
        return ok("clock", what)
    judge = failed if off >= CLOCK_WRONG_SECONDS else warning
    return judge("clock", what, "Let both keep time by NTP; leases and due dates compare instants of both.")


def portal_role(settings: Settings, engine: sa.Engine) -> Iterator[Finding]:
    """The portal comes in by its own role, which reaches what is declared and nothing else, and is believed."""
    with read(engine) as tx:
        more, less = (there := portal.granted(tx=tx)) - (wanted := portal.declared()), wanted - there
        open_rows = portal.unruled(tx=tx)
    if more or less or open_rows:
        named = ", ".join(sorted({table for table, *_ in (*more, *less)} | set(open_rows)))
        what = f"The portal's database role has other rights than it should, on: {named}."
        yield failed("portal role", what, "Run `isp db upgrade`, which makes it right.")
        return
    weak = open_engine(portal_database_url(settings), application="isp doctor", claim_key=portal_key(settings))
    require_weak(weak)
    somebody = str(new_id())
    with read(weak, Claim("customer", somebody)) as tx:
        believed = tx.execute(sa.text("SELECT portal_asks('customer')")).scalar_one() == somebody
    weak.dispose()
    if believed:
        yield ok("portal role", f"{PORTAL_ROLE} reaches {len({t for t, *_ in wanted})} tables, and rows of who asks.")
    else:
        what = "The database does not believe what the portal says of who asks: its key is another one."
        yield failed("portal role", what, "Give both the same ISP_PORTAL_KEY, and run `isp db upgrade`.")


def portal_broker(url: str) -> Iterator[Finding]:
    """The portal's account of Redis knows its own keys only."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.get("isp:web:portal:session:doctor")
            client.get("isp:web:staff:session:doctor")
    except redis.exceptions.NoPermissionError:
        yield ok("portal redis", "The portal's account of Redis knows the portal's own keys only.")
    except redis.RedisError as error:
        yield failed("portal redis", f"The portal does not reach Redis: {error}.", "Is ISP_PORTAL_REDIS_URL right?")
    else:
        what = "The portal signs in to Redis as one who may read and write the staff's sessions."
        yield warning("portal redis", what, "Give it an account of its own: `isp db portal-role` prints how.")


def broker(url: str) -> Iterator[Finding]:
    """Redis answers and never throws messages away."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3, decode_responses=True) as client:
            version = client.info("server")["redis_version"]
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except redis.RedisError as error:
        yield failed("redis", f"Redis does not answer: {error}.", f"{START} Or is REDIS_URL right?")
        return
    if policy != "noeviction":
        yield warning(
            "redis",
            f"Redis {version} evicts keys ({policy}).",
            "Set maxmemory-policy noeviction, or sign-ins get lost.",
        )
    else:
        yield ok("redis", f"Redis {version} answers.")


def mail(settings: Settings) -> Iterator[Finding]:
    """The mail relay takes a connection and our name."""
    smtp = settings.smtp
    port = smtp.port or settings.port + SMTP
    try:
        with smtplib.SMTP(smtp.host, port, timeout=5) as connection:
            code, _ = connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        ours = port == settings.port + SMTP and smtp.host == "127.0.0.1"
        remedy = START if ours else "Check ISP_SMTP__HOST and ISP_SMTP__PORT, and that the relay is up."
        yield failed("mail", f"{smtp.host}:{port} does not take mail: {error}.", remedy)
        return
    yield ok("mail", f"{smtp.host}:{port} answers ({code}).")


def sign_on(settings: Settings) -> Iterator[Finding]:
    """The databases of FreeRADIUS and Kea let us read and write, where they are set."""
    sound = True
    for server in open_sign_on_servers(settings, application="doctor"):
        for finding in guarded(server.name, (ok(server.name, look()) for look in (server.look,))):
            sound = sound and finding.health is Health.OK
            yield finding
    if sound:  # else what is wrong is told already
        yield from guarded("FreeRADIUS", _mac_index(settings))


def _mac_index(settings: Settings) -> Iterator[Finding]:
    """Where sessions are many, they can be searched by MAC address."""
    accounts = open_accounts(settings, application="doctor")
    if accounts is not None and (statement := accounts.index_wanted()):
        yield warning(
            "FreeRADIUS",
            "Its radacct holds very many sessions, and searching them by MAC address reads all that are live.",
            f"Have its administrator run: {statement};",
        )


def netbox(settings: Settings) -> Iterator[Finding]:
    """NetBox lets our token read, where one is set, and has what the settings name."""
    wanted = settings.netbox
    if not wanted.url:
        return
    tags = netbox_tags(settings)
    if wanted.pool_tag and wanted.pool_tag not in tags:
        remedy = "Create the tag there, or correct ISP_NETBOX__POOL_TAG."
        yield warning("NetBox", f"{wanted.url} has no tag {wanted.pool_tag}, so no prefix there is a pool.", remedy)
        return
    nightly = [word for word, on in (("import", wanted.import_nightly), ("export", wanted.export_nightly)) if on]
    yield ok("NetBox", f"{wanted.url} answers; each night: {' and '.join(nightly) or 'nothing'}.")


def prober(settings: Settings) -> Iterator[Finding]:
    """The blackbox exporter pings, where one is set: asked for its own loopback, which always answers."""
    pings = open_prober(settings)
    if pings is None:
        return
    if not pings.ping(LOOPBACK).received:
        remedy = "Let it send ICMP: CAP_NET_RAW, or net.ipv4.ping_group_range with its group."
        yield warning("ping", f"{pings.where} answers, and gets no echo from its own loopback.", remedy)
        return
    yield ok("ping", f"{pings.where} pings by its module {pings.module}.")


def proxy(settings: Settings) -> Iterator[Finding]:
    """Where a reverse proxy asks for everybody, it is named, or all would count as one."""
    web = settings.web
    if not any(public.startswith("https:") for public in (web.public_origin, web.portal_origin)):
        return
    if web.trusted_proxies:
        yield ok("proxy", f"Believed about who asks: {', '.join(map(str, web.trusted_proxies))}.")
    else:
        yield warning(
            "proxy",
            "Pages are reached by TLS and no proxy is named: audit and limits see everybody at its address.",
            "Set ISP_WEB__TRUSTED_PROXIES to where it asks from; `isp proxy nginx` prints what it must be told.",
        )


def pages(settings: Settings) -> Iterator[Finding]:
    """The servers answer on their ports, unless `isp up` was told to leave them out."""
    host = settings.web.host
    register = noted(settings.var)
    served = {"staff": (host, STAFF), "portal": (host, PORTAL), "api": (settings.api.host, API)}
    started = {c.name for c in register.children} if register and register.supervisor.process() else set(served)
    for name, (host, place) in served.items():
        port = settings.port + place
        if name not in started:
            continue
        if answers_ok(f"http://{host}:{port}/healthz")(0.0):
            yield ok(name, f"http://{host}:{port}/ answers.")
        else:
            yield failed(
                name, f"http://{host}:{port}/healthz does not answer.", f"{START} Its log is in {settings.var}/log."
            )
