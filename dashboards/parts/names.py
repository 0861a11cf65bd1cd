"""What names of the program are called on pages: states, kinds of orders, roles. One that people gave is no such name,
and one that is not here is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

from isp_lifecycle.foundation.texts import Text, said, say, say_as

#: States of everything, as people read them.
STATES: Mapping[str, Text] = {
    "abandoned": say_as("state", "given up"),
    "acknowledged": say_as("state", "acknowledged"),
    "active": say_as("state", "active"),
    "approved": say_as("state", "being written"),
    "assigned": say_as("state", "assigned"),
    "booked": say_as("state", "booked"),
    "cancelled": say_as("state", "cancelled"),
    "closed": say_as("state", "closed"),
    "completed": say_as("state", "completed"),
    "confirmed": say_as("state", "confirmed"),
    "critical": say_as("state", "critical"),
    "done": say_as("state", "done"),
    "duplicate": say_as("state", "closed as the same as another"),
    "event": say_as("state", "event"),
    "failed": say_as("state", "failed"),
    "finished": say_as("state", "finished"),
    "free": say_as("state", "free"),
    "gone": say_as("state", "gone"),
    "in_progress": say_as("state", "in progress"),
    "kept": say_as("state", "kept in place"),
    "major": say_as("state", "major"),
    "mended": say_as("state", "mended"),
    "minor": say_as("state", "minor"),
    "missed": say_as("state", "missed"),
    "needs person": say_as("state", "needs a person"),
    "offline": say_as("state", "offline"),
    "ok": say_as("state", "ok"),
    "online": say_as("state", "online"),
    "open": say_as("state", "open"),
    "pending": say_as("state", "pending"),
    "planned": say_as("state", "planned"),
    "proposed": say_as("state", "to be approved"),
    "quarantined": say_as("state", "quarantined"),
    "queued": say_as("state", "queued"),
    "ready": say_as("state", "ready"),
    "recorded": say_as("state", "recorded"),
    "refused": say_as("state", "refused"),
    "rejected": say_as("state", "rejected"),
    "requested": say_as("state", "requested"),
    "reserved": say_as("state", "reserved"),
    "resolved": say_as("state", "resolved"),
    "revoked": say_as("state", "revoked"),
    "expired": say_as("state", "expired"),
    "running": say_as("state", "running"),
    "scheduled": say_as("state", "scheduled"),
    "started": say_as("state", "started"),
    "stopped": say_as("state", "stopped"),
    "submitted": say_as("state", "new"),
    "suspended": say_as("state", "suspended"),
    "terminated": say_as("state", "terminated"),
    "todo": say_as("state", "to do"),
    "tried again": say_as("state", "tried again"),
    "undone": say_as("state", "undone"),
    "unreachable": say_as("state", "unreachable"),
    "waiting": say_as("state", "waiting for a person"),
    "warning": say_as("state", "warning"),
    "written": say_as("state", "written"),
}

#: Kinds of orders and of work.
KINDS: Mapping[str, Text] = {
    "new_line": say("New line"),
    "plan_change": say("Plan change"),
    "termination": say("Termination"),
    "suspension": say("Suspension"),
    "resumption": say("Resumption"),
    "ont_swap": say("ONT swap"),
    "relocation": say("Relocation"),
    "address_change": say("Address change"),
    "activation": say("Activation"),
    "installation": say("Installation"),
    "repair": say("Repair"),
}

#: How a line's address is given, by the plan's or the order's policy.
ADDRESSES: Mapping[str, Text] = {
    "dynamic": say_as("address", "dynamic"),
    "static": say_as("address", "static"),
    "block30": say_as("address", "block of 4"),
    "block29": say_as("address", "block of 8"),
    "block28": say_as("address", "block of 16"),
    "block27": say_as("address", "block of 32"),
    "block26": say_as("address", "block of 64"),
    "block25": say_as("address", "block of 128"),
    "block24": say_as("address", "block of 256"),
}

#: What the ONT at the customer's is told to do.
ONT_MODES: Mapping[str, Text] = {
    "bridge": say("passes the tags through; the customer's router does the rest"),
    "untagged": say("hands the service over without a tag"),
    "dhcp": say("is the customer's router, with an address by DHCP"),
    "static": say("is the customer's router, with the service's own address"),
    "pppoe": say("is the customer's router, and dials in by PPPoE"),
}

#: Roles that are shipped.
ROLES: Mapping[str, Text] = {
    "applicant": say_as("role", "applicant"),
    "customer": say_as("role", "customer"),
    "sales": say_as("role", "sales"),
    "installer": say_as("role", "installer"),
    "dispatcher": say_as("role", "dispatcher"),
    "network": say_as("role", "network"),
    "support": say_as("role", "support"),
    "manager": say_as("role", "manager"),
    "administrator": say_as("role", "administrator"),
    "partner": say_as("role", "partner"),
    "auditor": say_as("role", "auditor"),
    "system": say_as("role", "system"),
}


def state_words(state: str) -> str:
    """The state as people read it."""
    known = STATES.get(state)
    return said(known) if known is not None else state.replace("_", " ")


def kind_words(kind: str) -> str:
    """The kind of an order or of work."""
    known = KINDS.get(kind)
    return said(known) if known is not None else kind.replace("_", " ").capitalize()


def address_words(policy: str | None) -> str:
    """How a line's address is given."""
    known = ADDRESSES.get(policy or "")
    return said(known) if known is not None else policy or ""


def ont_words(mode: str) -> str:
    """What the ONT at the customer's is told to do."""
    known = ONT_MODES.get(mode)
    return said(known) if known is not None else mode


def prefix_words(policy: str | None) -> str:
    """Which IPv6 prefix is delegated; empty where none is."""
    return f"/{policy.removeprefix('pd')}" if policy else ""


def role_words(role: str) -> str:
    """A role; one that was defined here has the name that it was given."""
    known = ROLES.get(role)
    return said(known) if known is not None else role
