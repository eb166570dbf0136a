"""One of everything that is configured, for the walk over all addresses."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from oscar.core.loading import get_model

from shop.configuration import scans
from shop.configuration.models import ClassOrdering, RetiredProduct
from tests.configuration.shelf import ask, rule
from tests.factories import make_product
from tests.people import People

ProductClass = get_model("catalogue", "ProductClass")
STL = bytes(80) + b"\1\0\0\0" + bytes(50)


def make_configured(people: People) -> dict[str, Any]:
    product, old = make_product("Aid"), make_product("Former aid")
    product.product_class = ProductClass.objects.create(name="Aid", slug="aid")
    product.save()
    ask(product.product_class, "shade", ["shade-beige", "shade-silver"])
    ask(product.product_class, "wire", ["wire-short", "wire-long"], required=False)
    ClassOrdering.objects.create(product_class=product.product_class, patient="optional", takes_ear_scan=True)
    upload = SimpleUploadedFile("scan.stl", STL)
    return {
        "aid": product,
        "shade": product.product_class.options.get(code="shade"),
        "rule": rule(product.product_class, "shade", "shade-silver", "excludes", "wire", "wire-long"),
        "retired_product": RetiredProduct.objects.create(product=old, successor=product),
        "ear_scan": scans.store(upload, clinic=people.north, user=people.petra),
    }


def forms(objects: Any) -> dict[str, dict[str, Any]]:
    """What a browser sends, by the name of the address."""
    made = objects.rule
    return {
        "configuration:configure": {"quantity": 1, "one-option-shade": "shade-beige"},
        "dashboard:configuration-rule-add": {
            "option": made.option_id,
            "value": made.value_id,
            "effect": "excludes",
            "target_option": made.target_option_id,
        },
        "dashboard:configuration-rule": {
            "option": made.option_id,
            "value": made.value_id,
            "effect": "requires",
            "target_option": made.target_option_id,
        },
        "dashboard:configuration-class": {"patient": "required"},
        "dashboard:configuration-value": {"text_sv": "Färg"},
        "dashboard:configuration-option": {"text_sv": "Färg"},
        "dashboard:configuration-products": {
            "product": objects.retired_product.product.upc,
            "successor": objects.product.upc,
        },
    }


def keys(objects: Any) -> dict[str, dict[str, Any]]:
    """What fills the addresses, by the beginning of their name."""
    product_class = objects.aid.product_class.pk
    return {
        "configuration:configure": {"pk": objects.aid.pk},
        "configuration:scan": {"pk": objects.ear_scan.pk},
        "dashboard:configuration-rule": {"pk": objects.rule.pk, "class_pk": product_class},
        "dashboard:configuration-class": {"pk": product_class},
        "dashboard:configuration-value": {"pk": objects.rule.value_id},
        "dashboard:configuration-option": {"pk": objects.shade.pk},
        "dashboard:configuration-product": {"pk": objects.retired_product.pk},
    }
