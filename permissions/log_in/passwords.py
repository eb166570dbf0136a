"""Passwords: the forms in which they are typed, and what follows when one is chosen."""

from datetime import timedelta

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm, UsernameField
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.access import person_of
from permissions.events import record
from permissions.log_in import mails, sessions
from permissions.log_in.lock import forget_wrong_passwords, one_try_at_a_time
from permissions.log_in.tokens import reset_tokens
from permissions.models import User, UserManager
from permissions.models.events import AccessAction
from permissions.services import end_sessions
from permissions.throttle import allow

PASSWORD_HINT = _(
    "At least eight characters; longer is safer. We recommend a mix of words, capital letters, digits and signs. "
    "Common passwords, and ones like your name or e-mail, are refused."
)
LONGEST_ADDRESS = 254
LINKS_PER_PERSON, LINKS_PER_ADDRESS, LINKS_WITHIN = 5, 30, timedelta(hours=1)


def make_password_field(field: forms.Field, autocomplete: str, hint: str | Promise = "") -> None:
    """What password managers need, and the words of the button that passwords.js puts beside it."""
    field.help_text = hint  # type: ignore[assignment]  # lazy: said in the reader's language
    field.widget.attrs.update(
        {"autocomplete": autocomplete, "data-password": "", "data-show": _("Show"), "data-hide": _("Hide")}
    )


class LogInForm(AuthenticationForm):
    username = UsernameField(
        label=_("E-mail"), max_length=LONGEST_ADDRESS, widget=forms.EmailInput(attrs={"autofocus": True})
    )

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "The e-mail address and password do not match. Check both, or ask for a new password below. "
            "After five wrong passwords the log-in is locked for half an hour, or until the password is reset."
        ),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        make_password_field(self.fields["password"], "current-password")

    def clean_username(self) -> str:
        """Folded, some letters become two: what is longer than any address then is nobody's, and can't be counted."""
        typed = self.cleaned_data["username"]
        if len(UserManager.normalize_email(typed)) > LONGEST_ADDRESS:
            raise self.get_invalid_login_error()
        return typed


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=LONGEST_ADDRESS, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


class ChangePasswordForm(PasswordChangeForm):
    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(person_of(request), *args, **kwargs)
        self.request = request
        make_password_field(self.fields["old_password"], "current-password")
        _name_new_passwords(self)

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if not is_own_password(self.request, typed):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


def _name_new_passwords(form: forms.Form) -> None:
    make_password_field(form.fields["new_password1"], "new-password", PASSWORD_HINT)
    make_password_field(form.fields["new_password2"], "new-password")


def is_own_password(request: HttpRequest, typed: str) -> bool:
    """Asked again of who is logged in. Counts like the log-in's: a session that was stolen must not guess on."""
    person = person_of(request)
    with one_try_at_a_time(request, person.email):
        found = authenticate(request, username=person.email, password=typed)
    if not isinstance(found, User) or found != person:
        return False
    sessions.go_on_with(request, found.password)
    return True


def ask_for_link(email: str, address: str | None) -> None:
    """A link by mail, if there is such a person. Says nothing and takes the same time, whoever asks how often."""
    email = UserManager.normalize_email(email)
    here = allow("reset_address", address or "", limit=LINKS_PER_ADDRESS, within=LINKS_WITHIN)
    if here and allow("reset_person", email, limit=LINKS_PER_PERSON, within=LINKS_WITHIN):
        mails.ask_for_link(email)


@transaction.atomic
def choose_password(user: User, password: str, token: str) -> bool:
    """By a mailed link: ends every session and the lock after wrong passwords. False when it was used meanwhile."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not reset_tokens.check_token(user, token):
        return False
    begin_anew(user, password)
    return True


def begin_anew(user: User, password: str) -> None:
    """With a password chosen behind a mailed link. The caller has locked the person's row."""
    _save(user, password)
    end_sessions(user)
    sessions.forget_sessions(user)
    forget_wrong_passwords(user.email)


@transaction.atomic
def change_password(request: HttpRequest, password: str) -> None:
    """By who knows the old one: this session goes on, the others end. Raises SessionEnded."""
    user = sessions.hold(person_of(request))
    _save(user, password)
    person_of(request).password = user.password
    sessions.keep_only_this(request)


def _save(user: User, password: str) -> None:
    user.set_password(password)
    # This field alone: whoever blocks the person at this moment must not be overwritten.
    user.save(update_fields=["password"])
    record(AccessAction.PASSWORD, actor=user, person=user)
    mails.tell_of_new_password(user)
