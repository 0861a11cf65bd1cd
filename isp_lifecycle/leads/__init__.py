"""Leads (TMF699): somebody who asked, before there is an order: who, where, what they wish, and what is done next."""
