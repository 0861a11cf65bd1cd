"""Keep the plant, and find the way of the light through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.inventory.actions.passive import pass_through
from isp_lifecycle.inventory.errors import PlantWrong, SplitterFull, SplitterPortUsed
from isp_lifecycle.inventory.model import Launch, Olt, Passage, PonPort, Route, Splitter, SplitterPorts
from isp_lifecycle.inventory.store import line as line_store
from isp_lifecycle.inventory.store import passive as passive_store
from isp_lifecycle.inventory.store import plant as store


def put_olt(
    *,
    tx: Tx,
    name: str,
    vendor: str,
    model: str,
    area: str,
    host: str,
    port: int,
    credentials: str,
    uplink: str,
    at: datetime,
) -> Put[Olt]:
    """Bring the OLT of this name to these values and tell what that took. Raises PlantWrong."""
    olt = Olt(
        id=new_id(),
        name=name,
        vendor=vendor,
        model=model,
        area=area,
        host=host,
        port=port,
        credentials=credentials,
        uplink=uplink,
        added_at=at,
    )
    change = store.upsert_olt(tx=tx, olt=olt)
    return Put(value=olt_by_name(tx=tx, name=name), change=change)


def first_host_key(*, tx: Tx, name: str, host_key: str, at: datetime) -> Olt:
    """Note the host key of an OLT that is reached for the first time; one that is known stays. Raises NotFound."""
    store.set_host_key(tx=tx, name=name, host_key=host_key, at=at, first=True)
    return olt_by_name(tx=tx, name=name)


def accept_host_key(*, tx: Tx, name: str, host_key: str, at: datetime) -> Olt:
    """Expect this host key of an OLT from now on. Raises NotFound."""
    store.set_host_key(tx=tx, name=name, host_key=host_key, at=at, first=False)
    return olt_by_name(tx=tx, name=name)


def put_pon_port(*, tx: Tx, olt_id: UUID, port: str, tx_dbm: float, launch: Launch = Launch.RECORDED) -> Put[PonPort]:
    """Bring this port of an OLT to this sending level and tell what that took. Raises PlantWrong, NotFound."""
    pon_port = PonPort(id=new_id(), olt_id=olt_id, port=port, tx_dbm=tx_dbm, launch=launch)
    with refusing(tx=tx, by={"fk_pon_ports_olt_id": lambda: NotFound("OLT", olt_id)}):
        change = store.upsert_pon_port(tx=tx, pon_port=pon_port)
    stored = next(p for p in store.pon_ports_of(tx=tx, olt_id=olt_id) if p.port == port)
    return Put(value=stored, change=change)


def put_splitter(
    *,
    tx: Tx,
    code: str,
    pon_port_id: UUID,
    ratio: int,
    fibre_m: int,
    latitude: float,
    longitude: float,
    parent: str | None = None,
    parent_port: int | None = None,
    closure: str | None = None,
    through: Sequence[Passage] | None = None,
) -> Put[Splitter]:
    """Bring the splitter of this code to these values and tell what that took.

    Behind a ``parent`` it takes the port named, or keeps the one it has, or takes the lowest that is free. Without
    ``closure`` it stays in the one it is in, without ``through`` its feed goes as it does. Raises PlantWrong,
    SplitterFull, SplitterPortUsed, ClosureFull, NotFound.
    """
    splitter = Splitter(
        code=code,
        pon_port_id=pon_port_id,
        parent=parent,
        parent_port=parent_port,
        ratio=ratio,
        fibre_m=fibre_m,
        latitude=latitude,
        longitude=longitude,
        closure=closure,
    )
    if parent is not None:
        splitter = replace(splitter, parent_port=_port_behind(tx, splitter, parent))
    elif parent_port is not None:
        raise PlantWrong(say("Splitter {code}", code=code), "parent_port", parent_port, say("empty without a parent"))
    refusals = {
        "fk_splitters_closure": lambda: NotFound("closure", closure or ""),
        "fk_splitters_pon_port_id": lambda: NotFound("PON port", pon_port_id),
        "uq_splitters_parent_port": lambda: _used_by_splitter(tx, splitter),
    }
    with refusing(tx=tx, by=refusals):
        change = store.upsert_splitter(tx=tx, splitter=splitter)
    stands = store.splitter_path(tx=tx, code=code)[-1]
    passed = pass_through(tx=tx, splitter=stands, passages=through)
    return Put(value=stands, change=passed if change is Change.SAME else change)


def _port_behind(tx: Tx, splitter: Splitter, parent: str) -> int:
    """The parent's port for a splitter, after the way up was found to be sound."""
    what = say("Splitter {code}", code=splitter.code)
    path = store.splitter_path(tx=tx, code=parent)
    if not path:
        raise NotFound("splitter", parent)
    if path[-1].pon_port_id != splitter.pon_port_id:
        raise PlantWrong(what, "parent", parent, say("a splitter of the same PON port"))
    if len(path) >= store.DEEPEST or splitter.code in {above.code for above in path}:
        raise PlantWrong(what, "parent", parent, say("a splitter that does not itself hang on this one"))
    held = next((c for c in store.children_of(tx=tx, code=parent) if c.code == splitter.code), None)
    ports = splitter_ports(tx=tx, splitter_code=parent)
    wanted = splitter.parent_port or (held.parent_port if held else next(iter(ports.free), None))
    if wanted is None:
        raise SplitterFull(parent, ports.size)
    if not 1 <= wanted <= ports.size:
        raise PlantWrong(what, "parent_port", wanted, say("1 to {most}", most=ports.size))
    return wanted


def _used_by_splitter(tx: Tx, splitter: Splitter) -> SplitterPortUsed:
    parent, port = splitter.parent or "", splitter.parent_port or 0
    others = [c.code for c in store.children_of(tx=tx, code=parent) if c.parent_port == port]
    return SplitterPortUsed(
        splitter_code=parent, splitter_port=port, other=say("splitter {code}", code="".join(others))
    )


def olt_by_id(*, tx: Tx, olt_id: UUID) -> Olt:
    """The OLT with this id; raises NotFound."""
    olt = store.olt_by_id(tx=tx, olt_id=olt_id)
    if olt is None:
        raise NotFound("OLT", olt_id)
    return olt


def olt_by_name(*, tx: Tx, name: str) -> Olt:
    """The OLT of this name; raises NotFound."""
    olt = store.olt_by_name(tx=tx, name=name)
    if olt is None:
        raise NotFound("OLT", name)
    return olt


def all_olts(*, tx: Tx) -> tuple[Olt, ...]:
    """Every OLT, by name."""
    return store.all_olts(tx=tx)


def pon_ports_of(*, tx: Tx, olt_id: UUID) -> tuple[PonPort, ...]:
    """An OLT's PON ports, in the order of its slots."""
    return store.pon_ports_of(tx=tx, olt_id=olt_id)


def route(*, tx: Tx, splitter_code: str, drop_m: int) -> Route:
    """The way from the OLT to a premises behind this splitter, with the level that should arrive. Raises NotFound."""
    path = store.splitter_path(tx=tx, code=splitter_code)
    pon_port = store.pon_port_by_id(tx=tx, pon_port_id=path[-1].pon_port_id) if path else None
    if pon_port is None:
        raise NotFound("splitter", splitter_code)
    olt = olt_by_id(tx=tx, olt_id=pon_port.olt_id)
    passed = passive_store.passages_of(tx=tx, splitters=[one.code for one in path])
    passages = tuple(passage for one in path for passage in passed.get(one.code, ()))
    return Route(olt=olt, pon_port=pon_port, splitters=path, drop_m=drop_m, passages=passages)


def splitter_ports(*, tx: Tx, splitter_code: str) -> SplitterPorts:
    """Which ports of a splitter lead to a line or another splitter, and which are free. Raises NotFound."""
    path = store.splitter_path(tx=tx, code=splitter_code)
    if not path:
        raise NotFound("splitter", splitter_code)
    children = {c.parent_port for c in store.children_of(tx=tx, code=splitter_code) if c.parent_port is not None}
    used = children | set(line_store.ports_with_lines(tx=tx, splitter_code=splitter_code))
    return SplitterPorts(code=splitter_code, size=path[-1].ratio, used=tuple(sorted(used)))
