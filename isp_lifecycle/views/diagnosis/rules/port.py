"""What takes the light, or the power, from more than one: told by the neighbours on the same port and splitter."""

from __future__ import annotations

from collections.abc import Sequence

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model.weakness import Down
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.rules.words import FIBRE_TOOLS, many, told
from isp_lifecycle.views.diagnosis.seen import Neighbour, Seen


def whole_port_dark(seen: Seen) -> Finding | None:
    """Nobody on the port has light: what all of them share is broken."""
    others = seen.neighbours
    if seen.line is None or not seen.dark or not others or any(one.online for one in others):
        return None
    causes = [seen.ont.value.down if seen.ont.value else Down.UNTOLD, *(one.down for one in others)]
    if causes.count(Down.POWER) > len(causes) / 2:
        return _power_cut(seen, others)
    number = len(others) + 1
    return Finding(
        cause=say("feeder cut"),
        layer=Layer.PORT,
        says=say(
            "No light on the whole of PON port {pon_port} of {olt}: all {number} ONTs are off. The "
            "feeder is cut, or the port has failed.",
            pon_port=seen.line.pon_port,
            olt=seen.line.olt,
            number=number,
        ),
        sure=Sure.CERTAIN if number > 2 else Sure.LIKELY,
        advice=say(
            "Send a splicing team to the feeder, and have the network's people look at the port. One ticket for all."
        ),
        to_customer=say(
            "A cable of ours in your street is broken; you are not the only one. Our people are on "
            "their way. You do not have to do anything."
        ),
        act=Act.FIELD,
        because=(
            _own(seen),
            told(
                seen.port, say("Neighbours"), say("all {many} on the port are off", many=many(len(others), "other ONT"))
            ),
        ),
        bring=("OTDR", *FIBRE_TOOLS),
        common=f"{seen.line.olt} {seen.line.pon_port}",
    )


def _power_cut(seen: Seen, others: Sequence[Neighbour]) -> Finding:
    gasps = sum(one.down is Down.POWER for one in others)
    return Finding(
        cause=say("power cut"),
        layer=Layer.PORT,
        says=say(
            "The electricity is out in the area: {many} on the port said that their power went.",
            many=many(gasps + 1, "ONT"),
        ),
        sure=Sure.LIKELY,
        advice=say("Nothing of ours is broken. Look again when the electricity is back."),
        to_customer=say(
            "The electricity seems to be out in your area: your neighbours' equipment lost its "
            "power, too. Your line comes back with it."
        ),
        act=Act.LOOK_AGAIN,
        because=(
            _own(seen),
            told(
                seen.port,
                say("Neighbours"),
                say("{gasps} of {others} lost their power as well", gasps=gasps, others=len(others)),
            ),
        ),
    )


def splitter_dark(seen: Seen) -> Finding | None:
    """All of one splitter have lost their light, while the rest of the port works."""
    mine = [one for one in seen.neighbours if seen.same_splitter(one)]
    rest = [one for one in seen.neighbours if not seen.same_splitter(one)]
    lost = seen.dark and bool(mine) and not any(one.online or one.down is Down.POWER for one in mine)
    if seen.line is None or not lost or not any(one.online for one in rest) or _own_power(seen):
        return None
    return Finding(
        cause=say("splitter feed cut"),
        layer=Layer.PORT,
        says=say(
            "No light behind splitter {splitter}: all {many} on it are off, while the rest of PON "
            "port {pon_port} works. Its feeding fibre is cut, or a connector open.",
            splitter=seen.line.splitter,
            many=many(len(mine) + 1, "ONT"),
            pon_port=seen.line.pon_port,
        ),
        sure=Sure.CERTAIN if len(mine) > 1 else Sure.LIKELY,
        advice=say(
            "Send a splicing team to splitter {splitter}. One ticket for all on it.", splitter=seen.line.splitter
        ),
        to_customer=say(
            "A cable of ours near you is broken; some of your neighbours are out as well. Our people "
            "are on their way. You do not have to do anything."
        ),
        act=Act.FIELD,
        because=(
            _own(seen),
            told(seen.port, say("Same splitter"), say("all {many} are off", many=many(len(mine), "other ONT"))),
            told(
                seen.port,
                say("Rest of the port"),
                say("{sum} of {rest} work", sum=sum(one.online for one in rest), rest=len(rest)),
            ),
        ),
        bring=("OTDR", *FIBRE_TOOLS),
        common=say("Splitter {splitter}", splitter=seen.line.splitter),
    )


def _own_power(seen: Seen) -> bool:
    return seen.ont.value is not None and seen.ont.value.down is Down.POWER


def _own(seen: Seen) -> Evidence:
    words = seen.ont.value.down_words if seen.ont.value else ""
    return told(
        seen.ont,
        say("ONT"),
        say("off, last lost because of {words}", words=words or say("no cause that the OLT tells")),
    )


RULES = (whole_port_dark, splitter_dark)
