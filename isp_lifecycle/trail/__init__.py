"""The audit trail: who did what, when, from where, what it was before and after, and why; sealed into a chain."""
