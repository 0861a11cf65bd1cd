"""The rules by themselves: what cannot be caused in the lab, and that nothing unseen is ever taken for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.telemetry.model.weakness import Down, down_of
from isp_lifecycle.views.diagnosis.diagnose import NAMES, diagnose
from isp_lifecycle.views.diagnosis.model import Act, How, Layer, Sure
from isp_lifecycle.views.diagnosis.recorded import (
    CustomerOn,
    LineOn,
    OnRecord,
    OrderOn,
    OtherLine,
    PauseOn,
    ServiceOn,
    WorkOn,
)
from isp_lifecycle.views.diagnosis.seen import (
    AttemptSeen,
    BuiltSeen,
    Differs,
    Known,
    Leased,
    LightSeen,
    Neighbour,
    OntSeen,
    Seen,
    SessionSeen,
    SignedOn,
    Silence,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
OWN = "HWTC-00000001"
LINE = LineOn("OLT-NORTH", "0/1/0", 1, OWN, 100, 512_000, 102_400, -18.0, splitter="OT1-1", splitter_port=3)
RECORDS = OnRecord(
    NOON,
    CustomerOn("C-000001", "Ada Byrne", "+353 1", "ada@example.org", "1 Weir Lane"),
    ServiceOn("S-000001", "active", "Home 500", 512_000, 102_400),
    line=LINE,
    on_port=(OtherLine("S-000002", "Eoin Daly", "HWTC-00000002", "OT1-1", -18.0),),
    addresses=("100.64.0.9",),
)
SESSION = SessionSeen(NOON - timedelta(hours=2), NOON - timedelta(minutes=5), "100.64.0.9", "192.0.2.1")


def told(value: Any, source: str = "OLT-NORTH") -> Known[Any]:
    return Known(value, source, NOON, 0.4)


def silent(how: Silence, why: str = "it says nothing") -> Known[Any]:
    return Known(source="OLT-NORTH", at=NOON, unseen=why, silence=how)


def neighbour(ont_id: int, *, online: bool = True, down: Down = Down.UNTOLD, below: float = 0.0) -> Neighbour:
    rx = -18.0 - below if online else None
    return Neighbour(ont_id, f"HWTC-0000000{ont_id}", f"S-00000{ont_id}", "", online, down, "OT1-1", rx, -18.0)


GOOD = Seen(
    NOON,
    RECORDS,
    ont=told(OntSeen(OWN, online=True, configured=True, config_words="normal match", distance_m=1200)),
    light=told(LightSeen(-18.2, -20.0)),
    port=told((neighbour(2), neighbour(3))),
    built=told(BuiltSeen(())),
    unregistered=Known(unseen="not needed", silence=Silence.NOT_ASKED, needless=True),
    radius=told(SignedOn(True, rates=(512_000, 102_400), sessions=(SESSION,)), "RADIUS"),
    dhcp=Known(unseen="no DHCP is connected", silence=Silence.NOT_ASKED, needless=True),
)


def ont(*, online: bool = False, down: Down = Down.UNTOLD, configured: bool = True) -> Known[Any]:
    return told(OntSeen(OWN, online, configured, "failed mismatch", down, str(down)))


def records(**changed: Any) -> OnRecord:
    return replace(RECORDS, **changed)


def work(**changed: Any) -> WorkOn:
    usual = {"state": "failed", "step": "Configure OLT and ONT", "since": NOON, "due_at": NOON, "what": "It is full"}
    return WorkOn(new_id(), "Plan change", **{**usual, **changed})


def test_a_good_line_is_called_good_with_what_was_looked_at() -> None:
    answer = diagnose(GOOD)
    assert (answer.finding.cause, answer.finding.sure, answer.finding.healthy) == ("healthy", Sure.CERTAIN, True)
    assert answer.final
    assert {one.how for one in answer.chain} == {How.GOOD, How.NONE}
    assert answer.missed == ()
    assert all(one.source and one.at for one in answer.finding.because)


PORT_ALONE = {"ont": ont(down=Down.LIGHT), "port": told(())}
CASES: list[tuple[dict[str, Any], str, Sure]] = [
    ({"ont": silent(Silence.NOT_ASKED, "your role does not ask devices")}, "OLT not asked", Sure.OPEN),
    ({"ont": silent(Silence.NOT_LET_IN)}, "OLT cannot be read", Sure.OPEN),
    ({"ont": silent(Silence.UNREADABLE)}, "OLT cannot be read", Sure.OPEN),
    ({"ont": silent(Silence.BUSY)}, "OLT busy", Sure.OPEN),
    # RADIUS knows better than a silent OLT.
    ({"ont": silent(Silence.NO_ANSWER)}, "OLT does not answer", Sure.OPEN),
    ({"ont": silent(Silence.NO_ANSWER), "radius": told(SignedOn(True))}, "OLT does not answer", Sure.LIKELY),
    (PORT_ALONE, "drop cut", Sure.LIKELY),
    ({"ont": ont(down=Down.LIGHT), "port": silent(Silence.NO_ANSWER)}, "drop cut", Sure.LIKELY),
    ({"ont": ont()}, "ONT off", Sure.OPEN),
    ({"ont": ont(down=Down.RESTARTED)}, "ONT starting anew", Sure.LIKELY),
    ({"ont": ont(online=True, configured=False)}, "ONT without its configuration", Sure.LIKELY),
    ({"ont": ont(down=Down.SWITCHED_OFF), "built": Known(pending=True)}, "ONT switched off by hand", Sure.LIKELY),
    ({"light": told(LightSeen(-6.0, -9.0))}, "too much light", Sure.CERTAIN),
    ({"light": told(LightSeen(-27.4, -29.0)), "port": told(())}, "low light on the drop", Sure.LIKELY),
    ({"built": told(BuiltSeen((Differs("key", "S-000001", "none"),)))}, "line differs from the records", Sure.LIKELY),
    ({"built": silent(Silence.UNREADABLE)}, "nothing found", Sure.OPEN),
    ({"light": silent(Silence.UNREADABLE)}, "nothing found", Sure.OPEN),
    ({"radius": told(SignedOn(False))}, "refused by RADIUS", Sure.CERTAIN),
    ({"radius": told(SignedOn(True, walled=True))}, "refused by RADIUS", Sure.CERTAIN),
    ({"radius": told(SignedOn(True, attempt=AttemptSeen(NOON, False, None)))}, "rejected by RADIUS", Sure.LIKELY),
    ({"radius": told(SignedOn(True)), "dhcp": told(Leased("100.64.0.9", "00:53:01", NOON))}, "healthy", Sure.LIKELY),
    ({"dhcp": told(Leased("", held_by="S-000777"))}, "address conflict", Sure.CERTAIN),
    ({"records": records(work=(work(),))}, "plan change failed", Sure.CERTAIN),
    ({"records": records(work=(work(state="running"),))}, "plan change under way", Sure.LIKELY),
    ({"records": records(work=(work(state="scheduled", what=""),))}, "healthy", Sure.CERTAIN),
    ({"records": records(service=replace(RECORDS.service, state="terminated"))}, "service ended", Sure.CERTAIN),  # type: ignore[type-var]
    ({"records": records(service=replace(RECORDS.service, state="pending"))}, "line not built yet", Sure.CERTAIN),  # type: ignore[type-var]
    ({"records": records(line=None)}, "no line on record", Sure.CERTAIN),
    ({"records": records(service=None, line=None)}, "nothing ordered", Sure.CERTAIN),
    (
        {"records": records(service=None, orders=(OrderOn("O-1", "new_line", "rejected", None, NOON, "No duct."),))},
        "order rejected",
        Sure.CERTAIN,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "cause", "sure"), CASES, ids=[f"{n}-{c[1]}" for n, c in enumerate(CASES)])
def test_what_is_seen_is_called_by_its_name(changed: dict[str, Any], cause: str, sure: Sure) -> None:
    answer = diagnose(replace(GOOD, **changed))
    assert (answer.finding.cause, answer.finding.sure) == (cause, sure), answer.finding.says
    for one in (answer.finding, *answer.besides):
        assert one.says[0].isupper()
        assert one.says[-1] in ".!?"
        assert one.advice
        assert one.to_customer
    assert {"ONT", "OLT", "VLAN", "RADIUS", "PON"}.isdisjoint(answer.finding.to_customer.replace(",", "").split())


def test_of_two_faults_the_first_on_the_way_is_the_cause_and_what_it_explains_is_not_told() -> None:
    two = replace(GOOD, ont=ont(down=Down.POWER), radius=told(SignedOn(True)), records=records(work=(work(),)))
    answer = diagnose(two)
    assert answer.finding.cause == "no power at the home"
    assert [one.cause for one in answer.besides] == ["plan change failed"]
    shut = replace(RECORDS.service, state="suspended", suspended_for="non_payment")  # type: ignore[type-var]
    answer = diagnose(replace(two, records=records(work=(work(),), service=shut)))
    assert (answer.finding.act, answer.besides) == (Act.RESUME, ())


def test_maintenance_explains_a_silent_olt_and_a_dark_port_and_nothing_else() -> None:
    paused = records(pauses=(PauseOn("OLT-NORTH", "New card.", "Niall", NOON, NOON + timedelta(hours=2)),))
    dark = told((neighbour(2, online=False, down=Down.LIGHT),))
    causes = [
        diagnose(replace(GOOD, records=paused, **changed)).finding.cause
        for changed in (
            {"ont": silent(Silence.NO_ANSWER)},
            {"ont": ont(down=Down.LIGHT), "port": dark},
            {"ont": ont(down=Down.POWER)},
            {},
        )
    ]
    assert causes == ["maintenance", "maintenance", "no power at the home", "healthy"]


def combinations() -> Iterator[Seen]:
    """Each thing as it is on a good line, silent, or still being asked: every fifth way to combine that."""
    names = [one.name for one in fields(Seen) if one.name in NAMES]
    for chosen in list(product(range(3), repeat=len(names)))[::5]:
        ways = [
            (getattr(GOOD, name), silent(Silence.NO_ANSWER), Known(pending=True))[way]
            for name, way in zip(names, chosen, strict=True)
        ]
        yield replace(GOOD, **dict(zip(names, ways, strict=True)))


def test_what_was_not_seen_is_said_and_never_taken_for_good() -> None:
    for seen in combinations():
        answer = diagnose(seen)
        for name, words in NAMES.items():
            known = getattr(seen, name)
            assert (words in answer.reading) is known.pending
            assert any(one.what == words for one in answer.missed) is bool(known.unseen and not known.needless)
        if answer.finding.healthy:
            assert answer.final
            assert all(getattr(seen, name).seen for name in ("ont", "light", "built"))
            assert answer.finding.sure is Sure.LIKELY or answer.missed == ()
        if answer.finding.layer is Layer.OLT:
            assert answer.finding.sure is not Sure.CERTAIN


def test_every_vendors_words_for_why_an_ont_is_off() -> None:
    words = {
        Down.POWER: ("dying-gasp", "DyingGasp", "Power Off"),
        Down.LIGHT: ("LOSi/LOBi", "LOS", "LOFi", "los"),
        Down.SWITCHED_OFF: ("deactivate", "Deactive", "ONT admin disable"),
        Down.RESTARTED: ("ont-reset", "reboot", "ONU Reset"),
        Down.UNTOLD: ("", "-", "wire-down"),
    }
    assert {down: tuple(word for word in said if down_of(word) is down) for down, said in words.items()} == words
