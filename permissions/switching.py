"""From one of the person's clinics to another: the menu on every page, the list of all, and the choice."""

from django.db.models import QuerySet
from django.http import HttpRequest

from permissions.models import Clinic, User
from permissions.naming import has_words

SESSION_KEY = "clinic"
RECENT_KEY = "recent_clinics"
MOST_IN_MENU = 20
MOST_RECENT = 8


def choose_clinic(request: HttpRequest, clinic: Clinic) -> None:
    """Work for `clinic` from now on, in this session and in the next."""
    before = [request.session.get(SESSION_KEY), *request.session.get(RECENT_KEY, ())]
    recent = dict.fromkeys([str(clinic.pk), *filter(None, before)])
    request.session[SESSION_KEY], request.session[RECENT_KEY] = str(clinic.pk), list(recent)[:MOST_RECENT]
    User.objects.filter(pk=request.user.pk).update(last_clinic=clinic)


def in_menu(request: HttpRequest) -> list[Clinic]:
    """All of them while they are few, else those worked for in this session: a page costs the same at thousands."""
    access = request.access
    if not has_more(request):
        return access.clinics
    return access.find_all([request.clinic.pk, *request.session.get(RECENT_KEY, ())])


def has_more(request: HttpRequest) -> bool:
    return len(request.access.permissions) > MOST_IN_MENU


def found(user: User, query: str) -> QuerySet[Clinic]:
    """Of all the person's clinics: every word is part of the name or the customer number."""
    clinics = Clinic.objects.visible_to(user).filter(has_words(query, "name", "customer_number"))
    return clinics.select_related("account").order_by("name", "customer_number", "pk")
