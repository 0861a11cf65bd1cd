"""The lab's control interface: what the hands in the street and the gods of misfortune can do, as JSON over HTTP."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from isp_lifecycle.lab.grounds import plug
from isp_lifecycle.lab.plant import PlantRefused
from isp_lifecycle.lab.report import lab_state, light_path, olt_state, ont_state
from isp_lifecycle.lab.running import Lab
from isp_lifecycle.lab.wire import (
    Clock,
    FaultKind,
    Fibre,
    InjectFault,
    Interval,
    LabState,
    LightPath,
    OltState,
    OntState,
    Plug,
    Power,
    Reboot,
    Splice,
    Unplug,
)


def control_application(lab: Lab) -> FastAPI:
    """Return the application that steers this lab."""
    app = FastAPI(title="Lab control", docs_url=None, redoc_url=None)
    app.add_exception_handler(PlantRefused, _refused)
    _add_reads(app, lab)
    _add_plant(app, lab)
    _add_faults(app, lab)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    unknown = isinstance(error, PlantRefused) and error.unknown
    return JSONResponse({"detail": str(error)}, status_code=404 if unknown else 409)


def _add_reads(app: FastAPI, lab: Lab) -> None:
    @app.get("/health")
    async def health() -> dict[str, bool]:
        return {"ready": True}

    @app.get("/state")
    async def state() -> LabState:
        return lab_state(lab)

    @app.get("/olts/{olt}")
    async def olt(olt: str) -> OltState:
        return olt_state(lab, lab.endpoint(olt))

    @app.get("/onts/{serial}")
    async def ont(serial: str) -> OntState:
        return ont_state(lab, lab.grounds.with_box(serial).box(serial))

    @app.get("/premises/{code}")
    async def premises(code: str) -> LightPath:
        return light_path(lab.grounds.with_premises(code), code)

    @app.get("/activity")
    async def activity(since: float = 0.0) -> list[Interval]:
        return lab.activity.since(since)


def _add_plant(app: FastAPI, lab: Lab) -> None:
    @app.post("/plug")
    async def plug_in(order: Plug) -> OntState:
        box = plug(lab.grounds, order.serial, order.premises_code, vendor=order.vendor, model=order.model)
        return ont_state(lab, box)

    @app.post("/unplug")
    async def unplug(order: Unplug) -> OntState:
        return ont_state(lab, lab.grounds.with_box(order.serial).unplug(order.serial))

    @app.post("/power")
    async def power(order: Power) -> OntState:
        return ont_state(lab, lab.grounds.with_box(order.serial).power(order.serial, on=order.on))

    @app.post("/fibre", status_code=204)
    async def fibre(order: Fibre) -> None:
        lab.grounds.with_place(order.kind, order.name).fibre(order.kind, order.name, cut=order.cut)

    @app.post("/splice", status_code=204)
    async def splice(order: Splice) -> None:
        lab.grounds.with_place(order.kind, order.name).splice(order.kind, order.name, loss_db=order.loss_db)

    @app.post("/reset", status_code=204)
    async def reset() -> None:
        lab.reset()
        for endpoint in lab.built():
            await settle(lab, endpoint.name)


def _add_faults(app: FastAPI, lab: Lab) -> None:
    @app.post("/olts/{olt}/faults", status_code=204)
    async def inject(olt: str, order: InjectFault) -> None:
        lab.inject(olt, order)
        await settle(lab, olt)

    @app.delete("/olts/{olt}/faults", status_code=204)
    async def clear(olt: str, kind: FaultKind | None = None) -> None:
        lab.clear(olt, kind)
        await settle(lab, olt)

    @app.post("/olts/{olt}/reboot", status_code=204)
    async def reboot(olt: str, order: Reboot) -> None:
        lab.endpoint(olt).device.reboot(lose_unsaved=order.lose_unsaved)
        await settle(lab, olt)

    @app.post("/olts/{olt}/clock", status_code=204)
    async def clock(olt: str, order: Clock) -> None:
        lab.endpoint(olt).device.set_clock(order.at)

    @app.post("/olts/{olt}/host-key", status_code=204)
    async def renew_key(olt: str) -> None:
        await lab.endpoint(olt).renew_key(lab.options.state)


async def settle(lab: Lab, olt: str) -> None:
    """Wait until the OLT's port is open or closed as it should be, so that a caller may rely on it."""
    follow: Callable[[], Awaitable[None]] = lab.endpoint(olt).follow
    await follow()
