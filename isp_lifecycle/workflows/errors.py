"""What can stop a workflow that neither a driver nor a store can see: facts of the plant and of the light."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class StepGone(NeedsPerson):
    """A delivery that a former version began stands at a step that this one does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("It stands at the step “{name}”, which this version of the program does not have.", name=name),
            field="step",
            value=name,
            remedy=say(
                "Let a worker of the version that began it go on with it (press Retry while one runs), or Cancel."
            ),
        )


class NotTheApprovedPlan(NeedsPerson):
    """Since the plan was approved the device changed, so that other commands would be needed."""

    def __init__(self, key: str, olt: str, commands: list[str]) -> None:
        super().__init__(
            say(
                "{olt} changed since the repair of {key} was approved: it would take {commands}.",
                olt=olt,
                key=key,
                commands="; ".join(commands),
            ),
            field="plan",
            value=key,
            remedy=say("Cancel this repair, compare {olt} with the records again, and approve the new plan.", olt=olt),
        )


class NothingToMend(Refused):
    """The drift is settled, or was taken back, before its repair began."""

    def __init__(self, key: str, state: str) -> None:
        super().__init__(
            say("The drift of {key} is {state}: there is nothing to mend.", key=key, state=word(state)),
            field="drift",
            value=key,
            remedy=say("Cancel this repair; compare the OLT again if it still differs."),
        )


class NoLongerAsFound(NeedsPerson):
    """Since the comparison the line was changed on the device, so that what would be recorded stands no more."""

    def __init__(self, key: str, olt: str, found: str) -> None:
        super().__init__(
            say("{key} stands no longer as it was found on {olt}: {found}.", key=key, olt=olt, found=found),
            field="drift",
            value=key,
            remedy=say("Cancel this recording, compare {olt} with the records again, and decide anew.", olt=olt),
        )


class OntNotSeen(NeedsPerson):
    """Nobody on this OLT reports an ONT with this serial number."""

    def __init__(self, *, serial: str, olt: str) -> None:
        super().__init__(
            say("{olt} sees no ONT with the serial number {serial}.", olt=olt, serial=serial),
            field="serial",
            value=serial,
            remedy=say(
                "Compare the number with the label, check that the ONT has power and its PON lamp "
                "blinks, then enter the number again or press Retry."
            ),
        )


class OntOnOtherPort(NeedsPerson):
    """The ONT is there, but its fibre ends on another PON port than the records say."""

    def __init__(self, *, serial: str, olt: str, found: str, wanted: str) -> None:
        super().__init__(
            say(
                "The ONT {serial} is seen on PON port {found} of {olt}; the records say these premises "
                "hang on {wanted}.",
                serial=serial,
                found=found,
                olt=olt,
                wanted=wanted,
            ),
            field="pon_port",
            value=found,
            remedy=say(
                "Check the drop at the splitter. If the fibre is right, have the network engineer "
                "correct the premises' splitter, then press Retry."
            ),
        )


class LineLost(Unreachable):
    """What an earlier step built on a device is gone: the walk goes back to that step, by itself a few times."""

    def __init__(self, *, key: str, place: str, turn: str, found: str) -> None:
        super().__init__(
            say("{key} was built at {place} and stands there no more: {found}.", key=key, place=place, found=found),
            field="ont",
            value=place,
            remedy=say(
                "It is built again by itself. If that goes on, see why the OLT loses it: it may restart "
                "before its configuration is saved, or somebody works on it at the console."
            ),
        )
        self.turn = turn


class OntNeverOnline(NeedsPerson):
    """The ONT was added, and did not come up within the limit."""

    def __init__(self, *, serial: str, place: str, seconds: float, state: str, cause: str | None) -> None:
        because = say(", last down cause {cause}", cause=cause) if cause else ""
        super().__init__(
            say(
                "The ONT {serial} at {place} was not online after {seconds:.0f} s (state {state}{because}).",
                serial=serial,
                place=place,
                seconds=seconds,
                state=state,
                because=because,
            ),
            field="run_state",
            value=state,
            remedy=say(
                "Check the light at the ONT with a power meter, clean both connectors, look for a bend, "
                "then press Retry."
            ),
        )


class OntElsewhere(NeedsPerson):
    """Where the line's ONT stands by the records, the OLT has none, or another."""

    def __init__(self, *, serial: str, place: str, found: str) -> None:
        super().__init__(
            say("The ONT {serial} does not stand at {place}: {found}.", serial=serial, place=place, found=found),
            field="ont",
            value=place,
            remedy=say("Compare the OLT with the records (isp drift compare), settle what differs, then press Retry."),
        )


class ResetNotTaken(NeedsPerson):
    """The OLT took the command, and the ONT was not seen to go down."""

    def __init__(self, *, serial: str, place: str, seconds: float) -> None:
        super().__init__(
            say(
                "The ONT {serial} at {place} was told to start anew and was still up after {seconds:.0f} s.",
                serial=serial,
                place=place,
                seconds=seconds,
            ),
            field="run_state",
            value="online",
            remedy=say("Press Retry to tell it again; if it does not follow, have the customer power it off and on."),
        )


class OntDidNotComeBack(NeedsPerson):
    """The ONT went down as it was told, and is not back within the limit."""

    def __init__(self, *, serial: str, place: str, seconds: float, state: str, cause: str) -> None:
        because = say(", last down cause {cause}", cause=cause) if cause else ""
        super().__init__(
            say(
                "The ONT {serial} at {place} was reset and not back after {seconds:.0f} s (state {state}{because}).",
                serial=serial,
                place=place,
                seconds=seconds,
                state=state,
                because=because,
            ),
            field="run_state",
            value=state,
            remedy=say(
                "Have the customer look whether it has power and power it off and on; send an engineer "
                "if its light stays off. Press Retry to watch for it again: it is not reset a second "
                "time."
            ),
        )


class OntStillOnline(NeedsPerson):
    """The ONT was switched off on the PON and is still there."""

    def __init__(self, *, place: str, seconds: float) -> None:
        super().__init__(
            say(
                "The ONT at {place} was switched off and is still online after {seconds:.0f} s.",
                place=place,
                seconds=seconds,
            ),
            field="run_state",
            value="online",
            remedy=say(
                "Look at the ONT on the OLT (display ont info); deactivate it by hand if need be, then press Retry."
            ),
        )


class NoWalledGarden(NeedsPerson):
    """A line was to lead to the provider's own pages, and no VLAN is set that does."""

    def __init__(self) -> None:
        super().__init__(
            say("No walled-garden VLAN is set."),
            field="way",
            value="walled_garden",
            remedy=say("Set ISP_NETWORK__WALLED_GARDEN_VLAN and press Retry, or cancel and suspend in another way."),
        )


class SameOnt(Refused):
    """The ONT that was named is the one that the line has, where another is needed."""

    def __init__(self, *, serial: str, why: str) -> None:
        super().__init__(
            say("The ONT {serial} is the line's own already: {why}.", serial=serial, why=why),
            field="serial",
            value=serial,
            remedy=say("Enter the serial number of the new ONT."),
        )


class LightWrong(NeedsPerson):
    """The optical level is out of its budget."""

    def __init__(self, *, words: str, level: float | None) -> None:
        super().__init__(
            words,
            field="rx_dbm",
            value=level,
            remedy=say(
                "Clean and reseat the connectors and check the splice at the splitter, then press Retry; "
                "if neighbours on the splitter are low as well, the fault is before it."
            ),
        )


class ConfigurationRefused(NeedsPerson):
    """The OLT keeps the line, but the ONT did not accept its configuration."""

    def __init__(self, *, place: str, config: str, match: str) -> None:
        super().__init__(
            say(
                "The ONT at {place} is online, but its configuration is {config} and its profile {match}.",
                place=place,
                config=config,
                match=match,
            ),
            field="config_state",
            value=config,
            remedy=say("Compare the ONT's model with the service profile; reset the ONT, then press Retry."),
        )


class ServiceNotActive(NeedsPerson):
    """The service is not in a state in which its line can be changed."""

    def __init__(self, *, code: str, state: str) -> None:
        super().__init__(
            say("Service {code} is {state}, so its line cannot be changed.", code=code, state=word(state)),
            field="state",
            value=state,
            remedy=say("Cancel this order, or bring the service back first and press Retry."),
        )


class NoAccount(NeedsPerson):
    """The ONT is to dial in, and no server keeps an account for it."""

    def __init__(self, *, code: str) -> None:
        super().__init__(
            say(
                "The ONT of {code} is to dial in by PPPoE, but no RADIUS server is connected that would know it.",
                code=code,
            ),
            field="ont",
            value=code,
            remedy=say("Set ISP_RADIUS__DATABASE_URL and ISP_RADIUS__LINE_SECRET, or sell a bridge, then retry."),
        )


class NoGateway(NeedsPerson):
    """The ONT is to be told its address, and the pool has no gateway that goes with it."""

    def __init__(self, *, pool: str, code: str) -> None:
        super().__init__(
            say("The ONT of {code} is to be told its address, but pool {pool} has no gateway.", code=code, pool=pool),
            field="pool",
            value=pool,
            remedy=say(
                "Give the pool its gateway (isp import pools), or sell a plan with another kind of ONT, then retry."
            ),
        )
