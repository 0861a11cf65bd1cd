"""What makes a whole file unreadable. What is wrong with one row is a value (``model.RowError``), not an error."""

from __future__ import annotations

from collections.abc import Sequence

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import one_after_other, say


class FileUnreadable(Refused):
    """The file as a whole cannot be read: its encoding, its form, its size."""

    default_remedy = say("Correct the file and import it again.")

    def __init__(self, message: str, *, remedy: str = "", line: int | None = None) -> None:
        super().__init__(
            message if line is None else say("Line {line}: {what}", line=line, what=message),
            remedy=remedy,
            field="file",
            value=line,
        )
        self.line = line


class HeaderWrong(Refused):
    """The first line does not name the columns that this kind of file has."""

    def __init__(
        self, *, missing: Sequence[str], unknown: Sequence[str], twice: Sequence[str], allowed: Sequence[str]
    ) -> None:
        found = [
            say("{words} {names}", words=words, names=", ".join(map(repr, names)))
            for words, names in ((say("missing"), missing), (say("unknown"), unknown), (say("named twice"), twice))
            if names
        ]
        super().__init__(
            say("The header is wrong: {found}.", found=one_after_other(*found, between="; ")),
            field="header",
            value=", ".join((*missing, *unknown, *twice)),
            remedy=say("The first line names these columns, in any order: {allowed}.", allowed=", ".join(allowed)),
        )
        self.missing, self.unknown, self.twice = tuple(missing), tuple(unknown), tuple(twice)


class KindUnknown(Refused):
    """There is no such kind of import."""

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        super().__init__(
            say("{kind} cannot be imported.", kind=repr(kind)),
            field="kind",
            value=kind,
            remedy=say("Choose one of {known}.", known=", ".join(known)),
        )


class NotInPlant(Refused):
    """A line is said to be where the plant on record says that it cannot be."""

    def __init__(self, *, field: str, value: object, message: str, remedy: str) -> None:
        super().__init__(message, field=field, value=value, remedy=remedy)


class DiffersFromRecord(Refused):
    """The file says otherwise than the record of a service that exists; an import does not change services in use."""

    def __init__(self, *, field: str, given: object, held: object, service: str) -> None:
        super().__init__(
            say(
                "Service {service} has {field} {held} on record, the file says {given}.",
                service=service,
                field=field,
                held=held,
                given=given,
            ),
            field=field,
            value=given,
            remedy=say("Correct the file; if the record is what is wrong, ask for the change itself instead."),
        )


class RowWrong(Refused):
    """A value is well formed but cannot be right here."""

    def __init__(self, *, field: str, value: object, message: str, remedy: str) -> None:
        super().__init__(message, field=field, value=value, remedy=remedy)
