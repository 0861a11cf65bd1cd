"""What customers have (services, TMF638) and what it runs on: OLTs, PON ports, splitters, lines as built."""
