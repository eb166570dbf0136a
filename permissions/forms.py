from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from permissions.events import record
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.person_names import NameField
from permissions.phones import PhoneField, country_of


class ProfileForm(forms.ModelForm):
    """What people may change about themselves at once. The e-mail is the log-in: see log_in/email_change.py."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone_number", "language"]
        field_classes = {"first_name": NameField, "last_name": NameField, "phone_number": PhoneField}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone_number": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("The browser's language")), *settings.LANGUAGES]
        self.fields["language"].choices = languages
        self.fields["phone_number"].use_country(country_of(self.instance))
        for name in ("first_name", "last_name"):
            self.fields[name].required = True

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Only what was changed: whoever blocks the person at this moment must not be overwritten."""
        self.instance.save(update_fields=self.changed_data)
        if self.changed_data:
            fields = {"fields": self.changed_data}
            record(AccessAction.DETAILS, actor=self.instance, person=self.instance, after=fields)
        return self.instance
