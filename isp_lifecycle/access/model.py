"""Roles, permissions and the actor, by which every door decides; a table in code, so that review sees each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.access.errors import Forbidden

#: Everything that can be permitted, with what it allows. Names are verbs on things: ``thing.verb``.
#: ``own.*`` reaches only what belongs to the actor's own customer.
PERMISSIONS: Mapping[str, str] = {
    "plan.read": "Read the plans on sale.",
    "address.read": "Search addresses and whether they can be served.",
    "order.place": "Place an application or an order.",
    "order.read": "Read orders.",
    "order.confirm": "Confirm an order, which starts the work.",
    "order.reject": "Reject an order, with a reason.",
    "service.read": "Read services and their lines.",
    "service.activate": "Ask for an activation directly.",
    "service.change_plan": "Ask for a plan change.",
    "service.terminate": "Ask for a termination.",
    "service.suspend": "Shut a service for a while.",
    "service.resume": "Open a service again that was shut.",
    "service.swap_ont": "Put another ONT on a line.",
    "service.relocate": "Move a service to other premises.",
    "service.change_address": "Give a service another IP address.",
    "service.withdraw": "Withdraw a change of a service before it begins.",
    "visit.read": "Read one's own visits.",
    "visit.read_all": "Read everybody's visits.",
    "ont.prepare": "Name the ONT of an order before it is plugged in, so that plugging it in suffices.",
    "visit.work": "Start, finish and report a visit that is one's own.",
    "delivery.read": "Read what the event engine does and why something failed.",
    "delivery.retry": "Continue a failed delivery at its failed step.",
    "delivery.cancel": "Give a delivery up and undo what it did.",
    "engine.pause": "Pause and resume the engine, one of its subscribers, or an OLT; plan maintenance.",
    "task.assign": "Say who is to see to a delivery that failed or waits.",
    "due.read": "Read what will happen and when.",
    "due.move": "Put what lies ahead on another day.",
    "due.cancel": "Take back what lies ahead before it begins.",
    "bulk.read": "Read changes of many services at once.",
    "bulk.propose": "Prepare a change of many services at once.",
    "bulk.approve": "Agree to a change of many services that somebody else prepared.",
    "bulk.steer": "Pause, resume and stop a change of many services.",
    "ticket.read": "Read tickets.",
    "ticket.write": "Write in tickets and close them.",
    "incident.read": "Read incidents with their evidence.",
    "network.read": "Read the plant, pools and lines as recorded.",
    "network.read_live": "Ask the devices themselves.",
    "olt.trust": "Accept an OLT's new SSH host key.",
    "olt.add": "Add an OLT, and take note of what stands on it.",
    "vlan.group": "Add a VLAN group to an OLT, or change one.",
    "drift.compare": "Have an OLT compared with the records.",
    "line.repair": "Have a device brought back to a line as it was built, by a plan that was shown.",
    "line.record": "Bring the record of a line to what was found on the device.",
    "ont.reset": "Have the ONT of a line start anew.",
    "ont.remove": "Have what stands on a device for nobody taken off it, by a plan that was shown.",
    "notice.read": "Read the notices to oneself and to one's role, and note that they were read.",
    "mail.read": "Read e-mails as they were sent.",
    "report.read": "Read reports and figures.",
    "report.run": "Run a report.",
    "import.run": "Import premises, plant and customers.",
    "netbox.export": "Write which addresses are in use, and by which service, to NetBox.",
    "own.read": "Read one's own services, orders and charges.",
    "own.order": "Order for oneself.",
    "own.change_plan": "Change the plan of one's own service.",
    "own.terminate": "End one's own service.",
    "own.suspend": "Pause one's own service and go on with it.",
    "own.withdraw": "Withdraw a change of one's own service before it begins.",
    "account.own": "Change one's own password, and end one's own sessions.",
    "user.read": "Read accounts and roles.",
    "user.write": "Create and change accounts.",
    "audit.read": "Read the audit trail.",
    "audit.erase": "Erase a person from the audit trail, at their request.",
    "audit.run": "Compare records, devices and messages, and list what does not agree.",
    "schedule.run": "Do what the calendar asks for, when it asks: charges, saves, comparisons, seals.",
    "system.read": "Read the health of the parts.",
    "evidence.forget": "Drop what was said to devices, when it is older than the policy keeps it.",
}


class Role(StrEnum):
    """What somebody is here for. A user has exactly one."""

    APPLICANT = "applicant"  #: A visitor of the portal without an account: may apply for a line.
    CUSTOMER = "customer"  #: A customer in the portal: what is their own.
    SALES = "sales"  #: The sales desk: applications, customers, plans.
    INSTALLER = "installer"  #: An installation engineer on the road.
    DISPATCHER = "dispatcher"  #: Plans the installers' days.
    NETWORK = "network"  #: A network engineer.
    SUPPORT = "support"  #: Repairs what failed and talks to customers.
    MANAGER = "manager"  #: Watches figures, decides on orders, runs reports.
    ADMINISTRATOR = "administrator"  #: Everything but what is a customer's own.
    AUDITOR = "auditor"  #: Reads all, changes nothing, asks no device.
    SYSTEM = "system"  #: The machinery itself: workflows, imports, schedules.


_STAFF = frozenset(p for p in PERMISSIONS if not p.startswith("own."))
_PUBLIC = frozenset({"plan.read", "address.read"})


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split()) | _PUBLIC


def _staff(words: str) -> frozenset[str]:
    return _set(words) | {"notice.read", "account.own"}


#: What each role may do; everybody may read the plans on sale and search addresses, staff their notices.
ROLES: Mapping[Role, frozenset[str]] = {
    Role.APPLICANT: _set("order.place"),
    Role.CUSTOMER: _set("account.own own.read own.order own.change_plan own.terminate own.suspend own.withdraw"),
    Role.SALES: _staff(
        "order.place order.read order.confirm order.reject service.read "
        "service.change_plan service.terminate service.suspend service.resume service.relocate "
        "service.change_address service.withdraw visit.read_all ticket.read mail.read "
        "due.read due.move due.cancel bulk.read bulk.propose ont.prepare"
    ),
    Role.INSTALLER: _staff("visit.read visit.work network.read_live"),
    Role.DISPATCHER: _staff("order.read service.read visit.read visit.read_all report.read due.read ont.prepare"),
    Role.NETWORK: _staff(
        "network.read network.read_live olt.trust olt.add vlan.group drift.compare line.repair line.record ont.remove "
        "ont.reset service.read service.activate ont.prepare service.swap_ont service.relocate "
        "service.change_address visit.read_all "
        "delivery.read delivery.retry incident.read ticket.read ticket.write task.assign engine.pause "
        "audit.run system.read due.read bulk.read bulk.steer"
    ),
    Role.SUPPORT: _staff(
        "order.read service.read service.suspend service.resume service.swap_ont service.withdraw "
        "visit.read_all delivery.read delivery.retry delivery.cancel "
        "ticket.read ticket.write task.assign incident.read network.read network.read_live drift.compare line.repair "
        "ont.reset mail.read "
        "due.read due.move due.cancel bulk.read"
    ),
    Role.MANAGER: _staff(
        "order.place order.read order.confirm order.reject service.read service.change_plan "
        "service.terminate service.suspend service.resume service.relocate service.change_address service.withdraw "
        "visit.read_all task.assign delivery.read ticket.read incident.read network.read mail.read "
        "report.read report.run user.read system.read "
        "due.read due.move due.cancel bulk.read bulk.propose bulk.approve bulk.steer"
    ),
    Role.ADMINISTRATOR: _STAFF,
    Role.AUDITOR: frozenset(p for p in _STAFF if p.endswith((".read", ".read_all"))) | {"account.own"},
    Role.SYSTEM: frozenset(PERMISSIONS),
}

#: Roles that sign in at the portal; all others but the system sign in at the staff suite.
PORTAL_ROLES = frozenset({Role.CUSTOMER})
STAFF_ROLES = frozenset(Role) - PORTAL_ROLES - {Role.SYSTEM, Role.APPLICANT}


@dataclass(frozen=True)
class User:
    """An account. One without a password cannot sign in with one."""

    id: UUID
    username: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    email: str | None = None
    customer_id: UUID | None = None
    has_password: bool = False


@dataclass(frozen=True)
class Actor:
    """On whose behalf something is asked; handed explicitly through every door."""

    user_id: UUID | None
    username: str
    name: str
    role: Role
    permissions: frozenset[str] = field(repr=False)
    source: str
    customer_id: UUID | None = None
    address: str = ""
    """From which address of the network they ask, where a server knows it."""

    def may(self, permission: str) -> bool:
        """Whether the role holds this permission. A name that is in no table is a programming error: KeyError."""
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        return permission in self.permissions


def actor_of(user: User, *, source: str) -> Actor:
    """The actor that an account is, with the permissions of its role."""
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.name,
        role=user.role,
        permissions=ROLES[user.role],
        source=source,
        customer_id=user.customer_id,
    )


def require(actor: Actor, *permissions: str) -> None:
    """Refuse with :class:`Forbidden` unless the actor holds at least one of these."""
    if not any(actor.may(permission) for permission in permissions):
        raise Forbidden(username=actor.username, role=actor.role, permission=permissions[-1])


def normal_username(username: str) -> str:
    """User names do not differ by case or by spaces around them."""
    return username.strip().lower()


#: The machinery itself.
SYSTEM = Actor(None, "system", "System", Role.SYSTEM, ROLES[Role.SYSTEM], "system")

#: A visitor of the portal who has not signed in.
VISITOR = Actor(None, "", "Visitor", Role.APPLICANT, ROLES[Role.APPLICANT], "portal")
