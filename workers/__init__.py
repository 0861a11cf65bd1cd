"""The machinery's processes: the Celery application, its thin tasks, the relay. All meaning lives in the library."""
