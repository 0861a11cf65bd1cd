"""Settings of links in e-mails, and where the two servers stand that such links lead to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from isp_lifecycle.foundation.sections import Section


class Links(Section):
    """Links by which people set the password of their account, sent by e-mail."""

    invitation_days: int = Field(7, ge=1, le=60, description="An invitation to a new account works for so many days.")
    reset_minutes: int = Field(
        30, ge=5, le=24 * 60, description="A link for a forgotten password works for so many minutes."
    )
    asked_per_account: int = Field(
        3, ge=1, le=5, description="Links for a forgotten password that one account is asked for an hour."
    )


#: The two servers that people sign in to.
RealmName = Literal["staff", "portal"]
