"""Changes of many services at once: prepared, seen, agreed to by a second person, and followed to their end."""
