"""What somebody changed by hand: the OLT does not hold the line as it was built."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.rules.words import SORRY, plainly, told
from isp_lifecycle.views.diagnosis.seen import BuiltSeen, Seen

_WAY = ("service_port", "vlan", "uplink", "user_vlan")
_RATES = ("down", "up")
_BACK = say("I have them brought back now; that takes a few minutes.")


def way_changed(seen: Seen) -> Finding | None:
    """No service port joins the ONT to its VLAN, or to another one."""
    built = _judged(seen)
    if built is None or seen.line is None or not built.has(*_WAY):
        return None
    what = "; ".join(_words(built, _WAY))
    return Finding(
        cause=say("service port or VLAN changed"),
        layer=Layer.CONFIGURATION,
        says=say("{olt} does not lead the line where it should: {what}.", olt=seen.line.olt, what=what),
        sure=Sure.CERTAIN,
        advice=say("Have the plan shown that brings it back as it was built, and carry it out."),
        to_customer=say("{sorry}Its settings on our side were changed by mistake. {back}", sorry=SORRY, back=_BACK),
        act=Act.MEND,
        because=_evidence(seen, built, _WAY),
    )


def rates_changed(seen: Seen) -> Finding | None:
    """The OLT lets through more or less than was sold."""
    built = _judged(seen)
    if built is None or seen.line is None or not built.has(*_RATES):
        return None
    what = "; ".join(_words(built, _RATES))
    return Finding(
        cause=say("rates changed on the OLT"),
        layer=Layer.CONFIGURATION,
        says=say("The line works, at other rates than were sold: {what}.", what=what),
        sure=Sure.CERTAIN,
        advice=say("Have the plan shown that brings it back as it was built, and carry it out."),
        to_customer=say(
            "Your line runs at another speed than you ordered. I have that put right now; it takes a few minutes."
        ),
        act=Act.MEND,
        because=_evidence(seen, built, _RATES),
    )


def otherwise_changed(seen: Seen) -> Finding | None:
    """Anything else in which the OLT differs: it may explain a fault, and may not."""
    built = _judged(seen)
    if built is None or seen.line is None or not seen.online or built.has(*_WAY, *_RATES):
        return None
    if not built.differences:
        return None
    what = "; ".join(plainly(one) for one in built.differences)
    return Finding(
        cause=say("line differs from the records"),
        layer=Layer.CONFIGURATION,
        says=say("{olt} does not hold the line as it was built: {what}.", olt=seen.line.olt, what=what),
        sure=Sure.LIKELY,
        advice=say("Have the plan shown that brings it back as it was built, and carry it out."),
        to_customer=say(
            "{sorry}Its settings on our side differ from what they should be. {back}", sorry=SORRY, back=_BACK
        ),
        act=Act.MEND,
        because=(told(seen.built, say("On the OLT"), what),),
    )


def _judged(seen: Seen) -> BuiltSeen | None:
    """What a delivery is changing is in its hands; of an ONT that is not there the rest follows."""
    there = seen.ont.value is not None and seen.is_own(seen.ont.value.serial)
    return seen.built.value if there and not seen.records.changing else None


def _words(built: BuiltSeen, fields: tuple[str, ...]) -> list[str]:
    named = [one for one in built.differences if one.field in fields]
    return [plainly(one) for one in named]


def _evidence(seen: Seen, built: BuiltSeen, fields: tuple[str, ...]) -> tuple[Evidence, ...]:
    return tuple(told(seen.built, say("On the OLT"), words) for words in _words(built, fields))


RULES = (way_changed, rates_changed, otherwise_changed)
