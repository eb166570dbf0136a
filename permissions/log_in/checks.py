"""What `manage.py check --deploy` says about the log-in."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning


@register(Tags.security, deploy=True)
def check_second_factor_of_staff(**kwargs) -> list[CheckMessage]:
    if settings.SECOND_FACTOR_FOR_STAFF:
        return []
    text = "SECOND_FACTOR_FOR_STAFF is not set: one password of customer service opens every customer's account."
    return [CheckWarning(text, hint="Set SECOND_FACTOR_FOR_STAFF=1; see docs/log-in.md.", id="permissions.W001")]
