"""What is decided about the plant's devices: which there are, what stands on them, which SSH host key each has."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.drivers.contract import BoardFound, OntFound, PonPort, Serial
from isp_lifecycle.drivers.discovery import Adoption, OltSeen, adoption_of
from isp_lifecycle.drivers.registry import vendor_named
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.terms import VLANS
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import UnknownCredentials
from isp_lifecycle.intake.imports.customers import PURPOSE
from isp_lifecycle.intake.secrets import known_accounts
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import AdoptedOnt, CardSeen, FoundLine, Launch, Olt, standing
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import FOUND, VlanGroup


@enters("olt.trust")
def first_host_key(act: Act, *, olt: str, host_key: str) -> str:
    """Note the host key of an OLT that was never reached before; returns the one that it must have."""
    act.about("OLT", olt)
    return inventory.first_host_key(tx=act.tx, name=olt, host_key=host_key, at=act.at).host_key or host_key


@enters("olt.trust")
def accept_host_key(act: Act, *, olt: str, host_key: str) -> None:
    """Accept another host key of an OLT, as somebody read it and compared it with the device; the audit has both."""
    before = inventory.olt_by_name(tx=act.tx, name=olt)
    kind, _, fingerprint = host_key.partition(" ")
    if not kind or not fingerprint.startswith("SHA256:"):
        raise Refused(
            say("{host_key} is not a host key.", host_key=repr(host_key)),
            field="host_key",
            value=host_key,
            remedy=say("Give its kind and fingerprint, as `isp olt trust` shows it: ssh-rsa SHA256:..."),
        )
    act.about("OLT", before.name)
    act.changed("Host key", before.host_key or "none", host_key)
    inventory.accept_host_key(tx=act.tx, name=olt, host_key=host_key, at=act.at)


@enters("vlan.group")
def put_vlan_group(
    act: Act, *, olt: str, outer: int, first: int = VLANS[0], last: int = VLANS[-1] - 1, ports: tuple[str, ...] = ()
) -> Change:
    """Have lines with tags of their own on an OLT, or some of its PON ports, ride in this outer tag.

    Raises NotFound, GroupWrong, GroupInUse, and VlanOwned where the tag serves something else there.
    """
    act.about("VLAN group", f"{outer} on {olt}")
    known = {
        one.port for one in inventory.pon_ports_of(tx=act.tx, olt_id=inventory.olt_by_name(tx=act.tx, name=olt).id)
    }
    for port in ports:
        if port not in known:
            raise NotFound(say("PON port of {olt}", olt=olt), port)
    group = VlanGroup(olt=olt, outer=outer, first=first, last=last, ports=tuple(sorted(ports)))
    return ipam.put_group(tx=act.tx, group=group, at=act.at).change


#: What an OLT's model is called before it was asked.
NOT_ASKED = "not asked yet"
#: The level that a port sends with until somebody says better: the least of class B+ and a half (ITU-T G.984.2 Amd 1).
TYPICAL_TX_DBM = 3.0
WALLED_GARDEN = "walled garden"


@enters("olt.add")
def add_olt(
    act: Act, *, name: str, vendor: str, host: str, port: int, area: str, uplink: str, credentials: str = "default"
) -> None:
    """Record an OLT, or bring the one of this name to these values; nothing is asked of it yet.

    Raises UnknownVendor, UnknownCredentials and PlantWrong.
    """
    act.about("OLT", name)
    vendor_named(vendor)
    accounts = known_accounts(act)
    if credentials not in accounts:
        raise UnknownCredentials(credentials, accounts)
    known = [olt for olt in inventory.all_olts(tx=act.tx) if olt.name == name]
    inventory.put_olt(
        tx=act.tx,
        name=name,
        vendor=vendor,
        model=known[0].model if known else NOT_ASKED,
        area=area,
        host=host,
        port=port,
        credentials=credentials,
        uplink=uplink,
        at=act.at,
    )


@enters("olt.add")
def adopt(act: Act, *, olt: str, seen: OltSeen) -> Adoption:
    """Take note of everything that was seen on an OLT: model, cards, PON ports, VLANs in use, ONTs without a service.

    Lines on record stay as they are: in what they differ is for `drift` to say. The same again changes nothing.
    """
    act.about("OLT", olt)
    record = inventory.olt_by_name(tx=act.tx, name=olt)
    taken = adoption_of(seen, **_on_record(act.tx, record))
    values = asdict(replace(record, model=seen.identity.product or record.model))
    for name in ("id", "added_at", "host_key", "host_key_at"):
        del values[name]
    inventory.put_olt(tx=act.tx, **values, at=act.at)
    for port in taken.pon_ports:
        launch = Launch.TYPICAL
        inventory.put_pon_port(tx=act.tx, olt_id=record.id, port=str(port), tx_dbm=TYPICAL_TX_DBM, launch=launch)
    inventory.keep_cards(tx=act.tx, olt_id=record.id, seen=[_card(one) for one in seen.boards], at=act.at)
    for vlan in taken.vlans:
        ipam.reserve_vlan(tx=act.tx, olt=olt, number=vlan, purpose=_purpose(act, vlan), at=act.at)
    onts = [_adopted(act, record.id, ont, seen) for ont in taken.onts]
    inventory.adopt_onts(tx=act.tx, olt_id=record.id, onts=onts)
    return taken


@enters("olt.add")
def record_launch(act: Act, *, olt: str, port: str, tx_dbm: float) -> None:
    """Record with which level a PON port really sends, as measured or by its module. Raises PlantWrong, NotFound."""
    act.about("PON port", f"{olt} {port}")
    record = inventory.olt_by_name(tx=act.tx, name=olt)
    if port not in {one.port for one in inventory.pon_ports_of(tx=act.tx, olt_id=record.id)}:
        raise NotFound("PON port", f"{olt} {port}")
    inventory.put_pon_port(tx=act.tx, olt_id=record.id, port=port, tx_dbm=tx_dbm)


def _card(board: BoardFound) -> CardSeen:
    ports = tuple(str(port) for port in board.pon_ports)
    return CardSeen(place=board.place, model=board.model, state=board.state, ports=ports)


def _on_record(tx: Tx, olt: Olt) -> dict[str, Any]:
    """What is on record of an OLT, as `adoption_of` compares it."""
    return {
        "ports": {PonPort.parse(one.port) for one in inventory.pon_ports_of(tx=tx, olt_id=olt.id)},
        "vlans": {one.number for one in ipam.vlans(tx=tx, olt=olt.name)},
        "lines": {Serial(line.serial) for _service, line in inventory.lines_on(tx=tx, olt_id=olt.id)},
        "noted": {Serial(one.line.serial) for one in inventory.adopted_onts(tx=tx, olt_id=olt.id)},
        "boards": standing(inventory.cards_of(tx=tx, olt_id=olt.id)),
    }


def _purpose(act: Act, vlan: int) -> str:
    """Lines of a plan's VLAN are as those that are built here, so that an activation finds its VLAN noted."""
    if vlan == act.settings.network.walled_garden_vlan:
        return WALLED_GARDEN
    return PURPOSE if vlan in {plan.vlan for plan in catalog.all_plans(tx=act.tx)} else FOUND


def _adopted(act: Act, olt_id: UUID, ont: OntFound, seen: OltSeen) -> AdoptedOnt:
    flow = seen.flow_of(ont)
    line = FoundLine(
        pon_port=str(ont.port),
        ont_id=ont.ont_id,
        serial=ont.serial.normal,
        enabled=ont.enabled,
        vlan=flow.vlan if flow else None,
        service_port=flow.index if flow else None,
        down_kbps=flow.down.kbps if flow and flow.down else None,
        up_kbps=flow.up.kbps if flow and flow.up else None,
    )
    return AdoptedOnt(olt_id=olt_id, line=line, description=ont.key, noted_at=act.at, noted_by=act.actor.username)
