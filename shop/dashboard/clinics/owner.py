"""Back office: who owns an account, for one that has no owner or whose owner is gone."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from permissions.access import person_of
from permissions.models import Account, User
from permissions.ownership import transfers
from permissions.ownership.transfers import OwnershipUnchanged

PAGE = "oscar/dashboard/clinics/owner.html"
LONGEST = 500
PLAIN = {"class": "form-control"}


class PersonField(forms.ModelChoiceField):
    """Two people may have one name."""

    def label_from_instance(self, person: User) -> str:
        return f"{person}, {person.email}"


class OwnerForm(forms.Form):
    person = PersonField(
        User.objects.none(),
        label=gettext_lazy("New owner"),
        empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy("Becomes main user of all the account's clinics."),
        widget=forms.Select(attrs=PLAIN),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST,
        help_text=gettext_lazy("Who asked for it, and how you know it was them. The account owner reads it."),
        widget=forms.Textarea(attrs={**PLAIN, "rows": 3}),
    )

    def __init__(self, *args, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = transfers.candidates(account)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["permissions.view_account", "permissions.change_account"], raise_exception=True)
def account_owner(request: HttpRequest, pk: UUID) -> HttpResponse:
    account = get_object_or_404(Account.objects.select_related("owner"), pk=pk)
    form = OwnerForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        return _set(request, account, form.cleaned_data)
    context = {
        "form": form,
        "account": account,
        "offer": transfers.open_offer(account),
        "has_candidates": transfers.candidates(account).exists(),
        "title": account.name,
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _set(request: HttpRequest, account: Account, wanted: dict) -> HttpResponse:
    person = wanted["person"]
    try:
        transfers.set_owner(account=account, person=person, by=person_of(request), reason=wanted["reason"])
    except OwnershipUnchanged as refused:
        messages.error(request, str(refused))
    else:
        words = {"person": person, "account": account}
        messages.success(request, _("%(person)s is the owner of %(account)s from now on.") % words)
    return redirect("dashboard:account-owner", pk=account.pk)
