from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from permissions.events import record
from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.requests.typed_text import LineField


class ProfileForm(forms.ModelForm):
    """What people may change about themselves at once. The e-mail is the log-in: see log_in/email_change.py."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone_number", "language"]
        # One line: the names of who invites stand in mails to people who don't know them.
        field_classes = {"first_name": LineField, "last_name": LineField}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone_number": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("The browser's language")), *settings.LANGUAGES]
        self.fields["language"].choices = languages
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
            self.fields[name].validators.append(refuse_identity_numbers)

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Only what was changed: whoever blocks the person at this moment must not be overwritten."""
        self.instance.save(update_fields=self.changed_data)
        if self.changed_data:
            fields = {"fields": self.changed_data}
            record(AccessAction.DETAILS, actor=self.instance, person=self.instance, after=fields)
        return self.instance
