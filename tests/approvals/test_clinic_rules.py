"""The page where a main user sets the clinic's rules and appoints stand-ins."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from permissions.models import Clinic
from permissions.services import membership_revoke
from shop.approvals.models import StandIn

pytestmark = pytest.mark.django_db
HISTORY = "/users/history/"
PAGE = "/clinics/rules/"


def as_user(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def olga(people):
    client = as_user(people.olga)
    client.post("/clinics/switch/", {"clinic": people.north.pk})
    return client


def rules(people, **changes) -> dict:
    typed = {
        "clinic": people.north.pk,
        "patient_policy": "reference",
        "approval_limit": "",
        "approval_reminder_hours": "24",
        "approval_escalation_hours": "72",
    }
    return {**typed, **changes}


def north(people) -> Clinic:
    return Clinic.objects.get(pk=people.north.pk)


def days(first: int, last: int) -> dict:
    today = timezone.localdate()
    return {"first_day": today + timedelta(first), "last_day": today + timedelta(last)}


def test_only_main_users_open_and_send_it(people):
    for user in (people.petra, people.asta):
        assert as_user(user).get(PAGE).status_code == 403
        assert as_user(user).post(PAGE, rules(people, approval_limit="5")).status_code == 403
        assert as_user(user).post(PAGE + "stand-ins/", {}).status_code == 403
    assert north(people).approval_limit is None


def test_the_person_menu_leads_there_for_who_may(people, olga):
    assert PAGE in olga.get("/orders/").content.decode()
    assert PAGE not in as_user(people.petra).get("/orders/").content.decode()


@pytest.mark.parametrize("typed", ["2500", "2 500,50", "2500.50"])
def test_a_limit_is_typed_as_people_write_it(people, typed):
    people.olga.language = "sv" if "," in typed else "en"
    people.olga.save()
    client = as_user(people.olga)
    client.post("/clinics/switch/", {"clinic": people.north.pk})
    assert client.post(PAGE, rules(people, approval_limit=typed))["Location"] == PAGE
    assert north(people).approval_limit in (2500, 2500.5)


def test_what_was_saved_is_shown_again_and_saves_as_the_same(people):
    Clinic.objects.filter(pk=people.north.pk).update(approval_limit="12500.50")
    for language in ("sv", "nb", "da", "en"):
        people.olga.language = language
        people.olga.save()
        client = as_user(people.olga)
        shown = client.get(PAGE).context["form"]["approval_limit"].value()
        text = client.get(PAGE).context["form"]["approval_limit"].field.widget.format_value(shown)
        client.post(PAGE, rules(people, approval_limit=text))
        assert str(north(people).approval_limit) == "12500.50", language


def test_names_are_turned_on_only_on_purpose(people, olga):
    refused = olga.post(PAGE, rules(people, patient_policy="name"))
    assert refused.status_code == 422
    assert b"Tick this" in refused.content
    assert north(people).patient_policy == "reference"
    olga.post(PAGE, rules(people, patient_policy="name", names_understood="on"))
    assert north(people).patient_policy == "name"
    olga.post(PAGE, rules(people, patient_policy="name", approval_limit="7"))
    assert north(people).approval_limit == 7


def test_a_change_is_logged_with_who_and_what(people, olga):
    olga.post(PAGE, rules(people, approval_limit="900"))
    entry = ModelLogEntry.objects.get(action="clinic.rules")
    assert entry.user == people.olga
    assert entry.data == {"before": {"approval_limit": "None"}, "after": {"approval_limit": "900"}}
    olga.post(PAGE, rules(people, approval_limit="900"))
    assert ModelLogEntry.objects.filter(action="clinic.rules").count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"approval_limit": "-1"},
        {"approval_limit": "a lot"},
        {"approval_reminder_hours": "0"},
        {"approval_reminder_hours": "72"},
        {"approval_escalation_hours": "721"},
        {"approval_escalation_hours": ""},
        {"patient_policy": "number"},
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_saved(people, olga, typed):
    answer = olga.post(PAGE, rules(people, **typed))
    assert answer.status_code == 422
    assert b"error-summary" in answer.content
    clinic = north(people)
    assert (clinic.approval_limit, clinic.approval_reminder_hours, clinic.patient_policy) == (None, 24, "reference")


def test_a_page_opened_for_another_clinic_changes_neither(people, olga):
    olga.post(PAGE, rules(people, clinic=people.south.pk, approval_limit="5"))
    assert not Clinic.objects.filter(approval_limit=5).exists()


class TestStandIns:
    def post(self, client, people, **typed):
        return client.post(PAGE + "stand-ins/", {"clinic": people.north.pk, **days(0, 5), **typed})

    def test_one_is_appointed_and_removed(self, people, olga):
        self.post(olga, people, absent=people.olga.pk, person=people.petra.pk)
        stand_in = StandIn.objects.get()
        assert (stand_in.clinic, stand_in.absent, stand_in.person) == (people.north, people.olga, people.petra)
        assert "Petra Testsson" in olga.get(PAGE).content.decode()
        olga.post(f"{PAGE}stand-ins/{stand_in.pk}/remove/")
        assert not StandIn.objects.exists()
        assert ModelLogEntry.objects.filter(action="clinic.stand_in").count() == 2

    @pytest.mark.parametrize(
        ("absent", "person", "first", "last"),
        [
            ("olga", "asta", 0, 5),  # does not approve
            ("asta", "petra", 0, 5),
            ("olga", "olga", 0, 5),
            ("olga", "otto", 0, 5),  # of another account
            ("olga", "petra", 5, 0),
            ("olga", "petra", -5, -1),
        ],
    )
    def test_none_but_approvers_for_days_that_come(self, people, olga, absent, person, first, last):
        typed = {"absent": getattr(people, absent).pk, "person": getattr(people, person).pk, **days(first, last)}
        assert self.post(olga, people, **typed).status_code == 422
        assert not StandIn.objects.exists()

    def test_not_twice_for_the_same_days(self, people, olga):
        who = {"absent": people.olga.pk, "person": people.petra.pk}
        self.post(olga, people, **who)
        assert self.post(olga, people, **{**who, **days(5, 9)}).status_code == 422
        assert self.post(olga, people, **{**who, **days(6, 9)}).status_code == 302
        assert StandIn.objects.count() == 2

    def test_another_clinics_is_not_removed(self, people, olga):
        other = StandIn.objects.create(clinic=people.south, absent=people.olga, person=people.petra, **days(0, 1))
        assert olga.post(f"{PAGE}stand-ins/{other.pk}/remove/").status_code == 404
        assert as_user(people.otto).post(f"{PAGE}stand-ins/{other.pk}/remove/").status_code == 404

    def test_with_nobody_else_the_page_says_why(self, people, olga):
        membership_revoke(user=people.petra, clinic=people.north)
        assert "nobody can stand in" in olga.get(PAGE).content.decode()


def test_a_clinic_whose_orders_nobody_can_approve_is_told(people, olga):
    rows = people.olga.clinicuserpermission_set.filter(content_object=people.north)
    rows.filter(permission__codename="approve_order").delete()
    membership_revoke(user=people.petra, clinic=people.north, confirmed=True)
    page = olga.get(PAGE).content.decode()
    assert "Nobody can approve what" in page
    assert "Asta Testsson" in page


# --- The history that people read --------------------------------------------------------------------------------


def read(client: Client) -> list[tuple]:
    """The newest first: who, for whom, where, and what changed."""
    entries = client.get(f"{HISTORY}?action=clinic_rules").context["entries"]
    return [(entry.who, entry.whom, entry.clinic, [str(change) for change in entry.changes]) for entry in entries]


def test_a_changed_rule_is_in_the_history(people, olga):
    olga.post(PAGE, rules(people, approval_limit="900", approval_reminder_hours="12"))
    olga.post(PAGE, rules(people, patient_policy="none", approval_reminder_hours="12"))
    changed, first = read(olga)
    north = ("Olga Testsson", "", "Nordhear North")
    assert (first[:3], changed[:3]) == (north, north)
    limit = "Purchasers need approval above"
    assert first[3] == [f"{limit}: no limit → SEK\xa0900.00", "Hours until a reminder: 24 → 12"]
    policy = "What identifies the patient on an order line: The clinic's own reference → Nothing"
    assert changed[3] == [policy, f"{limit}: SEK\xa0900.00 → no limit"]


def test_a_stand_in_is_in_the_history(people, olga):
    typed = {"clinic": people.north.pk, "absent": people.olga.pk, "person": people.petra.pk, **days(0, 3)}
    olga.post(PAGE + "stand-ins/", typed)
    removal = f"{PAGE}stand-ins/{StandIn.objects.get().pk}/remove/"
    for _twice in range(2):
        olga.post(removal)
    removed, added = read(olga)
    assert added[:3] == removed[:3] == ("Olga Testsson", "Olga Testsson", "Nordhear North")
    assert added[3][0] == removed[3][0] == "Stand-in: Petra Testsson"
