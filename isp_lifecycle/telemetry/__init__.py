"""Telemetry: optical levels as measured, and what they mean in plain words."""
