"""``isp up``: one command that starts every part, keeps it running and stops all of them.

``parts`` says what there is to run, in which order and where; ``supervisor`` runs it; ``child`` is one process and its
restarts; ``register`` remembers on disk what runs, so that the next start finds what a killed one left.
"""
