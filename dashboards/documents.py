"""Documents of customers as files: given to who may read them, and each told to the audit trail first."""

from __future__ import annotations

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards import plain
from dashboards.identity import ADDRESS_HEADER, IDENTITY_HEADER, decode
from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import documents as intake
from isp_lifecycle.views.customers import documents as views
from isp_lifecycle.views.customers.documents import DocumentFile

#: Whatever somebody brought never becomes a page of ours: it is saved and not shown, and taken for what it is.
HEADERS = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}


def documents_router(doors: Doors) -> APIRouter:
    """The route of documents; the guard has written who asks."""
    router = APIRouter()

    @router.get("/documents/{document_id}")
    async def document(request: Request, document_id: str) -> Response:
        actor = decode(request.headers[IDENTITY_HEADER], address=request.headers[ADDRESS_HEADER]).actor
        try:
            file = await asyncio.to_thread(_given, doors, actor, UUID(document_id))
        except ValueError:
            return plain.not_found(doors.settings.company.name)
        except Refused as error:
            return plain.refused(doors.settings.company.name, error)
        saved = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return Response(file.content, media_type=file.media_type, headers={**HEADERS, "content-disposition": saved})

    return router


def _given(doors: Doors, actor: Actor, document_id: UUID) -> DocumentFile:
    """Read and note: what cannot be noted is not given away."""
    file = views.document_file(doors.window, actor, document_id=document_id)
    intake.note_opened(doors.door, actor, document_id=document_id)
    return file
