"""The ASGI application."""

from __future__ import annotations

from importlib.metadata import version

import redis
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isp_lifecycle.access.limits import RequestLimit
from isp_lifecycle.api.bearer import Bearer
from isp_lifecycle.api.problem import add_handlers
from isp_lifecycle.api.routes import router
from isp_lifecycle.bootstrap import Doors, redis_url

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
#: The largest request; an order is some hundred bytes.
MOST_BYTES = 100_000


def build_api(doors: Doors) -> ASGIApp:
    """The API on these doors; nothing is connected until the first request."""
    settings = doors.settings
    limit = RequestLimit(
        redis=redis.Redis.from_url(redis_url(settings), health_check_interval=20),
        per_minute=lambda: settings.api.requests_per_minute,
        wrong=lambda: settings.api.wrong_tokens,
    )
    app = FastAPI(
        title="ISP Lifecycle",
        version=version("isp-lifecycle"),
        description="Orders, services and what stands still, for partners and machines, in TM Forum's shapes.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.api.documents else None,
    )
    add_handlers(app)
    app.include_router(router(Bearer(doors, limit)))
    app.add_api_route("/healthz", healthz, methods=["GET"], include_in_schema=False)
    return Plain(app)


async def healthz() -> dict[str, bool]:
    """The process answers."""
    return {"ok": True}


class Plain:
    """Requests of a bounded size and without cookies; answers that nobody keeps, frames or guesses at."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                return {"type": "http.disconnect"}
            return message

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
        await self.app({**scope, "headers": kept}, bounded, answered)
