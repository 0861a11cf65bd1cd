"""``isp queue``: what is in the engine's queue, and an operator's hands on it."""
