"""Texts of packages that our own catalogues translate instead: nothing imports this, extraction reads it.

A text stands here when customers can meet it and its package lacks it in one of our languages, or has it badly.
"""

from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

# Django's forms and password rules
gettext_noop("email address")
gettext_noop("Email")
gettext_noop("This field is required.")
gettext_noop("Enter a valid email address.")
gettext_noop("Enter the same password as before, for verification.")
gettext_noop("Your password can’t be a commonly used password.")
gettext_noop("The password is too similar to the %(verbose_name)s.")
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    8,
)
ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)

# phonenumber_field, which is used without being an installed app
gettext_noop("The phone number entered is not valid.")
pgettext_lazy(
    "{example_number} is an international phone number.", "Enter a valid phone number (e.g. {example_number})."
)

# Wagtail's page for content that editors lock with a password of its own
gettext_noop("Password required")
gettext_noop("You need a password to access this page.")
gettext_noop("The password you have entered is not correct. Please try again.")
gettext_noop("Continue")

# Wagtail's groups, as a profile names them
gettext_noop("Editors")
gettext_noop("Moderators")
