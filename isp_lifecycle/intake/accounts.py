"""Accounts: a password for somebody, and the portal account of a customer."""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import Role, User
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.door import Act, enters


@enters("user.write")
def set_password(act: Act, *, username: str, password: str) -> User:
    """Replace somebody's password. Pages that are open stay open: whoever serves them ends the sessions."""
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    act.about("account", user.username)
    access.set_password(tx=act.tx, user_id=user.id, password=password)
    return access.user_by_id(tx=act.tx, user_id=user.id)


@enters("user.write")
def create_customer_account(act: Act, *, customer_code: str, username: str, password: str) -> User:
    """Let a customer sign in at the portal, where they see and change what is their own."""
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("account", username)
    return access.create_user(
        tx=act.tx,
        at=act.at,
        username=username,
        name=customer.name,
        role=Role.CUSTOMER,
        email=customer.email,
        password=password,
        customer_id=customer.id,
    )
