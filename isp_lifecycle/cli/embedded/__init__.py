"""PostgreSQL and Redis out of Python wheels: real servers, no system package, no root.

``postgres.prepare`` and ``redis.prepare`` make a data folder ready and say how to start the server in the foreground
(:class:`server.Server`); whoever asked starts it as a child of its own: the supervisor, or ``server.running`` in tests.
"""
