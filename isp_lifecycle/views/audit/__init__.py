"""The audit: compares records, deliveries, devices, addresses, charges and messages, and names what does not agree.

It changes nothing. Whatever it compares inside the database is a set-based question over one snapshot; each OLT is
read in one pass; nothing is asked row by row. What is in somebody's hands at this moment (a delivery that is
running, a line that is being built) is not a fault, and what could not be looked at is said, never taken for good.

From the bottom up: model < check < events, services, orders, addresses, charges, messages, records < standing < devices
< whole.
"""
