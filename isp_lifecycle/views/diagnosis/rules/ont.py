"""What is wrong with this one ONT: gone from the OLT, another in its place, switched off, without power or light."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model.weakness import Down
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.rules.words import FIBRE_TOOLS, SORRY, many, told
from isp_lifecycle.views.diagnosis.seen import Seen

_BACK = say("I have it brought back now; that takes a few minutes.")


def not_registered(seen: Seen) -> Finding | None:
    """The OLT knows no ONT in the line's place."""
    if seen.line is None or not seen.ont.seen or seen.ont.value is not None:
        return None
    place = seen.built.value.elsewhere if seen.built.value else ""
    sight = next((one for one in seen.unregistered.value or () if one.ours), None)
    where = say(" Its ONT is registered at {place} instead.", place=place) if place else ""
    where = where or (
        say(" Its ONT is in sight at {pon_port}, registered nowhere.", pon_port=sight.pon_port) if sight else ""
    )
    return Finding(
        cause=say("ONT not registered"),
        layer=Layer.ONT,
        says=say(
            "The line was removed from {olt}: no ONT is registered at {place}.{where}",
            olt=seen.line.olt,
            place=seen.line.place,
            where=where,
        ),
        sure=Sure.CERTAIN,
        advice=say("Have the plan shown that builds it again as it is on record, and carry it out."),
        to_customer=say("{sorry}It lost its settings on our side. {back}", sorry=SORRY, back=_BACK),
        act=Act.MEND,
        because=(told(seen.ont, say("ONT"), say("none is registered at {place}", place=seen.line.place)),),
    )


def another_registered(seen: Seen) -> Finding | None:
    """Another ONT stands registered in the line's place."""
    found = seen.ont.value
    if seen.line is None or found is None or seen.is_own(found.serial):
        return None
    return Finding(
        cause=say("another ONT in its place"),
        layer=Layer.ONT,
        says=say(
            "Another ONT is registered in the line's place: {serial} instead of {serial_too}.",
            serial=found.serial,
            serial_too=seen.line.serial,
        ),
        sure=Sure.CERTAIN,
        advice=say(
            "Ask the customer which number stands on the box. Mend the line, or record the exchange (page: OLTs)."
        ),
        to_customer=say(
            "Your line is set up for another box than the one on record. Would you read me the "
            "number that begins with four letters on the label of your box?"
        ),
        act=Act.MEND,
        because=(
            told(seen.ont, say("ONT"), say("{serial} stands at {place}", serial=found.serial, place=seen.line.place)),
        ),
    )


def another_plugged_in(seen: Seen) -> Finding | None:
    """The line's ONT is gone, and on its port hangs one that nobody registered."""
    here = [one for one in seen.unregistered.value or () if seen.line and one.pon_port == seen.line.pon_port]
    strange = [one for one in here if not one.ours and not one.whose]
    if seen.line is None or not seen.dark or not strange or _down(seen) is Down.POWER:
        return None
    serials = ", ".join(one.serial for one in strange)
    return Finding(
        cause=say("another ONT plugged in"),
        layer=Layer.ONT,
        says=say(
            "Another ONT hangs on the fibre: {serials} is in sight on the line's port, registered "
            "nowhere, while the line's own, {serial}, is gone.",
            serials=serials,
            serial=seen.line.serial,
        ),
        sure=Sure.LIKELY,
        advice=say(
            "Ask which number stands on the box. If it is {serial}, exchange the ONT on record "
            "(page: Services, another ONT); if the old box is there, have it plugged in again.",
            serial=strange[0].serial,
        ),
        to_customer=say(
            "Have you, or has somebody, exchanged the box at the fibre? Would you read me the number on its label?"
        ),
        act=Act.ASK,
        because=(
            _off(seen),
            told(
                seen.unregistered,
                say("In sight"),
                say("{serials} on {pon_port}", serials=serials, pon_port=seen.line.pon_port),
            ),
        ),
    )


def switched_off(seen: Seen) -> Finding | None:
    """The ONT was switched off on the OLT, and by the records it should not be."""
    if seen.line is None or not seen.line.enabled or seen.records.changing:
        return None
    by_command = seen.built.value is not None and not seen.built.value.enabled
    guessed = seen.dark and seen.built.pending and _down(seen) is Down.SWITCHED_OFF
    if not by_command and not guessed:
        return None
    return Finding(
        cause=say("ONT switched off by hand"),
        layer=Layer.ONT,
        says=say("The ONT was switched off on {olt} by hand; by the records it should be on.", olt=seen.line.olt),
        sure=Sure.CERTAIN if by_command else Sure.LIKELY,
        advice=say("Ask the network's people why; else have the plan shown that switches it on, and carry it out."),
        to_customer=say("{sorry}Your box was switched off on our side. {back}", sorry=SORRY, back=_BACK),
        act=Act.MEND,
        because=(_off(seen), *((told(seen.built, say("On the OLT"), say("it is deactivated")),) if by_command else ())),
    )


def no_power(seen: Seen) -> Finding | None:
    """Its last breath said that its power went."""
    if not seen.dark or _down(seen) is not Down.POWER:
        return None
    return Finding(
        cause=say("no power at the home"),
        layer=Layer.ONT,
        says=say("The ONT has no power: it said so with its last breath before it went off."),
        sure=Sure.CERTAIN,
        advice=say(
            "Ask the customer to look at plug, switch and power supply. If the lamps stay off, send a power supply."
        ),
        to_customer=say(
            "The box at the fibre has no electricity. Is it plugged in, and does its power lamp "
            "shine? Try another socket, please."
        ),
        act=Act.ASK,
        because=(_off(seen), *_around(seen)),
        bring=(say("power supply"), say("spare ONT")),
    )


def no_light(seen: Seen) -> Finding | None:
    """Its light was lost, and its neighbours' was not: its own drop."""
    if seen.line is None or not seen.dark or _down(seen) is not Down.LIGHT:
        return None
    alone = seen.port.seen and not seen.neighbours
    unknown = (
        "" if seen.port.seen and not alone else say(" It has no neighbours to compare with, so it may be the feeder.")
    )
    return Finding(
        cause=say("drop cut"),
        layer=Layer.ONT,
        says=say(
            "No light reaches the ONT, while its neighbours have theirs: its drop is cut, or unplugged at the box."
        )
        if not unknown
        else say("No light reaches the ONT: a fibre is cut, or unplugged at the box.{unknown}", unknown=unknown),
        sure=Sure.LIKELY if unknown or seen.port.pending else Sure.CERTAIN,
        advice=say("Ask whether the thin fibre sits in the box. If it does, send an engineer to the drop."),
        to_customer=say(
            "No light reaches your box any more. Please look whether the thin cable with the green "
            "or blue plug sits firmly in it, and do not look into its end. If it does, I send an "
            "engineer."
        ),
        act=Act.FIELD,
        because=(_off(seen), *_around(seen)),
        bring=(*FIBRE_TOOLS, say("drop cable for {splitter}", splitter=seen.line.splitter or seen.line.place)),
    )


def off_for_no_told_reason(seen: Seen) -> Finding | None:
    """It is off, and the OLT names no cause that tells which."""
    if seen.line is None or not seen.dark:
        return None
    restarted = _down(seen) is Down.RESTARTED
    return Finding(
        cause=say("ONT starting anew") if restarted else say("ONT off"),
        layer=Layer.ONT,
        says=say("The ONT was told to start anew, and is not back yet.")
        if restarted
        else say(
            "The ONT is off, and the OLT does not tell why: it has no power, or no light, or was never plugged in."
        ),
        sure=Sure.LIKELY if restarted else Sure.OPEN,
        advice=say("Look again in two minutes.")
        if restarted
        else say("Ask for the lamps: none shines, then it has no power; a red one (LOS), then it has no light."),
        to_customer=say("Your box is starting anew; that takes two minutes.")
        if restarted
        else say("Your box does not answer. Which of its lamps shine, and is one of them red?"),
        act=Act.LOOK_AGAIN if restarted else Act.ASK,
        because=(_off(seen), *_around(seen)),
        bring=(say("spare ONT"), say("power supply"), *FIBRE_TOOLS),
    )


def not_told(seen: Seen) -> Finding | None:
    """The ONT is online, but its configuration did not arrive or does not fit."""
    found = seen.ont.value
    if seen.line is None or found is None or not seen.online or found.configured:
        return None
    return Finding(
        cause=say("ONT without its configuration"),
        layer=Layer.ONT,
        says=say(
            "The ONT is online, but has not taken its configuration ({config_words}).",
            config_words=found.config_words or say("not told why"),
        ),
        sure=Sure.LIKELY,
        advice=say("Reset the ONT and look again; if it stays so, its model does not fit its profile: exchange it."),
        to_customer=say(
            "Your box is connected, but has not taken its settings. I restart it from here; you are "
            "offline for two minutes."
        ),
        act=Act.RESET,
        because=(
            told(seen.ont, say("ONT"), say("online, configuration {config_words}", config_words=found.config_words)),
        ),
        bring=(say("spare ONT"),),
    )


def _down(seen: Seen) -> Down:
    return seen.ont.value.down if seen.ont.value else Down.UNTOLD


def _off(seen: Seen) -> Evidence:
    words = seen.ont.value.down_words if seen.ont.value else ""
    return told(
        seen.ont,
        say("ONT"),
        say("off, last lost because of {words}", words=words or say("no cause that the OLT tells")),
    )


def _around(seen: Seen) -> tuple[Evidence, ...]:
    if not seen.neighbours:
        return ()
    online = sum(one.online for one in seen.neighbours)
    return (
        told(
            seen.port,
            say("Neighbours"),
            say("{online} of {many} on the port work", online=online, many=many(len(seen.neighbours), "other ONT")),
        ),
    )


RULES = (
    not_registered,
    another_registered,
    switched_off,
    another_plugged_in,
    no_power,
    no_light,
    off_for_no_told_reason,
    not_told,
)
