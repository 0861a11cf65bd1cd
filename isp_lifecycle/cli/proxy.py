"""``isp proxy``: what a reverse proxy before the pages must be told, written from the settings so that it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import typer

from isp_lifecycle.bootstrap import API, PORTAL, STAFF
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings, load_settings

proxy = typer.Typer(help="What a reverse proxy before the pages must be told.", no_args_is_help=True)

#: Every address of both families.
ALL = ("*", "[::]")

HEAD = """\
# Written by `isp proxy nginx`; put it where nginx reads its sites, and write it anew when addresses change.
map $http_upgrade $isp_connection {
  default upgrade;
  ''      '';
}
"""

#: Several processes of one server: whoever is signed in stays with one of them, since that one holds their open pages.
TOGETHER = """\
map $http_cookie $isp_{name} {{
  default $remote_addr;
  "~(?:^|; *)[A-Za-z_-]*{cookie}=(?<isp_{name}_session>[0-9A-Za-z_-]+)" $isp_{name}_session;
}}
upstream isp_{name} {{
  hash $isp_{name} consistent;
{servers}}}
"""

TLS = """\
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers HIGH:!aNULL:!MD5:!kRSA;
  ssl_session_cache shared:isp:10m;
  ssl_session_tickets off;
"""

#: Whom nginx asks for is written anew, never added to: what a browser sends for it goes nowhere.
PLACE = """\
  location {below}/ {{
    proxy_pass http://{backend};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Forwarded "";
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $isp_connection;
    proxy_read_timeout 1h;
  }}
"""

TO_SLASH = """\
  location = {below} {{
    return 308 {below}/;
  }}
"""

ELSEWHERE = """\
  location / {
    return 404;
  }
"""

TO_TLS = """\
server {{
{listens}  server_name {host};
  return 308 https://$host$request_uri;
}}
"""


@dataclass(frozen=True)
class Place:
    """One server of ours as browsers see it, and the port that it listens on."""

    public: SplitResult
    #: What is asked: an address with its port, or several processes by their common name.
    backend: str

    @property
    def below(self) -> str:
        """The path below which it is; empty for the root."""
        return self.public.path.rstrip("/")


@proxy.callback()
def group() -> None:
    """What a reverse proxy before the pages must be told."""


@proxy.command()
def nginx(
    certificate: Annotated[Path, typer.Option(help="The host's certificate, with those that it was signed by.")] = Path(
        "/etc/ssl/certs/isp.pem"
    ),
    key: Annotated[Path, typer.Option(help="Its private key.")] = Path("/etc/ssl/private/isp.key"),
    backend: Annotated[str, typer.Option(help="Where our servers listen; empty = as ISP_WEB__HOST says.")] = "",
    listen: Annotated[
        list[str] | None, typer.Option(help="An address to listen on, such as [::]; all if none.")
    ] = None,
    also: Annotated[
        list[int] | None,
        typer.Option(help="ISP_PORT of a further process of the staff suite (python -m dashboards.staff); repeatable."),
    ] = None,
) -> None:
    """Print the sites of nginx that fit ISP_WEB__PUBLIC_ORIGIN, ISP_WEB__PORTAL_ORIGIN and ISP_API__PUBLIC_ORIGIN."""
    typer.echo(
        nginx_sites(
            load_settings(),
            certificate=certificate,
            key=key,
            backend=backend,
            listen=listen or ALL,
            also=also or (),
        ),
        nl=False,
    )


def nginx_sites(
    settings: Settings,
    *,
    certificate: Path,
    key: Path,
    backend: str = "",
    listen: Sequence[str] = ALL,
    also: Sequence[int] = (),
) -> str:
    """nginx's sites by the settings; one for each host, whose places are the servers that are below it.

    The staff suite may run in several processes, of which ``also`` are the others by their ISP_PORT.
    """
    web = settings.web
    host = backend or ("127.0.0.1" if web.host in ("0.0.0.0", "::") else web.host)  # noqa: S104 - compared, not bound
    staff = [f"{host}:{port + STAFF}" for port in (settings.port, *also)]
    places = [(web.public_origin, "isp_staff" if also else staff[0])]
    places.append((web.portal_origin, f"{host}:{settings.port + PORTAL}"))
    places.append((settings.api.public_origin, f"{host}:{settings.port + API}"))
    found = [Place(urlsplit(public), asked) for public, asked in places if public]
    if not found:
        raise Refused(
            "No public address is set.",
            field="ISP_WEB__PUBLIC_ORIGIN",
            remedy="Set ISP_WEB__PUBLIC_ORIGIN and ISP_WEB__PORTAL_ORIGIN to what browsers show, then ask again.",
        )
    servers = "".join(f"  server {one};\n" for one in staff)
    tls = TLS.format(certificate=certificate, key=key)
    sites: dict[str, list[Place]] = {}
    for place in found:
        sites.setdefault(place.public.netloc, []).append(place)
    return (
        HEAD
        + _trusted(settings)
        + (TOGETHER.format(name="staff", cookie="isp_staff", servers=servers) if also else "")
        + "".join(_site(of_host, tls=tls, listen=listen) for of_host in sites.values())
    )


def _trusted(settings: Settings) -> str:
    """What is to be set besides, where it is not: without it everybody seems to come from the proxy."""
    if settings.web.trusted_proxies:
        return ""
    return '# Set ISP_WEB__TRUSTED_PROXIES to the address from which this proxy asks, such as ["127.0.0.1"].\n'


def _site(places: list[Place], *, tls: str, listen: Sequence[str]) -> str:
    public = places[0].public
    if len({place.below for place in places}) < len(places):
        raise Refused(
            "Two servers have the same public address.",
            field="ISP_WEB__PORTAL_ORIGIN",
            remedy="Give each a path or a host name of its own.",
        )
    secure = public.scheme == "https"
    port = public.port or (443 if secure else 80)
    lines = [f"server {{\n{_listens(listen, port, secure=secure)}  server_name {public.hostname};\n"]
    lines.append(
        f"{tls if secure else ''}  server_tokens off;\n  absolute_redirect off;\n  client_max_body_size 32m;\n"
    )
    for place in places:
        lines.append(TO_SLASH.format(below=place.below) if place.below else "")
        lines.append(PLACE.format(below=place.below, backend=place.backend))
    lines.append(ELSEWHERE if all(place.below for place in places) else "")
    lines.append("}\n")
    if secure and port == 443:
        lines.append(TO_TLS.format(host=public.hostname, listens=_listens(listen, 80, secure=False)))
    return "".join(lines)


def _listens(addresses: Sequence[str], port: int, *, secure: bool) -> str:
    return "".join(f"  listen {address}:{port}{' ssl' if secure else ''};\n" for address in addresses)
