"""The device's share of every line workflow: look, plan, apply, verify, watch it come up, measure the light.

These functions know a :class:`Target` and a :class:`Site`, and nothing of orders or customers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Interface

from isp_lifecycle.drivers.contract import LineWanted, OltSession, OntStatus, OpticalLevels, PonPort, Serial
from isp_lifecycle.drivers.errors import DeviceContradicts, OntMissing
from isp_lifecycle.drivers.ont_service import BRIDGE, Dhcp, OntService, Pppoe, Static
from isp_lifecycle.foundation.sections import Network
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model import judge
from isp_lifecycle.workflows.errors import (
    ConfigurationRefused,
    LightWrong,
    LineLost,
    NoAccount,
    OntNeverOnline,
    OntNotSeen,
    OntOnOtherPort,
    OntStillOnline,
)
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.steps import Site


@dataclass(frozen=True, kw_only=True)
class Target:
    """One line on one OLT, as a document that survives in the case. Rates are kbit/s.

    ``inner`` is its own tag within ``vlan``, ``user_vlan`` the tag between ONT and OLT where that is another one, and
    ``ont`` what the ONT is told to do; a password is no part of it, and only put in on the way to the device.

    ``replaces`` is the serial that this line's ONT may still have (a swap); ``beside`` is the serial that may stand
    elsewhere under the same key meanwhile (a move).
    """

    key: str
    olt: str
    uplink: str
    pon_port: str
    serial: str
    vlan: int
    down_kbps: int
    up_kbps: int
    ont_id: int | None = None
    service_port: int | None = None
    enabled: bool = True
    replaces: str | None = None
    beside: str | None = None
    inner: int | None = None
    user_vlan: int | None = None
    ont: OntMode = OntMode.BRIDGE
    ont_address: str | None = None
    ont_gateway: str | None = None
    was_told: bool = False
    """The ONT was told to do something until now: as a bridge it must be told otherwise."""

    @property
    def turn(self) -> str:
        """Whose turn it takes to change this line."""
        return f"olt:{self.olt}"

    @property
    def place(self) -> str:
        """Where the line stands, for people."""
        return f"{self.olt} {self.pon_port} ONT {self.ont_id if self.ont_id is not None else '?'}"

    @property
    def on_ont(self) -> int:
        """The VLAN that the ONT tags with."""
        return self.user_vlan if self.user_vlan is not None else self.vlan

    def wanted(self, ont: OntService | None = None) -> LineWanted:
        """The line as a driver wants it, with what its ONT is told (see :func:`told`)."""
        return LineWanted(
            key=self.key,
            port=PonPort.parse(self.pon_port),
            serial=Serial.parse(self.serial),
            vlan=self.vlan,
            uplink=self.uplink,
            down_kbps=self.down_kbps,
            up_kbps=self.up_kbps,
            ont_id=self.ont_id,
            enabled=self.enabled,
            replaces=Serial.parse(self.replaces) if self.replaces else None,
            beside=Serial.parse(self.beside) if self.beside else None,
            inner=self.inner,
            user_vlan=self.user_vlan,
            ont=ont,
        )


def told(target: Target, parts: Parts) -> LineWanted:
    """The line with what its ONT is told, an account's password among it; raises NoAccount."""
    return target.wanted(_service(target, parts))


def _service(target: Target, parts: Parts) -> OntService | None:
    if target.ont is not OntMode.PPPOE:
        return expected_service(target, parts.settings.network)
    password = parts.sign_on.password(target.key)
    if password is None:
        raise NoAccount(code=target.key)
    return OntService(wan=Pppoe(target.key, password))


def expected_service(target: Target, network: Network) -> OntService | None:
    """What the ONT is told, without passwords; None where that is nothing, and nobody looks."""
    mode = target.ont
    if mode is OntMode.BRIDGE:
        return BRIDGE if target.was_told else None
    if mode is OntMode.UNTAGGED:
        return OntService(native_vlan=target.on_ont)
    if mode is OntMode.DHCP:
        return OntService(wan=Dhcp())
    if mode is OntMode.STATIC:
        address, gateway = IPv4Interface(target.ont_address or ""), IPv4Address(target.ont_gateway or "")
        return OntService(wan=Static(address, gateway, network.ont_dns))
    return OntService(wan=Pppoe(target.key))


@dataclass(frozen=True, kw_only=True)
class Light:
    """What was measured when the line came up. Levels are dBm; None where the device showed none."""

    ont_rx_dbm: float | None
    ont_tx_dbm: float | None
    olt_rx_dbm: float | None
    distance_m: int | None
    words: str


def look_and_plan(target: Target, site: Site, *, ahead: bool = False) -> str:
    """Look at the device and say what would be done; nothing is changed. ``ahead``: the ONT need not be seen yet.

    Raises the driver's refusals (serial elsewhere, port full...), OntNotSeen and OntOnOtherPort.
    """
    wanted = told(target, site.parts)
    with _writer(target, site) as olt:
        found = olt.read(wanted)
        if found.ont is None and not ahead:
            _seen_on_its_port(olt, target, wanted)
        return olt.plan(found, wanted).text()


def _seen_on_its_port(olt: OltSession, target: Target, wanted: LineWanted) -> None:
    seen = {ont.serial: ont.port for ont in olt.unconfigured()}
    port = seen.get(wanted.serial)
    if port is None:
        raise OntNotSeen(serial=wanted.serial.display, olt=target.olt)
    if port != wanted.port:
        raise OntOnOtherPort(serial=wanted.serial.display, olt=target.olt, found=str(port), wanted=str(wanted.port))


def configure(target: Target, site: Site) -> Target:
    """Make the device hold this line: change only what differs; returns where it stands."""
    wanted = told(target, site.parts)
    with _writer(target, site) as olt:
        plan = olt.plan(olt.read(wanted), wanted)
        site.still_mine()
        applied = olt.apply(plan)
    if applied.ont is None or applied.service_port is None:
        raise DeviceContradicts(target.olt, target.key, (say("the line is not there when read back"),))
    return replace(target, ont_id=applied.ont.ont_id, service_port=applied.service_port.index)


def stands_as_wanted(target: Target, site: Site) -> None:
    """Read the line back and compare every field; raises DeviceContradicts that names what differs."""
    with _writer(target, site) as olt:
        differences = olt.verify(told(target, site.parts))
    if differences:
        raise DeviceContradicts(target.olt, target.key, tuple(str(d) for d in differences))


def remove(target: Target, site: Site, *, moving: bool = False) -> str:
    """Take the line off the device, service ports first; a line that is not there is fine.

    With ``moving`` only this ONT of the line goes: the other one carries the same key and stays.
    """
    wanted = target.wanted()
    with _writer(target, site) as olt:
        plan = olt.plan_removal(olt.read(wanted), target.key, only=wanted.serial if moving else None)
        if plan.empty:
            return say("Nothing of {key} stood on {olt}.", key=target.key, olt=target.olt)
        site.still_mine()
        olt.apply(plan)
    return say(
        "Removed {key} from {olt}: {what}.",
        key=target.key,
        olt=target.olt,
        what="; ".join(c.what for c in plan.changes),
    )


def is_gone(target: Target, site: Site, *, moving: bool = False) -> None:
    """Read again; raises DeviceContradicts when anything of the line still stands."""
    wanted = target.wanted()
    with _writer(target, site) as olt:
        plan = olt.plan_removal(olt.read(wanted), target.key, only=wanted.serial if moving else None)
    if not plan.empty:
        raise DeviceContradicts(
            target.olt, target.key, tuple(say("still there: {what}", what=c.what) for c in plan.changes)
        )


def wait_until_online(target: Target, site: Site) -> OntStatus:
    """Watch the ONT come up: online, configuration arrived, profile fits.

    Raises LineLost, OntNeverOnline or ConfigurationRefused.
    """
    limits = site.parts.settings.network
    clock = site.parts.clock
    began = clock.now()
    pause = threading.Event()
    while True:
        site.still_mine()
        status = read_status(target, site)
        waited = (clock.now() - began).total_seconds()
        if status.working:
            return status
        if waited >= limits.online_within_seconds:
            break
        pause.wait(limits.poll_seconds)
    if status.run_state == "online":
        raise ConfigurationRefused(place=target.place, config=status.config_state, match=status.match_state)
    raise OntNeverOnline(
        serial=Serial.parse(target.serial).display,
        place=target.place,
        seconds=limits.online_within_seconds,
        state=status.run_state,
        cause=status.last_down_cause or None,
    )


def wait_until_off(target: Target, site: Site) -> None:
    """Watch an ONT that was switched off until the OLT has lost it; raises OntStillOnline."""
    limits, clock = site.parts.settings.network, site.parts.clock
    began, pause = clock.now(), threading.Event()
    while read_status(target, site).run_state == "online":
        site.still_mine()
        if (clock.now() - began).total_seconds() >= limits.online_within_seconds:
            raise OntStillOnline(place=target.place, seconds=limits.online_within_seconds)
        pause.wait(limits.poll_seconds)


def read_status(target: Target, site: Site) -> OntStatus:
    """How the ONT is now; raises LineLost."""
    with _still_built(target), _reader(target, site) as olt:
        status = olt.ont_status(PonPort.parse(target.pon_port), _known(target))
    if status.serial != Serial.parse(target.serial):
        raise _lost(target, say("the ONT there is {serial}", serial=status.serial))
    return status


@contextmanager
def _still_built(target: Target) -> Iterator[None]:
    """An ONT that an earlier step has put there and that is missing now was lost, which is no wrong request."""
    try:
        yield
    except OntMissing as missing:
        raise _lost(target, say("there is no ONT")) from missing


def _lost(target: Target, found: str) -> LineLost:
    return LineLost(key=target.key, place=target.place, turn=target.turn, found=found)


def measure(target: Target, expected_rx_dbm: float | None, site: Site) -> Light:
    """Measure the light both ways and judge it against the loss budget; raises LightWrong and LineLost."""
    limits = site.parts.settings.network
    with _still_built(target), _reader(target, site) as olt:
        levels: OpticalLevels = olt.optical(PonPort.parse(target.pon_port), _known(target))
        status = olt.ont_status(PonPort.parse(target.pon_port), _known(target))
    verdict = judge(
        level=levels.ont_rx_dbm,
        expected=expected_rx_dbm,
        lowest=limits.lowest_rx_dbm,
        highest=limits.highest_rx_dbm,
        margin=limits.margin_db,
    )
    if not verdict.ok:
        raise LightWrong(words=verdict.words, level=levels.ont_rx_dbm)
    return Light(
        ont_rx_dbm=levels.ont_rx_dbm,
        ont_tx_dbm=levels.ont_tx_dbm,
        olt_rx_dbm=levels.olt_rx_dbm,
        distance_m=status.distance_m,
        words=verdict.words,
    )


def _writer(target: Target, site: Site) -> AbstractContextManager[OltSession]:
    if site.person_asked:
        site.parts.olts.forget_refusal(target.olt)
    return site.parts.olts.writer(target.olt, site.transcript)


def _reader(target: Target, site: Site) -> AbstractContextManager[OltSession]:
    if site.person_asked:
        site.parts.olts.forget_refusal(target.olt)
    return site.parts.olts.reader(target.olt, site.transcript)


def _known(target: Target) -> int:
    if target.ont_id is None:
        raise DeviceContradicts(target.olt, target.key, (say("no ONT id is known yet"),))
    return target.ont_id
