"""The configuration an OLT of the town has before anybody types anything: plant, profiles, and the customers' lines."""

from datetime import UTC, datetime, time, timedelta

from isp_lifecycle.lab.links import RunHistory
from isp_lifecycle.lab.ma5800.config import (
    Configuration,
    DbaProfile,
    GemMapping,
    GemPort,
    LineProfile,
    Ont,
    ServicePort,
    ServiceProfile,
    TrafficTable,
    Vlan,
)
from isp_lifecycle.lab.town import Customer, OltSite, Plan, Town

PROFILE = 10
FIRST_TRAFFIC_TABLE = 10


def day_one(town: Town, site: OltSite) -> Configuration:
    """Return the configuration of this site's OLT on the town's day one."""
    places = [_slot_port(pon.port) for pon in site.pon_ports]
    configuration = Configuration(sysname=site.name, pon_slots=sorted({slot for slot, _ in places}))
    configuration.autofind_ports = places
    uplink = _slot_port(site.uplink)
    vlans = sorted({plan.vlan for plan in town.plans})
    configuration.vlans = {vlan: Vlan(id=vlan, uplinks=[uplink]) for vlan in vlans}
    configuration.dba_profiles = {PROFILE: DbaProfile(id=PROFILE, name="dba-1g", type=4, max=1024000)}
    gem = GemPort(id=1, tcont=4, mappings=[GemMapping(index=n, vlan=vlan) for n, vlan in enumerate(vlans)])
    line = LineProfile(id=PROFILE, name="line-default", tconts={4: PROFILE}, gems={1: gem})
    configuration.line_profiles = {PROFILE: line}
    configuration.service_profiles = {PROFILE: ServiceProfile(id=PROFILE, name="srv-1eth")}
    rates = sorted({rate for plan in town.plans for rate in (plan.down_kbps, plan.up_kbps)})
    tables = {rate: traffic_table(FIRST_TRAFFIC_TABLE + n, rate) for n, rate in enumerate(rates)}
    configuration.traffic_tables = {table.index: table for table in tables.values()}
    for customer in town.customers:
        if customer.olt == site.name:
            plan = town.plan(customer.plan_code)
            configuration.onts.append(_ont(customer, town))
            configuration.service_ports[customer.service_port] = _flow(customer, plan, tables)
    return configuration


def traffic_table(index: int, rate: int, *, name: str | None = None) -> TrafficTable:
    """Return a table whose committed and peak rates are equal; bucket sizes as the device computes them."""
    return TrafficTable(
        index=index, name=name or f"rate-{rate}", cir=rate, pir=rate, cbs=bucket(rate), pbs=bucket(rate)
    )


def bucket(rate: int) -> int:
    """Return the default bucket size in bytes for a rate in kbit/s."""
    return min(2000 + rate * 32, 10240000)


def _slot_port(place: str) -> tuple[int, int]:
    _, slot, port = place.split("/")
    return int(slot), int(port)


def _ont(customer: Customer, town: Town) -> Ont:
    slot, port = _slot_port(customer.pon_port)
    began = datetime.combine(customer.since, time(10, 0), tzinfo=UTC)
    dark = any(b.kind == "dark" and b.premises_code == customer.premises_code for b in town.blemishes)
    history = RunHistory(last_up=began)
    if dark:
        went = datetime.combine(town.today, time(3, 12, 44), tzinfo=UTC) - timedelta(days=1)
        history = RunHistory(last_up=began, last_down=went, last_gasp=went, down_cause="dying-gasp")
    return Ont(
        slot=slot,
        port=port,
        id=customer.ont_id,
        serial=customer.serial,
        line_profile=PROFILE,
        service_profile=PROFILE,
        description=customer.service_code,
        history=history,
    )


def _flow(customer: Customer, plan: Plan, tables: dict[int, TrafficTable]) -> ServicePort:
    slot, port = _slot_port(customer.pon_port)
    return ServicePort(
        index=customer.service_port,
        vlan=customer.vlan,
        slot=slot,
        port=port,
        ont=customer.ont_id,
        gemport=1,
        user_vlan=customer.vlan,
        inbound=tables[plan.up_kbps].index,
        outbound=tables[plan.down_kbps].index,
    )
