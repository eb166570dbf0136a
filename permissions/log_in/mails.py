"""Mails about a person's log-in. Whoever asks waits for none of them: a known address must take no longer."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django_tasks import task

from permissions.events import record
from permissions.log_in.tokens import may_log_in, reset_tokens, seal_address
from permissions.mail import composed
from permissions.models import User
from permissions.models.events import AccessAction

NOBODY = 0


def ask_for_link(email: str) -> None:
    """The same work whether the person exists or not: one look, one task."""
    mail_link_to.enqueue(_number_of(email))


def tell_of_lock(email: str, is_password_known: bool) -> None:
    mail_lock_to.enqueue(_number_of(email), timezone.now().isoformat(), is_password_known)


def _number_of(email: str) -> int:
    """Tasks are kept for days: nobody's address stands in them."""
    return User.objects.filter(email=email).values_list("pk", flat=True).first() or NOBODY


@task()
def mail_link_to(number: int) -> bool:
    user = User.objects.filter(pk=number).first()
    return user is not None and mail_link(user)


def mail_link(user: User) -> bool:
    """A link to choose a password: the first one, or a new one. Nothing for who may not log in."""
    if not may_log_in(user):
        return False
    words = {"is_first": not user.has_usable_password(), "uid": user.public_id, "token": reset_tokens.make_token(user)}
    path = reverse("password_reset_confirm", kwargs={"uidb64": words["uid"], "token": words["token"]})
    _send("password_reset", user, url=settings.BASE_URL + path, is_first=words["is_first"])
    return True


@task()
@transaction.atomic
def mail_lock_to(number: int, since: str, is_password_known: bool = False) -> bool:
    """Told once per lock: the history and the person, if there is one. Who must choose a new password reads that."""
    user = User.objects.filter(pk=number).first()
    if user is None:
        return False
    record(AccessAction.LOCKED, actor=None, person=user, after={"since": since})
    if may_log_in(user):
        url = settings.BASE_URL + reverse("password_reset")
        _send("log_in_locked", user, url=url, is_password_known=is_password_known)
    return True


def tell_of_new_password(user: User) -> None:
    _send("password_changed", user, url=settings.BASE_URL + reverse("password_reset"))


def mail_address_link(user: User, address: str) -> None:
    """To the new address: who reads it there may confirm it, after logging in as this person."""
    path = reverse("email_confirm", kwargs={"token": seal_address(user, address)})
    _send("email_confirm", user, to=address, url=settings.BASE_URL + path)


def tell_of_new_address(user: User, old: str) -> None:
    _send("email_changed", user, to=old)


def _send(template: str, user: User, to: str = "", **context) -> None:
    context["support"] = settings.SUPPORT
    with translation.override(user.language or settings.LANGUAGE_CODE):
        message_id = f"{template}-{get_random_string(20)}"
        composed(f"emails/{template}", context, to=to or user, message_id=message_id).send()
