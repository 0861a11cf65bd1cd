"""What a ZXA10 of the town is configured with before anybody types anything: plant, profiles, customers' lines."""

from datetime import UTC, datetime, time, timedelta

from isp_lifecycle.lab.links import RunHistory
from isp_lifecycle.lab.town import Customer, OltSite, Town
from isp_lifecycle.lab.zxa10.config import (
    Configuration,
    Gem,
    Onu,
    Service,
    ServicePort,
    Tcont,
    TcontProfile,
    TrafficProfile,
)

ONU_TYPE = "ALL"


def day_one(town: Town, site: OltSite, *, product: str, spare_uplink: str) -> Configuration:
    """Return the configuration of this site's OLT on the town's day one."""
    places = [_slot_port(pon.port) for pon in site.pon_ports]
    vlans = sorted({plan.vlan for plan in town.plans})
    rates = sorted({rate for plan in town.plans for rate in (plan.down_kbps, plan.up_kbps)})
    ups = [TcontProfile(name="default", type=1, fixed=10000)]
    ups += [TcontProfile(name=f"UP-{rate}", type=4, maximum=rate) for rate in rates]
    downs = [TrafficProfile(name="default", sir=9953280, pir=9953280)]
    downs += [TrafficProfile(name=f"DOWN-{rate}", sir=rate, pir=rate) for rate in rates]
    return Configuration(
        product=product,
        sysname=site.name,
        pon_slots=sorted({slot for slot, _ in places}),
        vlans=[1, *vlans],
        uplinks={site.uplink: [1, *vlans], spare_uplink: [1]},
        tconts={profile.name: profile for profile in ups},
        traffic={profile.name: profile for profile in downs},
        onu_types=[ONU_TYPE, "ZTE-F660", "ZTE-F670L"],
        onts=[_onu(customer, town) for customer in town.customers if customer.olt == site.name],
        autofind_ports=places,
    )


def _slot_port(place: str) -> tuple[int, int]:
    _, slot, port = place.split("/")
    return int(slot), int(port)


def _onu(customer: Customer, town: Town) -> Onu:
    slot, port = _slot_port(customer.pon_port)
    plan = town.plan(customer.plan_code)
    return Onu(
        slot=slot,
        port=port,
        id=customer.ont_id,
        type=ONU_TYPE,
        serial=customer.serial,
        name=customer.service_code,
        description=customer.service_code,
        tconts={1: Tcont(profile=f"UP-{plan.up_kbps}", name="HSI")},
        gems={1: Gem(tcont=1, name="HSI", down=f"DOWN-{plan.down_kbps}")},
        services={f"vlan{customer.vlan}": Service(gem=1, vlan=customer.vlan)},
        service_ports={
            customer.service_port: ServicePort(vport=1, user_vlan=customer.vlan, vlan=customer.vlan),
        },
        history=_history(customer, town),
    )


def _history(customer: Customer, town: Town) -> RunHistory:
    began = datetime.combine(customer.since, time(10, 0), tzinfo=UTC)
    if not any(b.kind == "dark" and b.premises_code == customer.premises_code for b in town.blemishes):
        return RunHistory(last_up=began)
    went = datetime.combine(town.today, time(3, 12, 44), tzinfo=UTC) - timedelta(days=1)
    return RunHistory(last_up=began, last_down=went, last_gasp=went, down_cause="dying-gasp")
