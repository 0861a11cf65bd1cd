"""The passive plant behind a PON port as a tree: splitters, outputs, drops and premises, with capacity and light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.inventory.model import RATIO_LOSS_DB, expected_rx_dbm
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class OutletRow:
    """A drop from a splitter's output to premises, and who is served there (empty: nobody).

    ``expected_rx_dbm`` is what an ONT should receive there by the loss budget, ``measured_rx_dbm`` what it did.
    """

    splitter_port: int
    premises_code: str
    address: str
    drop_m: int
    expected_rx_dbm: float
    service_code: str
    service_state: str
    measured_rx_dbm: float | None

    @property
    def below_db(self) -> float | None:
        """By how much less arrives than should; None where nothing was measured."""
        return None if self.measured_rx_dbm is None else round(self.expected_rx_dbm - self.measured_rx_dbm, 1)


@dataclass(frozen=True)
class SplitterNode:
    """A splitter with what hangs on its outputs.

    ``fibre_m`` is its feed from its parent or the OLT, ``loss_db`` its own between input and each output,
    ``output_dbm`` what leaves each output by the loss budget. ``used`` of ``ratio`` outputs lead somewhere.
    """

    code: str
    ratio: int
    parent_port: int | None
    fibre_m: int
    loss_db: float
    output_dbm: float
    used: int
    splitters: tuple[SplitterNode, ...]
    outlets: tuple[OutletRow, ...]

    @property
    def homes(self) -> int:
        """Premises that can be served from here on."""
        return len(self.outlets) + sum(child.homes for child in self.splitters)

    @property
    def served(self) -> int:
        """Of those, with a service."""
        return sum(bool(one.service_code) for one in self.outlets) + sum(child.served for child in self.splitters)


@dataclass(frozen=True)
class PortTree:
    """A PON port with the splitters that it feeds."""

    olt: str
    port: str
    tx_dbm: float
    splitters: tuple[SplitterNode, ...]

    @property
    def homes(self) -> int:
        """Premises that hang on it."""
        return sum(one.homes for one in self.splitters)

    @property
    def served(self) -> int:
        """Of those, with a service."""
        return sum(one.served for one in self.splitters)


_PORT = """
    SELECT p.id, p.tx_dbm FROM pon_ports p JOIN olts o ON o.id = p.olt_id WHERE o.name = :olt AND p.port = :port
"""
_SPLITTERS = """
    SELECT code, ratio, parent, parent_port, fibre_m FROM splitters WHERE pon_port_id = :id
    ORDER BY parent_port NULLS FIRST, code
"""
_OUTLETS = """
    SELECT p.splitter_code, p.splitter_port, p.code, p.drop_m,
           concat_ws(', ', concat_ws(' ', p.number, p.street), p.unit) AS address,
           coalesce(s.code, '') AS service, coalesce(s.state, '') AS state, l.measured_rx_dbm
    FROM premises p JOIN splitters x ON x.code = p.splitter_code
    LEFT JOIN services s ON s.premises_id = p.id AND s.state <> 'terminated'
    LEFT JOIN lines l ON l.service_id = s.id
    WHERE x.pon_port_id = :id ORDER BY p.splitter_port
"""


@shows("network.read")
def port_tree(look: Look, *, olt: str, port: str) -> PortTree:
    """Everything passive behind one PON port; raises NotFound."""
    found = look.tx.execute(sa.text(_PORT), {"olt": olt, "port": port}).one_or_none()
    if found is None:
        raise NotFound("PON port", f"{olt} {port}")
    grower = _Grower(
        tx_dbm=found.tx_dbm,
        splitters=look.tx.execute(sa.text(_SPLITTERS), {"id": found.id}).mappings().all(),
        outlets=look.tx.execute(sa.text(_OUTLETS), {"id": found.id}).mappings().all(),
    )
    return PortTree(olt, port, found.tx_dbm, grower.below(None, fibre_m=0, ratios=()))


type _Row = Mapping[Any, Any]


class _Grower:
    """Rows by what they hang on, grown into a tree."""

    def __init__(self, *, tx_dbm: float, splitters: Sequence[_Row], outlets: Sequence[_Row]) -> None:
        self._tx_dbm = tx_dbm
        self._splitters: dict[str | None, list[_Row]] = {}
        self._outlets: dict[str, list[_Row]] = {}
        for one in splitters:
            self._splitters.setdefault(one["parent"], []).append(one)
        for one in outlets:
            self._outlets.setdefault(one["splitter_code"], []).append(one)

    def below(self, code: str | None, *, fibre_m: int, ratios: tuple[int, ...]) -> tuple[SplitterNode, ...]:
        """The splitters that this one feeds (None: the port), with so much fibre and these splitters before them."""
        return tuple(self._node(one, fibre_m=fibre_m, ratios=ratios) for one in self._splitters.get(code, []))

    def _node(self, row: _Row, *, fibre_m: int, ratios: tuple[int, ...]) -> SplitterNode:
        fibre_m, ratios = fibre_m + row["fibre_m"], (*ratios, row["ratio"])
        children = self.below(row["code"], fibre_m=fibre_m, ratios=ratios)
        outlets = tuple(self._outlet(one, fibre_m, ratios) for one in self._outlets.get(row["code"], []))
        return SplitterNode(
            code=row["code"],
            ratio=row["ratio"],
            parent_port=row["parent_port"],
            fibre_m=row["fibre_m"],
            loss_db=RATIO_LOSS_DB[row["ratio"]],
            output_dbm=expected_rx_dbm(tx_dbm=self._tx_dbm, fibre_m=fibre_m, ratios=ratios),
            used=len(children) + len({one.splitter_port for one in outlets}),
            splitters=children,
            outlets=outlets,
        )

    def _outlet(self, row: _Row, fibre_m: int, ratios: tuple[int, ...]) -> OutletRow:
        drop = row["drop_m"] or 0
        return OutletRow(
            splitter_port=row["splitter_port"],
            premises_code=row["code"],
            address=row["address"],
            drop_m=drop,
            expected_rx_dbm=expected_rx_dbm(tx_dbm=self._tx_dbm, fibre_m=fibre_m + drop, ratios=ratios),
            service_code=row["service"],
            service_state=row["state"],
            measured_rx_dbm=row["measured_rx_dbm"],
        )
