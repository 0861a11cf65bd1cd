"""What is found by something of the network: serial numbers, IP and MAC addresses, OLTs and their ports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from isp_lifecycle.drivers.errors import SerialMalformed
from isp_lifecycle.drivers.values import Serial
from isp_lifecycle.foundation.pages import Thing, opens
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.search.hits import Hit, rows, told
from isp_lifecycle.views.window import Look

_NUMBER = re.compile(r"[0-9A-F]{4,8}")
_LABEL = re.compile(r"([A-Z]{4})[- ]?([0-9A-F]{0,8})")
_PORT = re.compile(r"(.*?)[\s:]*(\d{1,2}/\d{1,2}/\d{1,3})", re.ASCII)
_MAC = re.compile(r"[0-9A-F]{12}")

_LINE = f"""
    SELECT s.code, c.name, {ADDRESS} AS address, s.state, l.serial, l.pon_port, o.name AS olt
    FROM lines l JOIN services s ON s.id = l.service_id JOIN customers c ON c.id = s.customer_id
    JOIN premises p ON p.id = s.premises_id JOIN olts o ON o.id = l.olt_id
    WHERE {{fits}} ORDER BY l.serial LIMIT :many
"""
_WHOLE = _LINE.format(fits="l.serial >= :least AND l.serial <= :most")
_PART = _LINE.format(fits="right(l.serial, 8) LIKE :begins")


def by_serial(look: Look, text: str) -> Iterator[Hit]:
    """The services whose ONT has this serial number, in any form, or one that begins so; also without its vendor."""
    if not look.actor.may("service.read"):
        return
    upper = text.upper()
    begins = _beginning(upper)
    found = rows(look, _WHOLE, least=begins.ljust(16, "0"), most=begins.ljust(16, "F")) if begins else []
    if not found and _NUMBER.fullmatch(upper) and re.search(r"\d", upper):
        found = rows(look, _PART, begins=f"{upper}%")
    for r in found:
        says = told(Serial(r.serial).display, r.code, r.address, f"{r.olt} {r.pon_port}")
        yield Hit(Thing.SERVICE, r.code, r.name, says, r.state)


def _beginning(upper: str) -> str:
    """The hex digits that a serial number begins with, by whatever form was typed; empty when it is none."""
    try:
        return Serial.parse(upper).normal
    except SerialMalformed:
        pass  # no whole one: perhaps its beginning, which is told apart below
    if label := _LABEL.fullmatch(upper):
        return label[1].encode("ascii").hex().upper() + label[2] if label[2] else ""
    plain = upper.replace(" ", "")
    return plain if 8 < len(plain) <= 16 and re.fullmatch(r"[0-9A-F]+", plain) else ""


_OWNER = f"""
    SELECT s.code, c.name, {ADDRESS} AS address, s.state FROM services s JOIN customers c ON c.id = s.customer_id
    JOIN premises p ON p.id = s.premises_id WHERE s.id = :owner
"""
_WITHIN = """
    SELECT s.code, c.name, a.prefix, s.state FROM (
        SELECT prefix, owner FROM allocations WHERE prefix <<= CAST(:prefix AS cidr) AND state <> 'free' LIMIT :many
    ) a JOIN services s ON s.id = a.owner JOIN customers c ON c.id = s.customer_id ORDER BY a.prefix
"""
_POOLS = "SELECT name, prefix, policy FROM pools WHERE prefix && CAST(:prefix AS inet) ORDER BY prefix LIMIT :many"
_HOSTS = "SELECT name, model, area, host FROM olts WHERE host = :host"


def by_address(look: Look, text: str) -> Iterator[Hit]:
    """Who has this IP address; of a prefix, the pools that it is of and the first services in it; an OLT by its own."""
    try:
        address = ip_address(text)
    except ValueError:
        yield from _within(look, text)
        return
    if look.actor.may("service.read"):
        use = ipam.used_at(tx=look.tx, address=address, at=look.at)
        for r in rows(look, _OWNER, owner=use.owner) if use else ():
            yield Hit(Thing.SERVICE, r.code, r.name, told(use.prefix if use else "", r.code, r.address), r.state)
    if look.actor.may("network.read"):
        for r in rows(look, _HOSTS, host=str(address)):
            yield Hit(Thing.OLT, r.name, r.name, told(r.host, r.model, r.area))
    if opens(Thing.ADDRESS, look.actor.may) and look.actor.may("service.read"):
        shared = ipam.is_shared(tx=look.tx, address=address, at=look.at)
        says = say("Many share it: say which port was seen.") if shared else say("Who has it, and who had it when")
        yield Hit(Thing.ADDRESS, str(address), str(address), says)


def _within(look: Look, text: str) -> Iterator[Hit]:
    prefix = _prefix(text)
    if prefix is None:
        return
    if opens(Thing.POOL, look.actor.may):
        for r in rows(look, _POOLS, prefix=str(prefix)):
            yield Hit(Thing.POOL, r.name, r.name, told(r.prefix, r.policy))
    if look.actor.may("service.read"):
        for r in rows(look, _WITHIN, prefix=str(prefix)):
            yield Hit(Thing.SERVICE, r.code, r.name, told(r.prefix, r.code), r.state)


def _prefix(text: str) -> IPv4Network | IPv6Network | None:
    """A prefix as it is written, or the beginning of an IPv4 address that ends with a dot: ``10.4.``."""
    if re.fullmatch(r"(\d{1,3}\.){1,3}", text, re.ASCII):
        octets = text.rstrip(".").split(".")
        text = f"{'.'.join(octets + ['0'] * (4 - len(octets)))}/{8 * len(octets)}"
    if "/" not in text or not re.search(r"[.:]", text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def mac_of(text: str) -> str:
    """The twelve hex digits of a MAC address, in whatever way it was written; empty when it is none."""
    digits = re.sub(r"[:.\-\s]", "", text.upper())
    separated = bool(re.search(r"[:.\-\s]", text.strip()))
    return digits if _MAC.fullmatch(digits) and (separated or len(text.strip()) == 12) else ""


_OLTS = """
    SELECT o.name, o.vendor, o.model, o.area FROM olts o WHERE o.name ILIKE :like OR o.host = :text
    ORDER BY o.name <> :text, o.name LIMIT :many
"""
_PORTS = """
    SELECT o.name, p.port, (SELECT count(*) FROM lines l WHERE l.olt_id = o.id AND l.pon_port = p.port) AS lines
    FROM pon_ports p JOIN olts o ON o.id = p.olt_id WHERE p.port = :port AND o.name ILIKE :like
    ORDER BY o.name LIMIT :many
"""


def by_olt(look: Look, text: str) -> Iterator[Hit]:
    """OLTs by a part of the name, and PON ports: ``OLT-NORTH 0/3/2``, or ``0/3/2`` of any."""
    if not look.actor.may("network.read"):
        return
    if (placed := _PORT.fullmatch(text)) is not None:
        for r in rows(look, _PORTS, port=placed[2], like=_like(placed[1])):
            key = f"{r.name} {r.port}"
            yield Hit(Thing.PON_PORT, key, key, f"{r.lines} {'line' if r.lines == 1 else 'lines'}")
    elif len(text) > 1:
        for r in rows(look, _OLTS, like=_like(text), text=text):
            yield Hit(Thing.OLT, r.name, r.name, told(f"{r.vendor} {r.model}", r.area))


def _like(text: str) -> str:
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


__all__ = ["by_address", "by_olt", "by_serial", "mac_of"]
