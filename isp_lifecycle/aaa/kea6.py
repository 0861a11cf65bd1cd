"""Fills the port ``SignOn`` for Kea's DHCPv6 server: one row a line in ``hosts``, its numbers in ``ipv6_reservations``.

The router's own address is reserved as IA_NA, what is delegated to it as IA_PD (RFC 8415). A line is known by its
circuit as a flex-id, which Kea makes of the relay's interface-id (``relay6[0].option[18].hex``; the hook that does
so comes with Kea 3, and not with Debian's 2.2), or by the hardware address of its router where that is known. Rows of
the DHCPv4 server in the same table are left alone. Tables are those of Kea's schema 13.0, of Kea 2.2, in which
addresses are texts; that OLTs write into the interface-id what they write into option 82 is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ReservationTaken, SubnetUnknown
from isp_lifecycle.aaa.model import InUse, SignOnResult, SignOnWanted, Standing
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say, say_many

_COLUMNS = ("host_id", "hostname", "dhcp_identifier", "dhcp_identifier_type", "dhcp6_subnet_id", "dhcp6_client_classes")
HOSTS = sa.table("hosts", *(sa.column(c) for c in _COLUMNS))
GIVEN = sa.table("ipv6_reservations", *(sa.column(c) for c in ("host_id", "address", "prefix_len", "type")))
LEASES = sa.table(
    "lease6", *(sa.column(c) for c in ("address", "duid", "prefix_len", "lease_type", "subnet_id", "expire", "state"))
)
#: Kea's numbers of identifiers (its table ``host_identifier_type``).
HW_ADDRESS, FLEX_ID = 0, 4
#: Kea's numbers of what is given: an address, a delegated prefix.
IA_NA, IA_PD = 0, 2


@dataclass(frozen=True)
class Reservation:
    """A row of ``hosts`` with its rows of ``ipv6_reservations``: each address or prefix, in the order of its kind."""

    identifier: bytes
    identifier_type: int
    subnet_id: int
    client_classes: str | None
    given: tuple[IPv6Network, ...]

    @property
    def words(self) -> str:
        """How it stands, as people read it."""
        raw = self.identifier
        known = raw.hex(":") if self.identifier_type == HW_ADDRESS else raw.decode(errors="replace")
        rank = f" as {self.client_classes}" if self.client_classes else ""
        return say(
            "{given} in subnet {subnet} for {known}{rank}",
            given=_shown(self.given),
            subnet=self.subnet_id,
            known=known,
            rank=rank,
        )


@dataclass(frozen=True)
class Kea6:
    """Kea's DHCPv6 server, by the database that it reads.

    ``subnets`` are its subnet-ids by the prefix of the routers' own addresses, or of what is delegated in them.
    """

    server: Server
    subnets: Mapping[IPv6Network, int]
    walled_vlan: int | None
    walled_class: str

    @property
    def name(self) -> str:
        """As people know it."""
        return self.server.name

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Reserve the line's prefix and address; raises as :meth:`change` does."""
        return self.change(line)

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Make the reservation stand as wanted.

        Raises ServerUnreachable, ServerRefused, SubnetUnknown and ReservationTaken.
        """
        wanted = self._wanted(line)
        with self.server.transaction() as tx:
            written = _settle(tx, line.service_code, wanted)
        if wanted is None:
            return _result(say("{code} has no reservation", code=line.service_code), written)
        return _result(
            say(
                "{code} gets {given} in subnet {subnet}",
                code=line.service_code,
                given=_shown(wanted.given),
                subnet=wanted.subnet_id,
            ),
            written,
        )

    def password(self, service_code: str) -> str | None:
        """None: DHCP knows no accounts."""
        return None

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Take the reservation away; leases that are out run off by themselves."""
        with self.server.transaction() as tx:
            written = _settle(tx, line.service_code, None)
        return _result(say("{code} has no reservation", code=line.service_code), written)

    def look(self) -> str:
        """Whether Kea's tables can be read and written; says how many reservations they hold."""
        with self.server.transaction() as tx:
            tx.execute(sa.text("LOCK TABLE hosts, ipv6_reservations IN ROW EXCLUSIVE MODE"))  # hinders nobody
            version = tx.execute(sa.text("SELECT version, minor FROM schema_version")).one()
            count = tx.execute(sa.select(sa.func.count()).select_from(HOSTS).where(_OURS)).scalar_one()
        held = say_many("{count} reservation", "{count} reservations", count)
        return say(
            "Its tables answer (schema {version}); they hold {held}.",
            version=".".join(map(str, version)),
            held=held,
        )

    def standing(self) -> dict[str, str]:
        """How each host that has a name stands there, by its name in capitals, in the words of :meth:`expected`."""
        found: dict[str, str] = {}
        with self.server.transaction() as tx:
            for row in tx.execute(
                sa.select(HOSTS).where(_OURS, HOSTS.c.hostname.is_not(None)).order_by(HOSTS.c.host_id)
            ):
                name, words = row.hostname.upper(), _reservation(tx, row).words
                found[name] = f"{found[name]} and {words}" if name in found else words
        return found

    def expected(self, line: SignOnWanted) -> str | None:
        """How the line is to stand there; None where it has no reservation. Raises SubnetUnknown."""
        wanted = self._wanted(line)
        return None if wanted is None else wanted.words

    def in_use(self) -> tuple[InUse, ...]:
        """What is reserved, and what is leased and runs; whose a lease is follows from its reservation.

        Leases that Kea keeps in a file instead of its database are not seen.
        """
        h, given, lease = HOSTS.c, GIVEN.c, LEASES.c
        reserved = sa.select(GIVEN, h.hostname, h.dhcp6_subnet_id).join_from(GIVEN, HOSTS, h.host_id == given.host_id)
        same = sa.and_(given.address == lease.address, given.prefix_len == lease.prefix_len)
        leased = (
            sa.select(LEASES, h.hostname)
            .outerjoin_from(LEASES, GIVEN, same)
            .outerjoin(HOSTS, h.host_id == given.host_id)
            .where(lease.state == 0, lease.expire > sa.func.now())
        )
        with self.server.transaction() as tx:
            rows = tx.execute(reserved.order_by(given.host_id, given.type)).all()
            running = tx.execute(leased.order_by(lease.address)).all()
        found = [
            _in_use(
                r,
                f"host_id {r.host_id}",
                say("reserved in subnet {subnet}", subnet=r.dhcp6_subnet_id),
            )
            for r in rows
        ]
        for row in running:
            duid = bytes(row.duid or b"").hex(":")
            found.append(
                _in_use(row, duid, say("leased to {duid} until {end:%Y-%m-%d %H:%M} UTC", duid=duid, end=row.expire))
            )
        return tuple(found)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _wanted(self, line: SignOnWanted) -> Reservation | None:
        """The rows; None for a line that is refused, and for one that has no IPv6 numbers of its own."""
        standing = line.standing(self.walled_vlan)
        own = None if line.wan is None else IPv6Network(line.wan)
        given = tuple(one for one in (own, line.delegated) if one is not None)
        if standing is Standing.REFUSED or not given:
            return None
        kind, identifier = FLEX_ID, line.circuit.encode()
        if line.mac is not None:
            kind, identifier = HW_ADDRESS, bytes.fromhex(line.mac.replace(":", "").replace("-", ""))
        return Reservation(
            identifier=identifier,
            identifier_type=kind,
            subnet_id=self._subnet(given),
            client_classes=self.walled_class if standing is Standing.WALLED else None,
            given=given,
        )

    def _subnet(self, given: tuple[IPv6Network, ...]) -> int:
        """The subnet-id of the smallest prefix that the first of these lies in for which there is one."""
        for one in given:
            inside = [prefix for prefix in self.subnets if one.subnet_of(prefix)]
            if inside:
                return self.subnets[max(inside, key=lambda prefix: prefix.prefixlen)]
        raise SubnetUnknown(_shown(given), setting="ISP_KEA__SUBNETS6")


#: Of the hosts, those that the DHCPv6 server looks at.
_OURS = HOSTS.c.dhcp6_subnet_id.is_not(None)


def _settle(tx: Tx, service_code: str, wanted: Reservation | None) -> bool:
    """Make the line's one host stand as wanted; raises ReservationTaken."""
    ours = sa.func.lower(HOSTS.c.hostname) == service_code.lower()
    rows = tx.execute(sa.select(HOSTS).where(ours, _OURS).order_by(HOSTS.c.host_id).with_for_update()).all()
    if wanted is not None and len(rows) == 1 and _reservation(tx, rows[0]) == wanted:
        return False
    if rows:  # what was given goes with its host
        tx.execute(sa.delete(HOSTS).where(HOSTS.c.host_id.in_([row.host_id for row in rows])))
    if wanted is None:
        return bool(rows)
    _free(tx, wanted)
    try:
        host = tx.execute(
            sa.insert(HOSTS)
            .values(
                hostname=service_code,
                dhcp_identifier=wanted.identifier,
                dhcp_identifier_type=wanted.identifier_type,
                dhcp6_subnet_id=wanted.subnet_id,
                dhcp6_client_classes=wanted.client_classes,
            )
            .returning(HOSTS.c.host_id)
        ).scalar_one()
        tx.execute(sa.insert(GIVEN), [_values(one) | {"host_id": host} for one in wanted.given])
    except sa.exc.IntegrityError as error:
        raise ReservationTaken(
            say("the prefix or the circuit"), say("somebody who was written just now")
        ) from error.orig
    return True


def _values(one: IPv6Network) -> dict[str, Any]:
    single = one.prefixlen == one.max_prefixlen
    return {"address": str(one[0]), "prefix_len": one.prefixlen, "type": IA_NA if single else IA_PD}


def _free(tx: Tx, wanted: Reservation) -> None:
    """Nobody else has these numbers, or this circuit in the subnet."""
    h, given = HOSTS.c, GIVEN.c
    held = sa.select(h.host_id, h.hostname).join_from(HOSTS, GIVEN, h.host_id == given.host_id)
    asked = [
        (str(one), held.where(given.address == str(one[0]), given.prefix_len == one.prefixlen)) for one in wanted.given
    ]
    same = sa.and_(h.dhcp_identifier == wanted.identifier, h.dhcp_identifier_type == wanted.identifier_type)
    circuit = sa.select(h.host_id, h.hostname).where(same, h.dhcp6_subnet_id == wanted.subnet_id)
    for what, question in (*asked, (say("the circuit"), circuit)):
        holder = tx.execute(question).first()
        if holder is not None:
            raise ReservationTaken(
                what, holder.hostname or say("host_id {host_id}, which has no name", host_id=holder.host_id)
            )


def _reservation(tx: Tx, row: Any) -> Reservation:
    given = sa.select(GIVEN).where(GIVEN.c.host_id == row.host_id).order_by(GIVEN.c.type, GIVEN.c.address)
    return Reservation(
        identifier=bytes(row.dhcp_identifier),
        identifier_type=row.dhcp_identifier_type,
        subnet_id=row.dhcp6_subnet_id,
        client_classes=row.dhcp6_client_classes,
        given=tuple(_network(one) for one in tx.execute(given)),
    )


def _network(row: Any) -> IPv6Network:
    return IPv6Network((IPv6Address(row.address), row.prefix_len))


def _in_use(row: Any, unnamed: str, how: str) -> InUse:
    return InUse((row.hostname or "").upper() or unnamed, _network(row), how)


def _shown(given: tuple[IPv6Network, ...]) -> str:
    return " and ".join(str(one[0]) if one.prefixlen == one.max_prefixlen else str(one) for one in given)


def _result(what: str, written: bool) -> SignOnResult:
    return SignOnResult(
        written, say("DHCPv6: {what}.", what=what) if written else say("DHCPv6: {what}, as before.", what=what)
    )
