"""Too little light, and whose: compared with the loss budget, and with those on the same port and splitter."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model.weakness import Whose, judged, usual
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.rules.words import FIBRE_TOOLS, level, told
from isp_lifecycle.views.diagnosis.seen import Seen


def low_light(seen: Seen) -> Finding | None:
    """The ONT is online with less light than it should have, or than it needs."""
    own = seen.own_light
    if seen.line is None or not seen.online or own.rx_dbm is None or own.below_db is None:
        return None
    found = judged(own, (one.received for one in seen.neighbours), seen.limits)
    if found.whose is Whose.FEEDER:
        where = say("the whole of PON port {pon_port}", pon_port=seen.line.pon_port)
        common = f"{seen.line.olt} {seen.line.pon_port}"
        return _shared(seen, where, say("feeder or the port's module"), found.usual_db or 0.0, common=common)
    if found.whose is Whose.SPLITTER:
        where, common = (
            say("splitter {splitter}", splitter=seen.line.splitter),
            say("Splitter {splitter}", splitter=seen.line.splitter),
        )
        return _shared(seen, where, say("fibre that feeds the splitter"), found.usual_db or 0.0, common=common)
    return _own(seen, own.rx_dbm, own.below_db, alone=found.usual_db is None) if found.weak else None


def _own(seen: Seen, rx: float, below: float, *, alone: bool) -> Finding:
    others = "" if alone else say(", while its neighbours have theirs")
    weak = rx < seen.limits.lowest_dbm
    return Finding(
        cause=say("low light on the drop"),
        layer=Layer.LIGHT,
        says=say(
            "Too little light reaches the ONT: {level}, {below:.1f} dB less than it should{others}. A connector is "
            "dirty, or the drop is bent{soon}.",
            level=level(rx),
            below=below,
            others=others,
            soon=say("; it may fail at any moment") if weak else "",
        ),
        sure=Sure.LIKELY if alone else Sure.CERTAIN,
        advice=say("Send an engineer to the drop: clean the connectors at box and outlet, then look for a bend."),
        to_customer=say(
            "Your box receives too little light, so your line is slow or breaks off. Is the thin "
            "cable bent sharply or squeezed anywhere? If not, I send an engineer to clean and "
            "measure it."
        ),
        act=Act.FIELD,
        because=_evidence(seen, rx),
        bring=FIBRE_TOOLS,
    )


def _shared(seen: Seen, where: str, what: str, usual: float, *, common: str) -> Finding:
    rx = _rx(seen) or 0.0
    return Finding(
        cause=say("low light on the port") if "port" in where else say("low light on the splitter"),
        layer=Layer.LIGHT,
        says=say(
            "Too little light on {where}: the ONTs there receive {usual:.1f} dB less than they "
            "should, this one {level}. It is the {what}, not the customer's drop.",
            where=where,
            usual=usual,
            level=level(rx),
            what=what,
        ),
        sure=Sure.CERTAIN,
        advice=say(
            "Have the network's people look at the port's module and send a splicing team; no visit at the home."
        ),
        to_customer=say(
            "A cable of ours in your street is damaged, so lines there are slow or break off. Our "
            "people mend it; you do not have to do anything."
        ),
        act=Act.FIELD,
        because=_evidence(seen, rx),
        bring=("OTDR", *FIBRE_TOOLS),
        common=common,
    )


def too_much_light(seen: Seen) -> Finding | None:
    """The receiver is dazzled."""
    rx = _rx(seen)
    if seen.line is None or not seen.online or rx is None or rx <= seen.limits.highest_dbm:
        return None
    return Finding(
        cause=say("too much light"),
        layer=Layer.LIGHT,
        says=say(
            "Too much light reaches the ONT: {level}, more than the {level_too} that its receiver bears.",
            level=level(rx),
            level_too=level(seen.limits.highest_dbm),
        ),
        sure=Sure.CERTAIN,
        advice=say("Send an engineer with an attenuator: the ONT hangs before a splitter, or too close."),
        to_customer=say("Your box receives too much light. I send an engineer who puts that right."),
        act=Act.FIELD,
        because=_evidence(seen, rx),
        bring=("attenuators", say("light meter")),
    )


def _rx(seen: Seen) -> float | None:
    return seen.light.value.ont_rx_dbm if seen.light.value else None


def _evidence(seen: Seen, rx: float) -> tuple[Evidence, ...]:
    assert seen.line is not None
    here = told(
        seen.light,
        say("Light"),
        say("{level} at the ONT, {level_too} expected", level=level(rx), level_too=level(seen.line.expected_rx_dbm)),
    )
    others = usual(one.received for one in seen.neighbours)
    if others is None:
        return (here,)
    side = "less" if others >= 0 else "more"
    words = say("in the middle {abs:.1f} dB {side} than expected", abs=abs(others), side=side)
    return (here, told(seen.port, say("Neighbours"), words))


RULES = (low_light, too_much_light)
