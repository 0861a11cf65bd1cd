"""Every setting, in one place: name, meaning, default, what is allowed.

Read from environment variables (``ISP_`` + the section + ``__`` + the name, e.g. ``ISP_SMTP__HOST``), then from one
TOML file (``isp.toml``, or the path in ``ISP_CONFIG``), then the defaults here. ``DATABASE_URL`` and ``REDIS_URL`` keep
their usual names. Secrets are ``SecretStr``: they never show in a log or a representation.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self, get_args, get_origin

from pydantic import AliasChoices, BaseModel, Field, PrivateAttr, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from isp_lifecycle.foundation.desk import Desk
from isp_lifecycle.foundation.directories import Directory
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.field_work import FieldWork
from isp_lifecycle.foundation.links import Links
from isp_lifecycle.foundation.machines import Api
from isp_lifecycle.foundation.providers import OidcProvider, ProviderName
from isp_lifecycle.foundation.sections import (
    Company,
    Credential,
    Crm,
    Engine,
    Kea,
    Metrics,
    NetBox,
    Network,
    Probe,
    Radius,
    Section,
    Smtp,
    Support,
    Terminal,
    Web,
)


class Settings(BaseSettings):
    """All settings of one installation.

    What a process holds is one object whose sections are replaced whole when an administrator changes what may change
    while everything runs (``foundation/changeable.py``), so that reading ``settings.support`` reads what holds now. A
    unit of work (a door's transaction, a look, a step) reads a copy that stands :meth:`still`.
    """

    model_config = SettingsConfigDict(
        env_prefix="ISP_", env_nested_delimiter="__", extra="ignore", frozen=True, populate_by_name=True
    )

    environment: Literal["demo", "production"] = Field("demo", description="demo starts the lab and sample accounts.")
    var: Path = Field(Path("var"), description="Folder of all data that the embedded parts keep.")
    port: int = Field(
        8600,
        ge=1,
        le=65400,
        description="First port of the block: +0 staff, +1 portal, +2 API, +3.. inner parts.",
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
    portal_database_url: SecretStr | None = Field(
        None,
        description="Your own PostgreSQL as the portal signs in, with the role that `isp db portal-role` prints; "
        "empty = the embedded one.",
    )
    portal_redis_url: SecretStr | None = Field(
        None,
        description="Your own Redis as the portal signs in, by the account that `isp db portal-role` prints; empty = "
        "the embedded one's, or REDIS_URL.",
    )
    portal_key: SecretStr | None = Field(
        None,
        description="The portal's own secret: signs its page tokens, links to customers, and whom it asks the database "
        "for; empty = made once and kept in var/. Workers need it as well. After a change run `isp db upgrade`.",
    )
    trail_key: SecretStr | None = Field(
        None,
        description="Signs the ends of the audit trail; empty = made once and kept in var/. Keep a copy: a new key "
        "cannot check what the old one signed.",
    )
    vault_file: Path | None = Field(
        None,
        description="File of the keys that seal secrets in the database, newest first, one of 64 hexadecimal digits a "
        "line; empty = made once and kept in var/. Keep a copy: without it what was sealed is lost.",
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
    probe: Probe = Probe()
    support: Support = Support()
    web: Web = Web()
    terminal: Terminal = Terminal()
    metrics: Metrics = Metrics()
    api: Api = Api()
    links: Links = Links()
    field: FieldWork = FieldWork()
    desk: Desk = Desk()
    directories: dict[str, Directory] = Field(
        default_factory=dict, description="Active Directory and other directories, by name, in the order of asking."
    )
    oidc: dict[ProviderName, OidcProvider] = Field(
        default_factory=dict, description="OIDC providers by which staff sign in, by name, in the order of the buttons."
    )

    #: The sections as the operator gave them, where some were replaced since.
    _given: dict[str, Section] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sources_differ(self) -> Settings:
        if both := sorted(self.directories.keys() & self.oidc.keys()):
            raise ValueError(f"a directory and an OIDC provider are both called {both[0]}: a source's name is its own")
        return self

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

    def still(self) -> Self:
        """The settings as they hold now, in a copy that nothing changes."""
        return self.model_copy()

    def given(self, section: str) -> Section:
        """A section as the operator gave it."""
        found: Section = self._given.get(section) or getattr(self, section)
        return found

    def bring(self, sections: Mapping[str, Section]) -> None:
        """Have these sections hold from now on, all at once, and every other one as the operator gave it.

        For ``foundation/changeable.py`` alone, which has checked them. Whoever holds a section keeps it as it was.
        """
        given = {name: self.given(name) for name in {*self._given, *sections}}
        self._given = given
        self.__dict__.update(given | dict(sections))

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """The roles whose accounts must have a second factor."""
        if self.web.second_factor_for is not None:
            return frozenset(self.web.second_factor_for)
        return frozenset() if self.environment == "demo" else frozenset({"administrator"})

    @property
    def lease(self) -> timedelta:
        """How long a lease lasts."""
        return timedelta(seconds=self.engine.lease_seconds)

    @property
    def group_tables(self) -> dict[str, dict[str, str]]:
        """Which group has which role, by the name of its source; the order of sources and of lines decides."""
        found = {name: directory.groups for name, directory in self.directories.items()}
        return found | {name: provider.groups for name, provider in self.oidc.items()}

    @property
    def source_titles(self) -> dict[str, str]:
        """What people call each source."""
        found = {name: directory.title or name for name, directory in self.directories.items()}
        return found | {name: provider.shown_as(name) for name, provider in self.oidc.items()}


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
        if (named := _named_section(kind)) is not None:
            rows += describe(named, f"{variable}__<NAME>__")
            continue
        unset = field.default is None or field.is_required() or field.default_factory is not None
        rows.append((variable, "" if unset else str(field.default), field.description or ""))
    return rows


def _named_section(kind: object) -> type[Section] | None:
    """The section that a setting holds any number of, each by a name."""
    inner = get_args(kind)[-1] if get_origin(kind) is dict else None
    return inner if isinstance(inner, type) and issubclass(inner, Section) else None
