"""What RADIUS and DHCP explain: a line that is good up to the ONT, and a router that is not let in, or got wrong."""

from __future__ import annotations

from datetime import datetime

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.diagnosis.model import Act, Evidence, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.rules.words import SORRY, mbit, moment, told
from isp_lifecycle.views.diagnosis.seen import AttemptSeen, Seen, SessionSeen, SignedOn

#: A gateway that reports on its sessions and has said nothing of one for so long has lost it.
SILENT_SECONDS = 1800.0
_OURS = say("Have the network's people put it right: `isp audit` names the row.")


def _good_so_far(seen: Seen) -> SignedOn | None:
    """How RADIUS stands to a line that should be let in."""
    service = seen.records.service
    return seen.radius.value if service is not None and service.state == "active" else None


def refused(seen: Seen) -> Finding | None:
    """RADIUS is told to refuse a line that is in use, or does not know it."""
    radius = _good_so_far(seen)
    if radius is None or (radius.known and not radius.refused and not radius.walled):
        return None
    how = say("does not know the line") if not radius.known else say("leads the line to our own pages only")
    how = say("is told to refuse the line") if radius.refused else how
    return Finding(
        cause=say("refused by RADIUS"),
        layer=Layer.SIGN_ON,
        says=say("RADIUS {how}, although the service is active.", how=how),
        sure=Sure.CERTAIN,
        advice=_OURS,
        to_customer=say(
            "{sorry}Our sign-in server does not let it in, which is our mistake. I have that put right now.",
            sorry=SORRY,
        ),
        act=Act.NETWORK,
        because=(told(seen.radius, say("RADIUS"), how),),
    )


def rejected(seen: Seen) -> Finding | None:
    """The last time the router asked to be let in, it was not, and no session has begun since."""
    radius = _good_so_far(seen)
    attempt = radius.attempt if radius else None
    if radius is None or attempt is None or attempt.accepted or _since(radius, attempt.at):
        return None
    at = moment(seen, attempt.at)
    wrong = attempt.right_password is False
    return Finding(
        cause=say("wrong password") if wrong else say("rejected by RADIUS"),
        layer=Layer.SIGN_ON,
        says=say("The customer's router signs in with a wrong password; RADIUS rejected it last at {at}.", at=at)
        if wrong
        else say("RADIUS rejected the router at {at}, not for its password.", at=at),
        sure=Sure.CERTAIN if attempt.right_password is not None else Sure.LIKELY,
        advice=say("Give the customer the right sign-in data, or have them start the router's set-up anew.")
        if wrong
        else say("Look at FreeRADIUS's log: a check item of the line refuses it, such as another circuit."),
        to_customer=say(
            "Your router signs in with a wrong password. Has it been reset, or is it new? I send you "
            "the data to type in again."
        )
        if wrong
        else say(
            "{sorry}Our sign-in server refuses your router; our engineers look why, and I call you back.", sorry=SORRY
        ),
        act=Act.ASK if wrong else Act.NETWORK,
        because=(told(seen.radius, say("RADIUS"), _attempt_words(attempt, at)),),
    )


def _attempt_words(attempt: AttemptSeen, at: str) -> str:
    password = {True: say(", with the right password"), False: say(", with a wrong password"), None: ""}
    let_in = say("let in at {at}{password}", at=at, password=password[attempt.right_password])
    return (
        let_in
        if attempt.accepted
        else say("rejected at {at}{password}", at=at, password=password[attempt.right_password])
    )


def _since(radius: SignedOn, at: datetime) -> bool:
    return any(one.started_at is not None and one.started_at >= at for one in radius.sessions)


def stale(seen: Seen) -> Finding | None:
    """A session whose gateway has fallen silent: the router may not get in while it counts."""
    radius = _good_so_far(seen)
    old = [one for one in radius.sessions if _is_silent(seen, one)] if radius else []
    if radius is None or not old or len(old) < len(radius.sessions):
        return None
    last = moment(seen, old[0].reported_at) if old[0].reported_at else "never"
    return Finding(
        cause=say("stale session"),
        layer=Layer.SIGN_ON,
        says=say(
            "RADIUS still counts a session that gateway {gateway} has not told of since {last}: it "
            "is lost, and the router may not get in while it counts.",
            gateway=old[0].gateway,
            last=last,
        ),
        sure=Sure.LIKELY,
        advice=say(
            "Have the network's people end the session at the gateway, or close it in radacct; then "
            "let the router dial again."
        ),
        to_customer=say(
            "An old connection of yours hangs on our side. We end it now; then switch your router off and on, please."
        ),
        act=Act.NETWORK,
        because=(
            told(
                seen.radius,
                say("Session"),
                say("live by {gateway}, last heard of {last}", gateway=old[0].gateway, last=last),
            ),
        ),
    )


def _is_silent(seen: Seen, one: SessionSeen) -> bool:
    """Only of a gateway that has told of it after its beginning: others do not report in between."""
    if one.reported_at is None or one.started_at is None or one.reported_at <= one.started_at:
        return False
    return (seen.at - one.reported_at).total_seconds() > SILENT_SECONDS


def address_twice(seen: Seen) -> Finding | None:
    """Somebody else has the line's address."""
    radius = seen.radius.value
    others = (*(radius.others_with_address if radius else ()), *_dhcp_holder(seen))
    if not others or not seen.records.addresses:
        return None
    known = seen.radius if radius and radius.others_with_address else seen.dhcp
    return Finding(
        cause=say("address conflict"),
        layer=Layer.SIGN_ON,
        says=say(
            "The line's address {addresses} is in use by {others} as well.",
            addresses=seen.records.addresses[0],
            others=", ".join(others),
        ),
        sure=Sure.CERTAIN,
        advice=say("Have the network's people look: `isp ipam conflicts` says what to do about each."),
        to_customer=say(
            "{sorry}Its address is taken by somebody else, which is our mistake. I have that put right now.",
            sorry=SORRY,
        ),
        act=Act.NETWORK,
        because=(told(known, say("Address"), say("also {others}", others=", ".join(others))),),
    )


def _dhcp_holder(seen: Seen) -> tuple[str, ...]:
    return (seen.dhcp.value.held_by,) if seen.dhcp.value and seen.dhcp.value.held_by else ()


def wrong_address(seen: Seen) -> Finding | None:
    """The router has another address than the one on record."""
    radius, held = _good_so_far(seen), seen.records.addresses
    has = next((one.address for one in radius.sessions if one.address), "") if radius else ""
    if not has or not held or _within(has, held[0]):
        return None
    return Finding(
        cause=say("wrong address"),
        layer=Layer.SIGN_ON,
        says=say("The router has the address {has}; on record is {held}.", has=has, held=held[0]),
        sure=Sure.CERTAIN,
        advice=say(
            "Have its session ended, so that it gets the right one; if it comes again, RADIUS is "
            "told otherwise: `isp audit`."
        ),
        to_customer=say(
            "Your router has got a wrong address from us. Switch it off and on, please; then it gets the right one."
        ),
        act=Act.NETWORK,
        because=(told(seen.radius, say("Session"), say("has {has}", has=has)),),
    )


def _within(address: str, held: str) -> bool:
    """Whether it is the address held, or one of a block."""
    return address == held.partition("/")[0] or ("/" in held and address.rpartition(".")[0] == held.rpartition(".")[0])


def other_rates(seen: Seen) -> Finding | None:
    """RADIUS lets the line on at other rates than it was built with."""
    radius = _good_so_far(seen)
    if radius is None or radius.rates is None or seen.line is None:
        return None
    sold = (seen.line.down_kbps, seen.line.up_kbps)
    if radius.rates == sold:
        return None
    has, should = (
        say("{mbit} down and {mbit_too} up", mbit=mbit(down), mbit_too=mbit(up)) for down, up in (radius.rates, sold)
    )
    return Finding(
        cause=say("rates differ in RADIUS"),
        layer=Layer.SIGN_ON,
        says=say("RADIUS lets the line on at {has}; it was built for {should}.", has=has, should=should),
        sure=Sure.CERTAIN,
        advice=_OURS,
        to_customer=say("Your line runs at another speed than you ordered. I have that put right now."),
        act=Act.NETWORK,
        because=(told(seen.radius, say("RADIUS"), say("group for {has}", has=has)),),
    )


def not_signed_in(seen: Seen) -> Finding | None:
    """The line is good up to the ONT, and the router behind it is not there."""
    radius = _good_so_far(seen)
    leased = bool(seen.dhcp.value and seen.dhcp.value.leased_to)
    if radius is None or radius.sessions or leased or not seen.online or seen.dhcp.pending:
        return None
    ended = say("; its last session ended {moment}", moment=moment(seen, radius.ended_at)) if radius.ended_at else ""
    evidence: list[Evidence] = [
        told(seen.ont, say("ONT"), say("online")),
        told(seen.radius, say("RADIUS"), say("no session is live{ended}", ended=ended)),
    ]
    return Finding(
        cause=say("router not signed in"),
        layer=Layer.SIGN_ON,
        says=say(
            "The line is good up to the ONT, but the customer's router is not signed in{ended}: it "
            "is off, wrongly plugged, or lost its settings.",
            ended=ended,
        ),
        sure=Sure.LIKELY,
        advice=say(
            "Ask the customer to look whether the router is on and its cable sits in the ONT; then to restart it."
        ),
        to_customer=say(
            "Your line is fine up to the box at the fibre, but your router does not sign in. Is it "
            "switched on, and does its cable sit in the box? Please switch it off, wait ten seconds, "
            "and switch it on."
        ),
        act=Act.ASK,
        because=tuple(evidence),
    )


RULES = (refused, address_twice, rejected, stale, wrong_address, other_rates, not_signed_in)
