"""Plain pages, made without Panel: sign-in, refusals, errors. They load one style sheet of our own and nothing else."""

from __future__ import annotations

import re
from collections.abc import Container
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.foundation.errors import LifecycleError, Refused
from isp_lifecycle.foundation.texts import LANGUAGES, Text, _, language, n_, said


def _phrase(msgid: str, /, **parts: object) -> Markup:
    """A marked text with markup, or escaped texts, in its places."""
    return Markup(escape(said(Text(msgid, msgid)))).format(**parts)  # noqa: S704 - the text is escaped


def _bold(text: str) -> Markup:
    """A text that stands out."""
    return Markup("<b>{}</b>").format(text)


def _finally(value: object) -> object:
    """What a template shows: a text that was marked, in the language of whoever asks."""
    return said(value) if isinstance(value, Text) else value


#: The path below which browsers see the server that answers; the guard sets it for each request.
BELOW: ContextVar[str] = ContextVar("below", default="")
#: Links to our own pages and files, as templates write them.
_OWN = re.compile(r"""(\s(?:href|src|action)=")(/(?!/))""")
_TEMPLATES = Environment(
    loader=PackageLoader("dashboards"), autoescape=True, undefined=StrictUndefined, finalize=_finally
)
_TEMPLATES.globals |= {"_": _, "n_": n_, "phrase": _phrase, "bold": _bold, "said": said, "languages": LANGUAGES}


def rendered(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page from a template; never kept by a browser."""
    made = _TEMPLATES.get_template(template).render(language=language(), **values)
    body = _OWN.sub(rf"\1{BELOW.get()}\2", made)
    return HTMLResponse(body, status, headers={"cache-control": "no-store"})


def _notice(status: int, brand: str, title: str, text: str, action: str = "", href: str = "") -> Response:
    return rendered("notice.html", status=status, brand=brand, title=title, text=text, action=action, href=href)


def both(error: LifecycleError) -> str:
    """What went wrong and what to do, in the language of whoever asks."""
    return f"{said(error.message)} {said(error.remedy)}"


def not_found(brand: str) -> Response:
    """There is no such page."""
    return _notice(
        404,
        brand,
        _("There is no such page"),
        _("The address may be mistyped, or the page has moved."),
        _("Go to the start"),
        "/",
    )


def forbidden(brand: str, *, page: str, role: str) -> Response:
    """The page is not for this role."""
    text = _(
        "“{page}” is not open to your role ({role}). An administrator can give you another one.", page=page, role=role
    )
    return _notice(403, brand, _("Not for your role"), text, _("Go to your start page"), "/")


def refused(brand: str, error: Refused) -> Response:
    """What was asked cannot be done: why, and what to do."""
    status = 403 if isinstance(error, Forbidden) else 400
    return _notice(status, brand, error.message, error.remedy, _("Go back to the start"), "/")


def stale_form(brand: str) -> Response:
    """A form came from elsewhere, or from a page that is too old."""
    return _notice(
        403, brand, _("This form is out of date"), _("Nothing was done. Open the page again."), _("Open it again"), "/"
    )


def dead_link(brand: str, *, title: str, text: str) -> Response:
    """A link of an e-mail works no more."""
    return _notice(410, brand, title, text, _("Ask for a new link"), "/sign-in/forgotten")


def unavailable(brand: str) -> Response:
    """A part that every page needs does not answer."""
    return _notice(
        503,
        brand,
        _("One moment"),
        _("A part of the system does not answer just now. Try again shortly."),
        _("Try again"),
        "/",
    )


def not_allowed() -> Response:
    """The method is not for this address."""
    return PlainTextResponse("This address is only read.", 405, headers={"allow": "GET, HEAD"})


def redirect(where: str) -> Response:
    """Go elsewhere, by GET."""
    return RedirectResponse(where, 303, headers={"cache-control": "no-store"})


def own_page(wanted: str, routes: Container[str]) -> str:
    """The wanted page when it is one of this server's own, else nothing: a sign-in never leads elsewhere."""
    if any(ord(c) < 0x20 or c == "\\" for c in unquote(wanted)):
        return ""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path not in routes:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
