"""The list of people, and adding one. Names and addresses are searched by POST: they stand in no address."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from permissions.access import person_of
from permissions.enumeration import in_a_sentence
from permissions.models import Clinic, User
from permissions.roles import Role
from permissions.users import adding
from permissions.users.directory import SORTS, TABS, Directory
from permissions.users.forms import AddForm, query_of
from permissions.users.invitations import expires, is_open
from permissions.users.problems import ConfirmMainUser, NotDone
from permissions.users.reach import for_managers, managed_clinics
from permissions.users.standing import still_given

PER_PAGE = 50
SESSION_KEY = "people_query"
# The address that undoes what was just done: offered once, on the next page.
GIVE_BACK_KEY = "give_back_url"


@sensitive_post_parameters("query")
@for_managers
def people_list(request: HttpRequest) -> HttpResponse:
    clinics = managed_clinics(request)
    clinic = next((each for each in clinics if str(each.pk) == request.GET.get("clinic")), None)
    tab, sort = _one_of(TABS, request.GET.get("tab", "")), _one_of(SORTS, request.GET.get("sort", ""))
    address = {"tab": tab, "sort": sort, **({"clinic": str(clinic.pk)} if clinic else {})}
    if request.method == "POST":
        return _search(request, address)
    directory = Directory(person_of(request), clinic, request.session.get(SESSION_KEY, ""))
    page = Paginator(directory.listed(tab, sort), PER_PAGE).get_page(request.GET.get("page"))
    counts = directory.counts()
    context = {
        **address,
        "clinics": clinics,
        "chosen_clinic": clinic,
        "tabs": [(key, words, counts[key], _address(address, tab=key)) for key, words in TABS.items()],
        "sorts": SORTS.items() if tab == "active" else list(SORTS.items())[:2],
        "query": directory.query,
        "give_back_url": request.session.pop(GIVE_BACK_KEY, ""),
        "page_obj": page,
        "rows": _invitations(page) if tab == "invited" else directory.rows_of(page),
        "found_elsewhere": [(TABS[key], _address(address, tab=key)) for key in TABS if key != tab and counts[key]],
    }
    return render(request, "permissions/users/list.html", context)


def _one_of(known: Collection[str], asked: str) -> str:
    return asked if asked in known else next(iter(known))


def _address(parts: dict, **more: str) -> str:
    return f"{reverse('users:list')}?{urlencode({**parts, **more})}"


def _search(request: HttpRequest, address: dict) -> HttpResponse:
    """Kept in the session, so that the other pages of what was found are plain links."""
    request.session[SESSION_KEY] = "" if "clear" in request.POST else query_of(request.POST)
    return redirect(_address(address))


def _invitations(page) -> list[dict]:
    given = still_given(page)
    return [
        {
            "invitation": invitation,
            "role": Role(invitation.role).label,
            "clinics": in_a_sentence(clinic.name for clinic in invitation.shown_clinics),
            "expires": expires(invitation),
            "is_open": is_open(invitation),
            "is_void": invitation.pk not in given,
        }
        for invitation in page
    ]


@sensitive_post_parameters("email", "first_name", "last_name", "phone_number")
@for_managers
def add_person(request: HttpRequest) -> HttpResponse:
    form = _add_form(request)
    if request.method != "POST":
        return render(request, "permissions/users/add.html", {"form": form})
    if form.is_valid() and not went_back(request):
        try:
            return _added(request, form, _add(request, form))
        except ConfirmMainUser:
            who = f"{form.cleaned_data['first_name']} {form.cleaned_data['last_name']}"
            return ask_about_main_user(request, form, who, form.cleaned_data["clinics"])
        except NotDone as problem:
            form.add_error(None, str(problem))
    return render(request, "permissions/users/add.html", {"form": form}, status=422 if form.errors else 200)


def _add_form(request: HttpRequest) -> AddForm:
    clinics = managed_clinics(request)
    reach = {clinic.pk: request.access.permissions[clinic.pk] for clinic in clinics}
    here = request.clinic if request.clinic in clinics else clinics[0]
    market = here.market
    initial = {"language": market.language, "clinics": [str(here.pk)] if len(clinics) == 1 else []}
    return AddForm(request.POST or None, offered=clinics, reach=reach, country=market.country, initial=initial)


def _add(request: HttpRequest, form: AddForm):
    return adding.add(
        actor=person_of(request),
        details=adding.Details(**form.details()),
        clinics=form.cleaned_data["clinics"],
        role=form.cleaned_data["role"],
        functions=form.functions,
        at_once=form.cleaned_data["status"] == "active",
        confirmed="confirmed" in request.POST,
    )


def _added(request: HttpRequest, form: AddForm, added: object) -> HttpResponse:
    at_once = form.cleaned_data["status"] == "active"
    request.session.pop(SESSION_KEY, None)  # or the list would hide who was just added
    if isinstance(added, User):
        text = _("%(person)s has access now, with the role they have already, and is told by mail.")
        prepared = _("%(person)s is prepared, with the role they have already. Set them active when it is time.")
        messages.success(request, (text if at_once else prepared) % {"person": added})
        return redirect("users:person", person=added.public_id)
    text = _("%(person)s gets a mail that says how to go on. Who already has a role keeps it.")
    prepared = _("%(person)s is prepared. Nothing is mailed before you send the invitation.")
    messages.success(request, (text if at_once else prepared) % {"person": added})
    return redirect(_address({"tab": "invited"}))


def went_back(request: HttpRequest) -> bool:
    """From a question: the form is shown as it was filled in."""
    return "back" in request.POST


def ask_about_main_user(request: HttpRequest, form, who: str, clinics: list[Clinic]) -> HttpResponse:
    """Before somebody becomes main user: what that means, and the whole form once more."""
    words = {"person": who, "clinics": in_a_sentence(clinic.name for clinic in clinics)}
    context = {
        "form": form,
        "title": _("Make %(person)s main user?") % words,
        "text": _(
            "A main user of %(clinics)s does everything there: orders, approves, sees balance and invoices, "
            "and gives and takes access, also yours."
        )
        % words,
        "button": _("Make main user"),
    }
    return render(request, "permissions/users/confirm.html", context)
