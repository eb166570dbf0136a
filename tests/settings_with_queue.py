"""The test settings with production's task queue: what is enqueued waits in the database for a worker."""

from config.settings.test import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
