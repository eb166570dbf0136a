"""For real customers. Refuses to start on a missing or unsafe value and says which, all at once."""

import base64
import binascii
from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, DEVELOPMENT_MASTER_KEY, PATIENT_MASTER_KEY, env

DEBUG = False
DEMO_ALLOWED = False
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# For measuring on one's own machine only (`make serve`): no TLS in front.
PLAIN_HTTP = env.bool("BESTIL_PLAIN_HTTP", default=False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
if PLAIN_HTTP:
    PATIENT_MASTER_KEY = PATIENT_MASTER_KEY or DEVELOPMENT_MASTER_KEY
# They see every customer. The demo's staff have none.
SECOND_FACTOR_FOR_STAFF = env.bool("SECOND_FACTOR_FOR_STAFF", default=not PLAIN_HTTP)


ENCRYPTED = {"smtp+tls", "smtps", "smtp+ssl"}
REQUIRED = {
    "EMAIL_URL": "set the mail server, smtp+tls://user:password@host:587.",
    "BASE_URL": "set the portal's address, https://…; mails link to it.",
    "DEFAULT_FROM_EMAIL": "set the sender of the portal's mails.",
    "SUPPORT_PHONE": "set customer service's telephone number; every page shows it.",
    "SUPPORT_EMAIL": "set customer service's e-mail address; every page shows it.",
    "MEDIA_ROOT": "set the folder of the product pictures.",
    "PRIVATE_ROOT": "set the folder of the private documents; no web server may serve it.",
    "STATIC_ROOT": "set the folder that collectstatic fills.",
    "TRUSTED_PROXIES": "name the addresses of the proxy in front, or `unix`; else all customers seem to be at one.",
}


def _is_weak_master_key(text: str) -> bool:
    try:
        keys = [base64.b64decode(part.strip(), validate=True) for part in text.split(",")]
    except (binascii.Error, ValueError):
        return True
    return any(len(key) != 32 or len(set(key)) < 5 for key in keys) or (
        DEVELOPMENT_MASTER_KEY in text and not PLAIN_HTTP
    )


def _names_no_proxy(name: str) -> bool:
    try:
        return name != "unix" and not ip_network(name, strict=False)
    except ValueError:
        return True


def _faults() -> list[str]:
    """What is missing or unsafe, each with what to do. Behind TLS more is needed than on one's own machine."""
    weak_key = len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("for-")
    is_postgres = env("DATABASE_URL", default="") and "postgresql" in DATABASES["default"].get("ENGINE", "")
    checks = {
        "SECRET_KEY: set at least 50 random characters.": weak_key,
        "PATIENT_MASTER_KEY: set 32 random bytes as base64 (openssl rand -base64 32).": _is_weak_master_key(
            PATIENT_MASTER_KEY
        ),
        "ALLOWED_HOSTS: name the host names of the portal, separated by commas.": not ALLOWED_HOSTS,
        "ALLOWED_HOSTS: '*' lets anyone forge the portal's address in mails; name the hosts.": "*" in ALLOWED_HOSTS,
        "DATABASE_URL: set the PostgreSQL server, postgres://user:password@host/name.": not is_postgres,
        "TRUSTED_PROXIES: addresses, networks (10.0.0.0/8) or `unix`, separated by commas.": any(
            map(_names_no_proxy, env.list("TRUSTED_PROXIES", default=[]))
        ),
        "DEBUG: must not be set; error pages would show customers' data.": env.bool("DEBUG", default=False),
        "BESTIL_PLAIN_HTTP: only for localhost; put a proxy with TLS in front instead.": PLAIN_HTTP
        and not set(ALLOWED_HOSTS) <= LOCAL_HOSTS,
    }
    faults = [text for text, wrong in checks.items() if wrong]
    if not PLAIN_HTTP:
        faults += [f"{name}: {text}" for name, text in REQUIRED.items() if not env(name, default="")]
        if env("BASE_URL", default="https://").partition("://")[0] != "https":
            faults.append(f"BASE_URL: {REQUIRED['BASE_URL']}")
        if not env("OIDC_SERVER_URL", default="https:").startswith("https:"):
            faults.append("OIDC_SERVER_URL: the provider of e-identities must be reached by https://.")
        if env("EMAIL_URL", default="smtp+tls:").partition(":")[0] not in ENCRYPTED:
            faults.append("EMAIL_URL: the connection to the mail server must be encrypted: smtp+tls:// or smtp+ssl://.")
        if not env("EMAIL_URL", default="smtp://").startswith("smtp"):  # mail would end in a log or nowhere
            faults.append(f"EMAIL_URL: {REQUIRED['EMAIL_URL']}")
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
