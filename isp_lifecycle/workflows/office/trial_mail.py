"""A message that somebody of the staff sends to themselves, to see how their template looks in a mail program."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.events.vocabulary import TrialMailAsked
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows.office.mail import hand_over
from isp_lifecycle.workflows.steps import Did, Irreversible, OutsideStep, Room, Site, Unobservable, Workflow


@dataclass(frozen=True, kw_only=True)
class TrialMailCase:
    """Which e-mail, by its key."""

    key: str


def begin(event: TrialMailAsked, room: Room) -> TrialMailCase:
    """It was written when it was asked for."""
    return TrialMailCase(key=event.key)


def send(case: TrialMailCase, site: Site) -> Did[TrialMailCase]:
    """Hand it to the relay."""
    email, how = hand_over(case.key, site)
    return Did(case, say("{how}; its id is {id}.", how=how, id=email.message_id))


TRIAL_MAIL = Workflow(
    name="trial_mail",
    starts_on=(TrialMailAsked,),
    case=TrialMailCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Send the e-mail"),
            do=send,
            verify=Unobservable(say("a relay's acceptance is all that SMTP tells")),
            undo=Irreversible(say("An e-mail cannot be unsent.")),
        ),
    ),
)
