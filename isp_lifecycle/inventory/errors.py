"""What the inventory refuses: a service that has ended, a plant that does not fit together, a thing in two places."""

from __future__ import annotations

from collections.abc import Sequence

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import some_of


class ServiceEnded(Refused):
    """A terminated service is not changed any more."""

    def __init__(self, code: str) -> None:
        super().__init__(
            say("Service {code} has ended.", code=code),
            field="state",
            value="terminated",
            remedy=say("Order a new line instead."),
        )


class ServiceCodeTaken(Refused):
    """The code of an import belongs to another customer's service."""

    def __init__(self, code: str) -> None:
        super().__init__(
            say("Service code {code} belongs to another customer or premises.", code=code),
            field="service_code",
            value=code,
            remedy=say("Correct the code in the file; it must be the description of the ONT on the device."),
        )


class PlantWrong(Refused):
    """A field of an OLT, a PON port, a splitter or a line has a value that cannot be right."""

    def __init__(self, what: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "{what}: {field} is {value}, but must be {allowed}.",
                what=what,
                field=field,
                value=repr(value),
                allowed=allowed,
            ),
            field=field,
            value=value,
        )


class SplitterFull(Refused):
    """A splitter has no port left."""

    def __init__(self, code: str, ratio: int) -> None:
        super().__init__(
            say("All {ratio} ports of splitter {code} are used.", ratio=ratio, code=code),
            field="splitter_code",
            value=code,
            remedy=say("Use another splitter, or correct what is recorded behind this one."),
        )


class ClosureFull(Refused):
    """A closure has no room for so many splices."""

    def __init__(self, *, code: str, splices: int, used: int, wanted: int) -> None:
        super().__init__(
            say(
                "Closure {code} has room for {splices} splices, {used} are taken, and this needs {wanted} more.",
                code=code,
                splices=splices,
                used=used,
                wanted=wanted,
            ),
            field="closure",
            value=code,
            remedy=say("Correct its number of splices, or what is recorded in it."),
        )


class SplitterPortUsed(Refused):
    """A splitter's port already leads to another line or splitter."""

    def __init__(self, *, splitter_code: str, splitter_port: int, other: str) -> None:
        super().__init__(
            say(
                "Port {splitter_port} of splitter {splitter_code} leads to {other}.",
                splitter_port=splitter_port,
                splitter_code=splitter_code,
                other=other,
            ),
            field="splitter_port",
            value=splitter_port,
            remedy=say("Correct the port, or first remove what is recorded on it."),
        )
        self.other = other


class SerialTaken(Refused):
    """An ONT is in one place only."""

    def __init__(self, *, serial: str, other: str) -> None:
        super().__init__(
            say("The ONT with serial number {serial} is on record for service {other}.", serial=serial, other=other),
            field="serial",
            value=serial,
            remedy=say(
                "Check the label; end or swap the line of service {other} first if the ONT has really moved.",
                other=other,
            ),
        )
        self.other = other


class OntIdTaken(Refused):
    """Two lines cannot have one ONT id on one PON port."""

    def __init__(self, *, port: str, ont_id: int, other: str) -> None:
        super().__init__(
            say(
                "ONT {ont_id} on PON port {port} is on record for service {other}.",
                ont_id=ont_id,
                port=port,
                other=other,
            ),
            field="ont_id",
            value=ont_id,
            remedy=say("Compare the record with the device: one of the two lines is not where it is said to be."),
        )
        self.other = other


class NothingToRecord(Refused):
    """A drift that does not say where one line stands now."""

    def __init__(self, code: str) -> None:
        super().__init__(
            say("Nothing that stands on the device is clearly the line of {code}.", code=code),
            field="drift",
            value=code,
            remedy=say("Mend the device instead, or import the line as it stands."),
        )


class DeviceAccountWrong(Refused):
    """An account on devices cannot be kept so."""

    def __init__(self, field: str, value: str, remedy: str) -> None:
        super().__init__(
            say("This is no {field} of a device account: {value}.", field=field, value=repr(value)),
            field=field,
            value=value,
            remedy=remedy,
        )


class DeviceAccountInUse(Refused):
    """OLTs are signed in to by this account."""

    def __init__(self, name: str, olts: Sequence[str]) -> None:
        shown = some_of(olts)
        super().__init__(
            say("The device account {name} is used by {shown}.", name=name, shown=shown),
            field="name",
            value=name,
            remedy=say("Give these OLTs another account first."),
        )
