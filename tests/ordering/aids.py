"""A configurable hearing aid and patients for it."""

from oscar.core.loading import get_model

from permissions.models import Clinic, User
from shop.configuration.models import ClassOrdering
from shop.patients.labels import label_for
from shop.patients.models import PatientLabel
from tests.factories import make_product

AttributeOption = get_model("catalogue", "AttributeOption")
AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Option = get_model("catalogue", "Option")
ProductClass = get_model("catalogue", "ProductClass")


def make_aid(title: str = "Hearing aid", *, price: str = "4000", patient: str = "optional"):
    """A hearing aid with a side and a colour (beige, silver, black), both required."""
    product = make_product(title, price=price, stock=None)
    product.product_class, created = ProductClass.objects.get_or_create(name="Hearing aid", slug="hearing-aid")
    product.save()
    if created:
        make_option(product.product_class, "side", "left", "right")
        make_option(product.product_class, "colour", "beige", "silver", "black")
        ClassOrdering.objects.create(product_class=product.product_class, patient=patient)
    return product


def make_option(product_class, code: str, *values: str, required: bool = True):
    """A select with values that are their own codes."""
    group = AttributeOptionGroup.objects.create(name=code, code=code)
    for value in values:
        AttributeOption.objects.create(group=group, option=value.title(), code=value)
    option = Option.objects.create(name=code.title(), code=code, type="select", required=required, option_group=group)
    product_class.options.add(option)
    return option


def make_patient(user: User, clinic: Clinic, text: str) -> PatientLabel:
    label = label_for(user=user, clinic=clinic, text=text)
    assert label is not None
    return label
