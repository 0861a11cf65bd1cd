"""Where the past is written and who acted in it; and how the office reacted to an event."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers.model import Customer, Premises
from isp_lifecycle.events.model import StepState
from isp_lifecycle.events.subscriptions import who_hears
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.history.rows import PastAttempt, PastRows
from isp_lifecycle.intake.history.story import pace_of
from isp_lifecycle.inventory.model import Route, Service
from isp_lifecycle.orders.model import Order

ACTIVATION, PLAN_CHANGE = "activation", "plan_change"
#: What the deliveries of the past say where they would have reached somebody outside.
INVENTED = "Invented for the demo: nothing was sent."


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the past is written, and who acted in it."""

    act: Act
    rows: PastRows
    chance: random.Random
    sales: Sequence[str]
    support: Sequence[str]

    def terms(self, plan_code: str) -> Terms:
        """The terms of a plan, as they were before there was IPv6: lines of the past get it by an address change."""
        return replace(catalog.terms_of(catalog.plan_by_code(tx=self.act.tx, code=plan_code)), ipv6_policy=None)

    def day(self, instant: datetime) -> date:
        """The day on the provider's calendar."""
        return instant.astimezone(self.act.settings.company.tz).date()


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """What a past order is about."""

    order: Order
    customer: Customer
    premises: Premises
    service: Service
    route: Route


def tell(scene: Scene, event: Event, *, at: datetime, actor: str, trace: UUID) -> None:
    """An event with the office's reactions to it, each step done at once."""
    event_id = scene.rows.event(event, at=at, actor=actor, trace=trace)
    for subscriber in (s.subscriber for s in who_hears(type(event)) if s.subscriber not in (ACTIVATION, PLAN_CHANGE)):
        moment = at + timedelta(seconds=scene.chance.uniform(0.1, 0.9))
        attempts = []
        for step in scene.rows.outlines[subscriber]:
            pace = pace_of(step.name, scene.chance)
            attempts.append(
                PastAttempt(
                    name=step.name, state=StepState.DONE, started_at=moment, seconds=pace.seconds, says=INVENTED
                )
            )
            moment += timedelta(seconds=pace.seconds)
        scene.rows.delivery(
            event, event_id, subscriber=subscriber, created_at=at, trace=trace, attempts=tuple(attempts)
        )
