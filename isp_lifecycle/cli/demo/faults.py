"""The faults that the demo can inject: how, at which step each must show, as which kind, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from isp_lifecycle.cli.demo.mischief import empty_pool, fill_pool, type_a_neighbours, type_the_right_one
from isp_lifecycle.cli.demo.story import Story, Wish

PLAN, CONFIGURE = "Plan the line", "Configure OLT and ONT"
ONLINE, LIGHT, NUMBERS = "Wait for the ONT to come online", "Measure the light", "Reserve address and VLAN"

type Deed = Callable[[Story], None]


def nothing(_story: Story) -> None:
    """Nothing to do."""


@dataclass(frozen=True)
class Fault:
    """One fault. ``recovers``: the engine gets over it alone. Otherwise it stops at ``step`` with ``kind``."""

    words: str
    step: str
    kind: str
    mend: Deed
    go_on: Deed = Story.retry
    before_plug: Deed = nothing
    before_activate: Deed = nothing
    meanwhile: Deed = nothing
    wish: Wish = field(default_factory=Wish)
    plugged: bool = True
    recovers: bool = False
    transcript: bool = True


def _olt(kind: str, **options: object) -> Deed:
    def inject(story: Story) -> None:
        story.system.lab.fault(story.olt, kind, **options)  # type: ignore[arg-type]  # the options of one kind of fault

    return inject


def _change_the_password(story: Story) -> None:
    """Sessions that are open are dropped as well, as an OLT does when an account is changed."""
    story.system.lab.fault(story.olt, "unreachable")
    story.system.lab.clear_faults(story.olt)
    story.system.lab.fault(story.olt, "refuse_login")


def _clear(story: Story) -> None:
    story.system.lab.clear_faults(story.olt)


def _plug(story: Story) -> None:
    story.plug_in()


def _choose_serial(story: Story) -> None:
    story.serial = story.new_serial()


def _cut_after_configuring(story: Story) -> None:
    story.await_step(CONFIGURE)
    story.system.lab.cut("drop", story.premises_code)


def _mend_drop(story: Story) -> None:
    story.system.lab.mend("drop", story.premises_code)


def _bad_splice(story: Story) -> None:
    """As much loss as brings the ONT a decibel below what it may receive, and still online."""
    path = story.system.lab.premises(story.premises_code)
    loss = (path.rx_dbm or -20.0) - (story.system.settings.network.lowest_rx_dbm - 1.0)
    story.system.lab.splice("drop", story.premises_code, loss_db=max(loss, 0.0))


def _good_splice(story: Story) -> None:
    story.system.lab.splice("drop", story.premises_code, loss_db=0.0)


FAULTS: dict[str, Fault] = {
    "unknown-serial": Fault(
        "no ONT with the typed serial number is in sight",
        PLAN,
        "needs person",
        before_plug=_choose_serial,
        plugged=False,
        mend=_plug,
    ),
    "serial-elsewhere": Fault(
        "the typed ONT is registered on another port already",
        PLAN,
        "refused",
        before_activate=type_a_neighbours,
        plugged=False,
        mend=nothing,
        go_on=type_the_right_one,
    ),
    "never-online": Fault(
        "the drop breaks right after the ONT was added",
        ONLINE,
        "needs person",
        meanwhile=_cut_after_configuring,
        mend=_mend_drop,
    ),
    "light-too-low": Fault(
        "a bad splice in the drop", LIGHT, "needs person", before_plug=_bad_splice, mend=_good_splice
    ),
    "olt-unreachable": Fault(
        "the OLT does not answer", PLAN, "unreachable", before_activate=_olt("unreachable"), mend=_clear
    ),
    "login-refused": Fault(
        "the OLT refuses the account", PLAN, "needs person", before_activate=_change_the_password, mend=_clear
    ),
    "olt-busy": Fault(
        "the OLT is saving", PLAN, "unreachable", before_activate=_olt("busy", seconds=4.0), mend=_clear, recovers=True
    ),
    "pool-empty": Fault(
        "no address of the plan's kind is left",
        NUMBERS,
        "needs person",
        wish=Wish(plan_code="demo-block28"),
        before_plug=nothing,
        mend=fill_pool,
        transcript=False,
    ),
    "unknown-answer": Fault(
        "the OLT answers something that no table knows",
        CONFIGURE,
        "needs person",
        before_activate=_olt(
            "unknown_answer", match=r"ont add|onu \d+ type|onu add", text="  Failure: The flux capacitor is not charged"
        ),
        mend=_clear,
    ),
}

#: What must be there before the order is placed.
BEFORE: dict[str, Deed] = {"pool-empty": empty_pool}
