"""B3: approving sends the order, so that it is never on without ordering, whoever switches it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from permissions.agreement import find_disagreements
from permissions.models import AccessEvent, ClinicUserPermission, Invitation, Membership
from permissions.roles import Function, Role, switched_on
from permissions.services import membership_grant
from permissions.users import invitations
from tests.requests.requesting import clerk
from tests.users.inviting import access_form, browser_of, form_for, invite
from tests.users.test_changing import membership, page_of

USELESS = [Function.APPROVING, Function.ORDER_HISTORY]
TEXT = "“Approving” needs “Ordering”: switch that on too."


def test_it_is_on_beside_ordering_alone():
    assert switched_on(Role.PURCHASER, USELESS) == ["order_history"]
    assert switched_on(Role.PURCHASER, [*USELESS, Function.ORDERING]) == ["ordering", "approving", "order_history"]
    assert switched_on(Role.ASSISTANT, Function) == ["ordering", "order_history", "finances", "service", "patients"]


def test_the_form_says_so_at_the_switches(people, olga):
    for path, form in (
        (page_of(people.petra, people.north), access_form(Role.PURCHASER, USELESS)),
        ("/users/new/", form_for([people.north], functions_purchaser=USELESS)),
    ):
        response = olga.post(path, form)
        assert (response.status_code, TEXT in response.content.decode()) == (422, True)
    assert Function.ORDERING in membership(people.petra, people.north).functions


def test_customer_service_reads_it_too(people):
    browser = browser_of(clerk(people.stella))
    path = f"/backoffice/people/{people.petra.public_id}/clinics/{people.north.pk}/"
    response = browser.post(path, access_form(Role.PURCHASER, USELESS))
    assert (response.status_code, TEXT in response.content.decode()) == (422, True)


def test_whatever_is_asked_for_it_is_not_given_alone(people):
    row = membership_grant(
        user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=USELESS, confirmed=True
    )
    assert (row.functions, row.permissions) == (["order_history"], {"view_orders"})
    invitation = invite(people.olga, [people.north], functions=USELESS)
    assert invitation.functions == ["order_history"]
    words = {"details": {}, "clinics": [people.north], "role": Role.PURCHASER, "functions": USELESS}
    assert invitations.change(actor=people.olga, pk=invitation.pk, **words).functions == ["order_history"]


def test_the_database_refuses_it(people):
    invite(people.olga, [people.north])
    for model in (Membership, Invitation):
        with pytest.raises(IntegrityError, match="approving_needs_ordering"), transaction.atomic():
            model.objects.update(functions=["approving"])


def test_where_it_was_on_alone_it_went_off_with_its_rights(people):
    """What the migration did, with rows from before the constraints."""
    invitation = invite(people.olga, [people.north])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for kind in ("membership", "invitation"):
            table, name = f"permissions_{kind}", f"{kind}_approving_needs_ordering"
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    Invitation.objects.update(functions=USELESS)
    Membership.objects.filter(user=people.petra).update(functions=USELESS)
    held = ClinicUserPermission.objects.filter(user=people.petra)
    held.exclude(permission__codename__in=["approve_order", "view_orders"]).delete()
    import_module("permissions.migrations.0005_approving_needs_ordering").switch_off(apps, None)
    invitation.refresh_from_db()
    assert invitation.functions == membership(people.petra, people.north).functions == ["order_history"]
    assert list(held.values_list("permission__codename", flat=True)) == ["view_orders"]
    assert not list(find_disagreements())
    event = AccessEvent.objects.filter(person=people.petra)[0]
    assert (event.action, event.actor, event.clinic) == ("change", None, people.north)
    assert (event.before["functions"], event.after["functions"]) == (USELESS, ["order_history"])
