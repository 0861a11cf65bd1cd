"""A simulated ZXA10 C600 with the Titan command line: what it takes, prints and refuses otherwise than a C320."""
