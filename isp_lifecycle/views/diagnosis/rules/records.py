"""What the records alone explain: an order that was never decided, a line that is not built yet, one that is shut."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import small
from isp_lifecycle.views.diagnosis.model import Act, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.recorded import OrderOn, ServiceOn, WorkOn
from isp_lifecycle.views.diagnosis.rules.words import day, moment, recorded, sentence
from isp_lifecycle.views.diagnosis.seen import Seen

_FOR = {
    "non_payment": say("because charges were not paid"),
    "customer_wish": say("because the customer asked for a pause"),
    "abuse": say("because it was used against the terms"),
}
_WAY = {
    "slow": say("It goes on at a low rate."),
    "walled_garden": say("It leads to our own pages only."),
    "off": say("Its ONT is switched off."),
}


def no_service(seen: Seen) -> Finding | None:
    """There is an order, and no service has come of it."""
    if seen.records.service is not None:
        return None
    order = seen.records.orders[0] if seen.records.orders else None
    if order is None:
        return Finding(
            cause=say("nothing ordered"),
            layer=Layer.RECORDS,
            says=say("{name} has neither a service nor an order.", name=seen.records.customer.name),
            sure=Sure.CERTAIN,
            advice=say("Ask whether they applied under another name or e-mail address."),
            to_customer=say("I find no order in your name yet. Which e-mail address did you apply with?"),
            act=Act.ASK,
        )
    return _undecided(seen, order) if order.state == "submitted" else _given_up(seen, order)


def _undecided(seen: Seen, order: OrderOn) -> Finding:
    since = moment(seen, order.submitted_at)
    return Finding(
        cause=say("order never confirmed"),
        layer=Layer.RECORDS,
        says=say(
            "Order {code} was never confirmed: nobody has decided on it since {since}, so nothing was built.",
            code=order.code,
            since=since,
        ),
        sure=Sure.CERTAIN,
        advice=say("Have the sales desk confirm or reject it (page: Orders)."),
        to_customer=say(
            "We have had your application since {since}, and it has not been decided on yet, so your "
            "line was not built. I pass it on to our sales desk now, and they will call you back.",
            since=since,
        ),
        act=Act.DECIDE,
        because=(recorded(seen, say("Order"), say("{code} is new since {since}", code=order.code, since=since)),),
    )


def _given_up(seen: Seen, order: OrderOn) -> Finding:
    how = order.state.replace("_", " ")
    why = say(": {reason}", reason=order.reason) if order.reason else ""
    return Finding(
        cause=say("order {how}", how=how),
        layer=Layer.RECORDS,
        says=say("Order {code} is {how}{why}, so there is no line.", code=order.code, how=how, why=why),
        sure=Sure.CERTAIN,
        advice=say("Look at the order (page: Orders); a new one can be placed."),
        to_customer=say(
            "Your order {code} is {how}, so no line was built. I can place a new one with you.",
            code=order.code,
            how=how,
        ),
        act=Act.DECIDE,
        because=(recorded(seen, say("Order"), say("{code} is {how}{why}", code=order.code, how=how, why=why)),),
    )


def ended(seen: Seen) -> Finding | None:
    """The service has ended."""
    service = seen.records.service
    if service is None or service.state != "terminated":
        return None
    on = say(" on {day}", day=day(service.ended_on)) if service.ended_on else ""
    return Finding(
        cause=say("service ended"),
        layer=Layer.RECORDS,
        says=say("Service {code} ended{on}.", code=service.code, on=on),
        sure=Sure.CERTAIN,
        advice=say("Is it another service of theirs? Else a new line can be ordered."),
        to_customer=say("Your contract for this line ended{on}, so it was switched off.", on=on),
        act=Act.ASK,
        because=(recorded(seen, say("Service"), say("ended{on}", on=on)),),
    )


def not_built_yet(seen: Seen) -> Finding | None:
    """The service waits for its line: for a person, for its turn, or because it failed."""
    service = seen.records.service
    if service is None or service.state != "pending":
        return None
    work = next(iter(seen.records.work), None)
    if work is None:
        return Finding(
            cause=say("line not built yet"),
            layer=Layer.RECORDS,
            says=say("The line of {code} is not built, and no work is under way for it.", code=service.code),
            sure=Sure.CERTAIN,
            advice=say("Look at its order (page: Orders): was it given up?"),
            to_customer=say("Your line is not built yet. I find out when it will be, and call you back."),
            act=Act.DECIDE,
        )
    return _failed(seen, service, work) if work.state == "failed" else _under_way(seen, service, work)


def _failed(seen: Seen, service: ServiceOn, work: WorkOn) -> Finding:
    return Finding(
        cause=say("line not built: work failed"),
        layer=Layer.RECORDS,
        says=say(
            "The line of {code} is not built: its {workflow} failed at “{step}”. {sentence}",
            code=service.code,
            workflow=small(work.workflow),
            step=work.step,
            sentence=sentence(work.what),
        ),
        sure=Sure.CERTAIN,
        advice=work.remedy or say("See what failed, mend it, and press Retry."),
        to_customer=say("Something went wrong while your line was being connected. We are at it, and call you back."),
        act=Act.RETRY,
        because=(
            recorded(
                seen,
                work.workflow,
                say("failed at “{step}” on {moment}", step=work.step, moment=moment(seen, work.since)),
            ),
        ),
        delivery_id=work.delivery_id,
    )


def _under_way(seen: Seen, service: ServiceOn, work: WorkOn) -> Finding:
    waits = work.visit or (say("with {who}", who=work.who) if work.who else "")
    how = (
        say("stands at “{step}”", step=work.step)
        if work.state == "waiting"
        else say("is at “{step}”", step=work.step)
        if work.step
        else say("will begin")
    )
    behind = say(" It stands in line: {stands_for}.", stands_for=work.stands_for) if work.stands_for else ""
    return Finding(
        cause=say("line not built yet"),
        layer=Layer.RECORDS,
        says=say(
            "The line of {code} is not built yet: its {workflow} {how}{waits}.{behind}",
            code=service.code,
            workflow=small(work.workflow),
            how=how,
            waits=say(" ({waits})", waits=waits) if waits else "",
            behind=behind,
        ),
        sure=Sure.CERTAIN,
        advice=say("Nothing is wrong. Tell the customer when the visit is, or look at the work."),
        to_customer=say("Your line is not connected yet")
        + (say("; our engineer's visit is {visit}.", visit=work.visit) if work.visit else say(". We are at it.")),
        act=Act.LOOK_AGAIN,
        because=(recorded(seen, work.workflow, how),),
        delivery_id=work.delivery_id,
    )


def shut(seen: Seen) -> Finding | None:
    """The service is suspended."""
    service = seen.records.service
    if service is None or service.state != "suspended":
        return None
    since = say(" since {day}", day=day(service.suspended_on)) if service.suspended_on else ""
    why = _FOR.get(service.suspended_for, "")
    owes = service.suspended_for == "non_payment"
    opening = next((one for one in seen.records.work if one.workflow == "Resumption"), None)
    after = say(" Its resumption {how}.", how=_how(opening)) if opening is not None else ""
    return Finding(
        cause=say("suspended for debt") if owes else "suspended",
        layer=Layer.RECORDS,
        says=say(
            "The service is suspended{since} {why}. {way}{after}",
            since=since,
            why=why,
            way=_WAY.get(service.suspended_way, ""),
            after=after,
        )
        if why
        else say(
            "The service is suspended{since}. {way}{after}",
            since=since,
            way=_WAY.get(service.suspended_way, ""),
            after=after,
        ),
        sure=Sure.CERTAIN,
        advice=say("Resume it when what is owed has been paid (page: Services).")
        if owes
        else say("Ask whether it is to be opened again, and resume it (page: Services)."),
        to_customer=say("Your line is switched off{since} {why}. ", since=since, why=why)
        + (
            say("As soon as your payment has arrived we switch it on again.")
            if owes
            else say("Shall I switch it on again?")
        ),
        act=Act.RETRY if opening is not None and opening.state == "failed" else Act.RESUME,
        because=(recorded(seen, say("Service"), say("suspended{since} {why}", since=since, why=why).strip()),),
        delivery_id=opening.delivery_id if opening is not None else None,
    )


def _how(work: WorkOn) -> str:
    return (
        say("failed at “{step}”: {what}", step=work.step, what=work.what)
        if work.state == "failed"
        else say("is {state}", state=work.state.replace("_", " "))
    )


RULES = (no_service, ended, not_built_yet, shut)
