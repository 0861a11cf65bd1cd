"""Fills the port ``SignOn`` for Kea's DHCPv4 server: one row a line in the ``hosts`` table of its ``hosts-database``.

Kea looks a reservation up at each request, so that a row counts at once and without a reload. A line is found again by
its host name, which is the service's code: circuit and address change in a line's life. Columns, types of identifiers
and unique indexes are those of Kea's own schema for PostgreSQL (seen: 13.0, of Kea 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ReservationTaken, SubnetUnknown
from isp_lifecycle.aaa.model import InUse, Lease, SignOnResult, SignOnWanted, Standing
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say, say_many

#: Kea's numbers of identifiers (its table ``host_identifier_type``).
IDENTIFIERS = {"hw-address": 0, "circuit-id": 2, "flex-id": 4}

COLUMNS = ("dhcp_identifier", "dhcp_identifier_type", "dhcp4_subnet_id", "ipv4_address", "dhcp4_client_classes")
LEASES = sa.table("lease4", *(sa.column(c) for c in ("address", "hwaddr", "subnet_id", "expire", "state")))
HOSTS = sa.table("hosts", *(sa.column(c) for c in ("host_id", "hostname", *COLUMNS)))

#: Of the hosts, those that the DHCPv4 server looks at: the DHCPv6 one may have its own in the same table.
_OURS = HOSTS.c.dhcp4_subnet_id.is_not(None)


@dataclass(frozen=True)
class Reservation:
    """A row of ``hosts`` as it is wanted; the address is a number there, None where a pool of the subnet gives one."""

    dhcp_identifier: bytes
    dhcp_identifier_type: int
    dhcp4_subnet_id: int
    ipv4_address: int | None
    dhcp4_client_classes: str | None


@dataclass(frozen=True)
class Kea:
    """Kea, by the database that it reads; ``subnets`` are its subnet-ids by prefix."""

    server: Server
    subnets: Mapping[IPv4Network, int]
    identifier: str
    walled_vlan: int | None
    walled_class: str
    walled_subnet: int | None

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Reserve the line's address for its circuit, before anything is plugged in there.

        Raises ServerUnreachable, ServerRefused, SubnetUnknown and ReservationTaken, as the others do.
        """
        return self.change(line)

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Make the reservation stand as wanted; a router takes it at its next request, by renewal at last."""
        wanted = self._wanted(line)
        with self.server.transaction() as tx:
            written = self._settle(tx, line.service_code, wanted)
        if wanted is None:
            return _result(say("{code} has no reservation", code=line.service_code), written)
        address = IPv4Address(wanted.ipv4_address) if wanted.ipv4_address else say("an address of the walled garden")
        return _result(
            say(
                "{code} gets {address} in subnet {subnet}",
                code=line.service_code,
                address=address,
                subnet=wanted.dhcp4_subnet_id,
            ),
            written,
        )

    def password(self, service_code: str) -> str | None:
        """None: DHCP knows no accounts."""
        return None

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Take the reservation away; a lease that is out runs off by itself."""
        with self.server.transaction() as tx:
            written = self._settle(tx, line.service_code, None)
        return _result(say("{code} has no reservation", code=line.service_code), written)

    def look(self) -> str:
        """Whether Kea's table can be read and written; says how many reservations it holds."""
        with self.server.transaction() as tx:
            tx.execute(sa.text("LOCK TABLE hosts IN ROW EXCLUSIVE MODE"))  # needs the right to write, hinders nobody
            version = tx.execute(sa.text("SELECT version, minor FROM schema_version")).one()
            count = tx.execute(sa.select(sa.func.count()).select_from(HOSTS).where(_OURS)).scalar_one()
        held = say_many("{count} reservation", "{count} reservations", count)
        return say(
            "Its table answers (schema {version}); it holds {held}.",
            version=".".join(map(str, version)),
            held=held,
        )

    @property
    def name(self) -> str:
        """As people know it."""
        return self.server.name

    def standing(self) -> dict[str, str]:
        """How each host that has a name stands there, by its name in capitals, in the words of :meth:`expected`."""
        with self.server.transaction() as tx:
            rows = tx.execute(
                sa.select(HOSTS).where(_OURS, HOSTS.c.hostname.is_not(None)).order_by(HOSTS.c.host_id)
            ).all()
        found: dict[str, str] = {}
        for row in rows:
            name, words = row.hostname.upper(), _described(_reservation(row))
            found[name] = f"{found[name]} and {words}" if name in found else words
        return found

    def expected(self, line: SignOnWanted) -> str | None:
        """How the line is to stand there; None where it has no reservation. Raises SubnetUnknown."""
        wanted = self._wanted(line)
        return None if wanted is None else _described(wanted)

    def in_use(self) -> tuple[InUse, ...]:
        """Its reservations of addresses, and its leases that run; whose a lease is follows from its reservation.

        Leases that Kea keeps in a file instead of its database are not seen.
        """
        h, lease = HOSTS.c, LEASES.c
        # state 0 is an assigned lease; 1 is declined, 2 is expired and reclaimed
        running = sa.and_(lease.state == 0, lease.expire > sa.func.now())
        named = sa.select(LEASES, h.hostname).outerjoin_from(
            LEASES, HOSTS, sa.and_(h.ipv4_address == lease.address, h.dhcp4_subnet_id == lease.subnet_id)
        )
        with self.server.transaction() as tx:
            reserved = tx.execute(sa.select(HOSTS).where(h.ipv4_address.is_not(None)).order_by(h.host_id)).all()
            leased = tx.execute(named.where(running).order_by(lease.address)).all()
        found = [
            _in_use(
                r,
                say("reserved in subnet {subnet}", subnet=r.dhcp4_subnet_id),
                f"host_id {r.host_id}",
            )
            for r in reserved
        ]
        for row in leased:
            mac = bytes(row.hwaddr or b"").hex(":") or say("a client without a hardware address")
            found.append(
                _in_use(row, say("leased to {mac} until {end:%Y-%m-%d %H:%M} UTC", mac=mac, end=row.expire), mac)
            )
        return tuple(found)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _wanted(self, line: SignOnWanted) -> Reservation | None:
        """The row; None for a line that is refused, and for one whose address any pool may give."""
        standing = line.standing(self.walled_vlan)
        if standing is Standing.REFUSED or line.address is None:
            return None
        kind, identifier = self.identifier, line.circuit.encode()
        if line.mac is not None:
            kind, identifier = "hw-address", bytes.fromhex(line.mac.replace(":", "").replace("-", ""))
        walled = standing is Standing.WALLED
        away = self.walled_subnet if walled else None
        return Reservation(
            dhcp_identifier=identifier,
            dhcp_identifier_type=IDENTIFIERS[kind],
            dhcp4_subnet_id=away or self._subnet(line.address.ip),
            ipv4_address=None if away else int(line.address.ip),
            dhcp4_client_classes=self.walled_class if walled else None,
        )

    def _subnet(self, address: IPv4Address) -> int:
        """The subnet-id of the smallest subnet that the address lies in."""
        inside = [prefix for prefix in self.subnets if address in prefix]
        if not inside:
            raise SubnetUnknown(str(address))
        return self.subnets[max(inside, key=lambda prefix: prefix.prefixlen)]

    def _settle(self, tx: Tx, service_code: str, wanted: Reservation | None) -> bool:
        """Make the line's one row stand as wanted; raises ReservationTaken."""
        # By the expression that Kea has an index of.
        ours = sa.func.lower(HOSTS.c.hostname) == service_code.lower()
        rows = tx.execute(sa.select(HOSTS).where(ours, _OURS).order_by(HOSTS.c.host_id).with_for_update()).all()
        kept, spare = (rows[:1], rows[1:]) if wanted else ([], rows)
        if spare:
            tx.execute(sa.delete(HOSTS).where(HOSTS.c.host_id.in_([row.host_id for row in spare])))
        if wanted is None or (kept and _reservation(kept[0]) == wanted):
            return bool(spare)
        _free(tx, service_code, wanted)
        values = asdict(wanted)
        try:
            if kept:
                tx.execute(sa.update(HOSTS).where(HOSTS.c.host_id == kept[0].host_id).values(values))
            else:
                tx.execute(sa.insert(HOSTS).values(hostname=service_code, **values))
        except sa.exc.IntegrityError as error:
            raise ReservationTaken(
                say("the address or the circuit"), say("somebody who was written just now")
            ) from error.orig
        return True


@dataclass(frozen=True)
class Leases:
    """What Kea's DHCPv4 server keeps for lines, to look at. Each call raises ServerUnreachable and ServerRefused."""

    server: Server

    def of(self, service_code: str, address: IPv4Address | None) -> Lease:
        """The line's reservation and lease; ``address`` is the one on record, which nobody else should have.

        Leases that Kea keeps in a file instead of its database are not seen.
        """
        h, lease = HOSTS.c, LEASES.c
        mine = sa.func.lower(h.hostname) == service_code.lower()
        with self.server.transaction() as tx:
            row = tx.execute(sa.select(HOSTS).where(mine, _OURS).order_by(h.host_id).limit(1)).one_or_none()
            reserved = IPv4Address(row.ipv4_address) if row is not None and row.ipv4_address else None
            looked = reserved or address
            if looked is None:
                return Lease(None, "", None, "")
            running = sa.and_(lease.address == int(looked), lease.state == 0, lease.expire > sa.func.now())
            out = tx.execute(sa.select(LEASES).where(running).limit(1)).one_or_none()
            theirs = sa.and_(h.ipv4_address == int(address or looked), sa.func.coalesce(h.hostname, "") != "", ~mine)
            other = tx.execute(sa.select(h.hostname).where(theirs, _OURS).limit(1)).scalar_one_or_none()
        who = (
            (bytes(out.hwaddr or b"").hex(":") or say("a client without a hardware address")) if out is not None else ""
        )
        return Lease(reserved, who, out.expire if out is not None else None, (other or "").upper())


def _reservation(row: Any) -> Reservation:
    return Reservation(
        dhcp_identifier=bytes(row.dhcp_identifier),
        dhcp_identifier_type=row.dhcp_identifier_type,
        dhcp4_subnet_id=row.dhcp4_subnet_id,
        ipv4_address=row.ipv4_address,
        dhcp4_client_classes=row.dhcp4_client_classes,
    )


def _in_use(row: Any, how: str, unnamed: str) -> InUse:
    address = row.ipv4_address if hasattr(row, "ipv4_address") else row.address
    return InUse((row.hostname or "").upper() or unnamed, IPv4Network(address), how)


def _described(reservation: Reservation) -> str:
    raw, kind = reservation.dhcp_identifier, reservation.dhcp_identifier_type
    who = raw.hex(":") if kind == IDENTIFIERS["hw-address"] else raw.decode(errors="backslashreplace")
    address = IPv4Address(reservation.ipv4_address) if reservation.ipv4_address else say("an address of a pool")
    rank = f" as {reservation.dhcp4_client_classes}" if reservation.dhcp4_client_classes else ""
    return say(
        "{address} in subnet {subnet} for {who}{rank}",
        address=address,
        subnet=reservation.dhcp4_subnet_id,
        who=who,
        rank=rank,
    )


def _free(tx: Tx, service_code: str, wanted: Reservation) -> None:
    """Nobody else has the address or the circuit in that subnet; Kea's own unique indexes see to the rest."""
    h = HOSTS.c
    same_line = sa.and_(
        h.dhcp_identifier == wanted.dhcp_identifier, h.dhcp_identifier_type == wanted.dhcp_identifier_type
    )
    theirs = sa.func.coalesce(sa.func.lower(h.hostname), "") != service_code.lower()
    for what, same in ((say("the address"), h.ipv4_address == wanted.ipv4_address), (say("the circuit"), same_line)):
        asked = sa.select(h.host_id, h.hostname).where(same, theirs, h.dhcp4_subnet_id == wanted.dhcp4_subnet_id)
        holder = tx.execute(asked).first()
        if holder is not None:
            raise ReservationTaken(
                what, holder.hostname or say("host_id {host_id}, which has no name", host_id=holder.host_id)
            )


def _result(what: str, written: bool) -> SignOnResult:
    return SignOnResult(
        written, say("DHCP: {what}.", what=what) if written else say("DHCP: {what}, as before.", what=what)
    )
