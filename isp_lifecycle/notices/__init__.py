"""Notices: e-mail to customers and notifications to staff, each written once and sent once."""
