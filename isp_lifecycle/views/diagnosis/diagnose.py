"""From what is known to one cause: pure. While things are still being read it is the answer so far."""

from __future__ import annotations

from collections.abc import Sequence

from isp_lifecycle.foundation.texts import one_after_other, say
from isp_lifecycle.views.diagnosis.chain import RECORDS, chain_of
from isp_lifecycle.views.diagnosis.model import (
    EXPLAINS,
    Act,
    Diagnosis,
    Evidence,
    Finding,
    How,
    Layer,
    Link,
    Missed,
    Sure,
)
from isp_lifecycle.views.diagnosis.rules import RULES
from isp_lifecycle.views.diagnosis.rules.words import SORRY
from isp_lifecycle.views.diagnosis.seen import Seen


def diagnose(seen: Seen) -> Diagnosis:
    """Name the cause, with its evidence and all that was looked at besides."""
    findings = [found for rule in RULES if (found := rule(seen)) is not None]
    reading, missed = _reading(seen), _missed(seen)
    chain = chain_of(seen, findings)
    first = findings[0] if findings else _nothing_found(seen, chain, reading, missed)
    return Diagnosis(
        key=seen.records.key,
        customer=seen.records.customer.name,
        at=seen.at,
        finding=first,
        besides=_besides(first, findings),
        chain=chain,
        missed=missed,
        reading=reading,
    )


def _besides(first: Finding, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    explained = EXPLAINS.get(first.layer, frozenset()) | {first.layer}
    return tuple(one for one in findings[1:] if one.layer not in explained)


#: What is read, by the field of what is seen.
NAMES = {
    "ont": say("the ONT"),
    "light": say("its light"),
    "port": say("its neighbours"),
    "built": say("its settings on the OLT"),
    "unregistered": say("ONTs in sight that nobody registered"),
    "radius": "RADIUS",
    "dhcp": "DHCP",
}


def _reading(seen: Seen) -> tuple[str, ...]:
    return tuple(words for name, words in NAMES.items() if getattr(seen, name).pending)


def _missed(seen: Seen) -> tuple[Missed, ...]:
    """What could not be looked at; what there was no need to ask for is not missed."""
    known = ((words, getattr(seen, name)) for name, words in NAMES.items())
    missed = [Missed(words, one.unseen) for words, one in known if one.unseen and not one.needless]
    if seen.radius.value is not None and seen.radius.value.attempts_unseen:
        missed.append(Missed(say("the last sign-in at RADIUS"), seen.radius.value.attempts_unseen))
    return tuple(missed)


def _nothing_found(
    seen: Seen, chain: tuple[Link, ...], reading: tuple[str, ...], missed: tuple[Missed, ...]
) -> Finding:
    if seen.line is None:
        return _no_line(seen)
    if reading:
        return _still_looking(seen)
    blind = _blind(seen)
    signed = bool(seen.radius.value and seen.radius.value.sessions)
    silent = (
        one_after_other(*(say(" {what} could not be asked.", what=one.what) for one in missed), between="")
        if not blind
        else ""
    )
    behind = (
        ""
        if signed
        else say(" What lies behind the ONT (router, cables, Wi-Fi) cannot be seen from here.{silent}", silent=silent)
    )
    good = (one for one in chain if one.how is How.GOOD and one.source != RECORDS)
    return Finding(
        cause=say("healthy") if not blind else say("nothing found"),
        layer=Layer.NOTHING,
        says=say(
            "The line is good: everything from the account to the router was looked at and is as it should be.{behind}",
            behind=behind,
        )
        if not blind and signed
        else say(
            "The line is good: everything from the account to the ONT was looked at and is as it should be.{behind}",
            behind=behind,
        )
        if not blind
        else say(
            "Nothing was found, but not all could be looked at ({missed}).",
            missed=", ".join(one.what for one in missed),
        ),
        sure=Sure.OPEN if blind else (Sure.CERTAIN if signed and not missed else Sure.LIKELY),
        advice=say("Ask for a test by cable at the ONT; if that is good, it is the customer's Wi-Fi or router."),
        to_customer=say(
            "Everything is fine up to your router as far as I can see. Please restart the router, "
            "and try with a cable instead of Wi-Fi."
        )
        if not blind
        else say("{sorry}I cannot see all of it at the moment; I look into it and call you back.", sorry=SORRY),
        act=Act.ASK if not blind else Act.LOOK_AGAIN,
        because=tuple(Evidence(one.name, one.words, one.source, one.at) for one in good),
    )


def _blind(seen: Seen) -> bool:
    """Whether what decides could not be seen: the ONT itself, its light, or what stands on the OLT."""
    return not (seen.ont.seen and seen.built.seen and (seen.light.seen or not seen.online))


def _still_looking(seen: Seen) -> Finding:
    return Finding(
        cause=say("looking"),
        layer=Layer.NOTHING,
        says=say("Nothing is wrong so far; it is still being looked at."),
        sure=Sure.OPEN,
        advice=say("Wait for the rest; a cause appears here as soon as it is seen."),
        to_customer=say("I am just looking at your line. One moment, please."),
        act=Act.LOOK_AGAIN,
    )


def _no_line(seen: Seen) -> Finding:
    """A service that is in use, and no line of it on record."""
    return Finding(
        cause=say("no line on record"),
        layer=Layer.RECORDS,
        says=say("No line is on record for {key}, so nothing can be looked at.", key=seen.records.key),
        sure=Sure.CERTAIN,
        advice=say("Have the network's people find its ONT and record the line."),
        to_customer=say("{sorry}I ask our network engineers and call you back.", sorry=SORRY),
        act=Act.NETWORK,
    )
