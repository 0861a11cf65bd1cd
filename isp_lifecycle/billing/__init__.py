"""Billing: what a line costs, by whole and part months, each charge made at most once."""
