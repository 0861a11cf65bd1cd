"""AAA: the border to RADIUS and DHCP, which let a line on with its address and rates, and to access gateways."""
