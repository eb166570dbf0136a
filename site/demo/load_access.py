"""What has happened to people's access: functions switched, somebody set inactive, invitations, requests, owners."""

from datetime import timedelta

from django.utils import timezone, translation

from demo.load_people import clinics_by_key
from demo.past import ago
from demo.sources import document
from outbox.models import OutgoingMail
from permissions import services
from permissions.impersonation import looks
from permissions.models import AccessEvent, Account, AccountRequest, Clinic, Membership, User
from permissions.ownership import account_settings
from permissions.requests import asking
from permissions.users import adding, changing
from shop.dashboard.requests import deciding

Clinics = dict[str, Clinic]
Entry = dict


def load_access() -> str:
    source, clinics = document("access.yaml"), clinics_by_key()
    last = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for name, email in source["owners"].items():
        Account.objects.filter(name=name).update(owner=_person(email))
    _log_in_lately(source["never_logged_in"])
    for part, play in PARTS.items():
        for entry in source[part]:
            play(entry, clinics)
    # Nobody is written to about what happened before the demo began.
    OutgoingMail.objects.filter(pk__gt=last).delete()
    invitations, requests = len(source["invitations"]), len(source["requests"])
    return f"{AccessEvent.objects.count()} events, {invitations} invitations, {requests} requests"


def _log_in_lately(never: list[str]) -> None:
    """Most within the last week, some longer ago."""
    users = list(User.objects.exclude(email__in=never).order_by("pk"))
    for number, user in enumerate(users):
        user.last_login = timezone.now() - timedelta(hours=3 + 17 * number if number % 4 else 1 + number)
    User.objects.bulk_update(users, ["last_login"])


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _settings(entry: Entry, clinics: Clinics) -> None:
    account = Account.objects.get(name=entry["account"])
    wanted = {name: entry[name] for name in account_settings.FIELDS}
    with ago(days=entry["days"]):
        account_settings.save(account=account, by=account.owner, wanted=wanted)


def _functions(entry: Entry, clinics: Clinics) -> None:
    person, clinic = _person(entry["person"]), clinics[entry["clinic"]]
    role = Membership.objects.get(user=person, clinic=clinic).role
    with ago(days=entry["days"]):
        changing.give(
            actor=_person(entry["by"]),
            person=person,
            clinics=[clinic],
            role=role,
            functions=entry["functions"],
            confirmed=True,
        )


def _details(entry: Entry, clinics: Clinics) -> None:
    values = {name: entry[name] for name in changing.DETAILS if name in entry}
    with ago(days=entry["days"]):
        changing.change_details(actor=_person(entry["by"]), person=_person(entry["person"]), values=values)


def _blocked(entry: Entry, clinics: Clinics) -> None:
    person, by = _person(entry["person"]), _person(entry["by"])
    with ago(days=entry["days"]):
        services.block(user=person, by=by, reason=entry["reason"])
    with ago(days=entry["days"] - entry["for_days"]):
        services.unblock(user=person, by=by, reason=entry["lifted"])


def _inactive(entry: Entry, clinics: Clinics) -> None:
    person = _person(entry["person"])
    with ago(days=entry["days"]) as moment:
        User.objects.filter(pk=person.pk).update(last_login=moment - timedelta(days=1))
        changing.set_inactive(actor=_person(entry["by"]), person=person, clinics=[clinics[entry["clinic"]]])


def _look(entry: Entry, clinics: Clinics) -> None:
    person = _person(entry["person"])
    with ago(days=entry["days"]):
        clinic = looks.clinics_of(person)[0]
        row = looks.begin(staff=_person(entry["by"]), person=person, clinic=clinic, reason=entry["reason"])
        for path in entry["pages"]:
            looks.record_page(looks.Look(row, str(clinic.pk)), path, clinic)
        looks.end(row, looks.WhyEnded.ASKED)


def _invitation(entry: Entry, clinics: Clinics) -> None:
    names = ("email", "first_name", "last_name", "phone_number", "language")
    with ago(hours=entry["hours"]):
        adding.add(
            actor=_person(entry["by"]),
            details=adding.Details(**{name: entry[name] for name in names if name in entry}),
            clinics=[clinics[key] for key in entry["clinics"]],
            role=entry["role"],
            functions=entry["functions"],
        )


def _request(entry: Entry, clinics: Clinics) -> None:
    other = ("hours", "by", "account", "declined", "language")
    row = AccountRequest(**{name: value for name, value in entry.items() if name not in other})
    with ago(hours=entry["hours"]):
        if "by" in entry:
            row.account = Account.objects.get(name=entry["account"])
            asking.ask_for_clinic(row, by=_person(entry["by"]))
        else:
            with translation.override(entry["language"]):
                asking.ask_for_account(row, by=None)
    if answer := entry.get("declined"):
        with ago(hours=answer["hours"]):
            deciding.decline(by=_person(answer["by"]), request_id=row.pk, reason=answer["reason"])


PARTS = {
    "settings": _settings,
    "functions": _functions,
    "details": _details,
    "blocked": _blocked,
    "inactive": _inactive,
    "looks": _look,
    "invitations": _invitation,
    "requests": _request,
}
