"""Why a change of many services is not taken, or not agreed to."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class SelectionEmpty(Refused):
    """The selection names no service, or nothing by which to select."""

    default_remedy = say("Name a plan, an area, an OLT, or a file of service codes.")


class FileUnlike(Refused):
    """Too much of a file is no service code: it is another file."""

    def __init__(self, bad: int, first: str) -> None:
        super().__init__(
            say("{bad} rows of the file are no services; the first: {first}", bad=bad, first=first),
            field="codes",
            value=bad,
            remedy=say("Give a file with one service code a row, such as S-000123, in its first column."),
        )


class NothingToChange(Refused):
    """Every selected service is in conflict with the change."""

    def __init__(self, left_out: int, most: str) -> None:
        super().__init__(
            say(
                "None of the {left_out} selected services can be changed; most of them: {most}.",
                left_out=left_out,
                most=most,
            ),
            field="selection",
            value=left_out,
            remedy=say("Choose another plan, date or selection."),
        )


class SamePerson(Refused):
    """Who prepared a change of many services does not agree to it as well."""

    def __init__(self, code: str, username: str) -> None:
        super().__init__(
            say("{code} was prepared by {username}: somebody else must agree to it.", code=code, username=username),
            field="approved_by",
            value=username,
            remedy=say("Ask a colleague who may approve changes of many services to look at the preview."),
        )


class DayPassed(Refused):
    """The day has passed since the change was prepared."""

    def __init__(self, code: str, wanted_on: object) -> None:
        super().__init__(
            say("{code} was to happen on {wanted_on}, which has passed.", code=code, wanted_on=wanted_on),
            field="wanted_on",
            value=wanted_on,
            remedy=say("Reject it, and prepare it again for a day that lies ahead."),
        )


class PausedAlready(Refused):
    """It is paused, or it is not, already."""

    def __init__(self, code: str, how: str) -> None:
        super().__init__(
            say("{code} is {how}.", code=code, how=how),
            field="code",
            value=code,
            remedy=say("Reload: somebody else was quicker."),
        )
