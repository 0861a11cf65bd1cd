"""Workflows that change a customer's line: activation, plan change, termination."""
