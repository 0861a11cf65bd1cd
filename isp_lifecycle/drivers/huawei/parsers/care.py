"""One ONT's versions and counters as a SmartAX prints them.

``display ont version`` and ``display statistics service-port`` were seen as devices print them (MA5683T, MA5800). Of
``display statistics ont-line-quality`` and ``display ont traffic`` no output was found unchanged: that they are lines
of ``key : value`` with these keys is taken from six programs that read the one, and two that read the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.drivers.huawei.parsers.text import decimal, needed, pairs_of, required_whole


@dataclass(frozen=True, slots=True)
class OntVersionBlock:
    """``display ont version``. What an ONT of another maker does not tell is empty."""

    vendor: str
    model: str
    hardware: str
    software: str
    standby: str


@dataclass(frozen=True, slots=True)
class FlowCounters:
    """``display statistics service-port``: totals of one flow."""

    up_bytes: int
    up_packets: int
    up_dropped: int
    down_bytes: int
    down_packets: int
    down_dropped: int


@dataclass(frozen=True, slots=True)
class LineQuality:
    """``display statistics ont-line-quality``: damaged frames each way."""

    up_bip_errors: int
    down_bip_errors: int


@dataclass(frozen=True, slots=True)
class TrafficNow:
    """``display ont traffic``: what goes through the ONT now, kbit/s."""

    up_kbps: float | None
    down_kbps: float | None


def ont_version(text: str) -> OntVersionBlock:
    """``display ont version``; a description that is wrapped over several lines is passed over."""
    pairs = pairs_of(text)
    return OntVersionBlock(
        vendor=needed(pairs, "Vendor-ID"),
        model=needed(pairs, "Equipment-ID"),
        hardware=needed(pairs, "ONT Version"),
        software=needed(pairs, "Main Software Version"),
        standby=pairs.get("standby software version", ""),
    )


def flow_counters(text: str) -> FlowCounters:
    """``display statistics service-port N``."""
    pairs = pairs_of(text)

    def number(what: str) -> int:
        return required_whole(needed(pairs, f"Number of {what}"))

    return FlowCounters(
        up_bytes=number("upstream bytes"),
        up_packets=number("upstream packets"),
        up_dropped=number("upstream discard packets"),
        down_bytes=number("downstream bytes"),
        down_packets=number("downstream packets"),
        down_dropped=number("downstream discard packets"),
    )


def line_quality(text: str) -> LineQuality:
    """``display statistics ont-line-quality P O``."""
    pairs = pairs_of(text)
    return LineQuality(
        up_bip_errors=required_whole(needed(pairs, "Upstream frame BIP error count")),
        down_bip_errors=required_whole(needed(pairs, "Downstream frame BIP error count")),
    )


def traffic_now(text: str) -> TrafficNow:
    """``display ont traffic P O``."""
    pairs = pairs_of(text)
    return TrafficNow(
        up_kbps=decimal(needed(pairs, "Up traffic (kbps)")), down_kbps=decimal(needed(pairs, "Down traffic (kbps)"))
    )
