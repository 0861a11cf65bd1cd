"""People's own command lines on devices: who had one where, and what was said there."""
