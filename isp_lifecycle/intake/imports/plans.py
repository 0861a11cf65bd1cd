"""Plans: product offerings with their price, rates, kind of address and VLAN (YAML)."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.errors import RowWrong
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A plan as the file has it."""

    code: str
    name: str
    down_kbps: int
    up_kbps: int
    price: Money
    address_policy: AddressPolicy
    vlan: int
    on_sale: bool
    ipv6_policy: Ipv6Policy | None
    ont: OntMode
    own_vlan: bool

    @property
    def key(self) -> str:
        """Its code."""
        return self.code


def read(cells: Cells) -> PlanRow:
    """Read one plan."""
    amount, currency = cells.amount("price"), cells.text("currency")
    return PlanRow(
        code=cells.text("code"),
        name=cells.text("name"),
        down_kbps=cells.integer("down_kbps"),
        up_kbps=cells.integer("up_kbps"),
        price=Money(amount, currency if _is_currency(cells, currency) else "XXX"),
        address_policy=cells.one_of("address_policy", tuple(AddressPolicy)),
        vlan=cells.integer("vlan"),
        on_sale=cells.yes("on_sale", unless_given=True),
        ipv6_policy=cells.one_of("ipv6_policy", tuple(Ipv6Policy)) if cells.maybe_text("ipv6_policy") else None,
        ont=cells.one_of("ont", tuple(OntMode)) if cells.maybe_text("ont") else OntMode.BRIDGE,
        own_vlan=cells.yes("own_vlan", unless_given=False),
    )


def _is_currency(cells: Cells, text: str) -> bool:
    fits = len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
    if not fits:
        cells.wrong("currency", "is not a currency code.", "Write the three letters of ISO 4217, such as EUR.")
    return fits


def put(act: Act, row: PlanRow, _known: Known) -> Landed:
    """Bring the plan to this; orders and services keep the terms that they were agreed at."""
    if row.price.currency != act.settings.company.currency:
        raise RowWrong(
            field="currency",
            value=row.price.currency,
            message=say("This installation charges in {currency}.", currency=act.settings.company.currency),
            remedy=say("Correct the currency, or the setting ISP_COMPANY__CURRENCY before the first plan."),
        )
    done = catalog.put_plan(
        tx=act.tx,
        code=row.code,
        name=row.name,
        down_kbps=row.down_kbps,
        up_kbps=row.up_kbps,
        price=row.price,
        address_policy=row.address_policy,
        vlan=row.vlan,
        on_sale=row.on_sale,
        ipv6_policy=row.ipv6_policy,
        ont=row.ont,
        own_vlan=row.own_vlan,
    )
    if done.change is not Change.SAME:
        why, by = "By an import.", act.actor.username
        catalog.note_version(done.value, tx=act.tx, at=act.at, today=act.today, by=by, reason=why)
    return Landed(change=done.change)


PLANS = Kind(
    name="plans",
    title="Plans",
    form=Form.YAML,
    level=Level(
        name="plans",
        columns=(
            Column(name="code", meaning="short name in small letters, digits and dashes"),
            Column(name="name", meaning="the name that customers read"),
            Column(name="down_kbps", meaning="rate towards the customer, kbit/s"),
            Column(name="up_kbps", meaning="rate from the customer, kbit/s"),
            Column(name="price", meaning="price of a month, with a decimal point"),
            Column(name="currency", meaning="ISO 4217 code, the installation's own"),
            Column(name="address_policy", meaning=f"kind of address: {', '.join(AddressPolicy)}"),
            Column(name="vlan", meaning="VLAN that its lines ride in"),
            Column(name="on_sale", meaning="yes (default) or no", required=False),
            Column(
                name="ipv6_policy",
                meaning=f"IPv6 prefix that is delegated: {', '.join(Ipv6Policy)}; empty = none",
                required=False,
            ),
            Column(
                name="ont",
                meaning=f"what the ONT is told to do: {', '.join(OntMode)}; empty = bridge (nothing)",
                required=False,
            ),
            Column(
                name="own_vlan",
                meaning="yes: a pair of tags of its own for each line (1:1), from the OLT's VLAN groups; no (default)",
                required=False,
            ),
        ),
    ),
    read=read,
    put=put,
)
