"""Sign-on: how RADIUS and DHCP let lines on, against the lines as they were built."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from ipaddress import IPv4Interface, IPv4Network

from isp_lifecycle.aaa.model import SignOnWanted, circuit_id
from isp_lifecycle.aaa.not_connected import NOTHING_WRITTEN
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.views.audit.check import Gathered
from isp_lifecycle.views.audit.model import Finding, FindingKind, LookedAt, Note, NotLookedAt
from isp_lifecycle.views.audit.outside import Outside, SignOnServer
from isp_lifecycle.views.audit.records import LineRecord, Records

ADDRESS_BITS = 32
WRITE_AGAIN = "Any change of the line writes it again, as suspending and resuming it does; or write it there by hand."
TAKE_OUT = "Make sure that nobody uses it, then delete it there."


def look_at_sign_on(before: Records, now: Callable[[], Records], outside: Outside, into: Gathered) -> list[NotLookedAt]:
    """Compare each server with the records of before and of after it was read alike: what passed is no fault."""
    if not outside.sign_on:
        into.notes.append(Note("RADIUS and DHCP", NOTHING_WRITTEN.words))
    missed = []
    for server in outside.sign_on:
        began = time.monotonic()
        try:
            standing = server.standing()
            after = now()
            found = set(_compare(server, before, standing)) & set(_compare(server, after, standing))
        except LifecycleError as error:
            missed.append(NotLookedAt(server.name, error.message, error.remedy))
            continue
        into.findings += found
        into.looked_at.append(LookedAt(server.name, len(standing), time.monotonic() - began))
    return missed


def _compare(server: SignOnServer, records: Records, standing: Mapping[str, str]) -> list[Finding]:
    """What differs, but for services that a workflow has in hand; hosts and users that are no service are others'."""
    found = []
    for code in records.states.keys() - records.busy:
        line = records.lines.get(code)
        wanted = None if line is None else server.expected(sign_on_of(line))
        stands = standing.get(code)
        if stands == wanted:
            continue
        if wanted is None:
            what = f"It stands there {stands}, and is not to be known there ({records.states[code]})."
            found.append(Finding(FindingKind.LEAKED, server.name, code, what, TAKE_OUT))
        else:
            what = f"It is to stand there {wanted}, and {f'stands {stands}' if stands else 'is not known there'}."
            found.append(Finding(FindingKind.LOST, server.name, code, what, WRITE_AGAIN))
    return found


def sign_on_of(line: LineRecord) -> SignOnWanted:
    """How a line is to be let on as it was built."""
    port = str(line.port)
    return SignOnWanted(
        service_code=line.code,
        address=None if line.prefix is None else _interface(line.prefix),
        gateway=None,
        vlan=line.vlan,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        circuit=circuit_id(olt=line.olt, pon_port=port, ont_id=line.ont_id, vlan=line.vlan),
        enabled=line.enabled,
        delegated=line.delegated,
        wan=line.wan,
    )


def _interface(prefix: IPv4Network) -> IPv4Interface:
    """The customer's own address: of a block the second, since the first is the gateway's (as ``ipam`` gives them)."""
    return IPv4Interface((prefix[0] if prefix.prefixlen == ADDRESS_BITS else prefix[2], prefix.prefixlen))
