"""What is the same everywhere. The parts of Oscar, Wagtail and the log-in stand in files of their own beside this."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from csp.constants import NONCE, NONE, SELF

from config.settings.log_in import *  # noqa: F403
from config.settings.oscar import *  # noqa: F403
from config.settings.oscar import OSCAR_APPS
from config.settings.wagtail import *  # noqa: F403
from config.settings.wagtail import WAGTAIL_APPS

ROOT = Path(__file__).resolve().parents[3]
env = environ.Env()


def database_at(url: str) -> dict[str, Any]:
    """The connection to `postgres://user:password@host/name`; a socket folder is percent-encoded: @%2Frun%2Fbestil/"""
    config = env.db_url_config(url)
    return {**config, "HOST": unquote(config.get("HOST") or "")}


SITE_ID = 1
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # Oscar's migrations read it: never change
AUTH_USER_MODEL = "permissions.User"

INSTALLED_APPS = [
    "permissions.apps.PermissionsConfig",
    "config.apps.SiteConfig",
    "outbox.apps.OutboxConfig",
    "demo.apps.DemoConfig",
    "content.home.apps.HomeConfig",
    "content.news.apps.NewsConfig",
    "content.help.apps.HelpConfig",
    "content.documents.apps.DocumentsConfig",
    "shop.addresses.apps.AddressesConfig",
    "shop.approvals.apps.ApprovalsConfig",
    "shop.configuration.apps.ConfigurationConfig",
    "shop.dispatch.apps.DispatchConfig",
    "shop.favourites.apps.FavouritesConfig",
    "shop.patients.apps.PatientsConfig",
    *OSCAR_APPS,
    *WAGTAIL_APPS,
    "django.contrib.admin.apps.SimpleAdminConfig",  # Oscar imports it; nothing is registered and no URL leads to it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "imagekit",
    "lucide",
]

MIDDLEWARE = [
    "config.hostile_input.HostileInputMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "permissions.log_in.sessions.SessionLimitsMiddleware",
    "permissions.impersonation.middleware.ImpersonationMiddleware",
    "permissions.middleware.ProfileLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.content_security.ContentSecurityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.not_allowed.NotAllowedMiddleware",
    "permissions.middleware.ClinicMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.patients.showings.ShowingsMiddleware",
    "shop.basket.middleware.ClinicBasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.portal",
                "config.context_processors.csp_nonce",
                "oscar.core.context_processors.metadata",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------
DATABASES = {"default": {**database_at(env("DATABASE_URL", default="postgres:///bestil")), "CONN_MAX_AGE": 60}}

# --- Languages and time -----------------------------------------------------------------------------------------
LANGUAGES = [("en", "English"), ("sv", "Svenska"), ("nb", "Norsk bokmål"), ("da", "Dansk")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [ROOT / "site" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
FORMAT_MODULE_PATH = ["config.formats"]

# --- Patients ---------------------------------------------------------------------------------------------------
# 32 random bytes as base64; several with commas while a new one is brought in (see shop/patients/encryption.py).
PATIENT_MASTER_KEY = env("PATIENT_MASTER_KEY", default="")
# Of what is on one's own machine only, `make run` and `make serve` alike: they share a database. Refused elsewhere.
DEVELOPMENT_MASTER_KEY = "Zm9yLWRldmVsb3BtZW50LW9ubHktZm9yLWRldi1vbmw="
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.fault_reports.NothingTypedFilter"
DEFAULT_EXCEPTION_REPORTER = "config.fault_reports.NothingTypedReporter"

# --- Cookies, headers -------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
# A form ticks each clinic of an account, and an account may have 2,000; Django refuses more than 1,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
X_FRAME_OPTIONS = "DENY"  # for browsers that don't read frame-ancestors below
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],  # Wagtail shows our pages in a frame of its editor
    }
}

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "site" / "static"]
DATA_DIR = Path(env("DATA_DIR", default=str(ROOT / ".data")))
if not DATA_DIR.is_absolute():
    DATA_DIR = ROOT / DATA_DIR
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(DATA_DIR / "media")))
# Documents are served by a view that checks who asks; nothing public leads into this folder.
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", default=str(DATA_DIR / "private")))
# Ear scans lie there too. A virus scanner is named by the dotted path of a function that takes the open file and raises
# to refuse it; whatever it raises refuses.
EAR_SCAN_CHECK = env("EAR_SCAN_CHECK", default="")
EAR_SCAN_MAX_BYTES = 25_000_000
EAR_SCAN_MAX_PHOTO_BYTES = 15_000_000
IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY = "imagekit.cachefiles.strategies.JustInTime"
IMAGEKIT_CACHEFILE_DIR = "thumbnails"

# --- Tasks and mail ---------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "outbox.backend.OutboxBackend"
# Where the outbox hands mail over: an EMAIL_URL such as smtp+tls://user:password@host:587
OUTBOX_TRANSPORT = env.email_url("EMAIL_URL", default="consolemail://")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Bestil <no-reply@bestil.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OSCAR_FROM_EMAIL = DEFAULT_FROM_EMAIL
SITE_NAME = "Bestil"
BASE_URL = env("BASE_URL", default="http://localhost:8000").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
SUPPORT = {
    "phone": env("SUPPORT_PHONE", default="+46 10 555 01 00"),
    "email": env("SUPPORT_EMAIL", default="service@bestil.example"),
}
# How long an answered request for an account or clinic says who asked.
ANSWERED_REQUESTS_DAYS = env.int("ANSWERED_REQUESTS_DAYS", default=180)
# And one that nobody answers.
UNANSWERED_REQUESTS_DAYS = env.int("UNANSWERED_REQUESTS_DAYS", default=365)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # fido2 writes which passkey was used.
    "loggers": {
        "axes": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}
