"""Write a town as the files that the import command reads."""

import csv
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from isp_lifecycle.lab.town.model import OltSite, Premises, Town

PREMISES_COLUMNS = (
    "premises_code", "area", "street", "number", "unit", "postcode", "city", "latitude", "longitude",
    "splitter_code", "splitter_port", "drop_m",
)  # fmt: skip
CLOSURE_COLUMNS = ("code", "splices", "latitude", "longitude")
SPLITTER_COLUMNS = (
    "olt", "pon_port", "code", "parent", "ratio", "fibre_m", "latitude", "longitude", "closure", "through",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "customer_code", "name", "email", "phone", "premises_code", "plan_code", "since", "olt", "pon_port", "ont_id",
    "serial", "vlan", "service_port", "address", "service_code",
)  # fmt: skip


def write_files(town: Town, folder: Path, *, host: str = "127.0.0.1", base_port: int = 22800) -> list[Path]:
    """Write the import files into `folder` and return their paths; OLT number n listens on `base_port` + n."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write_csv(folder / "premises.csv", PREMISES_COLUMNS, (_premises_row(p) for p in town.premises)),
        _write_yaml(
            folder / "plant.yaml",
            {"olts": [_olt(site, host=host, port=base_port + n) for n, site in enumerate(town.olts)]},
        ),
        _write_csv(folder / "closures.csv", CLOSURE_COLUMNS, _closure_rows(town)),
        _write_csv(folder / "splitters.csv", SPLITTER_COLUMNS, _splitter_rows(town)),
        _write_csv(folder / "customers.csv", CUSTOMER_COLUMNS, _customer_rows(town)),
        _write_yaml(folder / "plans.yaml", {"plans": _plans(town)}),
        _write_yaml(folder / "pools.yaml", {"pools": _pools(town)}),
        _write_yaml(folder / "nats.yaml", {"nats": [asdict(nat) for nat in town.nats]}),
        _write_yaml(folder / "staff.yaml", {"staff": _staff(town)}),
    ]


def _premises_row(premises: Premises) -> tuple[object, ...]:
    outlet = premises.outlet
    address = (premises.code, premises.area, premises.street, premises.number, premises.unit, premises.postcode)
    place = (premises.city, premises.latitude, premises.longitude)
    fibre = (outlet.splitter_code, outlet.splitter_port, outlet.drop_m) if outlet else ("", "", "")
    return address + place + fibre


def _customer_rows(town: Town) -> Iterable[tuple[object, ...]]:
    for c in town.customers:
        person = (c.code, c.name, c.email, c.phone, c.premises_code, c.plan_code, c.since.isoformat())
        line = (c.olt, c.pon_port, c.ont_id, c.serial, c.vlan, c.service_port, c.address, c.service_code)
        yield person + line


def _closure_rows(town: Town) -> Iterable[tuple[object, ...]]:
    """A closure around each splitter, and one on the way to each cabinet, which two spans of cable meet in."""
    for splitter in (s for site in town.olts for pon in site.pon_ports for s in pon.splitters):
        if splitter.parent is None:
            yield (f"JC-{splitter.code}", 12, round(splitter.latitude + 0.004, 6), splitter.longitude)
        yield (f"SC-{splitter.code}", 24, splitter.latitude, splitter.longitude)


def _splitter_rows(town: Town) -> Iterable[tuple[object, ...]]:
    for site in town.olts:
        for pon in site.pon_ports:
            for s in pon.splitters:
                glass = (s.code, s.parent or "", s.ratio, s.fibre_m, s.latitude, s.longitude)
                through = "" if s.parent else f"JC-{s.code}:0.05"
                yield (site.name, pon.port, *glass, f"SC-{s.code}", through)


def _olt(site: OltSite, *, host: str, port: int) -> dict[str, Any]:
    ports = [
        {
            "port": pon.port,
            "tx_dbm": pon.tx_dbm,
            "splitters": [
                {
                    "code": s.code,
                    "parent": s.parent,
                    "ratio": s.ratio,
                    "fibre_m": s.fibre_m,
                    "latitude": s.latitude,
                    "longitude": s.longitude,
                }
                for s in pon.splitters
            ],
        }
        for pon in site.pon_ports
    ]
    return {
        "name": site.name,
        "vendor": site.vendor,
        "model": site.model,
        "area": site.area,
        "host": host,
        "port": port,
        "credentials": "default",
        "uplink": site.uplink,
        "pon_ports": ports,
    }


def _plans(town: Town) -> list[dict[str, Any]]:
    return [
        {
            "code": p.code,
            "name": p.name,
            "down_kbps": p.down_kbps,
            "up_kbps": p.up_kbps,
            "price": str(p.price),
            "currency": p.currency,
            "address_policy": p.address_policy,
            "vlan": p.vlan,
            **({"ipv6_policy": p.ipv6_policy} if p.ipv6_policy else {}),
        }
        for p in town.plans
    ]


def _pools(town: Town) -> list[dict[str, Any]]:
    return [
        {"name": p.name, "area": p.area, "policy": p.policy, "prefix": p.prefix}
        | ({"gateway": p.gateway} if p.gateway else {})
        | ({"wan": p.wan} if p.wan else {})
        for p in town.pools
    ]


def _staff(town: Town) -> list[dict[str, Any]]:
    return [
        {"username": s.username, "name": s.name, "role": s.role, "email": s.email, "phone": s.phone, "area": s.area}
        for s in town.staff
    ]


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def _write_yaml(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
