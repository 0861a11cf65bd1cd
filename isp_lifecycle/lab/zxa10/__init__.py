"""A simulated ZXA10: a C320 with the classic ZXAN command line, V2.1 (device-facts 2); `titan` makes a C600 of it."""
