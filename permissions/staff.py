"""What the supplier's own people may do: customer service in the back office, editors in the pages.

Made by every migrate, so that a new portal has the groups. No page changes them; what was added otherwise stays.
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from permissions.staff_rights import EDITORS_GROUP, MODERATORS_GROUP, SERVICE_GROUP


def _all(model: str) -> set[str]:
    return {f"{verb}_{model}" for verb in ("view", "add", "change", "delete")}


# Deleting, prices of delivery and pages are not among it.
CUSTOMER_SERVICE = {
    "catalogue": {
        "view_product",
        "add_product",
        "change_product",
        "view_category",
        "change_category",
        "view_productclass",
        "view_option",
        "view_attributeoptiongroup",
    },
    "partner": {"view_partner", "view_stockalert", "view_stockrecord", "change_stockrecord"},
    "order": {"view_order", "change_order"},
    "configuration": {
        *_all("rule"),
        *_all("retiredvalue"),
        *_all("retiredproduct"),
        *_all("wording"),
        *_all("classordering"),
        "view_earscan",
    },
    "dispatch": {*_all("dispatchagreement"), *_all("dispatchday")},
    "permissions": {
        "view_user",
        "change_user",
        "view_account",
        "change_account",
        "add_account",
        "view_clinic",
        "change_clinic",
        "add_clinic",
        "view_accountrequest",
        "change_accountrequest",
        "view_accessevent",
        "add_impersonation",
    },
    "analytics": {"view_userrecord"},
}
# At all pages. Wagtail's first migrations give them too; nothing else could, were they lost.
EDITORS_PAGES = {
    EDITORS_GROUP: {"add_page", "change_page"},
    MODERATORS_GROUP: {"add_page", "change_page", "publish_page", "lock_page", "unlock_page"},
}
# Wagtail gives its groups rights to its own documents only, not to the model that stands in for them.
EDITORS_DOCUMENTS = {"add_portaldocument", "change_portaldocument", "choose_portaldocument"}


def ensure_groups() -> None:
    """The back office group, and what Wagtail's groups lack. Doing it twice does no harm."""
    service, _created = Group.objects.get_or_create(name=SERVICE_GROUP)
    for app, codenames in CUSTOMER_SERVICE.items():
        service.permissions.add(*_permissions(app, codenames))
    documents = _permissions("documents", EDITORS_DOCUMENTS)
    translate = _permissions("simple_translation", {"submit_translation"})
    root = Collection.get_first_root_node()
    pages = Page.get_first_root_node()
    for group in Group.objects.filter(name__in=EDITORS_PAGES):
        group.permissions.add(*translate)
        for permission in _permissions("wagtailcore", EDITORS_PAGES[group.name]):
            GroupPagePermission.objects.get_or_create(group=group, page=pages, permission=permission)
        for permission in documents:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _permissions(app: str, codenames: set[str]) -> list[Permission]:
    found = list(Permission.objects.filter(content_type__app_label=app, codename__in=codenames))
    if missing := codenames - {permission.codename for permission in found}:
        raise LookupError(f"No permissions {sorted(missing)} in {app}: is the database migrated?")
    return found
