"""Who a request comes from, as the guard tells it to the pages behind it: one header that only the guard writes.

The header becomes part of the page's signed token and so reaches the browser: it holds nothing secret, and names the
session by a reference from which its id cannot be found.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.access.model import ROLES, VISITOR, Actor, Role

#: Headers of this prefix are stripped from every request before the guard adds its own.
PREFIX = "x-isp-"
IDENTITY_HEADER = "x-isp-identity"
PAGE_HEADER = "x-isp-page"
THEME_HEADER = "x-isp-theme"
#: The code of the language in which the page speaks.
LANGUAGE_HEADER = "x-isp-language"
NARROW_HEADER = "x-isp-narrow"
#: The headings of the menu that were left open, by their English names with dots between.
MENU_HEADER = "x-isp-menu"
#: When whoever asked for the page had last proved who they are (ISO 8601); dangerous acts ask for it.
PROOF_HEADER = "x-isp-proved"
#: What a folder's own pages put on what they send, in `SEALED_HEADER`; told to folders that may be sent something.
SEAL_HEADER = "x-isp-seal"
SEALED_HEADER = "x-form-seal"
#: From where the page was asked for; what strangers may do is counted by it.
ADDRESS_HEADER = "x-isp-address"


@dataclass(frozen=True)
class Identity:
    """An actor and the session in which they signed in; a visitor has none."""

    actor: Actor
    session: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether somebody has signed in."""
        return bool(self.session)


NOBODY = Identity(VISITOR)


def encode(identity: Identity) -> str:
    """Write an identity as a header's value."""
    actor = identity.actor
    fields = {
        "session": identity.session,
        "user_id": str(actor.user_id or ""),
        "username": actor.username,
        "name": actor.name,
        "role": str(actor.role),
        "source": actor.source,
        "customer_id": str(actor.customer_id or ""),
    }
    if actor.own_role:
        fields |= {"own_role": actor.own_role, "permissions": " ".join(sorted(actor.permissions))}
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()


def decode(header: str, *, address: str = "", proved: str = "") -> Identity:
    """Read what :func:`encode` wrote. Permissions follow from a shipped role; those of one defined here are carried, so
    that a page's token fits no more once they have changed.

    ``address`` is from where the request came, ``proved`` when it was last proved who sits there; both may
    change within a session, so that they are no part of the header.
    """
    fields = json.loads(base64.urlsafe_b64decode(header))
    role = Role(fields["role"])
    actor = Actor(
        user_id=UUID(fields["user_id"]) if fields["user_id"] else None,
        username=fields["username"],
        name=fields["name"],
        role=role,
        permissions=frozenset(fields["permissions"].split()) if fields.get("own_role") else ROLES[role],
        source=fields["source"],
        customer_id=UUID(fields["customer_id"]) if fields["customer_id"] else None,
        address=address,
        proved_at=datetime.fromisoformat(proved) if proved else None,
        own_role=fields.get("own_role", ""),
    )
    return Identity(actor, fields["session"])
