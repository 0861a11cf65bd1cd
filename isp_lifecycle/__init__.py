"""ISP Lifecycle: the whole life of an internet provider's customer, from application to the last invoice."""

__version__ = "0.1.0"
