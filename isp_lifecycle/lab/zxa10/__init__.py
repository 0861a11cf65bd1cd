"""A simulated ZXA10 C320 with the classic ZXAN command line, V2.1 (device-facts 2)."""
