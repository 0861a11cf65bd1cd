"""``isp demo``: one customer from application to light, headless, through the same doors that the pages use.

What is reported was observed: at the device through the lab's own control interface, in the database through the
views, in the mail sink and in the CRM's folder. Nothing is reported because a call returned.
"""
