"""What django-axes counts wrong passwords by, and how a new password unlocks."""

from axes.utils import reset
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm, UsernameField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions.models import UserManager


def username_for_lock(request: HttpRequest | None, credentials: dict | None) -> str:
    """The e-mail as typed, folded as the log-in folds it: the counter must not tell apart what logs in as the same."""
    credentials = credentials or {}
    typed = credentials.get("username") or credentials.get("email")
    if not typed and request is not None:
        typed = request.POST.get("username", "")
    return UserManager.normalize_email(typed)


class LogInForm(AuthenticationForm):
    username = UsernameField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autofocus": True}))

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "The e-mail address and password do not match. Check both, or ask for a new password below. "
            "After five wrong passwords the log-in is locked for half an hour, or until the password is reset."
        ),
    }


class UnlockingSetPasswordForm(SetPasswordForm):
    """Who proves to own the mailbox may log in again, whatever was tried before."""

    def save(self, commit: bool = True):
        user = super().save(commit)
        reset(username=UserManager.normalize_email(user.email))
        return user
