"""Which accounts devices are signed in to by: their names and users, never what is secret of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class DeviceAccountRow:
    """An account on devices; ``changed_at`` is UTC, and empty for one that stands in the settings."""

    name: str
    username: str
    changed_at: datetime | None
    changed_by: str
    olts: int
    """How many OLTs are signed in to by it."""
    in_settings: bool
    """It stands in the settings, as a plain text of whoever runs this, and not sealed in the database."""


@shows("secret.read")
def device_accounts(look: Look) -> tuple[DeviceAccountRow, ...]:
    """Every account that OLTs may name, and those that they name and nobody has set, by name."""
    used = Counter(olt.credentials for olt in inventory.all_olts(tx=look.tx))
    kept = {one.name: one for one in inventory.device_accounts(tx=look.tx)}
    rows = []
    for name in sorted({*used, *kept, *look.settings.credentials}):
        account, of_settings = kept.get(name), look.settings.credentials.get(name)
        rows.append(
            DeviceAccountRow(
                name=name,
                username=account.username if account else of_settings.username if of_settings else "",
                changed_at=account.changed_at if account else None,
                changed_by=account.changed_by if account else "",
                olts=used[name],
                in_settings=account is None and of_settings is not None,
            )
        )
    return tuple(rows)
