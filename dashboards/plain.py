"""Plain pages, made without Panel: sign-in, refusals, errors. They load one style sheet of our own and nothing else."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from dashboards.route import Routes

_TEMPLATES = Environment(loader=PackageLoader("dashboards"), autoescape=True, undefined=StrictUndefined)


def rendered(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page from a template; never kept by a browser."""
    body = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(body, status, headers={"cache-control": "no-store"})


def _notice(status: int, brand: str, title: str, text: str, action: str = "", href: str = "") -> Response:
    return rendered("notice.html", status=status, brand=brand, title=title, text=text, action=action, href=href)


def not_found(brand: str) -> Response:
    """There is no such page."""
    return _notice(
        404,
        brand,
        "There is no such page",
        "The address may be mistyped, or the page has moved.",
        "Go to the start",
        "/",
    )


def forbidden(brand: str, *, page: str, role: str) -> Response:
    """The page is not for this role."""
    text = f"“{page}” is not open to your role ({role}). An administrator can give you another one."
    return _notice(403, brand, "Not for your role", text, "Go to your start page", "/")


def stale_form(brand: str) -> Response:
    """A form came from elsewhere, or from a page that is too old."""
    return _notice(
        403, brand, "This form is out of date", "Nothing was done. Open the page again.", "Open it again", "/"
    )


def unavailable(brand: str) -> Response:
    """A part that every page needs does not answer."""
    return _notice(
        503, brand, "One moment", "A part of the system does not answer just now. Try again shortly.", "Try again", "/"
    )


def not_allowed() -> Response:
    """The method is not for this address."""
    return PlainTextResponse("This address is only read.", 405, headers={"allow": "GET, HEAD"})


def redirect(where: str) -> Response:
    """Go elsewhere, by GET."""
    return RedirectResponse(where, 303, headers={"cache-control": "no-store"})


def own_page(wanted: str, routes: Routes) -> str:
    """The wanted page when it is one of this server's own, else nothing: a sign-in never leads elsewhere."""
    if any(ord(c) < 0x20 or c == "\\" for c in unquote(wanted)):
        return ""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path not in routes:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
