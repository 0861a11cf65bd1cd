"""Readings, looks at whole ports, and what light is weak."""

from isp_lifecycle.telemetry.model.echo import Echoes
from isp_lifecycle.telemetry.model.look import Built, OntLevel, OntState, PortLook, Source
from isp_lifecycle.telemetry.model.reading import Measured, Reading, Verdict, judge

__all__ = ["Built", "Echoes", "Measured", "OntLevel", "OntState", "PortLook", "Reading", "Source", "Verdict", "judge"]
