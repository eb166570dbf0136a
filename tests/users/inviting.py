"""What the tests of users share: the forms as a browser sends them, and the link of the last mail."""

import re

from django.core import mail
from django.test import Client

from permissions.models import Clinic, Invitation, User
from permissions.roles import ROLE_FUNCTIONS, Role
from permissions.users import adding
from permissions.users.mail import token_of

NEW_PASSWORD = "nine green herons"


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_for(clinics: list[Clinic], *, email: str = "nora@example.com", role: str = Role.PURCHASER, **more) -> dict:
    return {
        "email": email,
        "first_name": "Nora",
        "last_name": "Ny",
        "phone_number": "",
        "language": "en",
        "clinics": [str(clinic.pk) for clinic in clinics],
        "status": "active",
        **access_form(role),
        **more,
    }


def access_form(role: str, functions: list[str] | None = None) -> dict:
    wanted = sorted(ROLE_FUNCTIONS[role]) if functions is None else functions
    return {"role": role, f"functions_{role}": [str(each) for each in wanted]}


def invite(actor: User, clinics: list[Clinic], *, email: str = "nora@example.com", role: str = Role.PURCHASER, **more):
    details = adding.Details(email=email, first_name="Nora", last_name="Ny", language="en")
    functions = more.pop("functions", sorted(ROLE_FUNCTIONS[Role(role)]))
    return adding.add(actor=actor, details=details, clinics=clinics, role=role, functions=functions, **more)


def link_of(invitation: Invitation) -> str:
    return f"/invitations/{token_of(Invitation.objects.get(pk=invitation.pk))}/"


def mailed_link() -> str:
    """In the newest mail."""
    return re.search(r"https?://[^/\s]+(/invitations/\S+/)", mail.outbox[-1].body)[1]


def choose_password(client: Client, path: str, **more):
    fields = {"first_name": "Nora", "last_name": "Ny", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return client.post(path, {**fields, **more})
