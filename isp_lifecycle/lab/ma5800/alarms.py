"""Alarms as an MA5800 prints them in open terminals (device-facts 1.2)."""

from isp_lifecycle.lab.alarms import Alarm


def alarm_block(alarm: Alarm) -> str:
    """Return the block of text that interrupts a terminal."""
    where = f"FrameID: {alarm.frame}, SlotID: {alarm.slot}, PortID: {alarm.port}"
    if alarm.ont is not None:
        where += f", ONT ID: {alarm.ont}"
    if alarm.serial is not None:
        where += f", SN: {alarm.serial}"
    stamp = f"{alarm.at:%Y-%m-%d %H:%M:%S%:z}"
    kind = alarm.kind
    return "\n".join(
        (
            f"  ! {alarm.number} [{stamp}]:",
            f"  ALARM {alarm.number} FAULT {kind.severity} {kind.code} GPON {stamp}",
            f"  ALARM NAME  : {kind.name}",
            f"  PARAMETERS  : {where}",
            f"  DESCRIPTION : {kind.description}",
            f"  CAUSE       : {kind.cause}",
            f"  ADVICE      : {kind.advice}",
            "  --- END",
        )
    )
