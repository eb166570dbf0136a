"""G5: the history of access, for the account's people and for staff, in words."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.events import record
from permissions.history import listing
from permissions.history.filters import HistoryFilter, HistoryOfAll
from permissions.history.values import WORDS
from permissions.history.wording import changes_of, entry_of, names_in
from permissions.models import AccessEvent
from permissions.models.events import AccessAction
from permissions.requests.first_owner import make_first_owner
from permissions.roles import Function, Role
from permissions.services import block, membership_grant, set_inactive
from tests.factories import ClinicFactory, UserFactory

PAGE = "/users/history/"
STAFF = "/backoffice/access/"


def whats(response) -> list[tuple[str, str]]:
    return [(entry.what, entry.whom) for entry in response.context["entries"]]


class TestWords:
    def test_of_a_role_given(self, people):
        event = AccessEvent.objects.filter(person=people.asta).latest("pk")
        words = [str(change) for change in changes_of(event)]
        assert words == ["Role: Assistant", "Functions: Ordering, Order history, Patients"]

    def test_of_switches(self, people):
        on = [Function.ORDERING, Function.FINANCES]
        membership_grant(
            user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on, granted_by=people.olga
        )
        words = [str(change) for change in changes_of(AccessEvent.objects.latest("pk"))]
        off = "Switched off: Approving, Order history, Warranties and service, Patients"
        assert words == ["Switched on: Balance and invoices", off]

    def test_of_a_new_role(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
        words = [str(change) for change in changes_of(AccessEvent.objects.latest("pk"))]
        assert words[0] == "Role: Purchaser → Assistant"

    @pytest.mark.parametrize(
        "value", [True, None, 7, "text", ["a", "b"], {"a": 1}, [{"x": [1, None]}], "", [], {"functions": ["ordering"]}]
    )
    def test_whatever_another_part_wrote_is_no_json(self, people, value):
        before, after = {"some_key": "old", "role": value}, {"some_key": value, "functions": value, "is_active": value}
        event = record(AccessAction.SETTINGS, actor=None, account=people.north.account, before=before, after=after)
        text = " ".join(map(str, changes_of(event)))
        assert not set(text) & set("{}[]'\"")
        assert "Some key" in text

    @pytest.mark.parametrize(
        ("after", "words"),
        [
            ({"factor": "totp"}, "Second factor: Authenticator app"),
            ({"factors": ["recovery_codes", "webauthn"]}, "Second factor: Recovery codes, Passkey"),
            ({"kind": "clinic"}, "Kind: New clinic"),
            ({"since": "2026-03-01T12:00:00+00:00"}, "Since: 1 March 2026, 13:00"),
            ({"fields": ["first_name", "phone_number"]}, "Changed fields: First name, Phone"),
            ({"requires_second_factor": True}, "Second factor required: Yes"),
            ({"ended": 2}, "Sessions ended: 2"),
        ],
    )
    def test_of_what_the_other_parts_write(self, people, after, words):
        event = record(AccessAction.SETTINGS, actor=None, account=people.north.account, after=after)
        assert [str(change) for change in changes_of(event)] == [words]

    @pytest.mark.parametrize("value", [True, None, 7, "no date", ["a", ["b"]], [{"x": [1, None]}], {"a": 1}])
    @pytest.mark.parametrize("key", [*WORDS, "owner", "stand_in", "permissions"])
    def test_whatever_stands_under_a_known_key_is_no_fault(self, people, key, value):
        event = record(AccessAction.SETTINGS, actor=None, account=people.north.account, after={key: value})
        assert not set(" ".join(map(str, changes_of(event)))) & set("{}[]'\"")

    def test_ids_of_rows_are_left_out(self, people):
        after = {"look": "0b6d", "clinics": ["1c"], "path": "/orders/"}
        event = record(AccessAction.LOOKED, actor=people.stella, person=people.petra, after=after)
        assert [str(change) for change in changes_of(event)] == ["Page: /orders/"]

    def test_customers_read_customer_service_staff_read_the_name(self, people):
        event = record(AccessAction.GRANT, actor=people.stella, person=people.petra, clinic=people.north)
        assert entry_of(event).who == "Customer service"
        assert entry_of(event, for_staff=True).who == "Stella Testsson"

    def test_who_owned_the_account_before(self, people):
        ids = [str(person.public_id) for person in (people.olga, people.petra)]
        event = record(
            AccessAction.TRANSFER_ACCEPTED,
            actor=people.petra,
            person=people.petra,
            account=people.north.account,
            before={"owner": ids[0]},
            after={"owner": ids[1]},
        )
        assert [str(change) for change in changes_of(event)] == ["Account owner: Olga Testsson → Petra Testsson"]

    def test_people_whose_ids_are_kept_are_fetched_at_once(self, people):
        for person in (people.olga, people.petra, people.asta):
            after = {"owner": str(person.public_id)}
            record(AccessAction.TRANSFER_ACCEPTED, actor=None, account=people.north.account, after=after)
        events = list(AccessEvent.objects.filter(action=AccessAction.TRANSFER_ACCEPTED))
        with CaptureQueriesContext(connection) as queries:
            names = names_in(events)
            found = [str(change) for event in events for change in changes_of(event, names)]
        assert len(queries) == 1
        assert sorted(found) == [f"Account owner: {name} Testsson" for name in ("Asta", "Olga", "Petra")]

    def test_who_became_the_first_owner_is_kept(self, people):
        assert make_first_owner(people.foreign.account, people.otto)
        event = AccessEvent.objects.get(action=AccessAction.TRANSFER_ACCEPTED)
        assert [str(change) for change in changes_of(event)] == ["Account owner: Otto Testsson"]

    def test_an_e_identity_has_the_name_that_people_know(self, people, settings):
        apps = [{"provider_id": "regional-id", "name": "The region's log-in", "client_id": "x", "secret": "x"}]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
        event = record(AccessAction.IDENTITY_ADDED, actor=None, after={"provider": "regional-id"})
        assert [str(change) for change in changes_of(event)] == ["E-identity: The region's log-in"]
        event = record(AccessAction.IDENTITY_REMOVED, actor=None, before={"provider": "of-old"})
        assert [str(change) for change in changes_of(event)] == ["E-identity: of-old"]

    def test_every_action_can_be_asked_for(self):
        assert {action for _name, actions in HistoryOfAll.groups for action in actions} == set(AccessAction)

    def test_but_not_by_customers_what_none_of_them_sees(self):
        assert AccessAction.STAFF not in {action for _name, actions in HistoryFilter.groups for action in actions}


class TestWhoSeesWhat:
    def test_the_managed_clinics_and_the_owned_accounts(self, people):
        people.north.account.owner = people.olga
        people.north.account.save()
        theirs = record(AccessAction.SETTINGS, actor=people.olga, account=people.north.account)
        others = record(AccessAction.SETTINGS, actor=people.otto, account=people.foreign.account)
        record(AccessAction.PASSWORD, actor=people.petra, person=people.petra)
        here, there = {people.north.pk, people.south.pk}, {people.foreign.pk}
        for reader, clinics, also in ((people.olga, here, {theirs}), (people.otto, there, set())):
            found = set(AccessEvent.objects.visible_to(reader))
            assert found == set(AccessEvent.objects.filter(clinic__in=clinics)) | also
            assert others not in found

    def test_an_owner_reads_nothing_of_a_clinic_where_they_manage_no_users(self, people):
        account = people.north.account
        account.owner = people.olga
        account.save()
        closed = ClinicFactory(account=account, is_active=False)
        event = record(AccessAction.CLINIC_ADDED, actor=None, clinic=closed)
        assert event not in AccessEvent.objects.visible_to(people.olga)

    def test_an_owner_who_manages_no_user_any_more_reads_nothing(self, people):
        account = people.north.account
        account.owner = people.petra
        account.save()
        record(AccessAction.SETTINGS, actor=people.olga, account=account)
        assert not AccessEvent.objects.visible_to(people.petra).exists()

    def test_ids_are_asked_for_first_so_that_an_index_is_used(self, people):
        """With sub-queries PostgreSQL reads the history of the whole portal."""
        assert str(AccessEvent.objects.visible_to(people.olga).query).count("SELECT") == 1

    def test_nothing_of_another_account(self, olga, people):
        text = olga.get(PAGE).content.decode()
        assert "Otto" not in text
        assert "Otolab" not in text

    def test_nothing_of_another_account_when_asked_for(self, olga, people):
        for query in (f"?person={people.otto.public_id}", f"?clinic={people.foreign.pk}"):
            text = olga.get(PAGE + query).content.decode()
            assert "Otto" not in text
            assert "Otolab" not in text

    def test_what_the_supplier_did_to_a_person_is_not_the_accounts(self, olga, people):
        block(user=people.petra, by=people.stella, reason="Fraud suspected")
        assert "Fraud" not in olga.get(PAGE).content.decode()

    def test_a_purchaser_with_user_administration_reads_that_clinics(self, client, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=list(Function))
        client.force_login(people.petra)
        places = {entry.clinic for entry in client.get(PAGE).context["entries"]}
        assert places == {"Nordhear North"}

    def test_staff_without_the_right_are_refused(self, client, people):
        client.force_login(people.stella)
        assert client.get(STAFF).status_code == 403
        assert client.get("/backoffice/access.xlsx").status_code == 403
        assert client.post(STAFF, {"query": "olga"}).status_code == 403

    def test_staff_read_all_accounts(self, stella):
        text = stella.get(STAFF).content.decode()
        assert "Nordhear AB" in text
        assert "Otolab AS" in text


class TestFilters:
    def test_by_person(self, olga, people):
        assert whats(olga.get(f"{PAGE}?person={people.asta.public_id}")) == [("Gave a role", "Asta Testsson")]

    def test_by_clinic(self, olga, people):
        places = {entry.clinic for entry in olga.get(f"{PAGE}?clinic={people.south.pk}").context["entries"]}
        assert places == {"Nordhear South"}

    def test_by_action(self, olga, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        assert whats(olga.get(PAGE + "?action=inactivate")) == [("Made inactive", "Asta Testsson")]

    def test_by_days_where_the_clinics_are(self, olga, people, monkeypatch):
        from django.utils import timezone

        late = datetime(2025, 5, 31, 22, 30, tzinfo=UTC)  # the first of June in Stockholm
        monkeypatch.setattr(timezone, "now", lambda: late)
        record(AccessAction.REPAIR, actor=None, person=people.petra, clinic=people.north)
        monkeypatch.undo()
        june = [("Repaired permission rows", "Petra Testsson")]
        assert whats(olga.get(PAGE + "?first_day=2025-06-01&last_day=2025-06-01")) == june
        assert whats(olga.get(PAGE + "?last_day=2025-05-31")) == []

    def test_days_the_wrong_way_round_are_told(self, olga):
        text = olga.get(PAGE + "?first_day=2025-06-02&last_day=2025-06-01").content.decode()
        assert "The last day is before the first." in text

    @pytest.mark.parametrize("query", ["?person=x", "?clinic=x", "?action=x", "?first_day=x", "?page=x"])
    def test_nonsense_in_the_address_is_no_fault(self, olga, query):
        assert olga.get(PAGE + query).status_code == 200
        assert olga.get("/users/history.xlsx" + query).status_code == 200

    def test_a_person_is_found_and_linked_by_a_public_id(self, olga, people):
        page = olga.post(PAGE + "?action=grant", {"query": "ASTA test"})
        assert f"?action=grant&amp;person={people.asta.public_id}" in page.content.decode()

    def test_a_person_of_another_account_is_not_found(self, olga, people):
        page = olga.post(PAGE, {"query": "otto"})
        assert "Nobody in this history" in page.content.decode()
        assert str(people.otto.public_id) not in page.content.decode()

    def test_staff_find_by_account_clinic_and_number(self, stella):
        for where in ("otolab", "Oslo", "20010", "974760673"):
            accounts = {entry.account for entry in stella.get(f"{STAFF}?where={where}").context["entries"]}
            assert accounts == {"Otolab AS"}, where

    def test_paging(self, olga, people):
        for _number in range(60):
            record(AccessAction.REPAIR, actor=None, person=people.petra, clinic=people.north)
        first, second = olga.get(PAGE + "?action=repair"), olga.get(PAGE + "?action=repair&page=2")
        assert (len(first.context["entries"]), len(second.context["entries"])) == (50, 10)

    def test_it_is_listed_so_far_back_only(self, olga, people, monkeypatch):
        monkeypatch.setattr(listing, "MOST_LISTED", 3)
        page = olga.get(PAGE)
        assert len(page.context["entries"]) == 3
        assert "Choose days to see earlier ones" in page.content.decode()

    def test_nothing_fits(self, olga):
        assert "Nothing fits" in olga.get(PAGE + "?action=withdraw").content.decode()


def test_a_name_is_written_as_text(olga, people):
    member = UserFactory(first_name="<script>alert(1)</script>")
    membership_grant(user=member, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
    assert "<script>alert(1)" not in olga.get(PAGE).content.decode()
