"""An open session to any OLT: the contract's calls over one conversation and one vendor's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self

from isp_lifecycle.drivers import planning, repair, restart
from isp_lifecycle.drivers.contract import (
    Applied,
    BoardFound,
    Change,
    Difference,
    LineFound,
    LineWanted,
    OltAccess,
    OltFound,
    OltIdentity,
    OntCounters,
    OntDetail,
    OntFound,
    OntLife,
    OntOnPort,
    OntStatus,
    OpticalLevels,
    Plan,
    PonPort,
    Serial,
    ServicePortFound,
    Transcript,
    UnconfiguredOnt,
)
from isp_lifecycle.drivers.conversation import Conversation
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import (
    CommandRejected,
    DeviceContradicts,
    OntMissing,
    UnknownAnswer,
    UplinkRefused,
    conceal,
)
from isp_lifecycle.drivers.transcript import discreet
from isp_lifecycle.drivers.vendor import Unreadable, Vendor
from isp_lifecycle.drivers.wire import Line, Wire
from isp_lifecycle.foundation.errors import LifecycleError

_CHANGED = frozenset({Meaning.REPEATED})
_REMOVED = frozenset({Meaning.REPEATED, Meaning.ABSENT})


def by_netmiko(access: OltAccess) -> Line:
    """Connect by netmiko, which is loaded now: few of all processes and commands ever open a session."""
    from isp_lifecycle.drivers.netmiko_wire import NetmikoWire  # noqa: PLC0415 - see above

    return NetmikoWire(access)


class CliSession:
    """`contract.OltSession` over a command line. One user at a time."""

    def __init__(self, access: OltAccess, vendor: Vendor, conversation: Conversation) -> None:
        self._access = access
        self._vendor = vendor
        self._talk = conversation
        self._reads = vendor.reads(access.name, access.profile)

    @classmethod
    def open(
        cls,
        access: OltAccess,
        vendor: Vendor,
        transcript: Transcript,
        *,
        connect: Callable[[OltAccess], Wire] = by_netmiko,
    ) -> CliSession:
        """Connect and log in once. The access that it then tells of names the host key that was found.

        Raises OltUnreachable, HostKeyChanged, LoginRefused, SessionsExhausted or UnknownPrompt.
        """
        transcript.note(f"connecting to {access.name} at {access.host}:{access.port} as {access.username}")
        wire = connect(access)
        if not access.host_key and wire.host_key:
            transcript.note(f"its SSH host key is {wire.host_key}")
            access = replace(access, host_key=wire.host_key)
        conversation = Conversation(wire, vendor.dialect, access, transcript)
        conversation.login()
        return cls(access, vendor, conversation)

    @property
    def access(self) -> OltAccess:
        return self._access

    def attach(self, transcript: Transcript) -> None:
        self._talk.attach(transcript)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._talk.close()

    def alive(self) -> bool:
        return self._talk.alive()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """From the home mode; an answer that no parser reads is an unknown answer, with its command."""
        self._talk.go_home()
        try:
            yield
        except Unreadable as error:
            last = self._talk.last
            said = discreet(f"{error}. The answer was: {last.text if last else ''}")
            raise UnknownAnswer(self._access.name, last.command if last else "", said) from error

    # --- looking ------------------------------------------------------------------------------------------------------

    def identify(self) -> OltIdentity:
        with self._reading():
            return replace(self._reads.identify(self._talk.ask), hostname=self._talk.host)

    def boards(self) -> tuple[BoardFound, ...]:
        with self._reading():
            return self._reads.boards(self._talk.ask)

    def unconfigured(self) -> tuple[UnconfiguredOnt, ...]:
        with self._reading():
            return self._reads.unconfigured(self._talk.ask)

    def find(self, serial: Serial) -> OntFound | None:
        with self._reading():
            return self._reads.find(self._talk.ask, serial)

    def read(self, wanted: LineWanted) -> LineFound:
        for secret in wanted.ont.secrets if wanted.ont is not None else ():
            self._talk.transcript.mask(secret)
        with self._reading():
            return self._reads.line(self._talk.ask, wanted)

    def everything(self, ports: tuple[PonPort, ...], *, closely: Set[PonPort] = frozenset()) -> OltFound:
        with self._reading():
            return self._reads.everything(self._talk.ask, ports, closely)

    def ont_status(self, port: PonPort, ont_id: int) -> OntStatus:
        with self._reading():
            status = self._reads.ont_status(self._talk.ask, port, ont_id)
        if status is None:
            raise OntMissing(self._access.name, f"{port} ONT {ont_id}")
        return status

    def optical(self, port: PonPort, ont_id: int) -> OpticalLevels:
        with self._reading():
            levels = self._reads.optical(self._talk.ask, port, ont_id)
        if levels is None:
            raise OntMissing(self._access.name, f"{port} ONT {ont_id}")
        return levels

    def ont_life(self, port: PonPort, ont_id: int) -> OntLife:
        with self._reading():
            life = self._reads.ont_life(self._talk.ask, port, ont_id)
        if life is None:
            raise OntMissing(self._access.name, f"{port} ONT {ont_id}")
        return life

    def ont_detail(self, port: PonPort, ont_id: int) -> OntDetail | None:
        with self._reading():
            return self._reads.ont_detail(self._talk.ask, port, ont_id)

    def ont_counters(self, port: PonPort, ont_id: int) -> OntCounters:
        with self._reading():
            counters = self._reads.ont_counters(self._talk.ask, port, ont_id)
        if counters is None:
            raise OntMissing(self._access.name, f"{port} ONT {ont_id}")
        return counters

    def port_onts(self, port: PonPort) -> tuple[OntOnPort, ...]:
        with self._reading():
            return self._reads.port_onts(self._talk.ask, port)

    def port_optical(self, port: PonPort) -> tuple[OpticalLevels, ...]:
        with self._reading():
            return self._reads.port_optical(self._talk.ask, port)

    # --- planning: nothing is sent ------------------------------------------------------------------------------------

    def plan(self, found: LineFound, wanted: LineWanted) -> Plan:
        return planning.plan_line(
            found=found, wanted=wanted, profile=self._access.profile, commands=self._vendor.commands
        )

    def plan_removal(self, found: LineFound, key: str, *, only: Serial | None = None) -> Plan:
        return planning.plan_removal(found=found, key=key, commands=self._vendor.commands, only=only)

    def plan_repair(self, found: LineFound, wanted: LineWanted, *, others: Set[str] = frozenset()) -> Plan:
        return repair.plan_repair(
            found=found,
            wanted=wanted,
            others=others,
            profile=self._access.profile,
            commands=self._vendor.commands,
        )

    def plan_reset(self, status: OntStatus) -> Plan:
        return restart.plan_reset(olt=self._access.name, status=status, commands=self._vendor.commands)

    # --- changing -----------------------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> Applied:
        """Run the plan, then look where the line stands now.

        Every command is idempotent by its answer: "already so" and, for a removal, "no such thing" are good.
        What fails tells no password.
        """
        for secret in plan.secrets:
            self._talk.transcript.mask(secret)
        try:
            return self._apply(plan)
        except LifecycleError as error:
            conceal(error, plan.secrets)
            raise

    def _apply(self, plan: Plan) -> Applied:
        for change in plan.changes:
            try:
                self._carry_out(change)
            except (CommandRejected, UnknownAnswer) as error:
                if change.verb != "bind" or plan.wanted is None:
                    raise
                olt, wanted = self._access.name, plan.wanted
                raise UplinkRefused(olt, wanted.uplink, wanted.vlan, error.answer) from error
        ont, flow = self._placed(plan.wanted) if plan.wanted is not None else (None, None)
        return Applied(plan.changes, ont, flow)

    def _carry_out(self, change: Change) -> None:
        self._talk.go_home()
        accept = _REMOVED if change.verb == "remove" else _CHANGED
        for command in change.commands:
            answer = self._talk.change(command, accept=accept)
            if answer.meaning is Meaning.ABSENT and self._talk.mode == self._vendor.dialect.home:
                break  # the place where it stood is gone, and with it whatever the rest would take away there

    def _placed(self, wanted: LineWanted) -> tuple[OntFound, ServicePortFound]:
        """The ONT and its flow as the device has them: the numbers are read, never assumed."""
        with self._reading():
            ont = self._reads.find(self._talk.ask, wanted.serial)
            flows = self._reads.flows(self._talk.ask, ont) if ont is not None else ()
        flow = next((flow for flow in flows if (flow.vlan, flow.inner) == (wanted.vlan, wanted.inner)), None)
        if ont is None or ont.port != wanted.port or ont.key != wanted.key:
            where = f"at {ont.place} for {ont.key or 'no line'}" if ont is not None else "nowhere"
            raise DeviceContradicts(self._access.name, wanted.key, (f"ONT {wanted.serial} stands {where}",))
        if flow is None:
            raise DeviceContradicts(self._access.name, wanted.key, (f"it has no service port on {wanted.tags}",))
        return ont, flow

    def verify(self, wanted: LineWanted) -> tuple[Difference, ...]:
        return self.differences(self.read(wanted), wanted)

    def differences(self, found: LineFound, wanted: LineWanted) -> tuple[Difference, ...]:
        return planning.differences(
            found=found,
            wanted=wanted,
            profile=self._access.profile,
            commands=self._vendor.commands,
        )

    def save(self) -> None:
        self._talk.go_home()
        for command in self._vendor.save:
            self._talk.ask(command)
