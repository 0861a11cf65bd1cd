"""Ground words without a trade: errors, time, ids, money, states, the database, settings and logs.

Everything above may import this package; it imports nothing of the project.
"""
