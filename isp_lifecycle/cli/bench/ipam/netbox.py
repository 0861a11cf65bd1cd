"""The way in which NetBox finds a free address, on the same table: all taken ones as a set, taken from the prefix.

So does ``Prefix.get_available_ips`` in NetBox (``netbox/ipam/models/ip.py``, 2016 to 4.4): ``IPSet(prefix) -
IPSet(child_ips)``, then the first of what is left. Left out here, in its favour: Django's objects around the rows, its
REST API, and that it makes all who ask wait for each other.
"""

from __future__ import annotations

import time
from ipaddress import IPv4Network

import netaddr
import psycopg

from isp_lifecycle.cli.bench.ipam.stage import AT
from isp_lifecycle.foundation.ids import new_id

_READ = "SELECT host(prefix) FROM allocations WHERE prefix <<= %s AND state <> 'free'"
_WRITE = """
    INSERT INTO allocations (id, pool_id, prefix, owner, state, reserved_at)
    SELECT %s, id, %s, %s, 'reserved', %s FROM pools
"""


def take_as_netbox_does(url: str, prefix: IPv4Network) -> float:
    """Read what is taken, subtract, write the first that is left, commit; the milliseconds of all that.

    The free extents do not hear of it: nothing is to be reserved from this pool afterwards.
    """
    with psycopg.connect(url) as sql:
        begun = time.perf_counter()
        taken = netaddr.IPSet([address for (address,) in sql.execute(_READ, [prefix])])
        free = netaddr.IPSet([str(prefix)]) - taken
        free -= netaddr.IPSet([str(prefix[0]), str(prefix[-1])])
        first = str(next(iter(free)))
        sql.execute(_WRITE, [new_id(), first, new_id(), AT])
        sql.commit()
        return (time.perf_counter() - begun) * 1000
