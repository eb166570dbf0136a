"""What django-axes asks on every try of a password: AXES_HANDLER."""

from axes.handlers.database import AxesDatabaseHandler
from django.db import transaction
from django.http import HttpRequest

from permissions.log_in import lock, mails


class FailureHandler(AxesDatabaseHandler):
    """axes locks the person; beside that an address with many failures waits, and a lock is told once."""

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        if not super().is_allowed(request, credentials):
            return False
        request.seconds_to_wait = lock.seconds_to_wait(request.axes_ip_address)
        return request.seconds_to_wait == 0

    def user_login_failed(self, sender, credentials: dict, request: HttpRequest | None = None, **kwargs) -> None:
        if request is None:
            return
        person = lock.username_for_lock(request, credentials)
        with transaction.atomic():
            lock.hold("person", person)
            locked_before = self.is_locked(request, credentials)
            super().user_login_failed(sender, credentials, request, **kwargs)
            if not locked_before and self.is_locked(request, credentials):
                mails.tell_of_lock(person)
