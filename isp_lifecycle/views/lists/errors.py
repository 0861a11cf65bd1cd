"""What can be wrong with what is asked of a list."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import small


class ColumnUnknown(Refused):
    """There is no such column."""

    def __init__(self, title: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            say("{title} have no column {name}.", title=title, name=name),
            field="column",
            value=name,
            remedy=say("Choose from: {known}.", known=", ".join(known)),
        )


class FilterUnreadable(Refused):
    """A filter's text says nothing for its column."""

    def __init__(self, title: str, value: str, remedy: str) -> None:
        super().__init__(
            say("{title} cannot be filtered by {value}.", title=title, value=value),
            field=title,
            value=value,
            remedy=remedy,
        )


class PageUnreadable(Refused):
    """The page's number is none, or lies too far on."""

    def __init__(self, value: str, most: int) -> None:
        super().__init__(
            say("There is no page {value}.", value=value),
            field="page",
            value=value,
            remedy=say("Give a number from 1 to {most}; filter to see what lies further on.", most=most),
        )


class TooManyRows(Refused):
    """An export would leave rows out, which nobody would see in the file."""

    def __init__(self, title: str, most: int) -> None:
        super().__init__(
            say("These are more than {most:,} rows of {title}.", most=most, title=small(title)),
            field="rows",
            value=f"more than {most}",
            remedy=say("Filter the list, for instance by a period, and export it in pieces."),
        )
