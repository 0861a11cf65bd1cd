"""Work at the line that failed or stands: what was asked for is not so yet."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import small
from isp_lifecycle.views.diagnosis.model import Act, Finding, Layer, Sure
from isp_lifecycle.views.diagnosis.recorded import WorkOn
from isp_lifecycle.views.diagnosis.rules.words import moment, recorded, sentence
from isp_lifecycle.views.diagnosis.seen import Seen


def failed(seen: Seen) -> Finding | None:
    """A change of the line failed in the middle, or before it began."""
    work = next((one for one in seen.records.work if one.state == "failed"), None)
    if work is None or seen.records.service is None:
        return None
    return Finding(
        cause=say("{workflow} failed", workflow=small(work.workflow)),
        layer=Layer.WORK,
        says=say(
            "The {workflow}{order} failed at “{step}”: {sentence} Until it is through, the line "
            "stays as it was, or stands half changed.",
            workflow=small(work.workflow),
            order=_order(work),
            step=work.step,
            sentence=sentence(work.what),
        ),
        sure=Sure.CERTAIN,
        advice=work.remedy or say("See what failed, mend it, and press Retry."),
        to_customer=say(
            "The change that you asked for ({workflow}) did not go through yet. We are at it, and "
            "you are told when it is done.",
            workflow=small(work.workflow),
        ),
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


def stands(seen: Seen) -> Finding | None:
    """A change is under way at the line, or stands in line behind something."""
    now = [one for one in seen.records.work if one.state in ("queued", "running") or _again(one, seen)]
    work = next(iter(now), None)
    if work is None or seen.records.service is None:
        return None
    why = work.stands_for or work.what or say("it is at “{step}”", step=work.step)
    return Finding(
        cause=say("{workflow} under way", workflow=small(work.workflow)),
        layer=Layer.WORK,
        says=say(
            "The line is being changed: {workflow}{order}, {why}.",
            workflow=small(work.workflow),
            order=_order(work),
            why=why.rstrip("."),
        ),
        sure=Sure.LIKELY,
        advice=say("Look again when it is through; it goes on by itself."),
        to_customer=say("We are just changing something at your line, as was asked for. It is back in a few minutes."),
        act=Act.LOOK_AGAIN,
        because=(
            recorded(
                seen, work.workflow, say("{state} since {moment}", state=work.state, moment=moment(seen, work.since))
            ),
        ),
        delivery_id=work.delivery_id,
    )


def _again(work: WorkOn, seen: Seen) -> bool:
    return work.state == "scheduled" and bool(work.what) and work.due_at >= seen.records.at


def _order(work: WorkOn) -> str:
    return f" ({work.order_code})" if work.order_code else ""


RULES = (failed, stands)
