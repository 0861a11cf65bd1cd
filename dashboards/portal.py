"""The customers' portal: ``python -m dashboards.portal``. A process, cookie and secret of its own."""

from __future__ import annotations

from dashboards.main import serve
from dashboards.routes import PORTAL
from dashboards.server import Realm
from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import PORTAL_ROLES
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import Settings, load_settings


def portal_realm(settings: Settings) -> Realm:
    """What the portal is."""
    return Realm(
        name="portal",
        cookie="isp_portal",
        heading="Sign in to your account",
        roles=PORTAL_ROLES,
        routes=PORTAL,
        folders={},
        folder_router=None,
        port=settings.port + bootstrap.PORTAL,
        public_origin=settings.web.portal_origin,
        homes={"customer": "/my"},
        hint=f"No account yet? Call {settings.company.support_phone}.",
    )


def main() -> None:
    """Serve the portal."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="portal")
    serve(portal_realm(settings), settings, bootstrap.open_doors(settings, application="portal"))


if __name__ == "__main__":
    main()
