"""Roles, permissions and the actor, by which every door decides; a table in code, so that review sees each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.access.errors import Forbidden, ProofNeeded
from isp_lifecycle.foundation.claims import Claim

#: Everything that can be permitted, with what it allows. Names are verbs on things: ``thing.verb``.
#: ``own.*`` reaches only what belongs to the actor's own customer.
PERMISSIONS: Mapping[str, str] = {
    "plan.read": "Read the plans on sale.",
    "plan.read_all": "Read every plan, with its versions and how many have it.",
    "plan.write": "Put a plan on sale, change one from a day on, and withdraw one.",
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
    "visit.move": "Give a visit another engineer, or another time.",
    "visit.plan": "Book a visit again that could not be done.",
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
    "device.terminal": "Read on an OLT's own command line, by commands that change nothing.",
    "device.terminal_full": "Use an OLT's own command line without restriction.",
    "terminal.read": "Read the records of everybody's terminals.",
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
    "template.read": "Read the texts of messages to customers, and their versions.",
    "template.write": "Write the texts of messages to customers.",
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
    "own.language": "Choose the language in which one is written to.",
    "partner.order": "Place orders as a partner.",
    "partner.read": "Read the orders that came by one's own partner, and their services.",
    "partner.change": "Ask for changes of services that came by one's own partner.",
    "account.own": "Change one's own password, and end one's own sessions.",
    "setting.read": "Read settings that may change while everything runs, and who changed them.",
    "setting.write": "Change settings while everything runs.",
    "secret.read": "Read which accounts devices are signed in to by, without their passwords.",
    "secret.write": "Set the accounts by which devices are signed in to, and seal secrets under a new key.",
    "token.own": "Make and revoke tokens of one's own account, by which machines ask.",
    "account.recover": "Ask for a link for a forgotten password, and set a password by a link.",
    "customer.note": "Write notes about a customer.",
    "customer.language": "Choose the language in which a customer is written to.",
    "document.read": "Read the documents that are kept of customers.",
    "document.write": "Keep documents of customers, and remove them.",
    "lead.read": "Read who asked for a line, before there is an order.",
    "lead.write": "Note who asked for a line, follow them, and bring it to an order or an end.",
    "customer.invite": "Invite a customer to an account at the portal.",
    "user.read": "Read accounts and roles.",
    "user.write": "Create and change accounts.",
    "user.admit": "Let in whom a directory or a provider vouches for, and follow what it says of them.",
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
    PARTNER = "partner"  #: Another company's machines, which sell our lines: what came by it.
    AUDITOR = "auditor"  #: Reads all, changes nothing, asks no device.
    SYSTEM = "system"  #: The machinery itself: workflows, imports, schedules.


_STAFF = frozenset(p for p in PERMISSIONS if not p.startswith(("own.", "partner.")))
_PUBLIC = frozenset({"plan.read", "address.read"})


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split()) | _PUBLIC


def _staff(words: str) -> frozenset[str]:
    return _set(words) | {"notice.read", "account.own", "token.own"}


#: What each role may do; everybody may read the plans on sale and search addresses, staff their notices.
ROLES: Mapping[Role, frozenset[str]] = {
    Role.APPLICANT: _set("order.place account.recover"),
    Role.CUSTOMER: _set(
        "account.own own.read own.order own.change_plan own.terminate own.suspend own.withdraw own.language"
    ),
    Role.SALES: _staff(
        "order.place order.read order.confirm order.reject service.read "
        "service.change_plan service.terminate service.suspend service.resume service.relocate "
        "service.change_address service.withdraw visit.read_all visit.plan ticket.read mail.read "
        "due.read due.move due.cancel bulk.read bulk.propose ont.prepare customer.invite customer.note "
        "customer.language plan.read_all "
        "document.read document.write lead.read lead.write"
    ),
    Role.INSTALLER: _staff("visit.read visit.work network.read_live"),
    Role.DISPATCHER: _staff(
        "order.read service.read visit.read visit.read_all visit.plan visit.move report.read due.read ont.prepare"
    ),
    Role.NETWORK: _staff(
        "network.read network.read_live device.terminal device.terminal_full terminal.read "
        "olt.trust olt.add vlan.group drift.compare line.repair line.record ont.remove "
        "ont.reset service.read service.activate ont.prepare service.swap_ont service.relocate "
        "service.change_address visit.read_all visit.plan "
        "delivery.read delivery.retry incident.read ticket.read ticket.write task.assign engine.pause "
        "audit.run system.read due.read bulk.read bulk.steer"
    ),
    Role.SUPPORT: _staff(
        "order.read service.read service.suspend service.resume service.swap_ont service.withdraw "
        "visit.read_all visit.plan delivery.read delivery.retry delivery.cancel "
        "ticket.read ticket.write task.assign incident.read network.read network.read_live drift.compare line.repair "
        "device.terminal ont.reset mail.read customer.note customer.language "
        "document.read document.write "
        "due.read due.move due.cancel bulk.read"
    ),
    Role.MANAGER: _staff(
        "order.place order.read order.confirm order.reject service.read service.change_plan "
        "service.terminate service.suspend service.resume service.relocate service.change_address service.withdraw "
        "visit.read_all visit.plan visit.move task.assign delivery.read ticket.read incident.read network.read "
        "mail.read report.read report.run user.read system.read customer.note customer.language "
        "document.read document.write lead.read lead.write "
        "due.read due.move due.cancel bulk.read bulk.propose bulk.approve bulk.steer plan.read_all plan.write"
    ),
    Role.PARTNER: _set("partner.order partner.read partner.change"),
    Role.ADMINISTRATOR: _STAFF,
    Role.AUDITOR: frozenset(p for p in _STAFF if p.endswith((".read", ".read_all"))) | {"account.own", "token.own"},
    Role.SYSTEM: frozenset(PERMISSIONS),
}

#: What every role of the staff has, also one that was defined here.
OF_ALL_STAFF = _staff("")
#: What a role that is defined here can be given: all that people have, nothing that only the machinery needs.
GRANTABLE = _STAFF - {"schedule.run", "evidence.forget", "user.admit"}

#: Roles that sign in at the portal; all others but the system sign in at the staff suite.
PORTAL_ROLES = frozenset({Role.CUSTOMER})
STAFF_ROLES = frozenset(Role) - PORTAL_ROLES - {Role.SYSTEM, Role.APPLICANT, Role.PARTNER}
#: Roles that sign in nowhere: their machines ask with tokens.
MACHINE_ROLES = frozenset({Role.PARTNER})

#: What only a person does, in person: a token that could make tokens, or change accounts, would never end.
NOT_FOR_MACHINES = frozenset({"token.own", "account.own", "user.write", "secret.write", "setting.write"})

#: Whoever asks from here needs the installation's own files for it, or is a part of it.
UNPROVED = frozenset({"cli", "system", "schedule", "notebook"})


@dataclass(frozen=True)
class OwnRole:
    """A role that was defined here: a name, what it may do, and the shipped role that it starts from.

    The base says which page its people start on, and as which role they are notified and given work.
    """

    name: str
    base: Role
    permissions: frozenset[str]


@dataclass(frozen=True)
class SavedView:
    """How somebody looks at a list, by name: an address's query. ``owner`` is the account's name, where it was read."""

    id: UUID
    user_id: UUID
    list_name: str
    name: str
    query: str
    shared: bool
    saved_at: datetime
    owner: str = ""


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
    role_from: str | None = None
    """The source outside that gave the role; None for one that was given here."""
    withdrawn: bool = False
    """Closed because no source gives it a role any more, and open again when one does."""
    partner: str | None = None
    """The partner whose machines it is for; of role partner only."""

    own_role: OwnRole | None = None
    """The role defined here that it has; its base is ``role``."""

    language: str = ""
    """The code of the language that its owner chose for pages; empty for the browser's."""

    @property
    def permissions(self) -> frozenset[str]:
        """What it may do while it is open."""
        return self.own_role.permissions if self.own_role else ROLES[self.role]

    @property
    def role_shown(self) -> str:
        """Its role as people call it."""
        return self.own_role.name if self.own_role else str(self.role)

    @property
    def can_make_administrators(self) -> bool:
        """Whether it may do whatever can be given, so that it can give it."""
        return self.permissions >= GRANTABLE

    @property
    def is_local_administrator(self) -> bool:
        """Whether it can make administrators by what was decided here: no source ever touches it."""
        return self.can_make_administrators and self.role_from is None


@dataclass(frozen=True)
class ApiToken:
    """A token of an account. ``shown`` are its first letters, by which people tell tokens apart."""

    id: UUID
    user_id: UUID
    name: str
    scopes: frozenset[str]
    shown: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    used_from: str | None = None


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
    proved_at: datetime | None = field(default=None, compare=False)
    """When whoever sits there last proved who they are, by a password or more; None where that cannot be asked."""
    partner: str | None = None
    """The partner for whom a machine asks."""

    own_role: str = ""
    """The name of the role defined here that they have; ``role`` is its base."""

    language: str = field(default="", compare=False)
    """The code of the language that they chose for pages; empty for the browser's."""

    @property
    def role_shown(self) -> str:
        """Their role as people call it."""
        return self.own_role or str(self.role)

    @property
    def claim(self) -> Claim | None:
        """What tells the portal's database role whose rows are meant; nothing for the staff and for visitors."""
        return Claim("customer", str(self.customer_id)) if self.customer_id is not None else None

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
        permissions=user.permissions,
        source=source,
        customer_id=user.customer_id,
        partner=user.partner,
        own_role=user.own_role.name if user.own_role else "",
        language=user.language,
    )


def require(actor: Actor, *permissions: str) -> None:
    """Refuse with :class:`Forbidden` unless the actor holds at least one of these."""
    if not any(actor.may(permission) for permission in permissions):
        raise Forbidden(username=actor.username, role=actor.role_shown, permission=permissions[-1])


def require_proof(actor: Actor, *, at: datetime, within: timedelta) -> None:
    """Refuse with :class:`ProofNeeded` somebody at a page who last proved who they are longer ago than this.

    Dangerous acts ask for it: an unlocked screen that somebody else sits down at is not enough. A command has the
    installation's own files as its proof; an API token can prove nothing, so that it is refused.
    """
    if actor.source in UNPROVED:
        return
    if actor.proved_at is None or at - actor.proved_at > within:
        raise ProofNeeded(minutes=round(within.total_seconds() / 60), possible=actor.source in ("staff", "portal"))


def normal_username(username: str) -> str:
    """User names do not differ by case or by spaces around them."""
    return username.strip().lower()


#: The machinery itself.
SYSTEM = Actor(None, "system", "System", Role.SYSTEM, ROLES[Role.SYSTEM], "system")

#: A visitor of the portal who has not signed in.
VISITOR = Actor(None, "", "Visitor", Role.APPLICANT, ROLES[Role.APPLICANT], "portal")
