"""Every setting, in one place: name, meaning, default, what is allowed.

Read from environment variables (``ISP_`` + the section + ``__`` + the name, e.g. ``ISP_SMTP__HOST``), then from one
TOML file (``isp.toml``, or the path in ``ISP_CONFIG``), then the defaults here. ``DATABASE_URL`` and ``REDIS_URL`` keep
their usual names. Secrets are ``SecretStr``: they never show in a log or a representation.
"""

from __future__ import annotations

import os
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from isp_lifecycle.foundation.errors import Refused

#: Evidence is kept for so long at least: support and the schedule's own checks look back on it.
SHORTEST_EVIDENCE_DAYS = 30

Port = Annotated[int, Field(ge=1, le=65535)]


class Section(BaseModel):
    """A group of settings; unknown names are refused so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Section):
    """Who the provider is, as customers read it."""

    name: str = Field("Brightwater Fibre", description="The provider's name on pages, e-mails and invoices.")
    zone: str = Field("Europe/Dublin", description="IANA time zone of the wall calendar: due dates, visits, invoices.")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of all prices.")
    support_phone: str = Field("+353 1 555 0100", description="Shown to customers when something goes wrong.")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not an IANA time zone such as Europe/Dublin")
        return value

    @property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)


class Engine(Section):
    """The event engine: leases, retries, limits."""

    lease_seconds: float = Field(15.0, gt=1, description="A worker that is silent for so long has lost its delivery.")
    heartbeat_seconds: float = Field(4.0, gt=0.1, description="How often a working worker extends its lease.")
    sweep_seconds: float = Field(1.0, gt=0.05, description="How often the relay looks for due, lost and expired work.")
    takeovers_at_most: int = Field(
        8, ge=1, description="So many workers may die with a delivery before a person is asked."
    )
    wake_at_most: int = Field(32, ge=1, description="Wake-ups of one queue that may lie at the broker at a time.")
    olts_at_once: int = Field(
        8, ge=1, le=64, description="So many deliveries of the network one worker works on at a time, each on its OLT."
    )
    turns_in_a_row: int = Field(
        25, ge=1, description="Deliveries that a worker takes for one OLT in a row before it looks what else is urgent."
    )
    run_at_most_seconds: float = Field(
        5.0, gt=0, description="One wake-up keeps a worker for so long at most; then the next message has its chance."
    )
    retry_first_seconds: float = Field(2.0, gt=0, description="Pause before the first repeat; doubled each time.")
    retry_longest_seconds: float = Field(300.0, gt=0, description="The longest pause between two repeats.")
    evidence_days: int = Field(
        0,
        ge=0,
        description="What was said to devices is kept for so many days after its work was over (30 or more); "
        "0: for ever.",
    )
    retry_attempts: int = Field(5, ge=1, le=50, description="Attempts at a step before a person is asked.")

    @field_validator("evidence_days")
    @classmethod
    def _not_too_short(cls, value: int) -> int:
        if 0 < value < SHORTEST_EVIDENCE_DAYS:
            raise ValueError(f"is 0 (for ever) or at least {SHORTEST_EVIDENCE_DAYS} days")
        return value


class Network(Section):
    """Limits for lines and devices."""

    online_within_seconds: float = Field(120.0, gt=0, description="An ONT that was added must be online within this.")
    reset_within_seconds: float = Field(300.0, gt=0, description="An ONT that was reset must be back within this.")
    poll_seconds: float = Field(1.0, gt=0.01, description="Pause between two looks at an ONT that is coming up.")
    lowest_rx_dbm: float = Field(-27.0, description="Lowest level an ONT may receive (class B+: -28 dBm, less margin).")
    highest_rx_dbm: float = Field(-8.0, description="Highest level an ONT may receive.")
    margin_db: float = Field(
        3.0, gt=0, description="Measured may be so much below the expected level of the loss budget."
    )
    line_profile_id: int = Field(10, ge=0, description="Huawei: line profile that new ONTs are bound to.")
    service_profile_id: int = Field(10, ge=0, description="Huawei: service profile that new ONTs are bound to.")
    ont_type: str = Field(
        "",
        pattern=r"^\S{0,32}$",
        description="Name of the type (ZTE) or ONU profile (V-SOL) of new ONTs; empty: ALL or default.",
    )
    save_every_minutes: int = Field(
        15, ge=1, description="How often changed OLTs are told to save their configuration."
    )
    reconcile_at_hour: int = Field(
        2, ge=0, le=23, description="At this hour of the night every OLT is compared with the records."
    )
    longest_hold_days: int = Field(
        30, ge=1, le=366, description="So long at most numbers are held for an order that nobody confirmed yet."
    )
    refused_login_seconds: float = Field(
        60.0, ge=0, description="A refused account is not tried again for so long, unless a person presses Retry."
    )
    suspended_kbps: int = Field(
        1_000, ge=64, description="The rate, in both directions, of a line that was suspended softly."
    )
    walled_garden_vlan: int | None = Field(
        None,
        ge=2,
        le=4093,
        description="VLAN that leads to the provider's own pages only; empty = soft suspension slows the line down.",
    )
    ont_dns: tuple[IPv4Address, ...] = Field(
        (), max_length=2, description="Name servers that an ONT is told which is a router with a static address."
    )
    read_timeout_seconds: float = Field(30.0, gt=0, description="How long one command may take to answer.")


class Credential(Section):
    """A name and a password for a group of devices; the plant's file names the group."""

    username: str = Field(
        description="Account on the device; give the system one of its own, with two log-ins allowed."
    )
    password: SecretStr = Field(description="Its password.")
    enable_password: SecretStr = Field(SecretStr(""), description="Of `enable`, where a device asks for another one.")


class Smtp(Section):
    """Outgoing e-mail."""

    host: str = Field("127.0.0.1", description="Mail relay.")
    port: Port | None = Field(None, description="Its port; empty = the local sink that `isp up` starts.")
    starttls: bool = Field(False, description="Encrypt with STARTTLS and verify the certificate.")
    username: str = Field("", description="Empty = no sign-in.")
    password: SecretStr = Field(SecretStr(""), description="Its password.")
    sender: str = Field("hello@brightwater.example", description="The From address.")


class Crm(Section):
    """How the CRM is told."""

    adapter: Literal["file", "webhook"] = Field("file", description="A file dropped in a folder, or an HTTP POST.")
    folder: Path | None = Field(None, description="Where files are dropped; empty = crm/ in the data folder.")
    url: str = Field("", description="Where to POST.")
    token: SecretStr = Field(SecretStr(""), description="Bearer token of the POST.")


class Radius(Section):
    """FreeRADIUS, by the PostgreSQL that it reads (its own SQL schema), and the access gateways that it serves."""

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL with FreeRADIUS's tables; empty = no RADIUS is connected."
    )
    line_secret: SecretStr = Field(
        SecretStr(""), description="What lines' passwords are made of; lines that have a password keep it."
    )
    passwords: Literal["own", "shared"] = Field(
        "own", description="own: each line its own, computed from the secret (PPPoE); shared: the secret itself (IPoE)."
    )
    bind_circuit: bool = Field(False, description="Let a line on from its own circuit only (RFC 4679 circuit-id).")
    vendors: tuple[Literal["mikrotik", "huawei", "wispr"], ...] = Field(
        ("mikrotik",), description="Vendors of the access gateways, whose attributes set the rates; a JSON list."
    )
    open_filter: str = Field(
        "", description="Filter-Id of lines in use; with it, lines leave the walled garden without a new session."
    )
    walled_filter: str = Field("walled-garden", min_length=1, description="Filter-Id of lines in the walled garden.")
    coa_port: Port = Field(3799, description="UDP port at which access gateways take CoA and Disconnect.")
    coa_secret: SecretStr = Field(
        SecretStr(""), description="Their secret, where FreeRADIUS's table nas has none; empty = they are not told."
    )
    coa_timeout_seconds: float = Field(3.0, gt=0, description="A gateway is given so long for each of three answers.")


class Kea(Section):
    """Kea's DHCP servers, by the PostgreSQL in which they look up reservations (``hosts-database``)."""

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL with Kea's table hosts; empty = no DHCP is connected."
    )
    subnets: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description='Subnets by prefix, with Kea\'s subnet-id: {"198.51.100.0/24": 1}.'
    )
    subnets6: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="DHCPv6 subnet-ids by the prefix of routers' addresses or of what is delegated; empty = no DHCPv6.",
    )
    identifier: Literal["circuit-id", "flex-id"] = Field(
        "circuit-id", description="Host identifier that carries option 82's circuit-id."
    )
    walled_class: str = Field("walled", min_length=1, description="Client class of lines in the walled garden.")
    walled_subnet: int | None = Field(
        None, ge=1, description="Subnet-id of the walled garden; empty = lines keep their subnet and address there."
    )

    @field_validator("subnets")
    @classmethod
    def _prefixes(cls, value: dict[str, int]) -> dict[str, int]:
        for prefix in value:
            IPv4Network(prefix)  # raises ValueError, whose words name what is wrong
        return value

    @field_validator("subnets6")
    @classmethod
    def _prefixes6(cls, value: dict[str, int]) -> dict[str, int]:
        for prefix in value:
            IPv6Network(prefix)
        return value


class NetBox(Section):
    """NetBox 4 as the source of prefixes, and what of it follows from what is in use here."""

    url: str = Field("", description="NetBox's address, such as https://netbox.isp.example; empty = none is used.")
    token: SecretStr = Field(SecretStr(""), description="API token of an account of its own, version 1 or 2.")
    trust: Path | None = Field(
        None, description="File of certificates that NetBox's is checked by; empty = the usual ones."
    )
    timeout_seconds: float = Field(30.0, gt=0, description="NetBox is given so long for each answer.")
    pool_tag: str = Field("", description="Prefixes with the tag of this slug are our pools.")
    pool_role: str = Field("", description="Prefixes with the role of this slug are our pools; with a tag: both.")
    name_field: str = Field(
        "description", min_length=1, description="Where a pool's name stands: description, or a custom field's name."
    )
    policy_field: str = Field("isp_policy", min_length=1, description="Custom field: what kind of address it gives.")
    area_field: str = Field("isp_area", min_length=1, description="Custom field: for premises of this area only.")
    gateway_field: str = Field("isp_gateway", min_length=1, description="Custom field: the router's address in it.")
    tag: str = Field(
        "isp-lifecycle",
        pattern=r"^[a-z0-9_-]{1,100}$",
        description="Slug of the tag of what is exported; all that has it is ours, so each installation has its own.",
    )

    import_nightly: bool = Field(False, description="Take pools from NetBox each night, as `isp netbox import` does.")
    export_nightly: bool = Field(False, description="Write what is in use each night, as `isp netbox export` does.")

    @model_validator(mode="after")
    def _two_tags(self) -> NetBox:
        if self.pool_tag == self.tag:
            raise ValueError("POOL_TAG and TAG must differ, or what is exported would come back as pools")
        return self


class Web(Section):
    """The served pages."""

    host: str = Field("127.0.0.1", description="Address to listen on; the demo stays on the loopback.")
    public_origin: str = Field(
        "", description="Staff suite as browsers see it: https://ops.isp.example; empty = host:port."
    )
    portal_origin: str = Field("", description="Portal as browsers see it: https://my.isp.example; empty = host:port.")
    secure_cookies: bool = Field(False, description="Set Secure on cookies; switch on behind TLS.")
    idle_minutes: int = Field(60, ge=1, description="A session that is not used for so long ends.")
    absolute_hours: int = Field(12, ge=1, description="A session ends after this at the latest.")
    sign_in_attempts: int = Field(8, ge=1, description="Wrong passwords per account and address in 15 minutes.")
    applications_per_address: int = Field(
        10, ge=1, description="Applications by the public form from one address an hour."
    )
    applications_in_all: int = Field(200, ge=1, description="Applications by the public form in all an hour.")


class Metrics(Section):
    """Metrics and health, for the operator's own monitoring."""

    host: str = Field("127.0.0.1", description="Address that /metrics, /healthz and /readyz listen on; no sign-in.")
    port: Port | None = Field(None, description="Its port; empty = ISP_PORT + 7.")
    keep_seconds: float = Field(3.0, ge=0, description="So long one answer of the database serves all who scrape.")


class Settings(BaseSettings):
    """All settings of one installation."""

    model_config = SettingsConfigDict(
        env_prefix="ISP_", env_nested_delimiter="__", extra="ignore", frozen=True, populate_by_name=True
    )

    environment: Literal["demo", "production"] = Field("demo", description="demo starts the lab and sample accounts.")
    var: Path = Field(Path("var"), description="Folder of all data that the embedded parts keep.")
    port: int = Field(
        8600,
        ge=1,
        le=65400,
        description="First port of the block: +0 staff, +1 portal, +2 mail page, +3.. inner parts.",
    )
    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "ISP_DATABASE_URL", "database_url"),
        description="Your own PostgreSQL; empty = the embedded one.",
    )
    redis_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("REDIS_URL", "ISP_REDIS_URL", "redis_url"),
        description="Your own Redis; empty = the embedded one.",
    )
    secret_key: SecretStr | None = Field(None, description="Signs page tokens; empty = made once and kept in var/.")
    trail_key: SecretStr | None = Field(
        None,
        description="Signs the ends of the audit trail; empty = made once and kept in var/. Keep a copy: a new key "
        "cannot check what the old one signed.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="auto: console in a terminal, else JSON."
    )
    lab_speed: float = Field(1.0, gt=0, description="The simulated plant runs so many times faster than a real one.")
    restart_longest_seconds: float = Field(
        30.0, gt=0, description="Longest pause before `isp up` starts a part again that keeps ending."
    )
    lab_olts: int = Field(2, ge=2, le=500, description="How many OLTs the simulated plant has.")
    lab_vendors: str = Field(
        "", description="Makers of the simulated plant's first OLTs, such as zte,huawei; all others are Huawei's."
    )
    credentials: dict[str, Credential] = Field(default_factory=dict, description="Device accounts, by group name.")
    company: Company = Company()
    engine: Engine = Engine()
    network: Network = Network()
    smtp: Smtp = Smtp()
    crm: Crm = Crm()
    radius: Radius = Radius()
    kea: Kea = Kea()
    netbox: NetBox = NetBox()
    web: Web = Web()
    metrics: Metrics = Metrics()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(config_file()))

    @property
    def lease(self) -> timedelta:
        """How long a lease lasts."""
        return timedelta(seconds=self.engine.lease_seconds)


def config_file() -> str:
    """The TOML file that is read: ``ISP_CONFIG``, or ``isp.toml`` in the working folder."""
    return os.environ.get("ISP_CONFIG", "isp.toml")


class SettingWrong(Refused):
    """A setting has a value that is not allowed."""

    default_remedy = "Correct the setting; `isp settings` lists all of them with what is allowed."


def load_settings(**overrides: object) -> Settings:
    """Read all settings; raises :class:`SettingWrong` that names each wrong one and what is allowed."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them, that is the point
    except ValidationError as error:
        lines = [f"{_name_of(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)]
        first = _name_of(error.errors()[0]["loc"])
        raise SettingWrong("Wrong settings: " + "; ".join(lines), field=first) from None


def _name_of(place: tuple[int | str, ...]) -> str:
    return "ISP_" + "__".join(str(p) for p in place).upper() if place else "settings"


def describe(model: type[BaseModel] = Settings, prefix: str = "ISP_") -> list[tuple[str, str, str]]:
    """List every setting as (environment variable, default, meaning); the README's table is printed from this."""
    rows: list[tuple[str, str, str]] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        variable = f"{prefix}{name}".upper()
        if isinstance(kind, type) and issubclass(kind, Section):
            rows += describe(kind, f"{variable}__")
            continue
        unset = field.default is None or field.is_required() or field.default_factory is not None
        rows.append((variable, "" if unset else str(field.default), field.description or ""))
    return rows
