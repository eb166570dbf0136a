"""Back office: what people ask for, what is known of them already, and the decision."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permissions.access import person_of
from permissions.models import AccountRequest
from permissions.models.requests import RequestState
from permissions.requests.inviting import invitation_of
from permissions.users.invitations import expires, is_open
from permissions.users.problems import NotDone
from shop.dashboard.requests import deciding
from shop.dashboard.requests.duplicates import duplicates_of
from shop.dashboard.requests.forms import CloseForm, DeclineForm, EmailForm, FilterForm, SearchForm
from shop.dashboard.requests.marking import marks_of
from shop.dashboard.requests.queue import counts, queue
from shop.dashboard.requests.suggesting import forms_for

FOLDER = "oscar/dashboard/requests"
PER_PAGE = 25
QUERY = "request_query"
either = require_http_methods(["GET", "HEAD", "POST"])
may_look = permission_required(deciding.LOOK, raise_exception=True)
may_decline = permission_required(deciding.DECLINE, raise_exception=True)
may_approve = permission_required(deciding.APPROVE, raise_exception=True)


@either
@may_look
@sensitive_post_parameters()
def request_list(request: HttpRequest) -> HttpResponse:
    """A search is posted and kept in the session, so that the addresses of further pages name nobody."""
    typed = request.session.get(QUERY, "")
    form = SearchForm(request.POST if request.method == "POST" else {"query": typed})
    if request.method == "POST" and form.is_valid():
        request.session[QUERY] = "" if "clear" in request.POST else form.cleaned_data["query"]
        return redirect(request.get_full_path())
    shown = request.GET.get("state")
    state = shown if shown in RequestState.values else RequestState.RECEIVED
    filters = FilterForm(request.GET)
    page = Paginator(queue(state, typed, **filters.chosen), PER_PAGE).get_page(request.GET.get("page"))
    marks = marks_of(list(page.object_list))
    for row in page:
        row.marks = marks[row.pk]
    found = counts(typed, **filters.chosen)
    tabs = [(value, label, found.get(value, 0)) for value, label in RequestState.choices]
    context = {"page_obj": page, "tabs": tabs, "state": state, "q": typed, "form": form, "filters": filters}
    context["may_close"] = state == RequestState.RECEIVED and request.user.has_perms(deciding.DECLINE)
    return render(request, f"{FOLDER}/list.html", context, status=422 if form.errors else 200)


@require_safe
@may_look
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _fetch(pk)
    invitation = invitation_of(row)
    context = {
        "row": row,
        "duplicates": None if row.is_forgotten else duplicates_of(row),
        "invitation": invitation,
        "expires": expires(invitation) if invitation else None,
        "is_open": bool(invitation and is_open(invitation)),
        "email_form": EmailForm(initial={"email": invitation.email}) if invitation else None,
        "events": row.access_events.select_related("actor", "clinic").order_by("at", "pk"),
    }
    return render(request, f"{FOLDER}/detail.html", context)


@either
@may_approve
@sensitive_post_parameters()
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _fetch(pk)
    if row.state != RequestState.RECEIVED:
        return _decided_already(request, row)
    duplicates = duplicates_of(row)
    form, rows = forms_for(row, duplicates, request.POST if request.method == "POST" else None)
    valid = form.is_bound and all([form.is_valid(), rows.is_valid()])
    if valid and (answer := _approved(request, pk, form, rows)):
        return answer
    context = {"row": row, "form": form, "rows": rows, "duplicates": duplicates}
    return render(request, f"{FOLDER}/approve.html", context, status=422 if form.is_bound else 200)


def _approved(request: HttpRequest, pk: UUID, form, rows) -> HttpResponse | None:
    """None when the form must say why not."""
    try:
        deciding.approve(by=person_of(request), request_id=pk, approval=form.approval(rows.wanted))
    except deciding.AlreadyDecided as decided:
        messages.warning(request, str(decided))
    except NotDone as problem:
        form.add_error(getattr(problem, "field", None), str(problem))
        return None
    else:
        messages.success(request, _("Approved. Who needs to know gets a mail."))
    return redirect("dashboard:request", pk=pk)


@either
@may_decline
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _fetch(pk)
    if row.state != RequestState.RECEIVED:
        return _decided_already(request, row)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            deciding.decline(by=person_of(request), request_id=pk, reason=form.cleaned_data["reason"])
        except deciding.NotDecided as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(request, _("Declined. The requester gets a mail with the reason."))
        return redirect("dashboard:request", pk=pk)
    return render(request, f"{FOLDER}/decline.html", {"row": row, "form": form}, status=422 if form.errors else 200)


@require_POST
@may_decline
@sensitive_post_parameters()
def close(request: HttpRequest) -> HttpResponse:
    """Asks why first. Which requests stands in what is posted: a page of the list, or a single one."""
    rows = list(deciding.closable().filter(pk__in=_ids(request.POST.getlist("request"))))
    form = CloseForm(request.POST if "reason" in request.POST else None)
    if not rows:
        messages.info(request, _("Nothing is closed: choose requests for an account that wait."))
        return redirect("dashboard:request-list")
    if form.is_bound and form.is_valid():
        chosen = [row.pk for row in rows]
        count = deciding.close(by=person_of(request), request_ids=chosen, reason=form.cleaned_data["reason"])
        text = ngettext(
            "%(count)s request is closed, without a mail.", "%(count)s requests are closed, without a mail.", count
        )
        messages.success(request, text % {"count": count})
        return redirect("dashboard:request-list")
    return render(request, f"{FOLDER}/close.html", {"rows": rows, "form": form}, status=422 if form.errors else 200)


def _ids(typed: Iterable[str]) -> list[UUID]:
    found = []
    for each in typed:
        with suppress(ValueError):
            found.append(UUID(each))
    return found


@require_POST
@may_decline
@sensitive_post_parameters()
def invite_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    _fetch(pk)
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form["email"].errors))
        return redirect("dashboard:request", pk=pk)
    try:
        sent = deciding.invite_again(by=person_of(request), request_id=pk, email=form.cleaned_data["email"])
    except NotDone as problem:
        messages.error(request, str(problem))
    else:
        if sent:
            messages.success(request, _("The invitation is on its way again, with a new link."))
        else:
            messages.warning(request, _("The invitation was accepted, or its clinics are closed. Nothing was sent."))
    return redirect("dashboard:request", pk=pk)


@require_POST
@may_decline
def withdraw_invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    _fetch(pk)
    if deciding.withdraw_invitation(by=person_of(request), request_id=pk):
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    else:
        messages.warning(request, _("This invitation has been answered or withdrawn. Nothing was changed."))
    return redirect("dashboard:request", pk=pk)


def _decided_already(request: HttpRequest, row: AccountRequest) -> HttpResponse:
    if request.method == "POST":
        messages.warning(request, str(deciding.AlreadyDecided(row)))
    return redirect("dashboard:request", pk=row.pk)


def _fetch(pk: UUID) -> AccountRequest:
    rows = AccountRequest.objects.select_related("account__owner", "clinic", "requested_by", "decided_by")
    return get_object_or_404(rows, pk=pk)
