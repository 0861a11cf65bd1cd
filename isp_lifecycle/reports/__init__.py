"""Reports: notebooks that are run for managers, on demand and by the clock, and kept."""
