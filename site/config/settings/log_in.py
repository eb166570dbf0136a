"""How people get in: passwords, the lock after wrong ones, second factors, sessions, log-in by OpenID Connect."""

from datetime import timedelta

import environ

env = environ.Env()

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# Not Oscar's EmailBackend: it lets the database fold the case, which takes more letters for the same than the lock
# does, and it hashes a second time for an e-mail that is known, which can be timed.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",  # asks UserManager.get_by_natural_key, which folds as the lock does
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ANONYMOUS_USER_NAME = None  # guardian: no made-up person in the user list
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["username"]  # a clinic shares one address: count by person
AXES_HANDLER = "permissions.log_in.attempts.FailureHandler"  # an address with many failures waits
AXES_USERNAME_CALLABLE = "permissions.log_in.lock.username_for_lock"
AXES_CLIENT_IP_CALLABLE = "permissions.log_in.addresses.counted_address"
AXES_LOCKOUT_CALLABLE = "permissions.views.locked"
AXES_HTTP_RESPONSE_CODE = 403
AXES_RESET_ON_SUCCESS = True
# Without an end, five wrong passwords by anybody would shut a clinic out; a reset opens at once.
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nor could anybody keep it shut by trying on
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False  # e-mail addresses stay out of the log
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "credential"]  # nor is a mistyped code kept
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # by person alone, on purpose: see above

# Who may say in X-Forwarded-For where a request comes from: addresses and networks, `unix` for a proxy on a socket.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- Sessions: whatever is done in them they end after SESSION_COOKIE_AGE, without a page earlier ---
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_IDLE = timedelta(days=8)  # a clinic that orders once a week stays logged in
SESSION_IDLE_OF_STAFF = timedelta(hours=12)  # the supplier's people see every customer

# --- Second factor, sessions, OpenID Connect: django-allauth; its log-in page, sign-up and mails are not used ---
ACCOUNT_ADAPTER = "permissions.log_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # who has the mailed link has the mailbox
ACCOUNT_RATE_LIMITS = False  # counted in the process; ours are in the database
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 10
MFA_ADAPTER = "permissions.log_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODE_COUNT = 10
# Customer service and editors must log in with a second factor; production asks for it unless told otherwise.
SECOND_FACTOR_FOR_STAFF = env.bool("SECOND_FACTOR_FOR_STAFF", default=False)
SOCIALACCOUNT_ADAPTER = "permissions.log_in.adapters.IdentityAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an e-identity opens the user who connected it, never one by its e-mail
SOCIALACCOUNT_STORE_TOKENS = False
# One provider from the environment; see docs/log-in.md.
OIDC_SERVER_URL = env("OIDC_SERVER_URL", default="").rstrip("/")
OIDC_PROVIDER = {
    "provider_id": "identity",
    "name": env("OIDC_NAME", default="e-identity"),
    "client_id": env("OIDC_CLIENT_ID", default=""),
    "secret": env("OIDC_CLIENT_SECRET", default=""),
    # Who it is stands in the ID token; what else the provider knows is not asked for.
    "settings": {"server_url": OIDC_SERVER_URL, "fetch_userinfo": False, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_PROVIDER] if OIDC_SERVER_URL else []}}
