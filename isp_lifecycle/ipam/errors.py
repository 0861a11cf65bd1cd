"""What the numbers refuse, and when they need a person."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say


class PoolEmpty(NeedsPerson):
    """No pool that fits has anything left."""

    def __init__(self, *, policy: str, area: str | None) -> None:
        where = say("area {area}", area=area) if area else say("no particular area")
        super().__init__(
            say("No address is left for policy {policy} and {where}.", policy=policy, where=where),
            remedy=say("Add a pool for this policy and area, or end what is no longer needed; then press Retry."),
            field="policy",
            value=policy,
        )
        self.policy = policy
        self.area = area


class SpaceConflict(NeedsPerson):
    """What a pool holds as free is on record as given to somebody."""

    def __init__(self, *, pool: str, prefix: str, owner: UUID | None) -> None:
        super().__init__(
            say(
                "Pool {pool} holds {prefix} as free, but it is on record for service {owner}.",
                pool=pool,
                prefix=prefix,
                owner=owner or say("(just gone)"),
            ),
            remedy=say(
                "Somebody has changed the tables by hand: compare the pool's free extents with its allocations."
            ),
            field="prefix",
            value=prefix,
        )


class PoolWrong(Refused):
    """A field of a pool has a value that cannot be right."""

    def __init__(self, name: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "Pool {name}: {field} is {value}, but must be {allowed}.",
                name=name or say("(no name)"),
                field=field,
                value=repr(str(value)),
                allowed=allowed,
            ),
            field=field,
            value=value,
        )


class PoolsOverlap(Refused):
    """Two pools would give out the same addresses."""

    def __init__(self, *, name: str, prefix: str, other: str, other_prefix: str) -> None:
        super().__init__(
            say(
                "Pool {name} ({prefix}) overlaps pool {other} ({other_prefix}).",
                name=name,
                prefix=prefix,
                other=other,
                other_prefix=other_prefix,
            ),
            field="prefix",
            value=prefix,
            remedy=say("Choose a prefix beside {other_prefix}.", other_prefix=other_prefix),
        )
        self.other = other


class PoolInUse(Refused):
    """What a pool keeps out cannot be changed while something is taken from it."""

    def __init__(self, *, name: str, taken: int) -> None:
        super().__init__(
            say(
                "Pool {name} cannot change what it keeps out: {taken} of it are taken or in quarantine.",
                name=name,
                taken=taken,
            ),
            field="excluded",
            value=name,
            remedy=say("Put a second pool beside it."),
        )


class NoSuchPool(Refused):
    """An address belongs to no pool."""

    def __init__(self, address: str) -> None:
        super().__init__(
            say("Address {address} belongs to no pool.", address=address),
            field="address",
            value=address,
            remedy=say("Put the pool first, or correct the address."),
        )


class AddressTaken(Refused):
    """An address is somebody's, in quarantine, or kept out of its pool."""

    def __init__(self, *, address: str, pool: str, why: str, owner: UUID | None = None) -> None:
        super().__init__(
            say("Address {address} of pool {pool} cannot be taken: it is {why}.", address=address, pool=pool, why=why),
            field="address",
            value=address,
            remedy=say("Correct the address, or first release it where it is."),
        )
        self.owner = owner


class AddressWrong(Refused):
    """A text is not an IP address."""

    def __init__(self, address: str) -> None:
        super().__init__(say("{address} is not an IP address.", address=repr(address)), field="address", value=address)


class OtherAddressHeld(Refused):
    """The owner holds another address already."""

    def __init__(self, *, owner: UUID, held: str, wanted: str) -> None:
        super().__init__(
            say("Service {owner} holds {held} and asks for {wanted}.", owner=owner, held=held, wanted=wanted),
            field="owner",
            value=owner,
            remedy=say("Release {held} first.", held=held),
        )
        self.held = held


class VlanWrong(Refused):
    """A number is not one of a VLAN that services may use."""

    def __init__(self, number: int) -> None:
        super().__init__(
            say("VLAN {number} cannot be used: choose 2 to 4094.", number=number), field="vlan", value=number
        )


class VlanOwned(Refused):
    """A VLAN is in use for another purpose on this OLT."""

    def __init__(self, *, olt: str, number: int, purpose: str, owner: str) -> None:
        super().__init__(
            say(
                "VLAN {number} on {olt} is in use for {owner}, not for {purpose}.",
                number=number,
                olt=olt,
                owner=owner,
                purpose=purpose,
            ),
            field="vlan",
            value=number,
            remedy=say("Choose another VLAN for the plan, or free this one."),
        )
        self.owner = owner


class GroupWrong(Refused):
    """A field of a VLAN group has a value that cannot be right."""

    def __init__(self, olt: str, outer: int, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "VLAN group {outer} of {olt}: {field} is {value}, but must be {allowed}.",
                outer=outer,
                olt=olt,
                field=field,
                value=value,
                allowed=allowed,
            ),
            field=field,
            value=value,
            remedy=say("Correct the number and ask again."),
        )


class GroupInUse(Refused):
    """A VLAN group cannot be made smaller than what is taken from it."""

    def __init__(self, *, olt: str, outer: int, count: int) -> None:
        super().__init__(
            say(
                "{count} pairs of tags of VLAN group {outer} on {olt} would be outside of it.",
                count=count,
                outer=outer,
                olt=olt,
            ),
            field="outer",
            value=outer,
            remedy=say("Keep the numbers that are in use or rest in the group, or wait until they are free."),
        )


class NoTagsFree(NeedsPerson):
    """No group of the OLT has a pair of tags left for a line on this PON port, or there is none at all."""

    def __init__(self, *, olt: str, port: str) -> None:
        super().__init__(
            say("No VLAN group of {olt} has a free pair of tags for PON port {port}.", olt=olt, port=port),
            field="olt",
            value=olt,
            remedy=say("Add a group (isp ipam group add {olt} OUTER) or enlarge one, then press Retry.", olt=olt),
        )


class NatWrong(Refused):
    """A field of a deterministic NAT has a value that cannot be right."""

    def __init__(self, name: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "NAT {name}: {field} is {value}, but must be {allowed}.",
                name=name or say("(no name)"),
                field=field,
                value=repr(str(value)),
                allowed=allowed,
            ),
            field=field,
            value=str(value),
        )


class NatsOverlap(Refused):
    """Two NATs would share inside or outside addresses, or an outside address is a pool's."""

    def __init__(self, *, name: str, field: str, prefix: str, other: str) -> None:
        super().__init__(
            say("NAT {name}: {field} {prefix} overlaps {other}.", name=name, field=field, prefix=prefix, other=other),
            field=field,
            value=prefix,
            remedy=say("Choose addresses that nothing else uses."),
        )


class NetBoxUnreachable(Unreachable):
    """NetBox does not answer now, or not as it does when it is well."""

    default_remedy = say(
        "Look at NetBox and the way to it, then run the command again: what was written is found again."
    )

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("NetBox at {where} cannot be reached: {why}.", where=where, why=why),
            field="ISP_NETBOX__URL",
            value=where,
        )


class NetBoxNeedsCare(NeedsPerson):
    """NetBox's address, certificate or token is not right, or the token's account may not do this."""

    default_remedy = say(
        "Correct ISP_NETBOX__URL or ISP_NETBOX__TOKEN, or let the token's account view prefixes, "
        "IP ranges, IP addresses and tags, and for an export also add, change and delete "
        "prefixes and IP addresses and add tags."
    )

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("NetBox at {where} does not let us: {why}.", where=where, why=why),
            field="ISP_NETBOX__TOKEN",
            value=where,
        )


class NetBoxAnswerWrong(NeedsPerson):
    """What answers does not answer as NetBox 4 does; nothing is believed of it."""

    default_remedy = say("Set ISP_NETBOX__URL to NetBox's own address, without /api; NetBox must be of version 4.")

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("{where} does not answer as NetBox does: {why}.", where=where, why=why),
            field="ISP_NETBOX__URL",
            value=where,
        )


class NetBoxRefused(Refused):
    """NetBox read what was asked or written and does not accept it; ``answer`` is its reason, field by field."""

    default_remedy = say(
        "Correct what NetBox names, in NetBox or in the settings ISP_NETBOX__*, and run the command again."
    )

    def __init__(self, where: str, answer: str) -> None:
        super().__init__(
            say("NetBox refused {where}: {answer}", where=where, answer=answer), field="netbox", value=where
        )
        self.answer = answer


class NetBoxAddressUnsafe(Refused):
    """An address that is no web address, or to which the token would go in the clear."""

    default_remedy = say("Set ISP_NETBOX__URL to an https:// address; http:// is for this machine only.")

    def __init__(self, url: str) -> None:
        super().__init__(
            say("{url} is not an address that NetBox may be asked at.", url=repr(url)),
            field="ISP_NETBOX__URL",
            value=url,
        )


class NetBoxPoolsUnnamed(Refused):
    """Nothing says which of NetBox's prefixes are pools, and all of them cannot be meant."""

    default_remedy = say("Set ISP_NETBOX__POOL_TAG or ISP_NETBOX__POOL_ROLE to the slug of a tag or a role in NetBox.")

    def __init__(self) -> None:
        super().__init__(say("No setting says which prefixes of NetBox are pools."), field="ISP_NETBOX__POOL_TAG")
