"""Numbers that are given out: addresses and blocks from pools, VLANs on OLTs. Nothing is ever given to two."""
