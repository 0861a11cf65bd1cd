"""The lab's state as messages: what the control interface answers."""

from isp_lifecycle.lab.device import Entry
from isp_lifecycle.lab.grounds import boxes_of
from isp_lifecycle.lab.links import Link, Phase
from isp_lifecycle.lab.plant import Box, Plant, Route, tx_dbm
from isp_lifecycle.lab.running import Lab
from isp_lifecycle.lab.serials import serial_shown
from isp_lifecycle.lab.ssh import HOST, Endpoint
from isp_lifecycle.lab.town.build import TOWN
from isp_lifecycle.lab.wire import LabState, LightPath, OltState, OntState, RunState


def lab_state(lab: Lab) -> LabState:
    """Report everything."""
    plants = list(lab.grounds.plants())
    return LabState(
        town=TOWN,
        seed=lab.options.seed,
        speed=lab.options.speed,
        olts=[olt_state(lab, one) if one.built else _not_built(one) for one in lab.endpoints.values()],
        cuts=sorted(cut for plant in plants for cut in plant.state.cuts),
        losses=dict(sorted(loss for plant in plants for loss in plant.state.losses.items())),
        boxes=[ont_state(lab, box) for box in boxes_of(lab.grounds)],
    )


def _not_built(endpoint: Endpoint) -> OltState:
    """Report an OLT of a region that nobody asked for yet, without making it."""
    return OltState(
        name=endpoint.name,
        model="",
        host=HOST,
        port=endpoint.port,
        listening=endpoint.listening,
        sessions=0,
        saving=False,
        faults=[],
        autofind=[],
        onts=[],
        service_ports=0,
        alarms=[],
        running_configuration="",
        built=False,
    )


def olt_state(lab: Lab, endpoint: Endpoint) -> OltState:
    """Report one OLT with its registered ONTs and its running configuration."""
    device = endpoint.device
    boxes = device.plant.state.boxes
    return OltState(
        name=device.site.name,
        model=device.site.model,
        host=HOST,
        port=endpoint.port,
        listening=endpoint.listening,
        sessions=endpoint.sessions.total(),
        saving=device.saving,
        faults=device.faults.states(),
        autofind=[link.serial for link in device.links.found()],
        onts=[
            ont_state(lab, boxes.get(ont.serial) or Box(serial=ont.serial)) for ont in device.configuration.registered
        ],
        service_ports=device.configuration.flow_count,
        alarms=[alarm.summary for alarm in device.alarms],
        running_configuration=endpoint.maker.running_configuration(device),
    )


def ont_state(lab: Lab, box: Box) -> OntState:
    """Report one ONT, from the plant's side and from its OLT's."""
    plant = lab.grounds.with_premises(box.premises_code) if box.premises_code else None
    route = plant.path(box.premises_code) if plant and box.premises_code else None
    endpoint, ont = _registration(lab, box, route)
    device = endpoint.device if endpoint else None
    link = device.links.of(box.serial) if device else Link(box.serial)
    levels = plant.levels(box, route) if plant and route else None
    lit = levels if route and not route.cut_at and box.powered else None
    return OntState(
        serial=box.serial,
        display_serial=serial_shown(box.serial),
        vendor=box.vendor,
        model=box.model,
        premises_code=box.premises_code,
        powered=box.powered,
        olt=device.site.name if device else None,
        pon_port=f"{device.frame}/{ont.slot}/{ont.port}" if device and ont else route.pon_port if route else None,
        ont_id=ont.id if ont else None,
        service_code=ont.description if ont else "",
        run_state=_run_state(link, ont, box),
        config_state=link.config_state,
        control_flag=endpoint.maker.control_flag(device, ont) if endpoint and ont else "-",
        rx_dbm=lit.rx_dbm if lit else None,
        olt_rx_dbm=lit.olt_rx_dbm if lit else None,
        tx_dbm=tx_dbm(box),
        distance_m=route.budget.distance_m if route else None,
        last_down_cause=ont.history.down_cause if ont else None,
        vlans=device.configuration.vlans_of(ont.key) if device and ont else [],
    )


def _registration(lab: Lab, box: Box, route: Route | None) -> tuple[Endpoint | None, Entry | None]:
    """Return the OLT and the entry where a box is registered; else the OLT it is connected to, if any."""
    connected = [lab.endpoints[route.olt]] if route else []
    for endpoint in (*connected, *lab.built()):
        ont = endpoint.device.configuration.ont_by_serial(box.serial)
        if ont:
            return endpoint, ont
    return (connected[0] if connected else None), None


def _run_state(link: Link, ont: Entry | None, box: Box) -> RunState:
    if link.phase is Phase.ONLINE:
        return "online"
    if link.phase is Phase.RANGING:
        return "ranging"
    if link.phase is Phase.FOUND:
        return "autofind"
    if ont is not None:
        return "offline"
    return "absent" if box.premises_code is None else "dark"


def light_path(plant: Plant, premises_code: str) -> LightPath:
    """Report what to expect at an outlet, for an ONT without tolerances."""
    route = plant.path(premises_code)
    if route is None:
        return LightPath(premises_code=premises_code, serviceable=False)
    return LightPath(
        premises_code=premises_code,
        serviceable=True,
        olt=route.olt,
        pon_port=route.pon_port,
        distance_m=route.budget.distance_m,
        rx_dbm=None if route.cut_at else round(route.tx_dbm - route.budget.down_db, 2),
        cut=route.cut_at is not None,
    )
