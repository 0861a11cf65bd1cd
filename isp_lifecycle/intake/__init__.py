"""The one door in: everything that changes anything passes a function of this package.

Each function names the permission it needs; the door checks it, opens one transaction, runs the change with its
events, and writes the audit line into the same transaction. A page, the API, the CLI and a notebook all come this way.
"""
