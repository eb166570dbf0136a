"""As production, but for what makes tests slow: the hasher, hashed file names, and queued tasks."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, DEVELOPMENT_MASTER_KEY

DEBUG = False
SECRET_KEY = "for-tests-only"
PATIENT_MASTER_KEY = DEVELOPMENT_MASTER_KEY
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
OUTBOX_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="bestil-test-media-"))
PRIVATE_ROOT = Path(tempfile.mkdtemp(prefix="bestil-test-private-"))
DEMO_ALLOWED = True
# The suite's database is copied from one that is migrated already (see tests/conftest.py).
DATABASES["default"]["CONN_MAX_AGE"] = 0
