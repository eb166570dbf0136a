from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from permissions.models import User


class ProfileForm(forms.ModelForm):
    """What people may change about themselves. The e-mail is the log-in and changes through customer service."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone_number", "language"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone_number": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("The browser's language")), *settings.LANGUAGES]
        self.fields["language"].choices = languages
        self.fields["first_name"].required = True
        self.fields["last_name"].required = True
