"""The command line: ``isp``, its commands, the embedded servers and the supervisor that keeps all parts running."""
