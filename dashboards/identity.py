"""Who a request comes from, as the guard tells it to the pages behind it: one header that only the guard writes.

The header becomes part of the page's signed token and so reaches the browser: it holds nothing secret, and names the
session by a reference from which its id cannot be found.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.access.model import ROLES, VISITOR, Actor, Role

#: Headers of this prefix are stripped from every request before the guard adds its own.
PREFIX = "x-isp-"
IDENTITY_HEADER = "x-isp-identity"
PAGE_HEADER = "x-isp-page"
THEME_HEADER = "x-isp-theme"
NARROW_HEADER = "x-isp-narrow"
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
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()


def decode(header: str, *, address: str = "") -> Identity:
    """Read what :func:`encode` wrote. Permissions are not carried: they follow from the role.

    ``address`` is from where the request came; it may change within a session, so that it is no part of the header.
    """
    fields = json.loads(base64.urlsafe_b64decode(header))
    role = Role(fields["role"])
    actor = Actor(
        user_id=UUID(fields["user_id"]) if fields["user_id"] else None,
        username=fields["username"],
        name=fields["name"],
        role=role,
        permissions=ROLES[role],
        source=fields["source"],
        customer_id=UUID(fields["customer_id"]) if fields["customer_id"] else None,
        address=address,
    )
    return Identity(actor, fields["session"])
