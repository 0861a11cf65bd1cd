"""``isp bench engine``: how fast events go through, beside what Celery and PostgreSQL can do at all."""
