"""How an OLT is reached, what its engineers set up on it once for all lines, and what it says that it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from isp_lifecycle.drivers.values import PonPort


@dataclass(frozen=True, slots=True)
class OltProfile:
    """What the plant's engineers set up once on an OLT, and lines refer to."""

    line_profile_id: int = 10
    service_profile_id: int = 10
    ont_type: str = ""
    """Where an ONT is registered with the name of a type instead of profiles (ZTE, V-SOL); empty: the vendor's own."""
    gem_port: int = 1
    onts_per_port: int = 128
    """So many ids from the vendor's first one on; 128 is safe on every GPON board (device-facts 1.5)."""
    rate_table_prefix: str = "isp-"
    first_rate_table: int = 100
    """Rate tables we create get indexes from here on, away from those people number by hand."""


@dataclass(frozen=True, slots=True)
class ReadingAccount:
    """An account on the device that the device itself lets read only."""

    username: str
    password: str = field(repr=False)
    enable_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OltAccess:
    """How to reach one OLT's command line. Times are seconds."""

    name: str
    vendor: str
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    enable_password: str = field(default="", repr=False)
    transport: Literal["ssh", "telnet"] = "ssh"
    old_algorithms: bool = False
    """Allow the key exchanges and ciphers that firmware of 2015 needs and newer SSH libraries switch off."""
    host_key: str = ""
    """The SSH host key it must have, as kind and fingerprint: ``ssh-rsa SHA256:...``. Empty: the first one is taken."""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    """The longest silence inside one answer before the session counts as lost."""
    busy_patience: float = 6.0
    """How long one command is repeated while the OLT says it is busy."""
    profile: OltProfile = OltProfile()
    reading: ReadingAccount | None = None
    """By which a person looks who may only look; None: the device has no such account that we know of."""

    @property
    def for_reading(self) -> OltAccess:
        """The same OLT, by its account for reading where there is one."""
        own = self.reading
        if own is None:
            return self
        return replace(self, username=own.username, password=own.password, enable_password=own.enable_password)


@dataclass(frozen=True, slots=True)
class OltIdentity:
    hostname: str
    product: str
    version: str
    patch: str


@dataclass(frozen=True, slots=True)
class BoardFound:
    """What is plugged into one of the OLT's slots; name and state in the vendor's words."""

    place: str
    """Frame and slot, as the vendor numbers them."""
    model: str
    state: str
    pon_ports: tuple[PonPort, ...]
    """Empty for a board that no ONT can hang on."""
