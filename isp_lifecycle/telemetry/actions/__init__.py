"""Keep what was measured, and read it back."""

from isp_lifecycle.telemetry.actions.light import forget_looks, keep_look, keep_past_look
from isp_lifecycle.telemetry.actions.reading import latest_reading, prune, readings, record_reading

__all__ = ["forget_looks", "keep_look", "keep_past_look", "latest_reading", "prune", "readings", "record_reading"]
