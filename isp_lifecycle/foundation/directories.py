"""The section of the settings that names directories: Active Directory, OpenLDAP, by which staff sign in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from isp_lifecycle.foundation.sections import Section

_ATTRIBUTE = r"^[A-Za-z][A-Za-z0-9-]{0,60}$"
_SERVER = re.compile(r"^(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>\d{1,5}))?$")
_PORTS = {"ldaps": 636, "starttls": 389}


class Directory(Section):
    """One directory: where its servers are, how people are found in it, and which groups have which role here."""

    title: str = Field(
        "", max_length=60, description="What people call it, such as Active Directory; empty = its name."
    )
    kind: Literal["auto", "ad", "ldap"] = Field(
        "auto", description="ad: Active Directory or Samba; ldap: any other; auto: the server says which."
    )
    servers: tuple[str, ...] = Field(
        min_length=1, description="Its servers, name or name:port, in the order in which they are asked; a JSON list."
    )
    tls: Literal["ldaps", "starttls"] = Field(
        "ldaps", description="How it is spoken to: ldaps (port 636) or starttls (port 389); never without."
    )
    ca_file: Path | None = Field(
        None, description="File of certificates that the servers' are checked by; empty = the usual ones."
    )
    server_name: str = Field(
        "", description="Name that a server's certificate must carry; empty = the name by which it is reached."
    )
    bind_dn: str = Field(
        min_length=1, description="Account that looks people up: a DN, or name@domain in Active Directory. Read-only."
    )
    bind_password: SecretStr = Field(description="Its password.")
    base: str = Field(min_length=3, description="DN below which people are looked for: OU=Staff,DC=isp,DC=example.")
    group_base: str = Field("", description="DN below which groups are looked for; empty = the same as for people.")
    user_attributes: tuple[Annotated[str, Field(pattern=_ATTRIBUTE)], ...] = Field(
        (),
        description="Attributes that hold the name people sign in with; a JSON list. Empty = sAMAccountName and "
        "userPrincipalName, or uid.",
    )
    user_filter: str = Field("", description="A filter that people must fit besides, such as (employeeType=staff).")
    vouches_for_mail: bool = Field(
        True,
        description="Whether an e-mail address there proves that an account here is the same person's. Switch off "
        "where people may write their own.",
    )
    groups: dict[str, str] = Field(
        default_factory=dict,
        description="Groups, by name or DN, and the role that each gives; a JSON object, whose first line that fits "
        'decides: {"isp-noc": "network", "isp-helpdesk": "support"}.',
    )
    connect_seconds: int = Field(3, ge=1, le=60, description="A server is given so long to take a connection.")
    answer_seconds: int = Field(5, ge=1, le=60, description="A server is given so long for each answer.")

    @field_validator("tls", mode="before")
    @classmethod
    def _encrypted(cls, value: object) -> object:
        if value not in _PORTS:
            raise ValueError("is ldaps or starttls: passwords are never sent to a directory unencrypted")
        return value

    @field_validator("servers")
    @classmethod
    def _servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            found = _SERVER.match(one)
            if found is None or not 1 <= int(found["port"] or 1) <= 65535:
                raise ValueError(f"{one!r} is not a server's name or name:port; TLS says how it is spoken to")
        return value

    @field_validator("user_filter")
    @classmethod
    def _filter(cls, value: str) -> str:
        if value and not (value.startswith("(") and value.endswith(")") and value.count("(") == value.count(")")):
            raise ValueError("is a filter in parentheses, such as (employeeType=staff)")
        return value

    @field_validator("ca_file")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @model_validator(mode="after")
    def _bound(self) -> Directory:
        if not self.bind_password.get_secret_value():
            raise ValueError("BIND_PASSWORD is empty: without one a directory lets nobody look, or anybody")
        return self

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each server, in their order."""
        found = [match for one in self.servers if (match := _SERVER.match(one))]
        return tuple((one["host"].strip("[]"), int(one["port"] or _PORTS[self.tls])) for one in found)
