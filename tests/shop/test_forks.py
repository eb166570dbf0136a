"""Every fork is really loaded, and its copied migrations are still Oscar's."""

import filecmp
from pathlib import Path

import oscar
import pytest
from django.apps import apps
from django.conf import settings
from oscar.core.loading import get_class, get_model

OSCAR = Path(oscar.__file__).parent / "apps"
SHOP = Path(__file__).resolve().parents[2] / "shop"
FULL_FORKS = [label for label in ("basket", "order") if label not in settings.CLASS_ONLY]


@pytest.mark.parametrize(("stock", "ours"), settings.FORKS.items())
def test_the_config_of_each_fork_is_installed(stock, ours):
    assert ours in settings.INSTALLED_APPS
    assert stock not in settings.INSTALLED_APPS
    module, _dot, name = ours.rpartition(".")
    label = "oscar" if name == "ShopConfig" else name.removesuffix("Config").lower()
    assert type(apps.get_app_config(label)).__module__ == module


@pytest.mark.parametrize(
    ("module", "name", "ours"),
    [
        ("partner.strategy", "Selector", "shop.partner.strategy"),
        ("dashboard.views", "IndexView", "shop.dashboard.views"),
        ("order.processing", "EventHandler", "shop.order.processing"),
    ],
)
def test_the_class_of_each_fork_is_found_by_oscar(module, name, ours):
    assert get_class(module, name).__module__ == ours


@pytest.mark.parametrize(
    ("label", "model", "ours"),
    [
        ("basket", "Basket", "shop.basket.models"),
        ("basket", "Line", "shop.basket.models"),
        ("order", "Order", "shop.order.models"),
        ("catalogue", "Category", "shop.catalogue.models"),
    ],
)
def test_the_model_of_each_fork_is_the_one_in_use(label, model, ours):
    assert get_model(label, model).__module__ == ours


@pytest.mark.parametrize("label", FULL_FORKS)
def test_copied_migrations_are_byte_for_byte_oscars(label):
    theirs = sorted(path.name for path in (OSCAR / label / "migrations").glob("0*.py"))
    _same, different, missing = filecmp.cmpfiles(
        OSCAR / label / "migrations", SHOP / label / "migrations", theirs, shallow=False
    )
    assert (different, missing) == ([], [])


def test_a_folder_with_an_oscar_label_is_a_fork_and_is_listed():
    labels = {path.name for path in OSCAR.iterdir() if path.is_dir()}
    labels.discard("__pycache__")
    folders = {path.name for path in SHOP.iterdir() if path.is_dir()} & labels
    listed = {value.split(".")[1] for value in settings.FORKS.values()} - {"config"}
    assert folders == listed
