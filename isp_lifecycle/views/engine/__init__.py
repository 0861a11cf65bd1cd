"""The event engine as people see it: how it stands, what is in its queue and why, and its figures."""
