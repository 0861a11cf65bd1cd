"""The HTTP API: ``python -m isp_lifecycle.api``. A process of its own, since it serves other companies' machines."""

from __future__ import annotations

import uvicorn

from isp_lifecycle import bootstrap
from isp_lifecycle.api.app import build_api
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import load_settings


def main() -> None:
    """Serve until the process is told to stop."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="api")
    doors = bootstrap.open_doors(settings, application="api")
    bootstrap.follow_settings(doors)
    uvicorn.run(
        build_api(doors),
        host=settings.api.host,
        port=settings.port + bootstrap.API,
        proxy_headers=True,
        forwarded_allow_ips=[str(network) for network in settings.web.trusted_proxies],
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
