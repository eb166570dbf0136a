"""A configurable hearing aid and patients for it."""

from oscar.core.loading import get_model

from permissions.models import Clinic, User
from shop.configuration.models import ClassOrdering
from shop.patients.labels import label_for
from shop.patients.models import PatientLabel
from tests.configuration.shelf import ask
from tests.factories import make_product

ProductClass = get_model("catalogue", "ProductClass")


def make_aid(title: str = "Hearing aid", *, price: str = "4000", patient: str = "optional"):
    """A hearing aid with a side and a colour (beige, silver, black), both required."""
    product = make_product(title, price=price, stock=None)
    product.product_class, created = ProductClass.objects.get_or_create(name="Hearing aid", slug="hearing-aid")
    product.save()
    if created:
        ask(product.product_class, "side", ["left", "right"], kind="select")
        ask(product.product_class, "colour", ["beige", "silver", "black"], kind="select")
        ClassOrdering.objects.create(product_class=product.product_class, patient=patient)
    return product


def make_patient(user: User, clinic: Clinic, text: str) -> PatientLabel:
    label = label_for(user=user, clinic=clinic, text=text)
    assert label is not None
    return label
