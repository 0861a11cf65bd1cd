"""What the parts of one installation find around them: where the database, the broker and each other are.

``isp up`` hands it to its children as environment variables; a command in a second terminal works it out again from
the same settings and the register of what runs, so that it talks to the same servers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from isp_lifecycle.bootstrap import POSTGRES, REDIS, SMTP
from isp_lifecycle.cli.embedded import postgres, redis
from isp_lifecycle.cli.up.register import noted
from isp_lifecycle.foundation.secret import kept_secret
from isp_lifecycle.foundation.sections import Credential
from isp_lifecycle.foundation.settings import Settings

#: The account on the lab's devices; its password is made once a data folder.
LAB_USERNAME = "ispdriver"


def connected(settings: Settings) -> Settings:
    """The settings with every address filled in that the embedded parts have, at the port where they run."""
    running = noted(settings.var)
    block = running.port if running and running.supervisor.process() else settings.port
    found = environment(settings.model_copy(update={"port": block}))
    return settings.model_copy(
        update={
            "port": block,
            "smtp": settings.smtp.model_copy(update={"port": settings.smtp.port or block + SMTP}),
            "credentials": {n: Credential(**account) for n, account in _credentials(settings).items()},
            "database_url": SecretStr(found["DATABASE_URL"]),
            "redis_url": SecretStr(found["REDIS_URL"]),
            "secret_key": SecretStr(found["ISP_SECRET_KEY"]),
            "trail_key": SecretStr(found["ISP_TRAIL_KEY"]),
            "portal_key": SecretStr(found["ISP_PORTAL_KEY"]),
            "portal_redis_url": SecretStr(portal_redis_url(settings, block)),
            "portal_database_url": SecretStr(portal) if (portal := portal_url(settings, block)) else None,
        }
    )


def environment(settings: Settings) -> dict[str, str]:
    """The environment variables that tell a child where everything is; secrets among them, so never log it."""
    var = settings.var.resolve()
    database, broker = settings.database_url, settings.redis_url
    return {
        "ISP_VAR": str(var),
        "ISP_PORT": str(settings.port),
        "ISP_ENVIRONMENT": settings.environment,
        "ISP_SECRET_KEY": _kept(settings.secret_key, var, "secret_key"),
        "ISP_TRAIL_KEY": _kept(settings.trail_key, var, "trail_key"),
        "ISP_PORTAL_KEY": _kept(settings.portal_key, var, "portal.key"),
        "ISP_SMTP__PORT": str(settings.smtp.port or settings.port + SMTP),
        "ISP_CREDENTIALS": json.dumps(_credentials(settings)),
        "DATABASE_URL": database.get_secret_value()
        if database
        else postgres.url(var=var, port=settings.port + POSTGRES),
        "REDIS_URL": broker.get_secret_value() if broker else redis.url(var=var, port=settings.port + REDIS),
    }


#: What the portal's process is not told, though it may stand in the surroundings of `isp up`: what opens the rest.
#: A name stands for those below it as well (``ISP_CREDENTIALS__DEFAULT__PASSWORD``).
NOT_FOR_THE_PORTAL = frozenset(
    {
        "DATABASE_URL",
        "ISP_DATABASE_URL",
        "ISP_REDIS_URL",
        "ISP_SECRET_KEY",
        "ISP_TRAIL_KEY",
        "ISP_VAULT_FILE",
        "ISP_CREDENTIALS",
        "ISP_DIRECTORIES",
    }
    | {"ISP_OIDC", "ISP_CRM__TOKEN", "ISP_SMTP__PASSWORD", "ISP_NETBOX__TOKEN", "ISP_KEA__DATABASE_URL"}
    | {"ISP_RADIUS__DATABASE_URL", "ISP_RADIUS__LINE_SECRET", "ISP_RADIUS__COA_SECRET"}
)


def portal_environment(settings: Settings) -> dict[str, str]:
    """What the portal's process is told: its own way into the database, its own secret, and nothing of the staff's."""
    told = {name: value for name, value in environment(settings).items() if name not in NOT_FOR_THE_PORTAL}
    told["REDIS_URL"] = portal_redis_url(settings, settings.port)
    url = portal_url(settings, settings.port)
    return told | ({"ISP_PORTAL_DATABASE_URL": url} if url else {})


def portal_url(settings: Settings, port: int) -> str | None:
    """How the portal reaches the database: as the setting says, or the embedded one with a password of its own."""
    if settings.portal_database_url is not None:
        return settings.portal_database_url.get_secret_value()
    if settings.database_url is not None:
        return None
    return postgres.portal_url(var=settings.var.resolve(), port=port + POSTGRES)


def portal_redis_url(settings: Settings, port: int) -> str:
    """How the portal reaches Redis: by an account of its own, or by yours where you have made none for it."""
    own = settings.portal_redis_url or settings.redis_url
    return own.get_secret_value() if own else redis.portal_url(var=settings.var.resolve(), port=port + REDIS)


def lab_environment(settings: Settings) -> dict[str, str]:
    """The account that the simulated devices accept."""
    return {"ISP_LAB_USERNAME": LAB_USERNAME, "ISP_LAB_PASSWORD": kept_secret(settings.var.resolve(), "lab")}


def _kept(key: SecretStr | None, var: Path, name: str) -> str:
    return key.get_secret_value() if key is not None else kept_secret(var, name)


def _credentials(settings: Settings) -> dict[str, dict[str, Any]]:
    """All device accounts; in the demo also the lab's, under the name that its plant uses."""
    accounts: dict[str, dict[str, Any]] = {
        name: {
            "username": one.username,
            "password": one.password.get_secret_value(),
            "enable_password": one.enable_password.get_secret_value(),
        }
        for name, one in settings.credentials.items()
    }
    if settings.environment == "demo" and "default" not in accounts:
        lab = lab_environment(settings)
        accounts["default"] = {"username": lab["ISP_LAB_USERNAME"], "password": lab["ISP_LAB_PASSWORD"]}
    return accounts
