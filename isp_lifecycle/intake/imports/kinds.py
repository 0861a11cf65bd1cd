"""The kinds of file that there are, in the order in which an empty installation imports them."""

from __future__ import annotations

from typing import Any

from isp_lifecycle.intake.imports.closures import CLOSURES, SPLITTERS
from isp_lifecycle.intake.imports.customers import CUSTOMERS
from isp_lifecycle.intake.imports.errors import KindUnknown
from isp_lifecycle.intake.imports.kind import Kind
from isp_lifecycle.intake.imports.nats import NATS
from isp_lifecycle.intake.imports.plans import PLANS
from isp_lifecycle.intake.imports.plant import PLANT
from isp_lifecycle.intake.imports.pools import POOLS
from isp_lifecycle.intake.imports.premises import PREMISES
from isp_lifecycle.intake.imports.staff import STAFF

KINDS: dict[str, Kind[Any]] = {
    kind.name: kind for kind in (PLANS, POOLS, NATS, CLOSURES, PLANT, SPLITTERS, PREMISES, STAFF, CUSTOMERS)
}


def kind_of(name: str) -> Kind[Any]:
    """The kind of that name; raises KindUnknown."""
    if name not in KINDS:
        raise KindUnknown(name, tuple(KINDS))
    return KINDS[name]
