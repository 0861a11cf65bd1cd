"""What a ZXA10 with the Titan command line (C600, C650, C620) does otherwise than a classic one: commands, looks."""
