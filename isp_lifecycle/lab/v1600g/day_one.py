"""What a V1600G of the town is configured with before anybody types anything: plant, profiles, customers' lines."""

from datetime import UTC, datetime, time, timedelta

from isp_lifecycle.lab.links import RunHistory
from isp_lifecycle.lab.town import Customer, OltSite, Town
from isp_lifecycle.lab.v1600g.config import (
    SLOT,
    Configuration,
    DbaProfile,
    Gem,
    Onu,
    Service,
    ServicePort,
    Tcont,
    TrafficProfile,
)


def day_one(town: Town, site: OltSite) -> Configuration:
    """Return the configuration of this site's OLT on the town's day one."""
    vlans = sorted({plan.vlan for plan in town.plans})
    rates = sorted({rate for plan in town.plans for rate in (plan.down_kbps, plan.up_kbps)})
    dba = [DbaProfile(number=n, name=f"UP-{rate}", maximum=rate) for n, rate in enumerate(rates, start=1)]
    dba.append(DbaProfile(number=511, name="default1", type=3, assured=1024, maximum=1024000))
    traffic = [TrafficProfile(number=1, name="default", pir=1024000)]
    traffic += [TrafficProfile(number=n, name=f"DOWN-{rate}", pir=rate) for n, rate in enumerate(rates, start=2)]
    return Configuration(
        sysname=site.name,
        vlans=[1, *vlans],
        uplinks={int(site.uplink.rpartition("/")[2]): vlans, 2: []},
        dba=dba,
        traffic=traffic,
        onts=[_onu(customer, town) for customer in town.customers if customer.olt == site.name],
        autofind_ports=[(SLOT, _port(pon.port)) for pon in site.pon_ports],
    )


def _port(place: str) -> int:
    return int(place.rpartition("/")[2])


def _onu(customer: Customer, town: Town) -> Onu:
    plan = town.plan(customer.plan_code)
    return Onu(
        port=_port(customer.pon_port),
        id=customer.ont_id,
        profile="default",
        serial=customer.serial,
        description=customer.service_code,
        tconts={1: Tcont(dba=f"UP-{plan.up_kbps}", name="INTERNET")},
        gems={1: Gem(tcont=1, name="INTERNET", down=f"DOWN-{plan.down_kbps}")},
        services={f"vlan{customer.vlan}": Service(gem=1, vlan=customer.vlan)},
        service_ports={customer.service_port: ServicePort(gem=1, user_vlan=customer.vlan, vlan=customer.vlan)},
        history=_history(customer, town),
    )


def _history(customer: Customer, town: Town) -> RunHistory:
    began = datetime.combine(customer.since, time(10, 0), tzinfo=UTC)
    if not any(b.kind == "dark" and b.premises_code == customer.premises_code for b in town.blemishes):
        return RunHistory(last_up=began)
    went = datetime.combine(town.today, time(3, 12, 44), tzinfo=UTC) - timedelta(days=1)
    return RunHistory(last_up=began, last_down=went, last_gasp=went, down_cause="dying-gasp")
