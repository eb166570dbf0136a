"""A new e-mail address, which is the log-in: the password is asked, and a link to the new address confirms it."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions.access import person_of
from permissions.events import record
from permissions.log_in import mails, sessions
from permissions.log_in.lock import move_failures
from permissions.log_in.passwords import LONGEST_ADDRESS, is_own_password, make_password_field
from permissions.log_in.tokens import open_address
from permissions.models import User, UserManager
from permissions.models.events import AccessAction
from permissions.throttle import allow

LINKS, WITHIN = 5, timedelta(hours=1)


class AddressUnchanged(Exception):
    """The text says why, to who followed the link."""


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(label=_("Your password"), strip=False, widget=forms.PasswordInput)

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        make_password_field(self.fields["password"], "current-password")

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        if email == person_of(self.request).email:
            raise ValidationError(_("This is your address already."))
        if len(email) > LONGEST_ADDRESS:
            raise ValidationError(_("This address can't be used here. Your address is as it was."))
        return email

    def clean(self) -> dict:
        # Last, and only when the rest is right: each look at the password counts.
        password = self.cleaned_data.get("password")
        if password and not self.errors and not is_own_password(self.request, password):
            self.add_error("password", _("This is not your password."))
        return self.cleaned_data


@transaction.atomic
def ask(user: User, email: str) -> bool:
    """Mail the link, whether somebody else has the address or not. False when it was asked too often."""
    if not allow("new_email", str(user.pk), limit=LINKS, within=WITHIN):
        return False
    mails.mail_address_link(user, email)
    return True


def confirm(request: HttpRequest, token: str) -> None:
    """By the person themselves, logged in, with the link from the new address. Raises AddressUnchanged."""
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=person_of(request).pk)
        email = open_address(user, token)
        if email is None:
            raise AddressUnchanged(_("A link works once and for a day. Your address is as it was."))
        old = user.email
        _save(user, email)
        move_failures(old, email)
        record(AccessAction.DETAILS, actor=user, person=user, after={"fields": ["email"]})
        mails.tell_of_new_address(user, old)
        person_of(request).email = email
        sessions.keep_only_this(request)


def _save(user: User, email: str) -> None:
    user.email = email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise AddressUnchanged(_("This address can't be used here. Your address is as it was.")) from None
