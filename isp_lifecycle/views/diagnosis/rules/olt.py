"""What keeps the OLT from being asked: maintenance, silence, being busy. Nothing is assumed of what it keeps back."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.recorded import PauseOn
from isp_lifecycle.views.diagnosis.rules.words import SORRY, moment, recorded, sentence
from isp_lifecycle.views.diagnosis.seen import Seen, SessionSeen, Silence

#: A session whose gateway told of it within so many seconds is in use.
FRESH_SECONDS = 1800.0


def maintenance(seen: Seen) -> Finding | None:
    """Somebody has announced work at the OLT, and it is silent, or the whole port dark."""
    pause = next(iter(seen.records.pauses), None)
    if pause is None or seen.line is None or not (seen.ont.silence in _AWAY or _port_dark(seen)):
        return None
    until = say(" until {moment}", moment=moment(seen, pause.until)) if pause.until else ""
    found = seen.ont.unseen or say("all ONTs of the port are off")
    return Finding(
        cause=say("maintenance"),
        layer=Layer.OLT,
        says=say("{olt} is in maintenance{until}: {reason}", olt=seen.line.olt, until=until, reason=pause.reason),
        sure=Sure.LIKELY if seen.ont.silence is None else Sure.CERTAIN,
        advice=say(
            "Tell the customer{later}. It was announced by {by}.",
            later=say(", and look again after {moment}", moment=moment(seen, pause.until)) if pause.until else "",
            by=pause.by,
        ),
        to_customer=say(
            "We are working on our network in your area{until}. Your line comes back by itself after "
            "that; you do not have to do anything.",
            until=until,
        ),
        act=Act.LOOK_AGAIN,
        because=(_announced(seen, pause), Evidence(say("OLT"), found, seen.ont.source, seen.ont.at)),
    )


_AWAY = (Silence.NO_ANSWER, Silence.BUSY)


def _announced(seen: Seen, pause: PauseOn) -> Evidence:
    return recorded(
        seen,
        say("Maintenance"),
        say("since {moment} by {by}: {reason}", moment=moment(seen, pause.since), by=pause.by, reason=pause.reason),
    )


def _port_dark(seen: Seen) -> bool:
    return seen.dark and bool(seen.neighbours) and not any(one.online for one in seen.neighbours)


def fresh_session(seen: Seen) -> SessionSeen | None:
    """A session that its gateway told of a moment ago: whoever has it is online."""
    for one in seen.radius.value.sessions if seen.radius.value else ():
        if one.reported_at is not None and (seen.at - one.reported_at).total_seconds() <= FRESH_SECONDS:
            return one
    return None


def silent(seen: Seen) -> Finding | None:
    """The OLT does not answer at all."""
    line, session = seen.line, fresh_session(seen)
    if line is None or seen.ont.silence is not Silence.NO_ANSWER:
        return None
    evidence: tuple[Evidence, ...] = (Evidence(say("OLT"), seen.ont.unseen, seen.ont.source, seen.ont.at),)
    if session is not None:
        evidence += (
            Evidence(
                say("RADIUS"),
                say("a session is live by {gateway}", gateway=session.gateway),
                seen.radius.source,
                seen.radius.at,
            ),
        )
    works = (
        say(" RADIUS says that the customer's router is signed in, so it seems to work all the same.")
        if session
        else ""
    )
    return Finding(
        cause=say("OLT does not answer"),
        layer=Layer.OLT,
        says=say(
            "{olt} does not answer, so the line could not be looked at. If it has failed, everybody "
            "on it is without service.{works}",
            olt=line.olt,
            works=works,
        ),
        sure=Sure.OPEN if session else Sure.LIKELY,
        advice=say("Tell the network's people at once; are others in the same area calling, too?"),
        to_customer=say(
            "I cannot reach our equipment in your area at the moment. Our network engineers are "
            "looking at it; I call you back as soon as I know more."
        ),
        act=Act.NETWORK,
        because=evidence,
        common=line.olt,
    )


def busy(seen: Seen) -> Finding | None:
    """The OLT saves or loads, or its sessions are in use."""
    if seen.line is None or seen.ont.silence is not Silence.BUSY:
        return None
    return Finding(
        cause=say("OLT busy"),
        layer=Layer.OLT,
        says=say(
            "{olt} is busy and does not answer questions now, so the line could not be looked at. "
            "That alone interrupts nobody.",
            olt=seen.line.olt,
        ),
        sure=Sure.OPEN,
        advice=say(
            "Look again in a minute: it is saving, or loading software. If that goes on, tell the network's people."
        ),
        to_customer=say("Our equipment is busy at the moment. Give me a minute, I look again."),
        act=Act.LOOK_AGAIN,
        because=(Evidence(say("OLT"), seen.ont.unseen, seen.ont.source, seen.ont.at),),
    )


def not_readable(seen: Seen) -> Finding | None:
    """The OLT lets us not in, or says what nobody understands: that says nothing about the line."""
    if seen.line is None or seen.ont.silence not in (Silence.NOT_LET_IN, Silence.UNREADABLE):
        return None
    return Finding(
        cause=say("OLT cannot be read"),
        layer=Layer.OLT,
        says=say("The line could not be looked at: {sentence}", sentence=sentence(seen.ont.unseen)),
        sure=Sure.OPEN,
        advice=say("Tell the network's people: our account on the OLT, or what it answers, needs them."),
        to_customer=say(
            "{sorry}I cannot see its state from here, so I ask our network engineers and call you back.", sorry=SORRY
        ),
        act=Act.NETWORK,
        because=(Evidence(say("OLT"), seen.ont.unseen, seen.ont.source, seen.ont.at),),
    )


def not_asked(seen: Seen) -> Finding | None:
    """Who looks may not ask devices: what stands there is not known."""
    if seen.line is None or seen.ont.silence is not Silence.NOT_ASKED:
        return None
    return Finding(
        cause=say("OLT not asked"),
        layer=Layer.OLT,
        says=say("Nothing on record is wrong with the line; {olt} was not asked.", olt=seen.line.olt),
        sure=Sure.OPEN,
        advice=say("Have support or the network's people look: your role does not ask devices."),
        to_customer=say("{sorry}I pass you on to a colleague who can look at it.", sorry=SORRY),
        act=Act.NETWORK,
        because=(Evidence(say("OLT"), seen.ont.unseen, seen.ont.source, seen.ont.at),),
    )


RULES = (maintenance, silent, busy, not_readable, not_asked)
