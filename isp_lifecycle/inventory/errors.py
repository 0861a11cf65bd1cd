"""What the inventory refuses: a service that has ended, a plant that does not fit together, a thing in two places."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class ServiceEnded(Refused):
    """A terminated service is not changed any more."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Service {code} has ended.", field="state", value="terminated", remedy="Order a new line instead."
        )


class ServiceCodeTaken(Refused):
    """The code of an import belongs to another customer's service."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Service code {code} belongs to another customer or premises.",
            field="service_code",
            value=code,
            remedy="Correct the code in the file; it must be the description of the ONT on the device.",
        )


class PlantWrong(Refused):
    """A field of an OLT, a PON port, a splitter or a line has a value that cannot be right."""

    def __init__(self, what: str, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{what}: {field} is {value!r}, but must be {allowed}.", field=field, value=value)


class SplitterFull(Refused):
    """A splitter has no port left."""

    def __init__(self, code: str, ratio: int) -> None:
        super().__init__(
            f"All {ratio} ports of splitter {code} are used.",
            field="splitter_code",
            value=code,
            remedy="Use another splitter, or correct what is recorded behind this one.",
        )


class ClosureFull(Refused):
    """A closure has no room for so many splices."""

    def __init__(self, *, code: str, splices: int, used: int, wanted: int) -> None:
        super().__init__(
            f"Closure {code} has room for {splices} splices, {used} are taken, and this needs {wanted} more.",
            field="closure",
            value=code,
            remedy="Correct its number of splices, or what is recorded in it.",
        )


class SplitterPortUsed(Refused):
    """A splitter's port already leads to another line or splitter."""

    def __init__(self, *, splitter_code: str, splitter_port: int, other: str) -> None:
        super().__init__(
            f"Port {splitter_port} of splitter {splitter_code} leads to {other}.",
            field="splitter_port",
            value=splitter_port,
            remedy="Correct the port, or first remove what is recorded on it.",
        )
        self.other = other


class SerialTaken(Refused):
    """An ONT is in one place only."""

    def __init__(self, *, serial: str, other: str) -> None:
        super().__init__(
            f"The ONT with serial number {serial} is on record for service {other}.",
            field="serial",
            value=serial,
            remedy=f"Check the label; end or swap the line of service {other} first if the ONT has really moved.",
        )
        self.other = other


class OntIdTaken(Refused):
    """Two lines cannot have one ONT id on one PON port."""

    def __init__(self, *, port: str, ont_id: int, other: str) -> None:
        super().__init__(
            f"ONT {ont_id} on PON port {port} is on record for service {other}.",
            field="ont_id",
            value=ont_id,
            remedy="Compare the record with the device: one of the two lines is not where it is said to be.",
        )
        self.other = other


class NothingToRecord(Refused):
    """A drift that does not say where one line stands now."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Nothing that stands on the device is clearly the line of {code}.",
            field="drift",
            value=code,
            remedy="Mend the device instead, or import the line as it stands.",
        )
