"""Codes that are typed: from an authenticator app, or one of the recovery codes. Each works once, on every server."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from permissions.log_in.encryption import Unreadable, decrypt, encrypt
from permissions.log_in.lock import one_try_at_a_time
from permissions.models import User

# The time step whose code was used last. django-allauth remembers used codes in the cache of one process.
LAST_STEP = "last_step"


def use_code(request: HttpRequest, user: User, code: str) -> Authenticator | None:
    """What the code belongs to, which is then used up; None when it is wrong, or when the log-in is locked.

    A wrong code counts as a wrong password does: five lock the person, whatever they were.
    """
    with one_try_at_a_time(request, user.email):
        credentials = {"username": user.email}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True  # its middleware answers with the page that says so
            return None
        used = _use_app_code(user, code) or _use_recovery_code(user, code)
        if used is None:
            knows = not request.user.is_authenticated and _gave_password(request, user)
            user_login_failed.send(sender=__name__, credentials=credentials, request=request, after_password=knows)
        else:
            used.user = user
        return used


def _gave_password(request: HttpRequest, user: User) -> bool:
    """Not an e-identity, after which the code is asked as well."""
    return any(entry.get("method") == "password" for entry in get_authentication_records(request, user))


def matching_step(secret: str, code: str, after: int = 0) -> int | None:
    """The time step that the code belongs to: now, the one before or the one after, but later than `after`."""
    for step in yield_hotp_counters_from_time():
        if step > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def _use_app_code(user: User, code: str) -> Authenticator | None:
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).select_for_update().first()
    if app is None:
        return None
    try:
        secret = decrypt(app.data["secret"])
    except Unreadable:
        return None
    step = matching_step(secret, code, after=app.data.get(LAST_STEP, 0))
    if step is None:
        return None
    app.data = {**app.data, "secret": encrypt(secret), LAST_STEP: step}  # with the newest key from now on
    app.save(update_fields=["data"])
    return app


def _use_recovery_code(user: User, code: str) -> Authenticator | None:
    sheet = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return sheet if sheet is not None and sheet.wrap().validate_code(code) else None
    except Unreadable:
        return None
