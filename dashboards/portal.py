"""The customers' portal: ``python -m dashboards.portal``. A process, cookie and secret of its own."""

from __future__ import annotations

from pydantic import SecretStr

from dashboards.main import serve
from dashboards.routes import PORTAL
from dashboards.server import Realm
from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import PORTAL_ROLES
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.secret import portal_key
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.foundation.texts import say


def portal_realm(settings: Settings) -> Realm:
    """What the portal is."""
    return Realm(
        name="portal",
        cookie="isp_portal",
        heading=say("Sign in to your account"),
        roles=PORTAL_ROLES,
        routes=PORTAL,
        folders={},
        folder_router=None,
        port=settings.port + bootstrap.PORTAL,
        public_origin=settings.web.portal_origin,
        homes={"customer": "/my"},
        hint=lambda: say("No account yet? Call {phone}.", phone=settings.company.support_phone),
    )


def main() -> None:
    """Serve the portal."""
    settings = with_its_own(load_settings())
    set_up(level=settings.log_level, form=settings.log_format, process="portal")
    doors = bootstrap.open_portal_doors(settings)
    serve(portal_realm(settings), settings, doors)


def with_its_own(settings: Settings) -> Settings:
    """What signs its page tokens is a secret of its own, and its way to Redis is: the staff's are not for it."""
    own = {"secret_key": SecretStr(portal_key(settings))}
    return settings.model_copy(update=own | {"redis_url": settings.portal_redis_url or settings.redis_url})


if __name__ == "__main__":
    main()
