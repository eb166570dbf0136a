"""What is typed, or signed by a passkey, to log in, to confirm who it is, and to set up a second factor."""

import json
import struct
from textwrap import wrap
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions.identity_numbers import refuse_identity_numbers
from permissions.log_in.codes import matching_step, use_code
from permissions.log_in.encryption import Unreadable, decrypt, encrypt
from permissions.log_in.passwords import make_password_field
from permissions.log_in.second_factor import APP, factors_of
from permissions.models import User

# A browser's answer has a few thousand characters.
LONGEST_CREDENTIAL = 20_000
# What the libraries raise on what no browser sends.
NOT_FROM_A_BROWSER = (AttributeError, AssertionError, IndexError, KeyError, TypeError, ValueError, struct.error)
WRONG_CODE = _("This code is wrong or was used already. Wait for the next one in the app, or take a recovery code.")
WRONG_RECOVERY_CODE = _("This recovery code is wrong or was used already.")
NO_PASSKEY = _("This passkey was not recognised. Try again, or take another way.")


class CodeField(forms.CharField):
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})

    def __init__(self, **kwargs) -> None:
        super().__init__(label=kwargs.pop("label", _("Code")), max_length=20, **kwargs)


class CredentialField(forms.JSONField):
    """What the passkey signed, as the page's script wrote it into the form."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if len(value or "") > LONGEST_CREDENTIAL:
            raise ValidationError(NO_PASSKEY)
        try:
            credential = super().to_python(value)
        except RecursionError as problem:
            raise ValidationError(NO_PASSKEY) from problem
        if credential is not None and not (isinstance(credential, dict) and _can_be_kept(credential)):
            raise ValidationError(NO_PASSKEY)
        return credential


def _can_be_kept(credential: dict) -> bool:
    """PostgreSQL holds neither a NUL nor half a letter."""
    try:
        return b"\\u0000" not in json.dumps(credential, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False


class CodeForm(forms.Form):
    """A code from the app or a recovery code, which is used up when it is right."""

    code = CodeField()
    is_confirmation = False

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.has_app = factors_of(user).filter(type=APP).exists()
        if not self.has_app:
            # Then the passkey comes first, and no keyboard over it.
            self.fields["code"].label = _("Recovery code")
            del self.fields["code"].widget.attrs["autofocus"]

    def clean_code(self) -> str:
        self.authenticator = use_code(context.request, self.user, self.cleaned_data["code"])
        if self.authenticator is None:
            raise ValidationError(WRONG_CODE if self.has_app else WRONG_RECOVERY_CODE)
        return self.cleaned_data["code"]

    def save(self) -> None:
        post_authentication(context.request, self.authenticator, reauthenticated=self.is_confirmation)


class ConfirmCodeForm(CodeForm):
    is_confirmation = True


class PasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except NOT_FROM_A_BROWSER as problem:
            raise ValidationError(NO_PASSKEY) from problem


class ConfirmPasskeyForm(PasskeyForm, ReauthenticateWebAuthnForm):
    pass


class PasskeyLogInForm(PasskeyForm, LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """Alone it stands for both factors, so it must have asked for a finger, a face or a PIN.

        What another of our pages asked a passkey for, as a second factor, does not count.
        """
        if (webauthn.get_state() or {}).get("user_verification") != "required":
            raise ValidationError(NO_PASSKEY)
        return super().clean_credential()


class ConfirmPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autofocus": True}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        make_password_field(self.fields["password"], "current-password")

    def clean_password(self) -> str:
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["password"]):
            raise ValidationError(_("The password is wrong. Five wrong ones lock the log-in for half an hour."))
        return self.cleaned_data["password"]


class AppForm(forms.Form):
    """The first code of a new authenticator app shows that it took the secret."""

    code = CodeField(label=_("Code that the app shows"))

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]  # a phone would jump past the picture and the key
        self.secret = _secret_of(request, is_new=not self.is_bound)

    @property
    def secret_in_groups(self) -> list[str]:
        """Nobody types thirty-two letters in a row without losing their place."""
        return wrap(self.secret, 4)

    def clean_code(self) -> str:
        step = matching_step(self.secret, self.cleaned_data["code"])
        if step is None:
            raise ValidationError(
                _("This code is wrong. Check that the clock of your phone is right, and try the next.")
            )
        self.step = step
        return self.cleaned_data["code"]


def _secret_of(request: HttpRequest, is_new: bool) -> str:
    """Of the app that is being set up; sessions lie in the database, so it is encrypted there as well."""
    try:
        secret = "" if is_new else decrypt(request.session.get(SECRET_SESSION_KEY, ""))
    except Unreadable:
        secret = ""
    if not secret:
        secret = generate_totp_secret()
        request.session[SECRET_SESSION_KEY] = encrypt(secret)
    return secret


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        validators=[refuse_identity_numbers],
        help_text=_("So that you know it again: your phone, the key on your key ring."),
    )


class NewPasskeyForm(PasskeyNameForm):
    credential = CredentialField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    def clean_credential(self) -> dict[str, Any]:
        credential = self.cleaned_data["credential"]
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except NOT_FROM_A_BROWSER as problem:
            raise ValidationError(NO_PASSKEY) from problem
        return credential
