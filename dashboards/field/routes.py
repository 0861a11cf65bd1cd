"""The routes of the phone's page. Blocking work runs in threads; what became of an entry is told in words."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from redis.asyncio import Redis
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, Response

from dashboards.field import documents
from dashboards.field.entries import LARGEST_ENTRY, Sent, entered
from dashboards.identity import ADDRESS_HEADER, IDENTITY_HEADER, SEAL_HEADER, decode
from dashboards.parts.scripts import texts_of
from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.limits import UseLimit
from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors, redis_url
from isp_lifecycle.foundation.errors import LifecycleError, NotFound, Refused
from isp_lifecycle.foundation.texts import _, language, said_within, say
from isp_lifecycle.views import installer, onsite

#: The page keeps its own files, reads and sends here, shows what the camera sees, and nothing else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: A photo or a signature is looked at by itself and may do nothing.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
NEVER_KEPT = {"cache-control": "no-store"}
#: What the page is made of, beside itself; all of it is kept by the phone.
PARTS = (
    "field.css",
    "app.js",
    "store.js",
    "outbox.js",
    "draw.js",
    "capture.js",
    "scan.js",
    "serial.js",
    "icons.js",
    "sheets.js",
    "speak.js",
)

#: What marks texts of the page.
SCRIPTS = tuple(Path(__file__).parent.parent / "assets" / "field" / part for part in PARTS if part.endswith(".js"))
_PAGES = Environment(loader=PackageLoader("dashboards"), autoescape=True, undefined=StrictUndefined)
_PAGES.globals["_"] = _


def version() -> str:
    """Changes with every file of the page, so that phones take the new ones."""
    folder = files("dashboards") / "assets" / "field"
    read = b"".join((folder / name).read_bytes() for name in PARTS)
    page = (files("dashboards") / "templates" / "field.html").read_bytes()
    return hashlib.sha256(read + page).hexdigest()[:16]


def field_router(doors: Doors) -> APIRouter:
    """The routes of the phone's page and of what was kept of visits."""
    page, router = Phone(doors), APIRouter()
    router.add_api_route("/field/", page.page, methods=["GET"])
    router.add_api_route("/field/worker.js", page.worker, methods=["GET"])
    router.add_api_route("/field/today", page.today, methods=["GET"])
    router.add_api_route("/field/visits/{code}", page.visit, methods=["GET"])
    router.add_api_route("/field/visits/{code}/onts", page.onts, methods=["GET"])
    router.add_api_route("/field/entries/{key}", page.enter, methods=["POST"])
    router.add_api_route("/kept/{entry_id}", page.kept, methods=["GET"])
    return router


class Phone:
    """What the phone's page asks and sends."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._version = version()
        settings = doors.settings
        self._limit = UseLimit(
            redis=Redis.from_url(redis_url(doors.settings)),
            name="field:entries",
            many=lambda: settings.field.entries_per_hour,
            window=timedelta(hours=1),
        )

    @property
    def _spoken_version(self) -> str:
        """Of the page as it stands in the language of who asks: a phone that gets another one keeps that."""
        return f"{self._version}-{language()}"

    async def page(self) -> Response:
        """The page itself: the same for everybody who reads this language, so that a phone may keep it."""
        html = _PAGES.get_template("field.html").render(
            brand=self._doors.settings.company.name,
            version=self._spoken_version,
            language=language(),
            texts=Markup(_in_script(texts_of(*SCRIPTS))),  # noqa: S704 - nothing in it can end the script
        )
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return Response(html, media_type="text/html", headers=headers)

    async def worker(self) -> Response:
        """The script that keeps the page's files, and answers with them where there is no reception."""
        source = (files("dashboards") / "assets" / "field" / "worker.js").read_text(encoding="utf-8")
        source = source.replace("{{version}}", self._spoken_version).replace("{{parts}}", json.dumps(PARTS))
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return Response(source, media_type="text/javascript", headers=headers)

    async def today(self, request: Request) -> Response:
        """The day of who asks, with the seal for what this session sends."""
        day = await self._asked(request, onsite.my_day)
        if isinstance(day, Response):
            return day
        reasons = await self._asked(request, onsite.reasons)
        document = documents.day(day, actor=_actor(request), settings=self._doors.settings, reasons=reasons)
        return _json({**document, "seal": request.headers[SEAL_HEADER], "version": self._spoken_version})

    async def visit(self, request: Request, code: str) -> Response:
        """One visit as it is now: how far the steps are."""
        one = await self._asked(request, onsite.on_site, visit_code=code)
        return one if isinstance(one, Response) else _json(documents.visit(one, self._doors.settings))

    async def onts(self, request: Request, code: str) -> Response:
        """Which new ONTs the visit's OLT sees now; it is asked itself, which takes a second or more."""
        found = await self._asked(request, installer.unconfigured, visit_code=code)
        return found if isinstance(found, Response) else _json(documents.onts(found, self._doors.settings))

    async def enter(self, request: Request, key: UUID) -> Response:
        """Take one entry; answered with what became of it. Sent again it is answered with the same."""
        actor = _actor(request)
        if wait := await self._limit.over(actor.username):
            words = _("Too much was sent in an hour. It is sent again by itself.")
            return _json({"became": "later", "message": words}, 429, {"retry-after": str(wait)})
        try:
            sent = await _sent(request, key)
            done = await asyncio.to_thread(entered, self._doors.door, actor, sent)
        except Forbidden as error:
            return _json({"became": "refused", **_words(error)}, 403)
        except Refused as error:
            return _json({"became": "refused", **_words(error)})
        except LifecycleError as error:  # something does not answer: the phone keeps it and sends it again
            return _json({"became": "later", **_words(error)}, 503)
        return _json({"became": "taken", "kind": done.kind, "words": done.words})

    async def kept(self, request: Request, entry_id: UUID) -> Response:
        """A photo or a signature, for who may see the visit."""
        file = await self._asked(request, onsite.kept_file, entry_id=entry_id)
        if isinstance(file, Response):
            return file
        headers = {
            "content-security-policy": FILE_POLICY,
            "content-disposition": f'inline; filename="{file.name}"',
            "cache-control": "private, no-store",
        }
        return Response(file.content, media_type=file.media_type, headers=headers)

    async def _asked(self, request: Request, view: Callable[..., Any], **named: Any) -> Any:
        """What a view shows, or the answer that says why it shows nothing."""
        try:
            return await asyncio.to_thread(view, self._doors.window, _actor(request), **named)
        except NotFound as error:
            return _json(_words(error), 404)
        except Forbidden as error:
            return _json(_words(error), 403)


async def _sent(request: Request, key: UUID) -> Sent:
    """What was sent, read no further than an entry may be long."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_ENTRY:
        raise Refused(
            say("This entry is too large."),
            field="entry",
            remedy=say("At most {largest_entry} kB are taken at a time.", largest_entry=LARGEST_ENTRY // 1000),
        )
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            text, file = form.get("entry"), form.get("file")
            content = b"" if file is None or isinstance(file, str) else await file.read()
            return Sent.read(key=key, text=text if isinstance(text, str) else "", content=content)
    except MultiPartException as error:
        raise Refused(say("This entry cannot be read."), field="entry", remedy=say("Write it down anew.")) from error


def _actor(request: Request) -> Actor:
    return decode(request.headers[IDENTITY_HEADER], address=request.headers[ADDRESS_HEADER]).actor


def _in_script(document: Any) -> str:
    """JSON that may stand within a page's script element, whatever texts it has."""
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")


def _words(error: LifecycleError) -> dict[str, str]:
    return {"message": error.message, "remedy": error.remedy}


def _json(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(said_within(document), status, {**NEVER_KEPT, **(headers or {})})
