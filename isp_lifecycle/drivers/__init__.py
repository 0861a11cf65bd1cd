"""OLT drivers: read, plan, apply, verify. A vendor is a table, not a branch in shared code."""
