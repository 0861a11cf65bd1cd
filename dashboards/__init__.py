"""What people look at: the staff suite and the customer portal, two servers with nothing in common but this code.

Thin by intent: pages read through ``isp_lifecycle.views``, act through ``isp_lifecycle.intake``, and hold no rule.
"""
