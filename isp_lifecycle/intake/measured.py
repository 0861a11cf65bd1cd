"""What ``isp bench ipam`` measures, on databases of its own: a reservation with no customer around it.

It is the very one that workflows make. No permission is asked and nothing is audited: that would be measured too.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from ipaddress import IPv4Network

from isp_lifecycle.foundation.db import Engine, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.ipam import actions as ipam

POLICY = AddressPolicy.STATIC


def pool(engine: Engine, prefix: IPv4Network) -> None:
    """Put the one pool that is taken from."""
    with write(engine) as tx:
        ipam.put_pool(tx=tx, name="bench", policy=POLICY, prefix=prefix)


def reserve(engine: Engine) -> float:
    """Reserve an address for a new owner; the milliseconds from BEGIN to the answer to COMMIT."""
    owner, at = new_id(), datetime.now(UTC)
    begun = time.perf_counter()
    with write(engine) as tx:
        ipam.reserve(tx=tx, owner=owner, policy=POLICY, area=None, at=at)
    return (time.perf_counter() - begun) * 1000
