"""For real customers. Refuses to start on a missing or unsafe value and says which, all at once."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import env

DEBUG = False
DEMO_ALLOWED = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# For measuring on one's own machine only (`make serve`): no TLS in front.
PLAIN_HTTP = env.bool("BESTIL_PLAIN_HTTP", default=False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


def _faults() -> list[str]:
    faults = []
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("for-"):
        faults.append("SECRET_KEY: set at least 50 random characters.")
    if not ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS: name the host names of the portal, separated by commas.")
    if "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS: '*' lets anyone forge the portal's address in mails; name the hosts.")
    if not env("DATABASE_URL", default=""):
        faults.append("DATABASE_URL: set the address of the PostgreSQL server, postgres://user:password@host/name.")
    if env.bool("DEBUG", default=False):
        faults.append("DEBUG: must not be set; error pages would show customers' data.")
    if PLAIN_HTTP and not set(ALLOWED_HOSTS) <= LOCAL_HOSTS:
        faults.append("BESTIL_PLAIN_HTTP: only for localhost; put a proxy with TLS in front instead.")
    if not PLAIN_HTTP:
        if not env("EMAIL_URL", default=""):
            faults.append("EMAIL_URL: set the mail server, smtp+tls://user:password@host:587.")
        if not env("BASE_URL", default="").startswith("https://"):
            faults.append("BASE_URL: set the portal's address, https://…; mails link to it.")
        if "DEFAULT_FROM_EMAIL" not in env.ENVIRON:
            faults.append("DEFAULT_FROM_EMAIL: set the sender of the portal's mails.")
    return faults


if faults := _faults():
    raise ImproperlyConfigured("The portal does not start:\n  - " + "\n  - ".join(faults))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_SECURE = not PLAIN_HTTP
OSCAR_BASKET_COOKIE_SECURE = not PLAIN_HTTP
OSCAR_URL_SCHEMA = "http" if PLAIN_HTTP else "https"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["debug"] = False  # noqa: F405
