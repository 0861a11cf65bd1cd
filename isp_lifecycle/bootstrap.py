"""The one place that chooses real parts from settings and hands them out; every process begins here."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import sqlalchemy as sa

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.both import Both
from isp_lifecycle.aaa.coa import DynamicAuthorization
from isp_lifecycle.aaa.kea import Kea, Leases
from isp_lifecycle.aaa.kea6 import Kea6
from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.aaa.ports import SignOn
from isp_lifecycle.aaa.radius import Radius, Rules
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.access.ports import Directory, Provider
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.crm.ports import CrmSender
from isp_lifecycle.crm.webhook import Webhook
from isp_lifecycle.drivers.access import ReadingAccount
from isp_lifecycle.drivers.contract import OltAccess, OltProfile, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.drivers.registry import open_session
from isp_lifecycle.events.model import OutlineStep
from isp_lifecycle.foundation import addresses
from isp_lifecycle.foundation.claims import PORTAL_ROLE
from isp_lifecycle.foundation.clock import Clock, SystemClock
from isp_lifecycle.foundation.db import open_engine, read
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.secret import portal_key
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.vault import vault_of
from isp_lifecycle.intake import plant
from isp_lifecycle.intake.door import Door
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import SignIn
from isp_lifecycle.ipam.netbox import NetBox
from isp_lifecycle.ipam.ports import Place
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.overrides import actions as overrides
from isp_lifecycle.reports.ports import NoReporter, Reporter
from isp_lifecycle.telemetry.prober import Prober
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.registry import WORKFLOWS

#: Offsets of the block of ports that begins at ``settings.port``.
STAFF, PORTAL = addresses.STAFF, addresses.PORTAL
API, LAB_CONTROL, SMTP, POSTGRES, REDIS, METRICS, FIRST_OLT = 2, 3, 4, 5, 6, 7, 20


#: An account of this name's ending lets the device itself see to it that a person at a terminal only reads.
FOR_READING = "_reading"


class SettingMissing(NeedsPerson):
    """Something is needed that no setting says."""


class PortalTooStrong(NeedsPerson):
    """The portal would come into the database as somebody who may see what is not its customers' own."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"ISP_PORTAL_DATABASE_URL signs in as {role}, which is not the portal's own role {PORTAL_ROLE}.",
            field="ISP_PORTAL_DATABASE_URL",
            value=role,
            remedy="Run `isp db portal-role`: it prints what to run on the server once, and the right setting.",
        )


@dataclass(frozen=True)
class Doors:
    """The two doors of a face: changes go in by one, everything that is shown comes out by the other."""

    door: Door
    window: Window
    settings: Settings


def database_url(settings: Settings) -> str:
    """Where PostgreSQL is; raises SettingMissing when neither a setting nor `isp up` says it."""
    if settings.database_url is None:
        raise SettingMissing(
            "No database is known.",
            field="DATABASE_URL",
            remedy="Start the embedded one with `isp up`, or set DATABASE_URL to your own PostgreSQL.",
        )
    return settings.database_url.get_secret_value()


def portal_database_url(settings: Settings) -> str:
    """Where PostgreSQL is for the portal's own role; raises SettingMissing when neither a setting nor `isp up` says."""
    if settings.portal_database_url is None:
        raise SettingMissing(
            "The portal's own way into the database is not known.",
            field="ISP_PORTAL_DATABASE_URL",
            remedy="Run `isp db portal-role`: it prints what to run on the server once, and this setting.",
        )
    return settings.portal_database_url.get_secret_value()


def redis_url(settings: Settings) -> str:
    """Where Redis is; raises SettingMissing when neither a setting nor `isp up` says it."""
    if settings.redis_url is None:
        raise SettingMissing(
            "No Redis is known.",
            field="REDIS_URL",
            remedy="Start the embedded one with `isp up`, or set REDIS_URL to your own Redis.",
        )
    return settings.redis_url.get_secret_value()


def open_database(settings: Settings, *, application: str, pool_size: int = 5) -> sa.Engine:
    """A pool of connections to the database."""
    return open_engine(database_url(settings), application=f"isp {application}", pool_size=pool_size)


def open_doors(settings: Settings, *, application: str, clock: Clock | None = None) -> Doors:
    """What a page, the API, the CLI or a notebook works with."""
    engine = open_database(settings, application=application)
    overrides.bring(settings, engine=engine)
    clock = clock or SystemClock()
    return Doors(
        door=Door(engine=engine, clock=clock, settings=settings),
        window=Window(
            engine=engine,
            clock=clock,
            settings=settings,
            olts=open_olts(settings, engine, clock),
            accounts=open_accounts(settings, application=application),
            leases=open_leases(settings, application=application),
            prober=open_prober(settings),
            directories=open_directories(settings, clock),
            providers=open_providers(settings, clock),
        ),
        settings=settings,
    )


def follow_settings(doors: Doors) -> None:
    """Have a process that lives long follow what an administrator changes of its settings, from a thread of its own."""
    overrides.follow(doors.settings, engine=doors.door.engine)


def open_portal_doors(settings: Settings, *, clock: Clock | None = None) -> Doors:
    """What the portal works with: the same doors, into a database of which it reaches what is its customers' own.

    Raises SettingMissing, and PortalTooStrong where it would be let in as somebody who may see everything.
    """
    engine = open_engine(portal_database_url(settings), application="isp portal", claim_key=portal_key(settings))
    require_weak(engine)
    overrides.bring(settings, engine=engine)
    clock = clock or SystemClock()
    return Doors(
        door=Door(engine=engine, clock=clock, settings=settings),
        window=Window(engine=engine, clock=clock, settings=settings, olts=Olts([])),
        settings=settings,
    )


_STRENGTH = f"""
    SELECT current_user AS name, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
           OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('users')), 'MEMBER') AS strong,
           CASE WHEN to_regrole('{PORTAL_ROLE}') IS NULL THEN false
                ELSE pg_has_role('{PORTAL_ROLE}', 'USAGE') END AS portal
    FROM pg_roles r WHERE r.rolname = current_user
"""  # noqa: S608 - the role is a constant


def require_weak(engine: sa.Engine) -> None:
    """Refuse a role for the portal that is not the portal's, or owns the tables. Raises PortalTooStrong."""
    with read(engine) as tx:
        row = tx.execute(sa.text(_STRENGTH)).one()
    if row.strong or not row.portal:
        raise PortalTooStrong(row.name)


def open_parts(
    settings: Settings,
    *,
    application: str,
    clock: Clock | None = None,
    reporter: Reporter | None = None,
) -> Parts:
    """What a worker's workflows work with."""
    engine = open_database(settings, application=application, pool_size=settings.engine.olts_at_once + 4)
    overrides.bring(settings, engine=engine)
    return Parts(
        engine=engine,
        clock=clock or SystemClock(),
        settings=settings,
        olts=open_olts(settings, engine),
        sign_on=open_sign_on(settings, application=application),
        crm=open_crm(settings),
        mailer=open_mailer(settings),
        reporter=reporter or NoReporter(),
    )


def open_sign_on(settings: Settings, *, application: str) -> SignOn:
    """The servers that lines are let on by: RADIUS, DHCP, both or none; raises SettingMissing."""
    parts = open_sign_on_servers(settings, application=application)
    if len(parts) == 1:
        return parts[0]
    return Both(parts) if parts else NotConnected()


def open_sign_on_servers(settings: Settings, *, application: str) -> tuple[Radius | Kea | Kea6, ...]:
    """The servers that are set, the one that knows live sessions last: an address is reserved before it is used."""
    opened = (
        open_kea(settings, application=application),
        open_kea6(settings, application=application),
        open_radius(settings, application=application),
    )
    return tuple(server for server in opened if server is not None)


def open_accounts(settings: Settings, *, application: str) -> Accounts | None:
    """FreeRADIUS's accounts, where it is set: to look at sessions and usage."""
    url = settings.radius.database_url
    if url is None:
        return None
    engine = open_engine(url.get_secret_value(), application=f"isp {application} accounts", pool_size=2)
    return Accounts(Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", engine))


def open_leases(settings: Settings, *, application: str) -> Leases | None:
    """Kea's reservations and leases, where it is set: to look at."""
    url = settings.kea.database_url
    if url is None:
        return None
    engine = open_engine(url.get_secret_value(), application=f"isp {application} leases", pool_size=2)
    return Leases(Server("Kea", "ISP_KEA__DATABASE_URL", engine))


def open_prober(settings: Settings) -> Prober | None:
    """What pings customers' addresses, where it is set."""
    probe = settings.probe
    if not probe.url:
        return None
    trust = str(probe.trust) if probe.trust else None
    return Prober(probe.url, module=probe.module, packets=probe.packets, trust=trust)


def open_directories(settings: Settings, clock: Clock) -> dict[str, Directory]:
    """The directories that staff sign in by, in the order of the settings. None is connected before it is asked."""
    if not settings.directories:
        return {}  # ldap3 takes a third of a second to load, and most commands have no use for it
    from isp_lifecycle.access.directory.ldap import LdapDirectory  # noqa: PLC0415

    return {name: LdapDirectory(name, found, clock=clock) for name, found in settings.directories.items()}


def open_radius(settings: Settings, *, application: str) -> Radius | None:
    """FreeRADIUS, where it is set; raises SettingMissing when it is and no secret for the lines is."""
    radius = settings.radius
    if radius.database_url is None:
        return None
    line_secret = radius.line_secret.get_secret_value()
    if not line_secret:
        raise SettingMissing(
            "RADIUS is connected, and there is nothing that lines' passwords could be made of.",
            field="ISP_RADIUS__LINE_SECRET",
            remedy="Set ISP_RADIUS__LINE_SECRET to a long random text, keep it, and start again.",
        )
    engine = open_engine(
        radius.database_url.get_secret_value(), application=f"isp {application}", pool_size=settings.engine.olts_at_once
    )
    return Radius(
        server=Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", engine),
        gateways=DynamicAuthorization(port=radius.coa_port, timeout=radius.coa_timeout_seconds),
        rules=Rules(
            vendors=radius.vendors,
            open_filter=radius.open_filter,
            walled_filter=radius.walled_filter,
            walled_vlan=settings.network.walled_garden_vlan,
            line_secret=line_secret,
            shared_password=radius.passwords == "shared",
            bind_circuit=radius.bind_circuit,
            coa_secret=radius.coa_secret.get_secret_value(),
        ),
    )


def open_kea(settings: Settings, *, application: str) -> Kea | None:
    """Kea, where it is set."""
    kea = settings.kea
    if kea.database_url is None:
        return None
    engine = open_engine(
        kea.database_url.get_secret_value(), application=f"isp {application}", pool_size=settings.engine.olts_at_once
    )
    return Kea(
        server=Server("Kea", "ISP_KEA__DATABASE_URL", engine),
        subnets={IPv4Network(prefix): number for prefix, number in kea.subnets.items()},
        identifier=kea.identifier,
        walled_vlan=settings.network.walled_garden_vlan,
        walled_class=kea.walled_class,
        walled_subnet=kea.walled_subnet,
    )


def open_kea6(settings: Settings, *, application: str) -> Kea6 | None:
    """Kea's DHCPv6 server, where its subnets are set."""
    kea = settings.kea
    if kea.database_url is None or not kea.subnets6:
        return None
    engine = open_engine(
        kea.database_url.get_secret_value(), application=f"isp {application}", pool_size=settings.engine.olts_at_once
    )
    return Kea6(
        server=Server("Kea (IPv6)", "ISP_KEA__DATABASE_URL", engine),
        subnets={IPv6Network(prefix): number for prefix, number in kea.subnets6.items()},
        walled_vlan=settings.network.walled_garden_vlan,
        walled_class=kea.walled_class,
    )


def outlines() -> dict[str, tuple[OutlineStep, ...]]:
    """The steps of every workflow as they are today, by subscriber: what a past is invented by."""
    return {name: workflow.outline() for name, workflow in WORKFLOWS.items()}


def open_olts(settings: Settings, engine: sa.Engine, clock: Clock | None = None) -> Olts:
    """Sessions with the OLTs of the inventory, signed in by the account that each names.

    Accounts stand in the database, sealed, or else in the settings; which holds is asked at each use.

    An OLT's SSH host key is recorded when it is first reached; another one is refused until somebody accepts it.
    """
    door = Door(engine=engine, clock=clock or SystemClock(), settings=settings)
    vault = vault_of(settings)

    def access(name: str) -> OltAccess:
        with read(engine) as tx:
            olt = inventory.olt_by_name(tx=tx, name=name)
            account = inventory.device_sign_in(tx=tx, vault=vault, name=olt.credentials)
            reading = inventory.device_sign_in(tx=tx, vault=vault, name=f"{olt.credentials}{FOR_READING}")
        account = account or _of_settings(settings, olt.credentials)
        reading = reading or _of_settings(settings, f"{olt.credentials}{FOR_READING}")
        if account is None:
            raise SettingMissing(
                say("There is no device account {account} for {olt}.", account=repr(olt.credentials), olt=name),
                field="credentials",
                value=olt.credentials,
                remedy=say(
                    "Have an administrator run `isp secrets set {account}`, then press Retry.",
                    account=olt.credentials,
                ),
            )
        network = settings.network
        return OltAccess(
            name=olt.name,
            vendor=olt.vendor,
            host=olt.host,
            port=olt.port,
            username=account.username,
            password=account.password,
            enable_password=account.enable_password,
            host_key=olt.host_key or "",
            read_timeout=network.read_timeout_seconds,
            profile=OltProfile(
                line_profile_id=network.line_profile_id,
                service_profile_id=network.service_profile_id,
                ont_type=network.ont_type,
            ),
            reading=ReadingAccount(reading.username, reading.password, reading.enable_password) if reading else None,
        )

    def first_seen(name: str, key: str) -> str:
        return plant.first_host_key(door, SYSTEM, olt=name, host_key=key)

    return Olts(access, refused_seconds=lambda: settings.network.refused_login_seconds, first_seen=first_seen)


def _of_settings(settings: Settings, name: str) -> SignIn | None:
    found = settings.credentials.get(name)
    if found is None:
        return None
    return SignIn(found.username, found.password.get_secret_value(), found.enable_password.get_secret_value())


def open_crm(settings: Settings) -> CrmSender:
    """The CRM's adapter."""
    if settings.crm.adapter == "webhook":
        return Webhook(settings.crm.url, settings.crm.token.get_secret_value())
    return FileDrop(settings.crm.folder or settings.var / "crm")


def open_netbox(settings: Settings) -> NetBox:
    """NetBox; raises SettingMissing when its address or the token is not set."""
    netbox = settings.netbox
    for name, given in (("URL", netbox.url), ("TOKEN", netbox.token.get_secret_value())):
        if not given:
            variable = f"ISP_NETBOX__{name}"
            remedy = say("Set {variable}; `isp settings` says what it means.", variable=variable)
            raise SettingMissing(say("No NetBox is connected."), field=variable, remedy=remedy)
    return NetBox(
        url=netbox.url,
        token=netbox.token.get_secret_value(),
        timeout=netbox.timeout_seconds,
        trust=str(netbox.trust) if netbox.trust else None,
    )


def open_providers(settings: Settings, clock: Clock) -> dict[str, Provider]:
    """The OIDC providers of the settings, in their order; none is asked before somebody signs in by it."""
    if not settings.oidc:
        return {}  # joserfc and Authlib take a while to load, and most commands have no use for them
    from isp_lifecycle.access.oidc.provider import OidcProvider  # noqa: PLC0415

    return {name: OidcProvider(name, found, clock=clock) for name, found in settings.oidc.items()}


def netbox_tags(settings: Settings) -> frozenset[str]:
    """The slugs of NetBox's tags, which every token may read; raises what NetBox's port raises."""
    return frozenset(str(tag.get("slug")) for tag in open_netbox(settings).find(Place.TAGS))


def open_outside(settings: Settings) -> Outside:
    """What an audit can ask besides the database and the devices: sign-on, the CRM's folder, the demo's mail sink."""
    crm = open_crm(settings)
    return Outside(
        crm=crm if isinstance(crm, FileDrop) else None,
        crm_name="The CRM's file drop" if isinstance(crm, FileDrop) else "The CRM's webhook",
        mail_folder=mail_folder(settings) if sends_to_sink(settings) else None,
        sign_on=open_sign_on_servers(settings, application="audit"),
    )


def open_mailer(settings: Settings) -> Mailer:
    """The way to the mail relay; without a port set, the local sink of `isp up`."""
    smtp = settings.smtp
    return Mailer(
        smtp.host,
        smtp.port or settings.port + SMTP,
        smtp.sender,
        starttls=smtp.starttls,
        username=smtp.username,
        password=smtp.password.get_secret_value(),
        kept_in=mail_folder(settings) if sends_to_sink(settings) else None,
    )


def sends_to_sink(settings: Settings) -> bool:
    """Whether mail goes to the demo's sink, whose folder tells what it has taken."""
    smtp = settings.smtp
    return settings.environment == "demo" and smtp.host == "127.0.0.1" and smtp.port == settings.port + SMTP


def reports_folder(settings: Settings) -> Path:
    """Where finished reports are kept."""
    return settings.var / "reports"


def mail_folder(settings: Settings) -> Path:
    """Where the demo's mail sink keeps what it received."""
    return settings.var / "mail"


def onts_on(*, olt: str, vendor: str, host: str, port: int, username: str, password: str) -> int:
    """Read everything on an OLT that is on no record, in a session of its own, and return how many ONTs it has."""
    access = OltAccess(name=olt, vendor=vendor, host=host, port=port, username=username, password=password)
    with open_session(access, Transcript()) as session:
        return len(session.everything(()).onts)
