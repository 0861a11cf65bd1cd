"""As built against as found, one OLT at a time: pure, from the records of one snapshot and one read of the device."""

from __future__ import annotations

from collections.abc import Iterator

from isp_lifecycle.drivers.contract import OltFound
from isp_lifecycle.drivers.drift import Built, Drift, DriftKind, Expected, drifts
from isp_lifecycle.inventory.model import is_service_code
from isp_lifecycle.views.audit.model import Finding, FindingKind, Note
from isp_lifecycle.views.audit.records import LineRecord, Records
from isp_lifecycle.views.audit.standing import wanted_of

_K = FindingKind
_REPAIR = "Compare it with the inventory; then repair the line, or correct the record."
_FREE = "Make sure that nobody uses it, then remove it from the OLT."

#: What each difference means for an audit: the kind of finding, about what it is, and what to do.
_FINDINGS: dict[DriftKind, tuple[FindingKind, str, str]] = {
    DriftKind.ONT_MISSING: (_K.LOST, "ONT", _REPAIR),
    DriftKind.DESCRIPTION: (_K.LOST, "ONT", _REPAIR),
    DriftKind.PLACE: (_K.LOST, "ONT", _REPAIR),
    DriftKind.SERIAL: (_K.LOST, "ONT", _REPAIR),
    DriftKind.SWITCHED: (_K.LOST, "ONT", _REPAIR),
    DriftKind.ONT_TWICE: (_K.DOUBLED, "ONT", _FREE),
    DriftKind.FLOW_MISSING: (_K.LOST, "service port", _REPAIR),
    DriftKind.FLOW_TWICE: (_K.DOUBLED, "service port", _REPAIR),
    DriftKind.VLAN: (_K.LOST, "service port", _REPAIR),
    DriftKind.INNER_TAG: (_K.LOST, "service port", _REPAIR),
    DriftKind.RATES: (_K.LOST, "service port", _REPAIR),
    DriftKind.VLAN_MISSING: (_K.LOST, "VLAN", "Create it on the OLT."),
    DriftKind.ELSEWHERE: (_K.DOUBLED, "ONT", _FREE),
    DriftKind.UNRECORDED: (_K.LOST, "line", "Record the line as it stands."),
    DriftKind.LEFT: (_K.LEAKED, "ONT", _FREE),
    DriftKind.FLOW_LEFT: (_K.LEAKED, "service port", "Remove it from the OLT."),
}


def compare(records: Records, found: OltFound, *, gem_port: int) -> tuple[Finding, ...]:
    """Everything in which the device and the records differ; services in a workflow's hands are left to it.

    ONTs without a code of ours belong to others, and are told of by `notes`.
    """
    expected = _expected(records, found.olt, gem_port)
    return tuple(_finding(found.olt, one) for one in drifts(expected, found) if one.kind in _FINDINGS)


def _expected(records: Records, olt: str, gem_port: int) -> Expected:
    lines: dict[str, Built] = {}
    elsewhere: dict[str, str] = {}
    for line in records.lines.values():
        if line.olt != olt:
            elsewhere[line.code] = f"{line.olt} {line.port} ONT {line.ont_id}"
        elif (built := _built(line)) is not None:
            lines[line.code] = built
    being_built = frozenset(line.code for line in records.lines.values() if line.olt == olt) - lines.keys()
    return Expected(
        lines=lines,
        states=records.states,
        gem_port=gem_port,
        ours=is_service_code,
        elsewhere=elsewhere,
        busy=records.busy | being_built,
    )


def _built(line: LineRecord) -> Built | None:
    wanted = wanted_of(line)
    if wanted is None:
        return None
    return Built(
        key=line.code,
        port=line.port,
        ont_id=line.ont_id,
        serial=line.serial,
        vlan=line.vlan,
        rates=wanted.rates,
        enabled=wanted.enabled,
        state=line.state,
        inner=line.inner,
    )


def _finding(olt: str, drift: Drift) -> Finding:
    kind, about, remedy = _FINDINGS[drift.kind]
    if drift.kind in (DriftKind.FLOW_LEFT, DriftKind.VLAN_MISSING):
        return Finding(kind, about, f"{olt} {drift.place}", drift.what, remedy)
    return Finding(kind, about, drift.key, f"{olt}: {drift.what}", remedy)


def notes(records: Records, found: OltFound) -> Iterator[Note]:
    """What stands on the device besides, and belongs to others."""
    foreign = sum(not is_service_code(ont.key) for ont in found.onts)
    if foreign:
        yield Note(found.olt, f"{foreign} ONTs carry no code of ours and were not judged.")
    unknown = sorted(found.vlans - records.vlans.get(found.olt, frozenset()))
    if unknown:
        yield Note(found.olt, f"VLANs that the records do not know: {', '.join(map(str, unknown))}.")
    if found.unread:
        yield Note(found.olt, f"Not read: {found.unread}.")
