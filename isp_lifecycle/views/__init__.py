"""The one door out: everything that people look at is read here, one module a role, SQL across capabilities.

Each view names the permission it needs, reads one snapshot that cannot change anything, and returns frozen rows; the
analyst's views return pandas frames.
"""
