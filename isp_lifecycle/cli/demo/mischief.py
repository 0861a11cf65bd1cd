"""Set-ups that a fault needs beyond the lab's switches: a stray registration, a plan whose pool is empty."""

from __future__ import annotations

from pathlib import Path

from isp_lifecycle.cli.demo.story import Story
from isp_lifecycle.drivers.contract import LineWanted, PonPort, Serial, Transcript
from isp_lifecycle.intake.imports import apply
from isp_lifecycle.views import network

SPARE_KEY = "STRAY-1"

_PLAN = """\
plans:
  - {code: demo-block28, name: Demo block, down_kbps: 512000, up_kbps: 256000, price: "99.00", currency: EUR,
     address_policy: block28, vlan: 300}
"""
_POOL = """\
pools:
  - {name: demo-block28, area: null, policy: block28, prefix: 198.51.100.0/26, gateway: null}
"""


def register_elsewhere(story: Story) -> None:
    """Register the ONT by hand under another name, on another port of the same OLT, as a forgotten trial would be."""
    wanted = _stray(story)
    with story.system.doors.window.olts.writer(story.olt, Transcript()) as olt:
        olt.apply(olt.plan(olt.read(wanted), wanted))


def take_off(story: Story) -> None:
    """Remove that registration, and plug the ONT in where it belongs."""
    wanted = _stray(story)
    with story.system.doors.window.olts.writer(story.olt, Transcript()) as olt:
        olt.apply(olt.plan_removal(olt.read(wanted), SPARE_KEY))
    story.plug_in()


def _stray(story: Story) -> LineWanted:
    ports = network.pon_ports(story.system.doors.window, story.one("administrator"), olt=story.olt)
    there = next(PonPort.parse(row.port) for row in ports if row.port != story.pon_port)
    return LineWanted(
        key=SPARE_KEY,
        port=there,
        serial=Serial.parse(story.serial),
        vlan=100,
        uplink="0/9/0",
        down_kbps=102400,
        up_kbps=51200,
    )


def empty_pool(story: Story) -> None:
    """Put a plan on sale whose kind of address no pool has."""
    _import(story, "plans", _PLAN)


def fill_pool(story: Story) -> None:
    """Give it a pool."""
    _import(story, "pools", _POOL)


def _import(story: Story, kind: str, text: str) -> None:
    file = Path(story.system.settings.var) / f"demo-{kind}.yaml"
    file.write_text(text, encoding="utf-8")
    apply(story.system.doors.door, story.one("administrator"), kind=kind, name=file.name, content=file.read_bytes())
