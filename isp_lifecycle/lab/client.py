"""A typed client of the lab's control interface, for the command line, tests, demo and training room."""

import time
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self

import httpx
from pydantic import TypeAdapter

from isp_lifecycle.lab.wire import (
    Clock,
    FaultKind,
    InjectFault,
    Interval,
    LabState,
    LightPath,
    OltState,
    OntState,
    RunState,
)

PlaceKind = Literal["drop", "splitter", "pon"]
POLL_SECONDS = 0.05
_INTERVALS = TypeAdapter(list[Interval])


class LabRefused(Exception):
    """The lab did not do what it was asked: a wrong name (404), a wrong moment (409), a wrong order (422)."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail


class LabNeverReady(Exception):
    """The lab did not reach the awaited condition in time."""


class LabClient:
    """Steers one running lab."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _call(self, method: str, path: str, *, body: dict[str, Any] | None = None, **query: Any) -> bytes:
        parameters = {name: value for name, value in query.items() if value is not None}
        response = self._http.request(method, path, json=body, params=parameters)
        if response.is_error:
            raise LabRefused(response.status_code, _detail(response))
        return response.content

    # reading

    def wait_ready(self, *, seconds: float = 15.0) -> None:
        """Return as soon as the lab answers; LabNeverReady when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._call("GET", "/health")
            except httpx.TransportError:
                time.sleep(POLL_SECONDS)
            else:
                return
        raise LabNeverReady(f"no lab answers at {self._http.base_url}")

    def state(self) -> LabState:
        """Return everything."""
        return LabState.model_validate_json(self._call("GET", "/state"))

    def olt(self, name: str) -> OltState:
        """Return one OLT, with its running configuration."""
        return OltState.model_validate_json(self._call("GET", f"/olts/{name}"))

    def ont(self, serial: str) -> OntState:
        """Return one ONT."""
        return OntState.model_validate_json(self._call("GET", f"/onts/{serial}"))

    def premises(self, code: str) -> LightPath:
        """Return what light to expect at an address."""
        return LightPath.model_validate_json(self._call("GET", f"/premises/{code}"))

    def activity(self, *, since: float = 0.0) -> list[Interval]:
        """Return what the devices were busy with after an instant (epoch seconds)."""
        return _INTERVALS.validate_json(self._call("GET", "/activity", since=since))

    def wait_until(self, serial: str, run_state: RunState, *, seconds: float = 30.0) -> OntState:
        """Return an ONT as soon as it is in a run state; LabNeverReady when it does not get there."""
        deadline = time.monotonic() + seconds
        while True:
            state = self.ont(serial)
            if state.run_state == run_state:
                return state
            if time.monotonic() > deadline:
                raise LabNeverReady(f"{serial} is {state.run_state}, not {run_state}")
            time.sleep(POLL_SECONDS)

    # hands in the street

    def plug(self, serial: str, premises_code: str, *, vendor: str = "HWTC", model: str = "EG8145V5") -> OntState:
        """Connect an ONT at an address and switch it on."""
        body = {"serial": serial, "premises_code": premises_code, "vendor": vendor, "model": model}
        return OntState.model_validate_json(self._call("POST", "/plug", body=body))

    def unplug(self, serial: str) -> OntState:
        """Take an ONT off the fibre."""
        return OntState.model_validate_json(self._call("POST", "/unplug", body={"serial": serial}))

    def power_off(self, serial: str) -> OntState:
        """Switch an ONT off."""
        return OntState.model_validate_json(self._call("POST", "/power", body={"serial": serial, "on": False}))

    def power_on(self, serial: str) -> OntState:
        """Switch an ONT on."""
        return OntState.model_validate_json(self._call("POST", "/power", body={"serial": serial, "on": True}))

    def cut(self, kind: PlaceKind, name: str) -> None:
        """Cut a fibre."""
        self._call("POST", "/fibre", body={"kind": kind, "name": name, "cut": True})

    def mend(self, kind: PlaceKind, name: str) -> None:
        """Mend a fibre."""
        self._call("POST", "/fibre", body={"kind": kind, "name": name, "cut": False})

    def splice(self, kind: PlaceKind, name: str, *, loss_db: float) -> None:
        """Give a fibre a bad splice of so many dB; 0 makes it good."""
        self._call("POST", "/splice", body={"kind": kind, "name": name, "loss_db": loss_db})

    # misfortune

    def fault(
        self,
        olt: str,
        kind: FaultKind,
        *,
        seconds: float | None = None,
        times: int | None = None,
        factor: float | None = None,
        match: str | None = None,
        text: str | None = None,
    ) -> None:
        """Make an OLT misbehave: for some seconds, some times, or until cleared."""
        order = InjectFault(kind=kind, seconds=seconds, times=times, factor=factor, match=match, text=text)
        self._call("POST", f"/olts/{olt}/faults", body=order.model_dump())

    def clear_faults(self, olt: str | None = None, *, kind: FaultKind | None = None) -> None:
        """Let one OLT, or all, behave again."""
        names = [olt] if olt else [one.name for one in self.state().olts]
        for name in names:
            self._call("DELETE", f"/olts/{name}/faults", kind=kind)

    def reboot(self, olt: str, *, lose_unsaved: bool = False) -> None:
        """Restart an OLT, keeping what was not saved unless told otherwise."""
        self._call("POST", f"/olts/{olt}/reboot", body={"lose_unsaved": lose_unsaved})

    def renew_key(self, olt: str) -> None:
        """Give an OLT another SSH host key, as when its control board is exchanged."""
        self._call("POST", f"/olts/{olt}/host-key")

    def set_clock(self, olt: str, at: datetime) -> None:
        """Let an OLT believe that it is another time, until it is reset."""
        self._call("POST", f"/olts/{olt}/clock", body=Clock(at=at).model_dump(mode="json"))

    def reset(self) -> None:
        """Make everything as on day one."""
        self._call("POST", "/reset")


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.text
