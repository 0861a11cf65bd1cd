"""Finished reports as pages of their own, in a sandbox: their scripts run, but reach neither cookies nor our pages.

The figures page frames them; nobody else's page may.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.identity import ADDRESS_HEADER, IDENTITY_HEADER, decode
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.views import manager

POLICY = (
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; frame-ancestors 'self'"
)


def reports_router(doors: Doors) -> APIRouter:
    """The route of finished reports; the guard has written who asks."""
    router = APIRouter()

    @router.get("/reports/{run_id}")
    async def report(request: Request, run_id: UUID) -> Response:
        actor = decode(request.headers[IDENTITY_HEADER], address=request.headers[ADDRESS_HEADER]).actor
        try:
            html = await asyncio.to_thread(manager.report_html, doors.window, actor, run_id=run_id)
        except Refused:
            return plain.not_found(doors.settings.company.name)
        headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN", "cache-control": "no-store"}
        return Response(html, media_type="text/html", headers=headers)

    return router
