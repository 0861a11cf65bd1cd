"""The main job as a story: a visitor applies, sales confirms, the engineer plugs in and presses Activate."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import VISITOR, Actor, actor_of
from isp_lifecycle.cli.demo.system import System
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import field, portal, sales, support
from isp_lifecycle.views import common, installer
from isp_lifecycle.views import portal as portal_views
from isp_lifecycle.views import support as support_views
from isp_lifecycle.views.common import TimelineRow

PAUSE = 0.05


class NotObserved(NeedsPerson):
    """Something that should have become visible did not, in time."""


@dataclass(frozen=True)
class Wish:
    """What the customer of the story asks for."""

    plan_code: str = "home-500"
    premises_code: str | None = None
    serial: str | None = None


@dataclass
class Story:
    """One activation as it goes."""

    system: System
    wish: Wish
    premises_code: str = ""
    serial: str = ""
    order_code: str = ""
    service_code: str = ""
    visit_code: str = ""
    olt: str = ""
    pon_port: str = ""
    delivery_id: UUID | None = None
    pressed_at: float = 0.0

    # --- who acts --------------------------------------------------------------------------------------------------

    @cached_property
    def staff(self) -> dict[str, list[Actor]]:
        """The sample town's staff by role, as the accounts that stand in the database."""
        found: dict[str, list[Actor]] = {}
        with read(self.system.doors.window.engine) as tx:
            for person in self.system.town.staff:
                user = access.user_by_username(tx=tx, username=person.username)
                if user is not None:
                    found.setdefault(str(person.role), []).append(actor_of(user, source="demo"))
        return found

    def one(self, role: str) -> Actor:
        """Somebody of this role."""
        return self.staff[role][0]

    # --- the five acts ---------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Act 1: the portal's form, filled in by a visitor."""
        self.premises_code = self.wish.premises_code or self._free_premises()
        tag = new_id().hex[-6:]
        placed = portal.place_application(
            self.system.doors.door,
            VISITOR,
            premises_code=self.premises_code,
            plan_code=self.wish.plan_code,
            name="Morgan Demo",
            email=f"morgan.{tag}@customers.example",
            phone="+353 85 555 0142",
            consent=True,
        )
        self.order_code = placed.order_code

    def confirm(self) -> None:
        """Act 2: the sales desk says yes."""
        confirmed = sales.confirm_order(self.system.doors.door, self.one("sales"), order_code=self.order_code)
        self.service_code, self.delivery_id = confirmed.service_code, confirmed.delivery_id

    def await_visit(self) -> None:
        """Act 3: the workflow books a visit and parks."""
        self.await_state({"waiting"}, seconds=30)
        day = today(clock=self.system.doors.door.clock, zone=self.system.settings.company.tz)
        for actor in self.staff["installer"]:
            for row in installer.visits(self.system.doors.window, actor, day=day):
                detail = installer.visit(self.system.doors.window, actor, visit_code=row.visit_code)
                if detail.order_code == self.order_code:
                    self.visit_code, self.olt, self.pon_port = row.visit_code, detail.olt, detail.pon_port
                    self.engineer = actor
                    return
        raise NotObserved(f"No engineer sees a visit for order {self.order_code}.")

    def plug_in(self) -> None:
        """Act 4a: the engineer connects the ONT, and sees it on the phone."""
        self.serial = self.serial or self.wish.serial or self.new_serial()
        self.system.lab.plug(self.serial, self.premises_code)
        self.await_in_sight()

    def await_in_sight(self) -> None:
        """Wait until the OLT reports the ONT, as the installer's page shows it."""
        window = self.system.doors.window

        def seen() -> bool:
            live = installer.unconfigured(window, self.engineer, visit_code=self.visit_code)
            return any(ont.serial_normal == self.serial for ont in live.onts)

        wait_until(seen, seconds=60, what=f"ONT {self.serial} in the live list of {self.olt}", pause=0.3)

    def activate(self, serial: str | None = None) -> None:
        """Act 4b: the one button."""
        self.pressed_at = time.time()
        field.begin_visit(self.system.doors.door, self.engineer, visit_code=self.visit_code)
        field.activate(self.system.doors.door, self.engineer, visit_code=self.visit_code, serial=serial or self.serial)

    def await_everything(self, *, seconds: float = 180) -> str:
        """Act 5: every delivery of the order has ended, or one stands still; returns the activation's state."""
        state = self.await_state({"done", "failed", "cancelled"}, seconds=seconds)
        if state == "done":
            wait_until(self._all_done, seconds=60, what=f"billing, CRM and e-mail of {self.order_code}")
        return state

    # --- what people do about failures -----------------------------------------------------------------------------

    def retry(self) -> None:
        """Support presses Retry."""
        support.retry(self.system.doors.door, self.one("support"), delivery_id=self.known_delivery)

    def cancel(self) -> None:
        """Support gives it up."""
        support.cancel(
            self.system.doors.door, self.one("support"), delivery_id=self.known_delivery, reason="The demo gives it up."
        )

    def tidy_up(self, *, active: bool) -> None:
        """End all faults; after a failure the engineer takes the ONT away and leaves a good fibre."""
        lab = self.system.lab
        lab.clear_faults()
        if self.premises_code:
            lab.mend("drop", self.premises_code)
            lab.splice("drop", self.premises_code, loss_db=0.0)
        if not active and any(ont.serial == self.serial for ont in lab.state().boxes):
            lab.unplug(self.serial)

    # --- looking ---------------------------------------------------------------------------------------------------

    @property
    def known_delivery(self) -> UUID:
        """The activation's delivery."""
        if self.delivery_id is None:
            raise NotObserved("The order has not been confirmed yet.")
        return self.delivery_id

    @property
    def state(self) -> str:
        """Where the activation stands."""
        return self.detail().state

    def detail(self) -> support_views.DeliveryDetail:
        """The activation as the support page shows it."""
        return support_views.delivery(
            self.system.doors.window, self.one("administrator"), delivery_id=self.known_delivery
        )

    def timeline(self) -> tuple[TimelineRow, ...]:
        """Everything that happened to the order."""
        return common.timeline(self.system.doors.window, self.one("administrator"), order_code=self.order_code)

    def await_state(self, states: set[str], *, seconds: float) -> str:
        """Wait until the activation stands in one of these states."""
        wait_until(
            lambda: self.state in states, seconds=seconds, what=f"activation {self.order_code} {' or '.join(states)}"
        )
        return self.state

    def await_step(self, name: str, *, seconds: float = 60) -> None:
        """Wait until this step of the activation is done."""
        wait_until(
            lambda: any(a.name == name and a.state == "done" for a in self.detail().attempts),
            seconds=seconds,
            what=f"step {name!r} done",
        )

    def _all_done(self) -> bool:
        rows = [row for row in self.timeline() if row.delivery_id is not None]
        last = {(row.delivery_id, row.name): row.state for row in rows}
        ends = {"Charge the first month", "Tell the CRM", "Send the e-mail"}
        mails = sum(1 for row in rows if row.name == "Send the e-mail" and row.state == "done")
        return ends <= {name for _delivery, name in last} and set(last.values()) == {"done"} and mails >= 3

    def _free_premises(self) -> str:
        """The first address of the town that can be served and is not, by the search that the form uses."""
        for premises in self.system.town.premises:
            if premises.outlet is None:
                continue
            text = f"{premises.number} {premises.street}"
            for hit in portal_views.find_address(self.system.doors.window, VISITOR, text=text):
                if hit.premises_code == premises.code and hit.serviceable and not hit.occupied:
                    return hit.premises_code
        raise NotObserved("No free address is left in the town.", remedy="Run `isp reset` and start again.")

    @staticmethod
    def new_serial() -> str:
        """A serial number that no ONT of the town has."""
        return f"48575443{new_id().hex[-8:].upper()}"


def wait_until(seen: Callable[[], bool], *, seconds: float, what: str, pause: float = PAUSE) -> None:
    """Look until it is there; raises NotObserved that says what was waited for."""
    until = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > until:
            raise NotObserved(
                f"Waited {seconds:.0f} s in vain for: {what}.", remedy="Look at the timeline and the logs."
            )
        time.sleep(pause)
