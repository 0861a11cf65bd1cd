"""Starts one server process: settings, real parts, uvicorn; ends when it is told to."""

from __future__ import annotations

import gc

import uvicorn
from redis.asyncio import Redis

from dashboards.server import Realm, ServerParts, build_server
from isp_lifecycle.bootstrap import Doors, follow_settings, redis_url
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import Settings


def serve(realm: Realm, settings: Settings, doors: Doors) -> None:
    """Serve one realm until the process is told to stop."""
    follow_settings(doors)
    clock = SystemClock()
    parts = ServerParts(
        settings=settings,
        engine=doors.door.engine,
        redis=Redis.from_url(redis_url(settings), health_check_interval=20),
        clock=clock,
        doors=doors,
    )
    server = build_server(realm, parts)
    _keep_what_is_loaded()
    uvicorn.run(
        server.app,
        host=settings.web.host,
        port=realm.port,
        proxy_headers=False,  # dashboards.front believes those of the settings only
        log_config=None,
        access_log=False,
        server_header=False,
        ws_max_size=20 * 1024 * 1024,
        timeout_graceful_shutdown=3,
    )


def _keep_what_is_loaded() -> None:
    """Have the collector look at what pages made, and no more at modules and classes, which are most of all objects.

    It runs when a quarter of what it knows is new: closed pages go sooner, and each run takes less of a page's time.
    """
    gc.collect()
    gc.freeze()
