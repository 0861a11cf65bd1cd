"""Every refusal as problem details (RFC 9457), with the field, the value and what to do about it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from isp_lifecycle.access.errors import Forbidden, TokenRefused, TooManyAttempts, TooManyRequests
from isp_lifecycle.foundation.errors import IllegalMove, LifecycleError, NotFound, Refused, Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.intake.errors import AddressTaken, BegunAlready, NotYours, PremisesServed

MEDIA_TYPE = "application/problem+json"
_log = log(__name__)

#: The first that an error is one of decides; what stands in the way of a right request is a conflict.
STATUS: tuple[tuple[type[LifecycleError], int, str], ...] = (
    (TokenRefused, 401, "This token lets nobody in"),
    (Forbidden, 403, "Not allowed"),
    (NotYours, 404, "Not found"),
    (NotFound, 404, "Not found"),
    (TooManyRequests, 429, "Too many requests"),
    (TooManyAttempts, 429, "Too many requests"),
    (IllegalMove, 409, "Something stands in the way"),
    (PremisesServed, 409, "Something stands in the way"),
    (AddressTaken, 409, "Something stands in the way"),
    (BegunAlready, 409, "Something stands in the way"),
    (Refused, 422, "The request is wrong"),
    (Unreachable, 503, "A part does not answer"),
    (LifecycleError, 500, "A person must look at this"),
)


def add_handlers(app: FastAPI) -> None:
    """Answer every error so."""
    app.add_exception_handler(LifecycleError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)


def problem(status: int, title: str, detail: str, **more: Any) -> JSONResponse:
    """A problem document; whatever is empty is left out."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    document |= {name: value for name, value in more.items() if value not in (None, "", [])}
    return JSONResponse(document, status, media_type=MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LifecycleError)
    status, title = next((s, t) for kind, s, t in STATUS if isinstance(error, kind))
    # Whether there is such a thing of somebody else is not told apart.
    hidden = isinstance(error, NotYours)
    answer = problem(
        status,
        title,
        f"There is no service or order {error.value}." if hidden else error.message,
        field=error.field,
        value=None if error.value is None else str(error.value)[:200],
        remedy="Check the number and ask again." if hidden else error.remedy,
    )
    if isinstance(error, TokenRefused):
        answer.headers["www-authenticate"] = 'Bearer realm="isp", error="invalid_token"'
    if isinstance(error, TooManyRequests):
        answer.headers["retry-after"] = str(max(1, int(error.wait.total_seconds())))
    _log.info("refused", path=request.url.path, status=status, kind=type(error).__name__)
    return answer


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": ".".join(str(part) for part in one["loc"][1:]), "detail": one["msg"]} for one in error.errors()]
    first = wrong[0]
    return problem(
        422, "The request is malformed", f"{first['field']}: {first['detail']}", field=first["field"], errors=wrong
    )


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), str(error.detail))
