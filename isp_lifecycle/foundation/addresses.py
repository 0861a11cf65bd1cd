"""Where browsers find the two servers, as settings say it: what an e-mail links to never follows a request's header."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.links import RealmName
from isp_lifecycle.foundation.settings import Settings

#: Offsets of the block of ports that begins at ``settings.port``.
STAFF, PORTAL = 0, 1


class PublicAddressMissing(NeedsPerson):
    """The servers listen on every address, so that none is the one that people are told."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"No e-mail can link to our pages: the servers listen on all addresses and {setting} is empty.",
            field=setting,
            remedy=f"Set {setting} to what browsers show, e.g. https://isp.example; then press Retry.",
        )


def address_of(settings: Settings, realm: RealmName) -> str:
    """The address that pages of this server begin with, without a slash at its end; raises PublicAddressMissing."""
    web = settings.web
    public, port = (web.public_origin, STAFF) if realm == "staff" else (web.portal_origin, PORTAL)
    if public:
        return public.rstrip("/")
    if web.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        raise PublicAddressMissing("ISP_WEB__PUBLIC_ORIGIN" if realm == "staff" else "ISP_WEB__PORTAL_ORIGIN")
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"http://{host}:{settings.port + port}"
