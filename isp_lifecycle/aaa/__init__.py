"""AAA: the border to RADIUS and DHCP, through which a line would get its address and rate where those are in use."""
