"""Lists as files: what a list shows, all of it, as CSV or XLSX. Each is noted in the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.identity import ADDRESS_HEADER, IDENTITY_HEADER, decode
from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import lists as intake
from isp_lifecycle.views.lists.model import Asked
from isp_lifecycle.views.lists.reading import Row
from isp_lifecycle.views.lists.sheets import FORMS, as_csv, as_xlsx
from isp_lifecycle.views.lists.shipped import LISTS


def exports_router(doors: Doors) -> APIRouter:
    """The route of exports; the guard has written who asks."""
    router = APIRouter()

    @router.get("/lists/{name}.{form}")
    async def export(request: Request, name: str, form: str) -> Response:
        actor = decode(request.headers[IDENTITY_HEADER], address=request.headers[ADDRESS_HEADER]).actor
        if name not in LISTS or form not in FORMS:
            return plain.not_found(doors.settings.company.name)
        try:
            content = await asyncio.to_thread(_made, doors, actor, name, form, dict(request.query_params))
        except Refused as error:
            return plain.refused(doors.settings.company.name, error)
        today = clocks.today(clock=doors.window.clock, zone=doors.settings.company.tz)
        headers = {
            "content-disposition": f'attachment; filename="{name}-{today}.{form}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=FORMS[form], headers=headers)

    return router


def _made(doors: Doors, actor: Actor, name: str, form: str, query: Mapping[str, str]) -> bytes:
    """Read, write, note: what cannot be noted is not given away."""
    spec, _page, whole = LISTS[name]
    asked = Asked.read(spec, query)
    zone, many = doors.settings.company.tz, 0

    def counted(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal many
        for many, row in enumerate(rows, start=1):  # noqa: B007 - kept for the audit
            yield row

    def written(rows: Iterator[Row]) -> bytes:
        rows = counted(rows)
        return as_csv(spec.columns, rows, zone) if form == "csv" else as_xlsx(spec.columns, rows, zone, spec.title)

    content: bytes = whole(doors.window, actor, asked=asked, into=written)
    intake.note_export(doors.door, actor, list_name=name, query=asked.query(without_page=True), rows=many, form=form)
    return content
