"""The tables of readings, of looks at ports, and of how ONTs stand."""

from isp_lifecycle.telemetry.store.light import light_looks, ont_states
from isp_lifecycle.telemetry.store.reading import readings

__all__ = ["light_looks", "ont_states", "readings"]
