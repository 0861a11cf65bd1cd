"""The sections of the settings: one group of names each, with meaning, default, and what is allowed."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from isp_lifecycle.foundation.texts import LANGUAGES

#: Evidence is kept for so long at least: support and the schedule's own checks look back on it.
SHORTEST_EVIDENCE_DAYS = 30

Port = Annotated[int, Field(ge=1, le=65535)]


#: A public address: no account, no query; a path of plain segments.
PUBLIC = r"^(https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]+)*/?)?$"


class Section(BaseModel):
    """A group of settings; unknown names are refused so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Company(Section):
    """Who the provider is, as customers read it."""

    name: str = Field(
        "Brightwater Fibre",
        min_length=1,
        max_length=80,
        description="The provider's name on pages, e-mails and invoices.",
    )
    zone: str = Field("Europe/Dublin", description="IANA time zone of the wall calendar: due dates, visits, invoices.")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of all prices.")
    language: str = Field("en", description="Language of pages for people whose browser asks for none of ours: en, de.")
    support_phone: str = Field(
        "+353 1 555 0100", min_length=1, max_length=40, description="Shown to customers when something goes wrong."
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not an IANA time zone such as Europe/Dublin")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"is none of the languages that are shipped: {', '.join(LANGUAGES)}")
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
    retry_first_seconds: float = Field(
        2.0, gt=0, le=3600, description="Pause before the first repeat; doubled each time."
    )
    retry_longest_seconds: float = Field(300.0, gt=0, le=86_400, description="The longest pause between two repeats.")
    evidence_days: int = Field(
        0,
        ge=0,
        le=36_500,
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

    @model_validator(mode="after")
    def _pauses_in_order(self) -> Engine:
        if self.retry_first_seconds > self.retry_longest_seconds:
            raise ValueError("the first pause between two repeats is at most as long as the longest")
        return self


class Network(Section):
    """Limits for lines and devices."""

    online_within_seconds: float = Field(
        120.0, gt=0, le=3600, description="An ONT that was added must be online within this."
    )
    reset_within_seconds: float = Field(
        300.0, gt=0, le=3600, description="An ONT that was reset must be back within this."
    )
    poll_seconds: float = Field(1.0, gt=0.01, description="Pause between two looks at an ONT that is coming up.")
    lowest_rx_dbm: float = Field(
        -27.0, ge=-40, le=0, description="Lowest level an ONT may receive (class B+: -28 dBm, less margin)."
    )
    highest_rx_dbm: float = Field(-8.0, ge=-40, le=10, description="Highest level an ONT may receive.")
    margin_db: float = Field(
        3.0, gt=0, le=20, description="Measured may be so much below the expected level of the loss budget."
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
    light_days: int = Field(
        400, ge=30, description="The light of every ONT, read each night, is kept for so many days."
    )
    longest_hold_days: int = Field(
        30, ge=1, le=366, description="So long at most numbers are held for an order that nobody confirmed yet."
    )
    refused_login_seconds: float = Field(
        60.0,
        ge=0,
        le=86_400,
        description="A refused account is not tried again for so long, unless a person presses Retry.",
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
    read_timeout_seconds: float = Field(30.0, gt=0, le=600, description="How long one command may take to answer.")

    @model_validator(mode="after")
    def _levels_in_order(self) -> Network:
        if self.lowest_rx_dbm >= self.highest_rx_dbm:
            raise ValueError("the lowest level an ONT may receive is below the highest one")
        return self


class Support(Section):
    """Until when tickets are to be resolved, by their severity."""

    critical_hours: float = Field(
        4.0, gt=0, le=8784, description="A ticket of severity critical is to be resolved within so many hours."
    )
    major_hours: float = Field(
        24.0, gt=0, le=8784, description="A ticket of severity major is to be resolved within so many hours."
    )
    minor_hours: float = Field(
        72.0, gt=0, le=8784, description="A ticket of severity minor is to be resolved within so many hours."
    )

    def within(self, severity: str) -> timedelta:
        """How long a ticket of this severity may take; while it waits for somebody outside, the clock stands."""
        return timedelta(hours=getattr(self, f"{severity}_hours"))


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


class Probe(Section):
    """The Prometheus blackbox exporter by which customers' addresses are pinged."""

    url: str = Field(
        "", description="Its address, such as https://probe.isp.example:9115; empty = nobody's address is pinged."
    )
    module: str = Field("icmp", min_length=1, description="Its module that sends an echo request.")
    packets: int = Field(3, ge=1, le=10, description="So many echo requests are sent, one after the other.")
    trust: Path | None = Field(
        None, description="File of certificates that the exporter's is checked by; empty = the usual ones."
    )


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
        "",
        pattern=PUBLIC,
        description="Staff suite as browsers see it, perhaps below a path: https://ops.isp.example/isp; empty = "
        "host:port.",
    )
    portal_origin: str = Field(
        "", pattern=PUBLIC, description="Portal as browsers see it: https://my.isp.example; empty = host:port."
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = Field(
        (),
        description='Reverse proxies, whose X-Forwarded-For is believed: addresses or networks, ["127.0.0.1"]; a JSON '
        "list.",
    )
    secure_cookies: bool = Field(
        False, description="Set Secure on cookies; always so where the public address begins with https."
    )
    idle_minutes: int = Field(30, ge=1, le=1440, description="A session that is not used for so long ends.")
    absolute_hours: int = Field(12, ge=1, le=720, description="A session ends after this at the latest.")
    proof_minutes: int = Field(
        15, ge=1, le=1440, description="What is dangerous asks for the password again when that was given longer ago."
    )
    second_factor_for: tuple[str, ...] | None = Field(
        None,
        description="Roles whose accounts with a password here must have a second factor; a JSON list. Empty = "
        "administrators, and in the demo nobody.",
    )
    sign_in_attempts: int = Field(8, ge=1, le=100, description="Wrong passwords per account and address in 15 minutes.")
    applications_per_address: int = Field(
        10, ge=1, le=10_000, description="Applications by the public form from one address an hour."
    )
    applications_in_all: int = Field(
        200, ge=1, le=100_000, description="Applications by the public form in all an hour."
    )


class Terminal(Section):
    """People's own command lines on devices."""

    idle_minutes: int = Field(10, ge=1, le=240, description="A terminal at which nobody types for so long ends.")
    absolute_minutes: int = Field(60, ge=1, le=1440, description="A terminal ends after this at the latest.")
    at_most_per_olt: int = Field(2, ge=1, le=10, description="So many terminals an OLT has at a time.")
    record_kilobytes: int = Field(
        4000, ge=100, le=100_000, description="A terminal whose record is as large as this ends: none goes on unseen."
    )
    keep_days: int = Field(90, ge=1, le=36_500, description="Records of terminals are kept for so many days.")


class Metrics(Section):
    """Metrics and health, for the operator's own monitoring."""

    host: str = Field("127.0.0.1", description="Address that /metrics, /healthz and /readyz listen on; no sign-in.")
    port: Port | None = Field(None, description="Its port; empty = ISP_PORT + 7.")
    keep_seconds: float = Field(3.0, ge=0, description="So long one answer of the database serves all who scrape.")
