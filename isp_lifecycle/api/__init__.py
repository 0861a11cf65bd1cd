"""The HTTP API for machines: bearer tokens, the two doors, and TM Forum's shapes where it has one."""
