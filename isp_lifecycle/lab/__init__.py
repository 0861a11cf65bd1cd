"""A simulated access plant that speaks on real sockets; written at the end."""
