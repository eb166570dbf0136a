"""What django-axes asks on every try of a password: AXES_HANDLER."""

import logging

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from permissions.log_in import lock, mails

log = logging.getLogger(__name__)


class FailureHandler(AxesDatabaseHandler):
    """axes locks the person; beside that an address with many failures waits, and a lock is told once."""

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        if not super().is_allowed(request, credentials):
            return False
        request.seconds_to_wait = lock.seconds_to_wait(request.axes_ip_address)
        if request.seconds_to_wait:
            return False
        _rehearse(request, lock.username_for_lock(request, credentials))
        return True

    def user_login_failed(
        self, sender, credentials: dict, request: HttpRequest | None = None, after_password: bool = False, **kwargs
    ) -> None:
        if request is None:
            return
        person = lock.username_for_lock(request, credentials)
        with transaction.atomic():
            lock.hold("person", person)
            if is_known := after_password or lock.is_password_known(person):
                request.axes_path_info = lock.PASSWORD_KNOWN
            locked_before = self.is_locked(request, credentials)
            super().user_login_failed(sender, credentials, request, **kwargs)
            if not locked_before and self.is_locked(request, credentials):
                _tell(person, is_known)


def _rehearse(request: HttpRequest, person: str) -> None:
    """Before the password is looked at: whoever finds a way to make counting fail is refused the right one as well."""
    with transaction.atomic():
        AccessAttempt.objects.update_or_create(
            username=person,
            ip_address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
            defaults={
                "http_accept": request.axes_http_accept,
                "path_info": request.axes_path_info,
                "failures_since_start": 1,
            },
        )
        transaction.set_rollback(True)


def _tell(person: str, is_password_known: bool) -> None:
    """A lock that can't be told locks all the same."""
    try:
        with transaction.atomic():
            mails.tell_of_lock(person, is_password_known)
    except Exception:
        log.exception("A lock was not told.")


@receiver(pre_save, sender=AccessAttempt, dispatch_uid="permissions.attempts")
def keep_nothing_typed(sender: type, instance: AccessAttempt, **kwargs) -> None:
    """axes would keep query and form: beside a mistyped old password stands the new one."""
    instance.get_data = instance.post_data = ""
