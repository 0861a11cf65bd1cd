"""The passive plant behind a PON port as a tree: splitters, outputs, drops and premises, with capacity and light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.inventory.model import RATIO_LOSS_DB, Launch, Passage, expected_rx_dbm
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
class ClosureFill:
    """A splice closure and how full it is: ``used`` of its ``splices``; what its splice on this way loses, if any."""

    code: str
    splices: int
    used: int
    loss_db: float | None = None
    measured: bool = False

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return self.used / self.splices


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
    closure: ClosureFill | None = None
    """Where it sits, if that is on record."""
    through: tuple[ClosureFill, ...] = ()
    """The closures that its feed is spliced in on the way, from the OLT on."""

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
    """A PON port with the splitters that it feeds; ``typical`` when nobody said with which level it really sends."""

    olt: str
    port: str
    tx_dbm: float
    splitters: tuple[SplitterNode, ...]
    typical: bool = False
    card: str = ""
    """The card that it is on, as place and model, where one is on record."""

    @property
    def homes(self) -> int:
        """Premises that hang on it."""
        return sum(one.homes for one in self.splitters)

    @property
    def served(self) -> int:
        """Of those, with a service."""
        return sum(one.served for one in self.splitters)


_PORT = """
    SELECT p.id, p.tx_dbm, p.launch,
           coalesce((SELECT c.place || ' ' || c.model || CASE WHEN c.missing_since IS NULL THEN '' ELSE ' (missing)' END
                     FROM cards c WHERE c.olt_id = p.olt_id AND p.port = ANY(c.ports) LIMIT 1), '') AS card
    FROM pon_ports p JOIN olts o ON o.id = p.olt_id WHERE o.name = :olt AND p.port = :port
"""
_SPLITTERS = """
    SELECT code, ratio, parent, parent_port, fibre_m, closure FROM splitters WHERE pon_port_id = :id
    ORDER BY parent_port NULLS FIRST, code
"""
_PASSAGES = """
    SELECT p.splitter_code, p.closure, p.loss_db FROM closure_passages p JOIN splitters s ON s.code = p.splitter_code
    WHERE s.pon_port_id = :id ORDER BY p.splitter_code, p.number
"""
_CLOSURES = """
    SELECT c.code, c.splices,
           (SELECT count(*) FROM closure_passages p WHERE p.closure = c.code)
         + (SELECT coalesce(sum(s.ratio + 1), 0) FROM splitters s WHERE s.closure = c.code) AS used
    FROM closures c
    WHERE c.code IN (SELECT s.closure FROM splitters s WHERE s.pon_port_id = :id
                     UNION SELECT p.closure FROM closure_passages p JOIN splitters s ON s.code = p.splitter_code
                           WHERE s.pon_port_id = :id)
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

    def rows(query: str) -> Sequence[_Row]:
        return look.tx.execute(sa.text(query), {"id": found.id}).mappings().all()

    grower = _Grower(
        tx_dbm=found.tx_dbm,
        splitters=rows(_SPLITTERS),
        outlets=rows(_OUTLETS),
        passages=rows(_PASSAGES),
        closures=rows(_CLOSURES),
    )
    splitters, typical = grower.below(None, _Way()), found.launch == Launch.TYPICAL
    return PortTree(olt, port, found.tx_dbm, splitters, typical=typical, card=found.card)


type _Row = Mapping[Any, Any]


@dataclass(frozen=True)
class _Way:
    """What light has gone through so far: fibre, splitters, splices in closures."""

    fibre_m: int = 0
    ratios: tuple[int, ...] = ()
    passages: tuple[float, ...] = ()

    def expected(self, tx_dbm: float, *, drop_m: int = 0) -> float:
        """The level that should arrive at the end of it."""
        return expected_rx_dbm(tx_dbm=tx_dbm, fibre_m=self.fibre_m + drop_m, ratios=self.ratios, passages=self.passages)


class _Grower:
    """Rows by what they hang on, grown into a tree."""

    def __init__(
        self,
        *,
        tx_dbm: float,
        splitters: Sequence[_Row],
        outlets: Sequence[_Row],
        passages: Sequence[_Row],
        closures: Sequence[_Row],
    ) -> None:
        self._tx_dbm = tx_dbm
        self._splitters: dict[str | None, list[_Row]] = {}
        self._outlets: dict[str, list[_Row]] = {}
        self._passages: dict[str, list[_Row]] = {}
        self._closures = {one["code"]: ClosureFill(one["code"], one["splices"], one["used"]) for one in closures}
        for one in splitters:
            self._splitters.setdefault(one["parent"], []).append(one)
        for one in outlets:
            self._outlets.setdefault(one["splitter_code"], []).append(one)
        for one in passages:
            self._passages.setdefault(one["splitter_code"], []).append(one)

    def below(self, code: str | None, way: _Way) -> tuple[SplitterNode, ...]:
        """The splitters that this one feeds (None: the port), after all that light has gone through."""
        return tuple(self._node(one, way) for one in self._splitters.get(code, []))

    def _node(self, row: _Row, before: _Way) -> SplitterNode:
        through = tuple(self._passed(one) for one in self._passages.get(row["code"], []))
        way = _Way(
            fibre_m=before.fibre_m + row["fibre_m"],
            ratios=(*before.ratios, row["ratio"]),
            passages=(*before.passages, *(one.loss_db or 0.0 for one in through)),
        )
        children = self.below(row["code"], way)
        outlets = tuple(self._outlet(one, way) for one in self._outlets.get(row["code"], []))
        return SplitterNode(
            code=row["code"],
            ratio=row["ratio"],
            parent_port=row["parent_port"],
            fibre_m=row["fibre_m"],
            loss_db=RATIO_LOSS_DB[row["ratio"]],
            output_dbm=way.expected(self._tx_dbm),
            used=len(children) + len({one.splitter_port for one in outlets}),
            splitters=children,
            outlets=outlets,
            closure=self._closures.get(row["closure"]),
            through=through,
        )

    def _passed(self, row: _Row) -> ClosureFill:
        """A closure on the way, with what its splice loses."""
        passage = Passage(closure=row["closure"], loss_db=row["loss_db"])
        return replace(
            self._closures[row["closure"]], loss_db=passage.expected_db, measured=passage.loss_db is not None
        )

    def _outlet(self, row: _Row, way: _Way) -> OutletRow:
        drop = row["drop_m"] or 0
        return OutletRow(
            splitter_port=row["splitter_port"],
            premises_code=row["code"],
            address=row["address"],
            drop_m=drop,
            expected_rx_dbm=way.expected(self._tx_dbm, drop_m=drop),
            service_code=row["service"],
            service_state=row["state"],
            measured_rx_dbm=row["measured_rx_dbm"],
        )
