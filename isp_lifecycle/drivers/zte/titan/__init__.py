"""What a ZXA10 with the Titan command line (C600, C650, C620) does otherwise than a classic one: commands, looks.

Seen on a C600 V1.2.2, a C610 V1.2.2, two C620s of 2025, and C6xx of software V5; the driver has not met a real OLT yet.
Two reports for whoever connects one: some firmware speaks old SSH algorithms only, and lets three sessions in.
"""
