"""The engineer's phone: a small page of its own that also works without reception, and what it asks and sends.

Pages of Panel live on a websocket and are nothing without one. This page is a handful of files that the phone keeps; it
reads JSON from here and sends entries, each under a key of the phone's own, as often as it takes until it has heard
what became of it. Who asks, from where and with which seal, the guard has looked at before.
"""
