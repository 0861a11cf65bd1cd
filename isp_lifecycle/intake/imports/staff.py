"""Staff: accounts with their role, and for installers the engineers that visits are booked for (YAML).

A file brings no passwords; they are set one by one (``intake.accounts``) or live in the company's directory.
"""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import ROLES as SHIPPED
from isp_lifecycle.access.model import STAFF_ROLES, Role, User
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import Engineer
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.intake.reach import require_reach, require_reach_over

ROLES = tuple(sorted(STAFF_ROLES))


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """Somebody who works for the provider, as the file has them."""

    username: str
    name: str
    role: Role
    email: str
    phone: str
    area: str | None

    @property
    def key(self) -> str:
        """The name to sign in with."""
        return self.username


def read(cells: Cells) -> StaffRow:
    """Read one member of staff."""
    return StaffRow(
        username=cells.text("username").casefold(),
        name=cells.text("name"),
        role=cells.one_of("role", ROLES),
        email=cells.text("email"),
        phone=cells.maybe_text("phone") or "",
        area=cells.maybe_text("area"),
    )


def put(act: Act, row: StaffRow, _known: Known) -> Landed:
    """Add the account, or give it this role; and keep the engineer in step with it."""
    user = access.user_by_username(tx=act.tx, username=row.username)
    require_reach(act, f"The role {row.role} of {row.username}", SHIPPED[row.role])
    if user is None:
        access.create_user(tx=act.tx, at=act.at, username=row.username, name=row.name, role=row.role, email=row.email)
        _engineer(act, row)
        return Landed(change=Change.CREATED)
    change = Change.SAME
    if user.role is not row.role:
        require_reach_over(act, user)
        access.set_role(tx=act.tx, user_id=user.id, role=row.role)
        change = Change.CHANGED
    if _engineer(act, row):
        change = Change.CHANGED
    return Landed(change=change, notes=_kept(user, row))


def _kept(user: User, row: StaffRow) -> tuple[str, ...]:
    """What an account keeps: people change their own name and address."""
    held_and_given = (("name", user.name, row.name), ("email", user.email or "", row.email))
    return tuple(
        f"The {field} on record, {held!r}, was kept; the file says {given!r}."
        for field, held, given in held_and_given
        if held != given
    )


def _engineer(act: Act, row: StaffRow) -> bool:
    """An installer has a calendar; somebody who is no installer any more gets no new visits. True when it changed."""
    held = _held(act, row.username)
    if row.role is not Role.INSTALLER and (held is None or not held.active):
        return False
    values = (row.name, row.area, row.phone, row.email, row.role is Role.INSTALLER)
    if held is not None and (held.name, held.area, held.phone, held.email, held.active) == values:
        return False
    name, area, phone, email, active = values
    field.put_engineer(tx=act.tx, username=row.username, name=name, area=area, phone=phone, email=email, active=active)
    return True


def _held(act: Act, username: str) -> Engineer | None:
    try:
        return field.engineer_by_username(tx=act.tx, username=username)
    except NotFound:
        return None


STAFF = Kind(
    name="staff",
    title="Staff",
    form=Form.YAML,
    level=Level(
        name="staff",
        columns=(
            Column(name="username", meaning="the name to sign in with"),
            Column(name="name", meaning="the person's name"),
            Column(name="role", meaning=f"one of {', '.join(ROLES)}"),
            Column(name="email", meaning="e-mail address"),
            Column(name="phone", meaning="telephone number", required=False),
            Column(name="area", meaning="of an installer: the area; empty = goes everywhere", required=False),
        ),
    ),
    read=read,
    put=put,
)
