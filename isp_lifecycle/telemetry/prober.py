"""Asks whether a customer's address answers, by a Prometheus blackbox exporter that stands where customers are reached.

The machines that this system runs on seldom reach customers, and processes without rights send no ICMP; the exporter
does both, and is what providers have for it. One of its probes is one echo request (module of prober ``icmp``):
``GET /probe?target=…&module=…`` answers with ``probe_success`` and the round trip in
``probe_icmp_duration_seconds{phase="rtt"}``, and gives up half a second before the time that
``X-Prometheus-Scrape-Timeout-Seconds`` names.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import httpx
from prometheus_client.parser import text_string_to_metric_families

from isp_lifecycle.foundation.https import certificate_wrong, is_safe
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.errors import ProberNeedsCare, ProberUnreachable
from isp_lifecycle.telemetry.model import Echoes

#: An echo that takes longer is none: the exporter's own margin is half a second.
WAITS_SECONDS = 1.5
_MARGIN_SECONDS = 0.5
_SCRAPE_TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds"


@dataclass(frozen=True)
class Prober:
    """An exporter by its address; certificates are verified by ``trust``, or by the usual authorities."""

    url: str = field(repr=False)
    module: str = "icmp"
    packets: int = 3
    trust: str | None = None

    def __post_init__(self) -> None:
        if not is_safe(self.url):
            raise ProberNeedsCare(self.where, say("it is neither https nor this machine"))

    @property
    def where(self) -> str:
        """The address as people may see it."""
        return str(httpx.URL(self.url).copy_with(query=None, fragment=None, userinfo=b""))

    def ping(self, address: IPv4Address | IPv6Address) -> Echoes:
        """Send a few echo requests, one after the other; takes seconds where nothing answers.

        Raises ProberUnreachable, and ProberNeedsCare where the exporter does not know the module or is none.
        """
        try:
            verify = ssl.create_default_context(cafile=self.trust)
            timeout = WAITS_SECONDS + _MARGIN_SECONDS + 2
            with httpx.Client(timeout=timeout, follow_redirects=False, verify=verify) as client:
                trips = [trip for _turn in range(self.packets) for trip in self._probe(client, address)]
        except httpx.TransportError as error:
            if certificate_wrong(error):
                raise ProberNeedsCare(self.where, say("its certificate is not valid for that address")) from error
            raise ProberUnreachable(self.where, str(error) or type(error).__name__) from error
        return Echoes(address=address, sent=self.packets, trips_ms=tuple(trips), source=self.where)

    def _probe(self, client: httpx.Client, address: IPv4Address | IPv6Address) -> Iterator[float]:
        """The round trip of one echo request in milliseconds, or nothing."""
        answer = client.get(
            f"{self.url.rstrip('/')}/probe",
            params={"target": str(address), "module": self.module},
            headers={_SCRAPE_TIMEOUT: str(WAITS_SECONDS + _MARGIN_SECONDS)},
        )
        if answer.is_server_error:
            raise ProberUnreachable(self.where, say("it answered {status}", status=answer.status_code))
        if not answer.is_success:
            said = answer.text.strip().partition("\n")[0][:200]
            raise ProberNeedsCare(self.where, say("it answered {status}: {said}", status=answer.status_code, said=said))
        found = dict(_samples(answer.text))
        if "probe_success" not in found:
            raise ProberNeedsCare(self.where, say("it does not answer as a blackbox exporter does"))
        if "rtt" not in found:
            raise ProberNeedsCare(self.where, say("its module {module} sends no ICMP", module=self.module))
        if found["probe_success"] == 1:
            yield found["rtt"] * 1000


def _samples(text: str) -> Iterator[tuple[str, float]]:
    """Whether a probe succeeded, and the parts of its time."""
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "probe_success":
                    yield sample.name, sample.value
                elif sample.name == "probe_icmp_duration_seconds":
                    yield sample.labels.get("phase", ""), sample.value
    except ValueError:
        return  # a page of something else has no samples, which the caller says
