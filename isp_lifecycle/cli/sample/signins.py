"""Who can sign in to the demo. The password is printed on purpose: the demo listens on the loopback only."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.lab.town import Town

PASSWORD = "demo-demo-demo"  # noqa: S105 - the demo's, printed at its start; refused outside the demo
#: So many of the town's customers get an account at the portal.
CUSTOMERS = 3
#: The roles in the order in which the main job meets them.
ORDER = ("sales", "installer", "support", "network", "manager", "dispatcher", "auditor", "administrator")


@dataclass(frozen=True)
class SignIn:
    """One account of the demo."""

    role: str
    name: str
    username: str
    at_portal: bool = False


def sign_ins(town: Town) -> tuple[SignIn, ...]:
    """All accounts of the demo, staff first."""
    staff = [SignIn(str(m.role), m.name, m.username) for m in town.staff]
    staff.sort(key=lambda one: ORDER.index(one.role) if one.role in ORDER else len(ORDER))
    customers = [SignIn("customer", c.name, c.email, at_portal=True) for c in town.customers[:CUSTOMERS]]
    return (*staff, *customers)
