"""Support: tasks for people, incidents with their evidence, and tickets with their conversation."""
