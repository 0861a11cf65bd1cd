"""The staff suite: ``python -m dashboards.staff``."""

from __future__ import annotations

from fastapi import APIRouter

from dashboards.documents import documents_router
from dashboards.exports import exports_router
from dashboards.field.routes import field_router
from dashboards.main import serve
from dashboards.parts.banner import pause_banner
from dashboards.reports import reports_router
from dashboards.routes import HOMES, STAFF, STAFF_FOLDERS
from dashboards.server import Realm
from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import STAFF_ROLES
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.foundation.texts import say


def staff_realm(settings: Settings) -> Realm:
    """What the staff suite is."""
    return Realm(
        name="staff",
        cookie="isp_staff",
        heading=say("Sign in to the staff suite"),
        roles=STAFF_ROLES,
        routes=STAFF,
        folders=STAFF_FOLDERS,
        folder_router=folders_router,
        port=settings.port + bootstrap.STAFF,
        public_origin=settings.web.public_origin,
        homes=HOMES,
        second_factors=True,
        hint=say("Customers sign in at the portal."),
        above=pause_banner,
    )


def folders_router(doors: bootstrap.Doors) -> APIRouter:
    """What stands behind the guard beside the pages."""
    router = APIRouter()
    for one in (reports_router(doors), exports_router(doors), documents_router(doors), field_router(doors)):
        router.include_router(one)
    return router


def main() -> None:
    """Serve the staff suite."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="staff")
    serve(staff_realm(settings), settings, bootstrap.open_doors(settings, application="staff"))


if __name__ == "__main__":
    main()
