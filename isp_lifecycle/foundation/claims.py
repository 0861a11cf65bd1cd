"""On whose behalf a transaction of the portal asks, signed, so that the database itself can check it.

The portal signs in to PostgreSQL as a role of its own, whose rows depend on who asks. A plain setting would not do:
whoever slips SQL into a statement can set one. So what is set is sealed (HMAC-SHA-256) with a key that the portal's
process has and its role cannot read; the database checks the seal in ``portal_asks`` (``migrations/portal.py``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from isp_lifecycle.foundation.settings import Settings

#: The portal's role in the database.
PORTAL_ROLE = "isp_portal"
#: What the portal's account of Redis reaches, as `ACL SETUSER` takes it: its own sessions and counts, no command more.
PORTAL_REDIS_RULES = (
    "~isp:web:portal:* ~isp:web:applications:* resetchannels &isp:web:portal:* -@all "
    "+auth +hello +ping +select +reset +multi +exec +discard +publish +subscribe +unsubscribe "
    "+get +set +del +expire +ttl +incr +incrby +decr +decrby +sadd +srem +smembers"
)
#: The database's setting that a claim is put in, for one transaction.
SETTING = "isp.claim"
#: HMAC's blocks (RFC 2104) with SHA-256.
_BLOCK, _INNER, _OUTER = 64, 0x36, 0x5C


@dataclass(frozen=True)
class Claim:
    """Who asks: a customer, an account that has a session, a user name whose password is being checked, a name or
    address that a link is asked for, or the account that a link of ours names.
    """

    kind: Literal["customer", "user", "username", "forgotten", "link"]
    value: str

    def sealed(self, key: str) -> str:
        """The claim as the database takes it: seal, kind, value."""
        said = f"{self.kind}:{self.value}"
        seal = hmac.new(_derived(key), said.encode(), hashlib.sha256).hexdigest()
        return f"{seal}:{said}"


#: Makes the claim of what somebody asks for, of the settings and of what the function is asked with.
ClaimOf = Callable[[Settings, Mapping[str, Any]], Claim | None]


def pads(key: str) -> tuple[bytes, bytes]:
    """What checks seals of this key: HMAC's inner and outer block, so that two plain hashes suffice for a check."""
    block = _derived(key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ _INNER for byte in block), bytes(byte ^ _OUTER for byte in block)


def _derived(key: str) -> bytes:
    """The key signs other things too; each use has one of its own."""
    return hmac.digest(key.encode(), b"isp portal claims", hashlib.sha256)
