"""Whose account a link opens, for the form behind it."""

from __future__ import annotations

from isp_lifecycle.access import recovery
from isp_lifecycle.access.model import PORTAL_ROLES, STAFF_ROLES
from isp_lifecycle.foundation.links import RealmName
from isp_lifecycle.views.window import Look, shows


@shows("account.recover", claim=recovery.claim_of_link)
def account_behind(look: Look, *, token: str, realm: RealmName) -> str:
    """The user name of the account that a link opens now; raises LinkDead. Nothing is consumed by looking."""
    roles = PORTAL_ROLES if realm == "portal" else STAFF_ROLES
    key = recovery.key_of(look.settings, realm)
    return recovery.opened_by(tx=look.tx, key=key, token=token, at=look.at, roles=roles).username
