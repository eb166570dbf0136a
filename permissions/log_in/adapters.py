"""How django-allauth behaves here: it asks for the second factor and lists sessions; it signs nobody up.

Its own mails and messages stay away: what changes, we tell ourselves, in the same transaction.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from permissions.log_in import encryption, identities
from permissions.log_in.addresses import client_address
from permissions.log_in.passwords import is_own_password
from permissions.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For the list of sessions; behind a proxy that says nothing it is not known."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  # no address that we listen at

    def get_login_stages(self) -> list[str]:
        return ["permissions.log_in.entrance.CodeStage"]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Every log-in ends here, whatever it began with."""
        if not user.is_active:
            clear_login(request)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        # After the second factor the user comes from the session, without the backend that knew the password.
        user.backend = "django.contrib.auth.backends.ModelBackend"
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return render(request, "permissions/log_in/inactive.html", status=403)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """As a log-in does: wrong passwords count, and a locked person is refused."""
        return is_own_password(self.request, password)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """A password typed at the log-in a moment ago is as good as one that is asked for again."""
        typed = [
            entry["at"]
            for entry in get_authentication_records(self.request, self.request.user)
            if entry.get("method") == "password"
        ]
        return not typed or time.time() - typed[-1] >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Nothing: see `permissions.log_in.notices`."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This passkey was not recognised. Try again, or take another way."),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The portal's own host name, whatever name it was asked by: passkeys belong to it."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict:
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user), "name": user.email}

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Nothing: see `permissions.log_in.notices`."""


class IdentityAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin) -> None:
        """Never: an e-identity opens the user who connected it."""

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        identities.settle(request, sociallogin)

    def on_authentication_error(
        self, request: HttpRequest, provider, error=None, exception=None, extra_context=None
    ) -> None:
        raise ImmediateHttpResponse(identities.failed(request, provider, error=error, exception=exception))

    def list_apps(self, request: HttpRequest, provider=None, client_id=None) -> list:
        """Providers stand in the settings only."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_provider(self, request: HttpRequest, provider, client_id=None) -> identities.IdentityProvider:
        return identities.IdentityProvider(request, app=self.get_app(request, provider, client_id=client_id))

    def serialize_instance(self, instance):
        """Of a person only who it is: the session that waits for the second factor needs no more."""
        return {"id": instance.pk} if isinstance(instance, User) else super().serialize_instance(instance)

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Nothing: see `permissions.log_in.notices`."""
