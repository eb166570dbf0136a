"""How django-allauth behaves here: it asks for the second factor and lists sessions; it signs nobody up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        # After the second factor the user comes from the session, without the backend that knew the password.
        user.backend = "django.contrib.auth.backends.ModelBackend"
        super().login(request, user)


class SecondFactorAdapter(DefaultMFAAdapter):
    pass


class IdentityAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        return False
