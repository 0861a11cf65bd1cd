"""Reactions to events: each workflow is a tuple of named steps; the engine walks it, records it, and can resume it."""
