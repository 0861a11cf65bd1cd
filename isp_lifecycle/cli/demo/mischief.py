"""Set-ups that a fault needs beyond the lab's switches: a neighbour's label, a plan whose pool is empty."""

from __future__ import annotations

from isp_lifecycle.cli.demo.story import NotObserved, Story
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.views import network

_PLAN = """\
plans:
  - {code: demo-block28, name: Demo block, down_kbps: 512000, up_kbps: 256000, price: "99.00", currency: EUR,
     address_policy: block28, vlan: 300}
"""
#: One block and no more, so that the pool is empty again for the next run.
_POOL = """\
pools:
  - {{name: demo-block28-{number}, area: null, policy: block28, prefix: 10.28.0.{first}/28, gateway: null}}
"""


def type_a_neighbours(story: Story) -> None:
    """The engineer reads the label of an ONT that belongs to somebody else's line, on another port."""
    customers = story.system.town.customers
    story.serial = next(c.serial for c in customers if (c.olt, c.pon_port) != (story.olt, story.pon_port))


def type_the_right_one(story: Story) -> None:
    """The engineer plugs in the new ONT, reads its own label, and presses Activate again."""
    story.serial = story.new_serial()
    story.plug_in()
    story.activate()


def empty_pool(story: Story) -> None:
    """Put a plan on sale whose kind of address no pool has."""
    _import(story, "plans", _PLAN)


def fill_pool(story: Story) -> None:
    """Give it a pool of one block."""
    pools = network.pools(story.system.doors.window, story.one("administrator"))
    number = sum(1 for pool in pools if pool.policy == "block28")
    _import(story, "pools", _POOL.format(number=number, first=16 * number))


def _import(story: Story, kind: str, text: str) -> None:
    file = ImportFile(name=f"demo-{kind}.yaml", content=text.encode())
    done = apply(story.system.doors.door, story.one("administrator"), kind=kind, file=file)
    errors = [str(error) for row in done.rows for error in row.errors]
    if errors:
        raise NotObserved(f"{file.name} was not imported: {'; '.join(errors)}")
