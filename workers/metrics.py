"""Metrics and health for the operator's monitoring: ``python -m workers.metrics`` serves three pages, read-only.

``/metrics`` for Prometheus; ``/healthz``: the foundations answer; ``/readyz``: the engine works besides. The latter two
are JSON, with status 503 and the reason when something is not well. There is no sign-in: it listens on the loopback
unless told otherwise, and shows counts, never a customer.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from isp_lifecycle import bootstrap
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.logs import log, set_up
from isp_lifecycle.foundation.settings import load_settings
from workers import health
from workers.measured import EngineMeasures

_log = log(__name__)

#: What answers a request: status, kind of content, content.
type Answer = tuple[int, str, bytes]


def server(doors: Doors, *, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens; it serves once ``serve_forever`` is called."""
    registry = CollectorRegistry()
    registry.register(EngineMeasures(doors.window, keep_seconds=doors.settings.metrics.keep_seconds))

    def metrics(accept: str) -> Answer:
        encode, kind = choose_encoder(accept)
        return 200, kind, encode(registry)

    pages: dict[str, Callable[[str], Answer]] = {
        "/metrics": metrics,
        "/healthz": lambda _accept: _told(health.foundations(doors)),
        "/readyz": lambda _accept: _told(health.working(doors)),
    }

    class Pages(BaseHTTPRequestHandler):
        """Answers GET and nothing else."""

        timeout = 10

        def do_GET(self) -> None:
            """One page."""
            page = pages.get(self.path.partition("?")[0])
            answer = page(self.headers.get("Accept", "")) if page else _json(404, {"pages": sorted(pages)})
            status, kind, content = answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """A scrape every few seconds is no news."""
            _log.debug("served", line=format % args)

    return ThreadingHTTPServer((host, port), Pages)


def _told(checks: tuple[health.Check, ...]) -> Answer:
    well = all(check.ok for check in checks)
    return _json(200 if well else 503, {"ok": well, "checks": [asdict(check) for check in checks]})


def _json(status: int, document: object) -> Answer:
    return status, "application/json", json.dumps(document).encode()


def main() -> None:
    """Serve until TERM or INT."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="metrics")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of each look at the schema's version
    port = settings.metrics.port or settings.port + bootstrap.METRICS
    doors = bootstrap.open_doors(settings, application="metrics")
    bootstrap.follow_settings(doors)
    with server(doors, host=settings.metrics.host, port=port) as serving:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_signal: threading.Thread(target=serving.shutdown).start())
        _log.info("metrics_served", host=settings.metrics.host, port=port)
        serving.serve_forever()


if __name__ == "__main__":
    main()
