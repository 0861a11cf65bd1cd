"""What can go wrong between us and an OLT: each leaf has one kind, says what and where, and says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from isp_lifecycle.drivers.transcript import without
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Refused, Unreachable

# --- Unreachable: tried again with back-off ---------------------------------------------------------------------------


class OltUnreachable(Unreachable):
    """No connection to the OLT could be opened, or it did not greet in time."""

    def __init__(self, olt: str, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"OLT {olt} does not answer at {host}:{port}: {reason}.",
            remedy="It is tried again by itself; check the OLT's power, uplink and management network if that goes on.",
            field="olt",
            value=olt,
        )
        self.olt = olt
        self.host = host
        self.port = port
        self.reason = reason


class OltBusy(Unreachable):
    """The OLT answers that it is saving, loading or otherwise busy, for longer than a session waits."""

    def __init__(self, olt: str, command: str, answer: str, waited_s: float) -> None:
        super().__init__(
            f"OLT {olt} was busy for {waited_s:.0f} s and did not take {command!r}: {answer}",
            remedy="It is tried again by itself; a save or a software load is probably running on the OLT.",
            field="olt",
            value=olt,
        )
        self.olt = olt
        self.command = command
        self.answer = answer
        self.waited_s = waited_s


class SessionLost(Unreachable):
    """The connection ended while a command was outstanding: whether it took effect is unknown, so read again."""

    def __init__(self, olt: str, command: str, reason: str) -> None:
        super().__init__(
            f"The session to OLT {olt} was lost during {command!r}: {reason}.",
            remedy="It is tried again by itself, beginning with a fresh look at the device.",
            field="olt",
            value=olt,
        )
        self.olt = olt
        self.command = command
        self.reason = reason


class SessionsExhausted(Unreachable):
    """The OLT lets this account in no more times at once (Huawei: the account's "reenter number")."""

    def __init__(self, olt: str, username: str, answer: str) -> None:
        super().__init__(
            f"OLT {olt} allows no further login of {username}: {answer}",
            remedy="Close other sessions of this account, or give the driver an account of its own with two logins.",
            field="username",
            value=username,
        )
        self.olt = olt
        self.username = username
        self.answer = answer


class NoTurn(Unreachable):
    """Another thread of this process held the OLT's only session of that kind for too long."""

    def __init__(self, olt: str, role: str, waited_s: float) -> None:
        super().__init__(
            f"The {role} session of OLT {olt} was in use for {waited_s:.0f} s.",
            remedy="It is tried again by itself; if that goes on, look which delivery holds the OLT.",
            field="olt",
            value=olt,
        )
        self.olt = olt


class PoolClosed(Unreachable):
    """This process is going down and opens no more sessions."""

    def __init__(self, olt: str) -> None:
        super().__init__(f"No session to OLT {olt}: this process is shutting down.", field="olt", value=olt)


class ChangedMeanwhile(Unreachable):
    """Something stands on the OLT that was not there a moment ago: somebody else works on it. Look again."""

    def __init__(self, olt: str, command: str, answer: str) -> None:
        super().__init__(
            f"OLT {olt} changed between our look and {command!r}: {shortened(answer)}",
            remedy="It is tried again by itself, beginning with a fresh look at the device.",
            field="command",
            value=command,
        )
        self.olt = olt
        self.command = command
        self.answer = answer


# --- NeedsPerson: a task and a ticket at once -------------------------------------------------------------------------


class LoginRefused(NeedsPerson):
    """The OLT does not accept the user name or the password. Never retried: repeated failures lock accounts out."""

    def __init__(self, olt: str, username: str, answer: str) -> None:
        super().__init__(
            f"OLT {olt} refused the login of {username}: {answer}",
            remedy="Set the right user name and password for this OLT, make sure it is not locked out, then retry.",
            field="username",
            value=username,
        )
        self.olt = olt
        self.username = username
        self.answer = answer


class PasswordExpired(LoginRefused):
    """The OLT knows the password and lets it do nothing but be changed, which the driver never does."""

    def __init__(self, olt: str, username: str, answer: str) -> None:
        NeedsPerson.__init__(
            self,
            f"OLT {olt} wants the password of {username} changed before anything else: {answer}",
            remedy=f"Log in to {olt} as {username} by hand and change the password, give the new one to this OLT's "
            "credentials, then retry. Where the OLT allows it, let this account's password never expire.",
            field="password",
            value=username,
        )
        self.olt = olt
        self.username = username
        self.answer = answer


class HostKeyChanged(NeedsPerson):
    """Whoever answers at the OLT's address has another SSH host key than before; no password was sent to it."""

    def __init__(self, olt: str, *, pinned: str, found: str) -> None:
        super().__init__(
            f"What answers as OLT {olt} has another SSH host key: {found} instead of {pinned}.",
            remedy=f"Compare the new fingerprint with the OLT's own console. If it was exchanged or made new keys, run "
            f"`isp olt trust {olt}`, then retry; if nobody did, somebody may stand in between: look at the network.",
            field="host_key",
            value=found,
        )
        self.olt = olt
        self.pinned = pinned
        self.found = found


class UnknownAnswer(NeedsPerson):
    """The OLT said something that no table knows: nothing more is sent until somebody has looked."""

    def __init__(self, olt: str, command: str, answer: str) -> None:
        super().__init__(
            f"OLT {olt} answered {command!r} with a text the driver does not know: {shortened(answer)}",
            remedy="Read the transcript; if the answer is harmless, have it added to the vendor's table, then retry.",
            field="command",
            value=command,
        )
        self.olt = olt
        self.command = command
        self.answer = answer


class UnknownPrompt(NeedsPerson):
    """The OLT asks a question the driver may not answer, or waits for something unknown; the session was closed."""

    def __init__(self, olt: str, command: str, prompt: str) -> None:
        super().__init__(
            f"OLT {olt} asked something unexpected after {command!r}: {shortened(prompt)}",
            remedy="Read the transcript, do the step by hand if it is right, then retry.",
            field="command",
            value=command,
        )
        self.olt = olt
        self.command = command
        self.prompt = prompt


class CommandRejected(NeedsPerson):
    """The OLT rejected a command for a known reason that only its configuration can cure."""

    def __init__(self, olt: str, command: str, answer: str, *, remedy: str) -> None:
        super().__init__(
            f"OLT {olt} rejected {command!r}: {shortened(answer)}", remedy=remedy, field="command", value=command
        )
        self.olt = olt
        self.command = command
        self.answer = answer


class ProfileMissing(NeedsPerson):
    """A shared line or service profile that the plant should have is not on the OLT."""

    def __init__(self, olt: str, kind: str, number: int) -> None:
        super().__init__(
            f"OLT {olt} has no {kind} profile {number}.",
            remedy=f"Create {kind} profile {number} on {olt}, or correct the profile number in its settings.",
            field=f"{kind}_profile_id",
            value=number,
        )
        self.olt = olt
        self.profile_kind = kind
        self.number = number


class UplinkRefused(NeedsPerson):
    """The OLT has no such uplink, or lets no customer's VLAN out there. No ONT was touched."""

    def __init__(self, olt: str, uplink: str, vlan: int, answer: str) -> None:
        super().__init__(
            f"OLT {olt} does not let VLAN {vlan} out by uplink {uplink}: {shortened(answer)}",
            remedy=f"Correct the uplink in the settings of {olt}, or plug its board in there, then retry: a VLAN that "
            "was made already is used then.",
            field="uplink",
            value=uplink,
        )
        self.olt = olt
        self.uplink = uplink
        self.answer = answer


class RateTableDiffers(NeedsPerson):
    """A shared rate table carries a name of ours but another rate: changing it would change other customers' lines."""

    def __init__(self, olt: str, name: str, wanted_kbps: int, found_kbps: int) -> None:
        super().__init__(
            f"Rate table {name} on OLT {olt} limits to {found_kbps} kbit/s instead of {wanted_kbps}.",
            remedy=f"Find out who edited {name} on {olt}; give it its rate back, or rename it.",
            field="rate_table",
            value=name,
        )


class RateTablesFull(NeedsPerson):
    """There is no free index left for one more rate table."""

    def __init__(self, olt: str, name: str, last: int) -> None:
        super().__init__(
            f"OLT {olt} has no free rate table up to index {last} for {name}.",
            remedy=f"Remove rate tables that no line uses any more from {olt}, then retry.",
            field="rate_table",
            value=name,
        )


class DeviceContradicts(NeedsPerson):
    """The OLT accepted the commands, and then something else stands on it than was wanted."""

    def __init__(self, olt: str, key: str, differences: tuple[str, ...]) -> None:
        super().__init__(
            f"OLT {olt} took the commands for {key}, but afterwards: {'; '.join(differences)}",
            remedy="Compare the transcript with the device, correct what differs, then retry.",
            field="key",
            value=key,
        )
        self.olt = olt
        self.key = key
        self.differences = differences


class KeysHidden(NeedsPerson):
    """The OLT shows asterisks in place of the names and descriptions of ONTs (ZXA10 C600 with some firmware)."""

    def __init__(self, olt: str) -> None:
        super().__init__(
            f"OLT {olt} hides the names and descriptions of its ONTs, so whose line an ONT is cannot be read.",
            remedy="Give the driver an account that is shown them, or the OLT a firmware that shows them, then retry.",
            field="olt",
            value=olt,
        )
        self.olt = olt


class SwapTakesOthers(NeedsPerson):
    """On this vendor's OLT an exchanged ONT is registered anew, and what is not the line's own would be lost."""

    def __init__(self, olt: str, place: str, others: tuple[str, ...]) -> None:
        super().__init__(
            f"Exchanging the ONT at {place} on OLT {olt} would remove what is not the line's: {', '.join(others)}.",
            remedy="Note what these service ports are for, exchange the ONT by hand and make them again, then retry.",
            field="ont",
            value=place,
        )
        self.olt = olt
        self.place = place
        self.others = others


# --- Refused: the request is wrong ------------------------------------------------------------------------------------


class SerialMalformed(Refused):
    """Not an ONT serial number."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(
            f"{field} {value!r} is not an ONT serial number.",
            remedy="Give 16 hexadecimal digits (48575443AABBCCDD) or the label's form (HWTC-AABBCCDD).",
            field=field,
            value=value,
        )


class SerialWithoutLetters(Refused):
    """This vendor's OLTs register an ONT by its maker's four letters and eight digits, and this one has no letters."""

    def __init__(self, serial: str) -> None:
        super().__init__(
            f"ONT {serial} cannot be registered on this OLT, which takes four letters and eight hexadecimal digits.",
            remedy="Check the serial on the ONT's label (HWTC-AABBCCDD); if it really has no letters, use another ONT.",
            field="serial",
            value=serial,
        )


class PortMalformed(Refused):
    """Not a PON port in the form frame/slot/port."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(
            f"{field} {value!r} is not a port.", remedy="Give frame/slot/port, as in 0/1/3.", field=field, value=value
        )


class LineMalformed(Refused):
    """A wanted line has a value that no OLT could take."""

    def __init__(self, field: str, value: object, rule: str) -> None:
        super().__init__(
            f"{field} {value!r} cannot be used for a line: {rule}.", remedy=f"{rule}.", field=field, value=value
        )


class UnknownVendor(Refused):
    """No driver is registered under this name."""

    def __init__(self, vendor: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"There is no driver for vendor {vendor!r}.",
            remedy=f"Use one of: {', '.join(known)}.",
            field="vendor",
            value=vendor,
        )


class UnknownOlt(Refused):
    """The pool was given no access for an OLT of this name."""

    def __init__(self, olt: str) -> None:
        super().__init__(
            f"No access is configured for OLT {olt}.",
            remedy="Add the OLT with its host, account and vendor.",
            field="olt",
            value=olt,
        )


class OntMissing(Refused):
    """There is no ONT at this place."""

    def __init__(self, olt: str, place: str) -> None:
        super().__init__(
            f"There is no ONT at {place} on OLT {olt}.",
            remedy="Look the ONT up by its serial number; it may have been moved or removed.",
            field="ont",
            value=place,
        )


class OntOffline(Refused):
    """The ONT is off, so that nothing can be told to it."""

    def __init__(self, olt: str, serial: str, place: str, cause: str) -> None:
        because = f" (last down cause: {cause})" if cause else ""
        super().__init__(
            f"The ONT {serial} at {place} on OLT {olt} is not online{because}, so it cannot be reset from here.",
            remedy="Have the customer look at its power and its fibre; power it off and on there.",
            field="ont",
            value=place,
        )
        self.olt = olt
        self.place = place


class SerialElsewhere(Refused):
    """The serial is registered at another place than the wanted one."""

    def __init__(self, olt: str, serial: str, place: str, key: str) -> None:
        super().__init__(
            f"ONT {serial} is already registered on OLT {olt} at {place} for {key or 'a line without a key'}.",
            remedy="Check the serial on the ONT's label; if the ONT really moved, end the line it stands on first.",
            field="serial",
            value=serial,
        )
        self.olt = olt
        self.serial = serial
        self.place = place
        self.key = key


class KeyElsewhere(Refused):
    """The line's key is carried by another ONT."""

    def __init__(self, olt: str, key: str, place: str, serial: str) -> None:
        super().__init__(
            f"{key} is already carried on OLT {olt} by ONT {serial} at {place}.",
            remedy="If the ONT was exchanged, order an ONT swap; if the line moved, remove it there first.",
            field="key",
            value=key,
        )
        self.olt = olt
        self.key = key
        self.place = place
        self.serial = serial


class OntIdTaken(Refused):
    """The asked ONT id is used by another ONT."""

    def __init__(self, olt: str, place: str, serial: str) -> None:
        super().__init__(
            f"ONT id {place} on OLT {olt} is taken by {serial}.",
            remedy="Leave the ONT id open, or choose a free one.",
            field="ont_id",
            value=place,
        )


class PortFull(Refused):
    """The PON port has no free ONT id."""

    def __init__(self, olt: str, port: str, onts: int) -> None:
        super().__init__(
            f"PON port {port} on OLT {olt} is full: {onts} ONTs.",
            remedy="Choose another PON port, or remove ONTs that are no longer in use.",
            field="port",
            value=port,
        )


class VlanOfOtherKind(Refused):
    """The VLAN stands on the OLT with a type that cannot carry the line."""

    def __init__(self, olt: str, vlan: int, found: str, wanted: str) -> None:
        super().__init__(
            f"VLAN {vlan} on OLT {olt} is of type {found}, not {wanted}.",
            remedy=f"Use another VLAN, or have VLAN {vlan} rebuilt as {wanted}.",
            field="vlan",
            value=vlan,
        )


class NotOffered(Refused):
    """The vendor's command line cannot do it, or it is not established how."""

    def __init__(self, olt: str, what: str, why: str) -> None:
        super().__init__(
            f"OLT {olt} cannot give the line {what}: {why}",
            remedy="Sell a plan without it on this OLT, or put the line on an OLT of another vendor.",
            field="ont",
            value=what,
        )


class LineRefused(Refused):
    """Somebody who only looks typed what is not known to only look; nothing of it was sent."""

    def __init__(self, line: str, why: str) -> None:
        super().__init__(
            f"Not sent: {line!r}: {why}.",
            remedy="Type a command that only reads, or ask somebody with full access.",
            field="line",
            value=line,
        )
        self.why = why


class OntServesOthers(NeedsPerson):
    """The ONT's router has connections that are none of ours: what is ours cannot be told from them."""

    def __init__(self, olt: str, place: str, others: tuple[str, ...]) -> None:
        super().__init__(
            f"The ONT at {place} on {olt} has other connections: {'; '.join(others)}.",
            remedy="Remove them on the OLT if nobody needs them, then press Retry; else sell the line as a bridge.",
            field="ont",
            value=place,
        )


class VlanProfileDiffers(NeedsPerson):
    """A VLAN profile of our name stands on the OLT with another VLAN."""

    def __init__(self, olt: str, name: str, wanted: int, found: int) -> None:
        super().__init__(
            f"ONT VLAN profile {name} on OLT {olt} is for VLAN {found}, not {wanted}.",
            remedy="Somebody changed it by hand: correct it on the OLT, since other lines may use it, then retry.",
            field="vlan_profile",
            value=name,
        )


def conceal(error: LifecycleError, secrets: Iterable[str]) -> None:
    """Take secrets out of an error, and out of those that it came from: command lines stand in messages and fields."""
    hidden, one = tuple(secrets), cast("BaseException | None", error)
    while hidden and one is not None:
        one.args = tuple(without(hidden, text) if isinstance(text, str) else text for text in one.args)
        for name, value in vars(one).items():
            if isinstance(value, str):
                setattr(one, name, without(hidden, value))
        one = one.__cause__ or one.__context__


def shortened(text: str, limit: int = 300) -> str:
    """A device text on one line and of readable length, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
