"""What every page knows. Lazy: a page that shows no basket count pays no query for it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from permissions import switching
from permissions.access import person_of
from permissions.roles import ClinicPermission
from shop.approvals.queues import approves_somewhere, waiting_for
from shop.basket.models import Basket
from shop.basket.overview import count_open


class Portal:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.clinic = getattr(request, "clinic", None)
        self.is_customer = self.clinic is not None
        self.support = settings.SUPPORT

    @property
    def clinic_count(self) -> int:
        return len(self.request.access.permissions) if self.is_customer else 0

    @property
    def has_more_clinics(self) -> bool:
        """Than the menu shows."""
        return self.is_customer and switching.has_more(self.request)

    @cached_property
    def clinics(self) -> list:
        """Those that the menu shows."""
        return switching.in_menu(self.request) if self.is_customer else []

    @cached_property
    def basket_count(self) -> int:
        return Basket.objects.count_lines(self.request.user, self.clinic) if self.is_customer else 0

    @cached_property
    def open_basket_count(self) -> int:
        return count_open(self.clinic) if self.clinic else 0

    @cached_property
    def approval_count(self) -> int:
        """How many baskets wait for this person, at all their clinics. Nobody else pays a query for it."""
        if not self.is_customer or not approves_somewhere(self.request.access):
            return 0
        return waiting_for(person_of(self.request)).count()

    @cached_property
    def can(self) -> dict[str, bool]:
        if not self.is_customer:
            return {}
        return {p.value: self.request.access.can(p, self.clinic) for p in ClinicPermission}

    @cached_property
    def role(self) -> str:
        """The person's role at the current clinic, in words."""
        if not self.is_customer:
            return ""
        membership = self.request.user.memberships.filter(clinic=self.clinic, is_active=True).first()
        return membership.get_role_display() if membership else ""

    @property
    def has_back_office(self) -> bool:
        return self.request.user.is_staff

    @property
    def has_cms(self) -> bool:
        return self.request.user.has_perm("wagtailadmin.access_admin")


def portal(request: HttpRequest) -> dict:
    return {"portal": SimpleLazyObject(lambda: Portal(request))}


def csp_nonce(request: HttpRequest) -> dict:
    """Under the name that django-htmx looks for."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
