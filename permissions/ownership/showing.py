"""What the page of the account shows, to its owner and to its other main users."""

from django.db.models import Prefetch

from permissions.access import clinic_ids
from permissions.models import Account, Clinic, Membership, User
from permissions.naming import by_name
from permissions.ownership import transfers
from permissions.ownership.forms import SettingsForm
from permissions.roles import ClinicPermission, Role


def account_facts(account: Account, viewer: User) -> dict[str, object]:
    """Of the clinics where the viewer is main user: a colleague's other clinics stay theirs."""
    is_owner = account.owner_id == viewer.pk
    mine = clinic_ids(viewer, ClinicPermission.MANAGE_CLINIC)
    facts: dict[str, object] = {
        "account": account,
        "is_owner": is_owner,
        "clinics": Clinic.objects.filter(account=account, pk__in=mine)
        .order_by("name", "customer_number")
        .prefetch_related(_main_users()),
    }
    if is_owner:
        facts["form"] = SettingsForm(instance=account)
        facts["offer"] = transfers.open_offer(account)
        facts["has_candidates"] = transfers.candidates(account).exists()
    return facts


def _main_users() -> Prefetch:
    active = Membership.objects.filter(role=Role.MAIN_USER, is_active=True, user__is_active=True)
    named = active.select_related("user").order_by(*by_name("user__"))
    return Prefetch("memberships", queryset=named, to_attr="main_users")
