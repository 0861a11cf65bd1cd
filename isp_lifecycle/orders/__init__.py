"""What was asked for: a new line, another plan, the end of a service (TMF622)."""
