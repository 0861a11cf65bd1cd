"""What `isp proxy nginx` prints, by the settings; that nginx takes it and it works is tested with the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from isp_lifecycle.cli.doctor import machine as doctor
from isp_lifecycle.cli.doctor.finding import Health
from isp_lifecycle.cli.proxy import nginx_sites
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.machines import Api
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings

CERTIFICATE, KEY = Path("/etc/ssl/isp.pem"), Path("/etc/ssl/isp.key")


def sites(web: dict[str, object], api: str = "") -> str:
    """The sites of an installation whose ports begin at 8600."""
    settings = Settings(port=8600, web=Web.model_validate(web), api=Api(public_origin=api))
    return nginx_sites(settings, certificate=CERTIFICATE, key=KEY)


def test_each_host_is_a_site_and_plain_http_leads_to_tls() -> None:
    found = sites(
        {"public_origin": "https://ops.isp.test", "portal_origin": "https://my.isp.test"}, "https://api.isp.test"
    )
    assert re.findall(r"server_name (\S+);", found) == [
        name for host in ("ops", "my", "api") for name in [f"{host}.isp.test"] * 2
    ]
    assert re.findall(r"proxy_pass (\S+);", found) == [f"http://127.0.0.1:{port}" for port in (8600, 8601, 8602)]
    assert found.count("return 308 https://$host$request_uri;") == 3
    assert found.count("listen *:443 ssl;") == found.count("listen [::]:443 ssl;") == 3
    assert "ISP_WEB__TRUSTED_PROXIES" in found  # it is yet to be set


def test_one_host_has_a_place_for_each_server() -> None:
    origin = "https://isp.test:8443"
    found = sites({"public_origin": f"{origin}/ops", "portal_origin": origin, "trusted_proxies": ["10.0.0.1"]})
    assert re.findall(r"location (.*) {", found) == ["= /ops", "/ops/", "/"]
    assert re.findall(r"listen (.*);", found) == ["*:8443 ssl", "[::]:8443 ssl"]
    assert "TRUSTED_PROXIES" not in found


def test_doctor_misses_a_proxy_that_is_not_named() -> None:
    found = [
        [(one.health, one.remedy != "") for one in doctor.proxy(Settings(web=Web.model_validate(web)))]
        for web in (
            {},
            {"public_origin": "https://ops.isp.test"},
            {"public_origin": "https://ops.isp.test", "trusted_proxies": ["10.0.0.1"]},
        )
    ]
    assert found == [[], [(Health.WARNING, True)], [(Health.OK, False)]]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Refused, match="No public address is set"):
        sites({})
    with pytest.raises(Refused, match="the same public address"):
        sites({"public_origin": "https://isp.test/a", "portal_origin": "https://isp.test/a/"})
