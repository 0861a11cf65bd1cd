"""The way from the customer's account to the router, link by link, each with its state, its words and where from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model.weakness import Down
from isp_lifecycle.views.diagnosis.model import Finding, How, Layer, Link
from isp_lifecycle.views.diagnosis.rules.words import day, level, many, mbit, moment, plainly
from isp_lifecycle.views.diagnosis.seen import Known, Seen, SignedOn

RECORDS = say("our records")


def chain_of(seen: Seen, findings: Sequence[Finding]) -> tuple[Link, ...]:
    """Every link; what a finding names as its cause is bad, whatever else it looks like."""
    causes = {one.cause for one in findings}
    layers = {one.layer for one in findings[:1]}
    return (
        _account(seen),
        _service(seen),
        _work(seen),
        _address(seen, causes),
        _radius(seen, layers),
        _dhcp(seen),
        _olt(seen),
        _port(seen, causes),
        _splitter(seen, causes),
        _ont(seen),
        _settings(seen),
        _router(seen),
    )


def _recorded(seen: Seen, name: str, how: How, words: str) -> Link:
    return Link(name, how, words, RECORDS, seen.records.at)


def _of(name: str, known: Known[Any], how: How, words: str) -> Link:
    return Link(name, how, words, known.source, known.at)


def _not_seen(name: str, known: Known[Any]) -> Link | None:
    """The link where nothing was told of it."""
    if known.pending:
        return Link(name, How.READING, say("is being looked at"), known.source)
    if known.unseen:
        return Link(name, How.NONE if known.needless else How.UNSEEN, known.unseen, known.source, known.at)
    return None


# --- on record --------------------------------------------------------------------------------------------------------


def _account(seen: Seen) -> Link:
    customer, service = seen.records.customer, seen.records.service
    owes = service is not None and service.state == "suspended" and service.suspended_for == "non_payment"
    words = say("{name} ({code})", name=customer.name, code=customer.code)
    return _recorded(
        seen,
        say("Account"),
        How.BAD if owes else How.GOOD,
        say("{words}, charges not paid", words=words) if owes else words,
    )


def _service(seen: Seen) -> Link:
    service = seen.records.service
    if service is None:
        return _recorded(seen, say("Service"), How.BAD, say("there is none"))
    rates = say(
        "{plan}, {mbit} down and {mbit_too} up",
        plan=service.plan,
        mbit=mbit(service.down_kbps),
        mbit_too=mbit(service.up_kbps),
    )
    on = say(" since {day}", day=day(service.active_on)) if service.active_on and service.state == "active" else ""
    how = How.GOOD if service.state == "active" else How.BAD
    return _recorded(
        seen,
        say("Service"),
        how,
        say("{code} {state}{on}, {rates}", code=service.code, state=service.state, on=on, rates=rates),
    )


def _work(seen: Seen) -> Link:
    failed = [one for one in seen.records.work if one.state == "failed"]
    if failed:
        one = failed[0]
        return _recorded(
            seen,
            say("Order and work"),
            How.BAD,
            say("{workflow} failed at “{step}”", workflow=one.workflow, step=one.step),
        )
    if seen.records.work:
        one = seen.records.work[0]
        return _recorded(
            seen,
            say("Order and work"),
            How.WARN,
            say("{workflow}: {state} {step}", workflow=one.workflow, state=one.state.replace("_", " "), step=one.step),
        )
    opened = [one for one in seen.records.orders if one.state in ("submitted", "confirmed", "in_progress", "failed")]
    if opened:
        order = opened[0]
        how = How.BAD if seen.records.service is None else How.WARN
        return _recorded(
            seen,
            say("Order and work"),
            how,
            say("order {code} is {state}", code=order.code, state=order.state.replace("_", " ")),
        )
    return _recorded(seen, say("Order and work"), How.GOOD, say("nothing is under way"))


def _address(seen: Seen, causes: set[str]) -> Link:
    if not seen.records.addresses:
        return _recorded(seen, say("Address"), How.NONE, say("none is held"))
    wrong = bool(causes & {say("address conflict"), say("wrong address")})
    return _recorded(seen, say("Address"), How.BAD if wrong else How.GOOD, ", ".join(seen.records.addresses))


# --- RADIUS and DHCP --------------------------------------------------------------------------------------------------


def _radius(seen: Seen, layers: set[Layer]) -> Link:
    missing = _not_seen("RADIUS", seen.radius)
    radius = seen.radius.value
    if missing is not None or radius is None:
        return missing or _of("RADIUS", seen.radius, How.NONE, say("not connected"))
    if Layer.SIGN_ON in layers:
        return _of("RADIUS", seen.radius, How.BAD, _radius_words(seen, radius))
    return _of("RADIUS", seen.radius, How.GOOD if radius.sessions else How.WARN, _radius_words(seen, radius))


def _radius_words(seen: Seen, radius: SignedOn) -> str:
    if not radius.known:
        return say("does not know the line")
    if radius.refused:
        return say("is told to refuse the line")
    attempt = radius.attempt
    if radius.sessions:
        one = radius.sessions[0]
        since = say(" since {moment}", moment=moment(seen, one.started_at)) if one.started_at else ""
        return say(
            "signed in{since}, {address}, by {gateway}",
            since=since,
            address=one.address or say("no address told"),
            gateway=one.gateway,
        )
    last: str = ""
    if attempt:
        at = moment(seen, attempt.at)
        last = say("; last let in {at}", at=at) if attempt.accepted else say("; last rejected {at}", at=at)
    return say("no session is live{last}", last=last)


def _dhcp(seen: Seen) -> Link:
    missing = _not_seen("DHCP", seen.dhcp)
    leased = seen.dhcp.value
    if missing is not None or leased is None:
        return missing or _of("DHCP", seen.dhcp, How.NONE, say("not connected"))
    if leased.held_by:
        return _of("DHCP", seen.dhcp, How.BAD, say("the address is reserved for {held_by}", held_by=leased.held_by))
    until = say(" until {moment}", moment=moment(seen, leased.until)) if leased.until else ""
    lease = (
        say("leased to {leased_to}{until}", leased_to=leased.leased_to, until=until)
        if leased.leased_to
        else say("no lease runs")
    )
    reserved = say("{reserved} reserved", reserved=leased.reserved) if leased.reserved else say("nothing is reserved")
    dials = seen.radius.value is not None and seen.radius.value.known
    how = How.GOOD if leased.reserved else How.NONE if dials else How.WARN
    return _of("DHCP", seen.dhcp, how, say("{reserved}, {lease}", reserved=reserved, lease=lease))


# --- the plant --------------------------------------------------------------------------------------------------------


def _olt(seen: Seen) -> Link:
    if seen.line is None:
        return Link(say("OLT"), How.NONE, say("no line is built"))
    pause = next(iter(seen.records.pauses), None)
    missing = _not_seen("OLT", seen.ont)
    if missing is not None:
        return missing
    if pause is not None:
        return _of(
            "OLT",
            seen.ont,
            How.WARN,
            say("{olt} answers; {what} is paused: {reason}", olt=seen.line.olt, what=pause.what, reason=pause.reason),
        )
    return _of("OLT", seen.ont, How.GOOD, say("{olt} answers", olt=seen.line.olt))


def _port(seen: Seen, causes: set[str]) -> Link:
    missing = _not_seen(say("PON port"), seen.port)
    if missing is not None or seen.line is None:
        return missing or Link(say("PON port"), How.NONE, "")
    online = sum(one.online for one in seen.neighbours)
    around = (
        say("{online} of {many} work", online=online, many=many(len(seen.neighbours), "other ONT"))
        if seen.neighbours
        else say("nobody else is on it")
    )
    bad = bool(causes & {say("feeder cut"), say("power cut"), say("low light on the port")})
    words = say("{pon_port}: {around}", pon_port=seen.line.pon_port, around=around)
    return _of(say("PON port"), seen.port, How.BAD if bad else How.GOOD, words)


def _splitter(seen: Seen, causes: set[str]) -> Link:
    name, line = say("Splitter and drop"), seen.line
    missing = _not_seen(name, seen.light)
    if line is None:
        return Link(name, How.NONE, "")
    if missing is not None and not seen.dark:
        return missing
    where = (
        say("{splitter} output {splitter_port}", splitter=line.splitter, splitter_port=line.splitter_port)
        if line.splitter
        else say("splitter not on record")
    )
    rx = seen.light.value.ont_rx_dbm if seen.light.value else None
    lit = (
        say("{level} of {level_too} expected", level=level(rx), level_too=level(line.expected_rx_dbm))
        if rx is not None
        else say("no light measured")
    )
    lost = seen.dark and seen.ont.value is not None and seen.ont.value.down is Down.LIGHT
    bad = lost or bool(causes & _LIGHT)
    how = How.BAD if bad else How.GOOD if rx is not None else How.UNSEEN
    return _of(name, seen.light if rx is not None else seen.ont, how, say("{where}, {lit}", where=where, lit=lit))


_LIGHT = {
    say("low light on the drop"),
    say("low light on the splitter"),
    say("splitter feed cut"),
    say("too much light"),
    say("drop cut"),
}


def _ont(seen: Seen) -> Link:
    missing = _not_seen("ONT", seen.ont)
    found = seen.ont.value
    if seen.line is None:
        return Link(say("ONT"), How.NONE, "")
    if missing is not None:
        return missing
    if found is None:
        return _of("ONT", seen.ont, How.BAD, say("none is registered at {place}", place=seen.line.place))
    if not seen.is_own(found.serial):
        return _of(
            "ONT",
            seen.ont,
            How.BAD,
            say("{serial} stands there instead of {serial_too}", serial=found.serial, serial_too=seen.line.serial),
        )
    if not found.online:
        return _of(
            "ONT",
            seen.ont,
            How.BAD,
            say(
                "{serial} is off ({down_words})",
                serial=found.serial,
                down_words=found.down_words or say("cause not told"),
            ),
        )
    far = say(", {distance_m} m away", distance_m=found.distance_m) if found.distance_m is not None else ""
    fits = "configured" if found.configured else say("configuration {config_words}", config_words=found.config_words)
    return _of(
        "ONT",
        seen.ont,
        How.GOOD if found.configured else How.BAD,
        say("{serial} online, {fits}{far}", serial=found.serial, fits=fits, far=far),
    )


def _settings(seen: Seen) -> Link:
    name = say("Settings on the OLT")
    missing = _not_seen(name, seen.built)
    built = seen.built.value
    if missing is not None or built is None or seen.line is None:
        return missing or Link(name, How.NONE, "")
    if not built.differences and built.enabled == seen.line.enabled:
        return _of(name, seen.built, How.GOOD, say("as built, VLAN {vlan}", vlan=seen.line.vlan))
    if seen.records.changing:
        return _of(name, seen.built, How.WARN, say("is being changed"))
    what = "; ".join(plainly(one) for one in built.differences)
    return _of(name, seen.built, How.BAD, what or say("switched off"))


def _router(seen: Seen) -> Link:
    radius = seen.radius.value
    if radius is not None and radius.sessions:
        used = say(", used this month {octets}", octets=_octets(radius.month_octets)) if radius.month_octets else ""
        return _of("Router", seen.radius, How.GOOD, say("signed in{used}", used=used))
    if seen.dhcp.value is not None and seen.dhcp.value.leased_to:
        return _of("Router", seen.dhcp, How.GOOD, say("has a lease, {leased_to}", leased_to=seen.dhcp.value.leased_to))
    if radius is not None:
        return _of("Router", seen.radius, How.BAD, say("not signed in"))
    return _not_seen("Router", seen.radius) or Link(say("Router"), How.UNSEEN, say("cannot be seen from here"))


def _octets(both: tuple[int, int]) -> str:
    down, up = (say("{number:.1f} GB", number=number / 1e9) for number in both)
    return say("{down} down and {up} up", down=down, up=up)
