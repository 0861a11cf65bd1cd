"""Celery stands here: the application, its queues, thin tasks and the beat; all meaning is in the library."""
