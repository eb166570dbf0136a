"""For `make run` on one's own machine: as customers see it. `DEBUG=1 make run` shows tracebacks instead."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DEVELOPMENT_MASTER_KEY, PATIENT_MASTER_KEY, env

DEBUG = env.bool("DEBUG", default=False)
# Static files from where they are written, changed or not, without collecting them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SECRET_KEY = env("SECRET_KEY", default="for-development-only")
PATIENT_MASTER_KEY = PATIENT_MASTER_KEY or DEVELOPMENT_MASTER_KEY
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
INTERNAL_IPS = ["127.0.0.1"]
OSCAR_BASKET_COOKIE_SECURE = False
OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = False
DEMO_ALLOWED = True
