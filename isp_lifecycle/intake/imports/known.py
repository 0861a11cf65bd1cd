"""What many rows of a file ask for again and again, read once an import; nothing that the import itself writes."""

from __future__ import annotations

from dataclasses import replace

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.catalog.model import Plan
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Route


class Known:
    """Plans and the way through the plant, remembered for the length of one import of premises or customers."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._plans: dict[str, Plan] = {}
        self._routes: dict[str, Route] = {}
        self._ports: dict[str, frozenset[str]] = {}

    def plan(self, code: str) -> Plan:
        """The plan of this code; raises NotFound."""
        if code not in self._plans:
            self._plans[code] = catalog.plan_by_code(tx=self._tx, code=code)
        return self._plans[code]

    def route(self, splitter_code: str, *, drop_m: int) -> Route:
        """The way to a premises behind this splitter; raises NotFound."""
        if splitter_code not in self._routes:
            self._routes[splitter_code] = inventory.route(tx=self._tx, splitter_code=splitter_code, drop_m=0)
        return replace(self._routes[splitter_code], drop_m=drop_m)

    def require_pon_port(self, *, olt: str, port: str) -> None:
        """Raise NotFound unless there is an OLT of this name with this PON port."""
        if olt not in self._ports:
            found = inventory.olt_by_name(tx=self._tx, name=olt)
            self._ports[olt] = frozenset(p.port for p in inventory.pon_ports_of(tx=self._tx, olt_id=found.id))
        if port not in self._ports[olt]:
            raise NotFound("PON port", f"{olt} {port}")
