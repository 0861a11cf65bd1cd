"""Facts and their deliveries: the vocabulary, who hears what, the outbox, the relay.

A state change writes its event through ``outbox.record`` in its own transaction; a delivery row for each subscriber
is written in the same statement of intent. The database is the truth: the broker only wakes workers, and everything
it forgets is found again by the relay's sweep.
"""
