"""``isp bench ipam``: taking an address, in an empty pool and beside a million taken ones."""
