"""A clinic that writes patients' names, and a hearing aid that is ordered for one."""

import pytest

from permissions.models import Clinic, ClinicUserPermission, PatientPolicy
from shop.basket import filling
from shop.basket.filling import Choice
from shop.catalogue.models import Option, Product
from shop.configuration.models import ClassOrdering
from shop.patients import labels
from tests.factories import make_product, ready_to_confirm


@pytest.fixture
def north(people) -> Clinic:
    """Its main user turned names on."""
    Clinic.objects.filter(pk__in=[people.north.pk, people.south.pk]).update(patient_policy=PatientPolicy.NAME)
    for clinic in (people.north, people.south):
        clinic.refresh_from_db()
    return people.north


@pytest.fixture
def aid(people) -> Product:
    product = make_product("Hearing aid", price="4000", stock=1000)
    remarks = Option.objects.create(name="Remarks", code="remarks", type="text", required=False)
    product.product_class.options.add(remarks)
    ClassOrdering.objects.create(product_class=product.product_class, patient=ClassOrdering.Patient.OPTIONAL)
    return product


@pytest.fixture
def take_patients_from():
    """No role is without the right to see patients; guardian's rows, which are what counts, can be."""

    def take(user, clinic: Clinic) -> None:
        rows = ClinicUserPermission.objects.filter(user=user, content_object=clinic)
        rows.filter(permission__codename="view_patients").delete()

    return take


@pytest.fixture
def ordered_for(people, north, aid):
    """Puts the aid into a person's basket, for a patient; ready to be sent."""

    def order(text: str, user=None):
        user = user or people.petra
        label = labels.label_for(user=user, clinic=north, text=text)
        filling.add(user=user, clinic=north, product=aid, quantity=1, choice=Choice(patient=label))
        return ready_to_confirm(user, north)

    return order
