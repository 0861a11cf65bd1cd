"""Record what was built, and forget it when it was removed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Put
from isp_lifecycle.inventory.errors import OntIdTaken, SerialTaken, SplitterPortUsed
from isp_lifecycle.inventory.model import Line, Service
from isp_lifecycle.inventory.store import adopted as adopted_store
from isp_lifecycle.inventory.store import line as store

_GONE = say("(removed just now)")


def record_line(*, tx: Tx, line: Line) -> Put[Line]:
    """Record the line of a service as it stands on the device, and tell what that took.

    Raises SerialTaken, OntIdTaken and SplitterPortUsed, which name the service that is in the way, and NotFound for a
    service, PON port or splitter that is not on record.
    """
    refusals = {
        store.ONE_SERIAL: lambda: SerialTaken(
            serial=line.serial, other=store.code_of_line(tx=tx, serial=line.serial) or _GONE
        ),
        store.ONE_ONT_ID: lambda: OntIdTaken(
            port=line.pon_port,
            ont_id=line.ont_id,
            other=store.code_of_line(tx=tx, ont=(line.olt_id, line.pon_port, line.ont_id)) or _GONE,
        ),
        store.ONE_SPLITTER_PORT: lambda: _splitter_port_used(tx, line),
        store.KNOWN_SERVICE: lambda: NotFound("service", line.service_id),
        store.KNOWN_PORT: lambda: NotFound("PON port", line.pon_port),
        store.KNOWN_SPLITTER: lambda: NotFound("splitter", line.splitter_code),
    }
    with refusing(tx=tx, by=refusals):
        change = store.upsert_line(tx=tx, line=line)
        adopted_store.delete_adopted(tx=tx, serial=line.serial)
    return Put(value=_line(tx, line.service_id), change=change)


def _splitter_port_used(tx: Tx, line: Line) -> SplitterPortUsed:
    splitter, port = line.splitter_code or "", line.splitter_port or 0
    other = store.code_of_line(tx=tx, splitter=(splitter, port))
    return SplitterPortUsed(
        splitter_code=splitter, splitter_port=port, other=say("service {code}", code=other or _GONE)
    )


def forget_line(*, tx: Tx, service_id: UUID) -> Line | None:
    """Remove the record of a line that was taken off the device; the line as it was, or None where there was none."""
    return store.delete_line(tx=tx, service_id=service_id)


def measured(*, tx: Tx, service_id: UUID, rx_dbm: float) -> Line:
    """Note the level, in dBm, that the ONT was found to receive. Raises NotFound where no line is recorded."""
    store.write_measured(tx=tx, service_id=service_id, rx_dbm=rx_dbm)
    return _line(tx, service_id)


def line_of_service(*, tx: Tx, service_id: UUID) -> Line | None:
    """The line of a service, if one was built."""
    return store.line_of_service(tx=tx, service_id=service_id)


def services_with_olts(
    *, tx: Tx, service_ids: Sequence[UUID] | None = None, codes: Sequence[str] | None = None
) -> tuple[tuple[Service, str | None], ...]:
    """Services by ids or codes, any number, by code, each with the OLT of its line (None: no line is recorded)."""
    return store.services_with_olts(tx=tx, service_ids=service_ids, codes=codes)


def line_by_serial(*, tx: Tx, serial: str) -> Line | None:
    """The line whose ONT has this serial number, if it is on record."""
    return store.line_by_serial(tx=tx, serial=serial)


def _line(tx: Tx, service_id: UUID) -> Line:
    line = store.line_of_service(tx=tx, service_id=service_id)
    if line is None:
        raise NotFound("line of service", service_id)
    return line
