"""What OLTs raise alarms about. The words and codes are those of an MA5800; how a device prints them is its own."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmKind:
    """What a kind of alarm always says."""

    code: str
    severity: str
    name: str
    description: str
    cause: str
    advice: str


DYING_GASP = AlarmKind(
    code="0x2e11a00b",
    severity="MINOR",
    name="The dying-gasp of GPON ONTi (DGi) is generated",
    description="The OLT receives the dying-gasp signal from the ONT",
    cause="The ONT is powered off",
    advice="Check the power supply of the ONT",
)
ONT_LOS = AlarmKind(
    code="0x2e112007",
    severity="MAJOR",
    name="The distribute fiber is broken or the OLT cannot receive expected optical signals from the ONT (LOSi/LOBi)",
    description="The OLT cannot receive expected optical signals from the ONT",
    cause="The drop fiber is broken, or the optical power is out of range",
    advice="Check the distribution fiber and the connectors",
)
FEEDER_LOS = AlarmKind(
    code="0x2e112006",
    severity="CRITICAL",
    name="The feeder fiber is broken or OLT can not receive any expected optical signals (LOS)",
    description="No ONT of the port can be heard any more",
    cause="The feeder fiber is broken",
    advice="Check the feeder fiber",
)
ONT_ONLINE = AlarmKind(
    code="0x2e11a00c",
    severity="RECOVERY",
    name="The ONT is online",
    description="The ONT is activated and works",
    cause="The ONT has been ranged",
    advice="No action is needed",
)
AUTOFOUND = AlarmKind(
    code="0x2e31300a",
    severity="WARNING",
    name="The ONT is automatically discovered",
    description="An ONT that is not registered answers on the port",
    cause="A new ONT is connected",
    advice="Add the ONT, or disconnect it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One occurrence of an alarm."""

    kind: AlarmKind
    at: datetime
    slot: int
    port: int
    ont: int | None = None
    serial: str | None = None
    number: int = 0
    frame: int = 0

    def numbered(self, number: int) -> "Alarm":
        """Return the same alarm with its number."""
        return replace(self, number=number)

    @property
    def summary(self) -> str:
        """One line for people who look at the lab from outside."""
        place = f"{self.frame}/{self.slot}/{self.port}" + ("" if self.ont is None else f" ONT {self.ont}")
        return f"{self.at:%Y-%m-%d %H:%M:%S%:z} {self.kind.severity} {place}: {self.kind.name}"
