"""Reactions in the office: charges, the CRM, messages to the customer, reports. None of them waits for another."""
