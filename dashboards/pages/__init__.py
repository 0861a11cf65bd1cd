"""One file a page: what it shows comes from a view, what it does goes through the door."""
