"""What `manage.py check --deploy` says about the log-in."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning


@register(Tags.security, deploy=True)
def check_second_factor_of_staff(**kwargs) -> list[CheckMessage]:
    if settings.SECOND_FACTOR_FOR_STAFF:
        return []
    text = "SECOND_FACTOR_FOR_STAFF is off: one password of customer service opens every customer's account."
    hint = "Leave SECOND_FACTOR_FOR_STAFF out, or set it to 1; see docs/log-in.md."
    return [CheckWarning(text, hint=hint, id="permissions.W001")]
