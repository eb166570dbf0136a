"""Which object stands in which address, and what a browser would send with its form."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils.timezone import localdate

from shop.basket.merging import plan_of
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from tests.configuration import world as configuration
from tests.factories import PASSWORD
from tests.permissions.site_objects import World
from tests.permissions.site_walk import Address, Row
from tests.requests import requesting
from tests.users.inviting import access_form, form_for

# Who may look is told that it does not exist; who may not is refused before anybody looks.
UNKNOWN = 99_999
UNNAMED_ADDRESSES = {"cms/test404/": "/cms/test404/", "cms/.*/$": "/cms/no-such-page/"}


class Samples:
    def __init__(self, world: World) -> None:
        self.world = world

    def path_of(self, row: Row, address: Address) -> str:
        """Raises LookupError when a parameter of the address has no sample."""
        if row.name in self.special:
            return self.special[row.name]
        if not address.name:
            return UNNAMED_ADDRESSES[address.route]
        return reverse(address.name, kwargs={name: self._value(address, name) for name in address.parameters})

    def _value(self, address: Address, parameter: str) -> Any:
        """What is listed for the longest beginning of the address's name."""
        starts = [start for start, known in self.values.items() if parameter in known]
        fitting = [start for start in starts if address.name.startswith(start)]
        if not fitting:
            raise LookupError(f"site_samples.py has no value for {parameter!r} of {address}")
        return self.values[max(fitting, key=len)][parameter]

    @cached_property
    def special(self) -> dict[str, str]:
        """Addresses with more than one line in the table, and those whose parameters have no names."""
        world = self.world
        return {
            "media": f"/media/{world.picture}",
            "media [missing]": "/media/missing.png",
            "wagtail_serve": "/news/",
            "wagtail_serve [article]": "/news/holidays/",
            "wagtail_serve [help]": "/help/",
            "wagtail_serve [missing]": "/missing/",
            "wagtail_serve [for the signed in]": "/help/for-customers/",
            "wagtaildocs_serve": f"/documents/{world.document.pk}/{world.document.filename}",
            "wagtaildocs_serve [missing]": f"/documents/{UNKNOWN}/manual.pdf",
            "catalogue:detail [missing]": f"/products/missing_{UNKNOWN}/",
            "basket:live": f"/basket/live/?clinic={world.people.north.pk}",
            "basket:open-list [all clinics]": "/orders/open/?clinics=all",
            "orders:list [all clinics]": "/orders/?clinics=all",
            "orders:detail [of South]": f"/orders/{world.south_order.public_id}/",
            "orders:detail [missing]": "/orders/11111111-1111-4111-8111-111111111111/",
            "search:search [found]": "/search/?q=batter",
            "dashboard:order-detail [of South]": f"/backoffice/orders/{world.south_order.number}/",
        }

    @cached_property
    def values(self) -> dict[str, dict[str, Any]]:
        """By the beginning of an address's name."""
        shop = {**configuration.keys(self.world), **self._of_the_shop()}
        return {**shop, **self._of_the_back_office(), **self._of_the_cms(), **self._of_cms_settings()}

    def _of_the_shop(self) -> dict[str, dict[str, Any]]:
        world = self.world
        category, product = world.category, world.product
        return {
            "password_reset_confirm": {"uidb64": "MQ", "token": "c0ffee-0123456789abcdef"},
            "email_confirm": {"token": "c0ffee"},
            **{name: {"pk": UNKNOWN} for name in ("mfa_edit", "mfa_remove", "identity_")},
            "openid_connect": {"provider_id": "identity"},
            "catalogue:category": {"category_slug": category.slug, "pk": category.pk},
            "catalogue:detail": {"product_slug": product.slug, "pk": product.pk},
            "approvals:": {"public_id": world.waiting_basket.public_id, "pk": world.waiting_basket.lines.get().pk},
            "approvals:submit": {"public_id": world.petra_basket.public_id},
            "approvals:continue": {"public_id": world.returned_basket.public_id},
            "approvals:copy": {"public_id": world.rejected_basket.public_id},
            "clinics:stand-in-remove": {"pk": world.stand_in.pk},
            "ownership:": {"pk": world.offer_of_ownership.pk},
            "ownership:account-of": {"pk": world.people.north.account.pk},
            "users:": {
                "person": world.people.petra.public_id,
                "clinic": world.people.north.pk,
                "pk": world.invitation.pk,
                "token": "no-such-token",
            },
            "users:give-back": {"person": world.removed_member.public_id},
            "users:details": {"person": world.new_member.public_id},
            "users:active": {"person": world.inactive_member.public_id},
            "users:answer": {"pk": world.petras_invitation.pk},
            "basket:": {"public_id": world.petra_basket.public_id},
            "basket:add": {"pk": product.pk},
            "basket:line": {"pk": world.petra_basket.lines.get().pk},
            "favourites:": {"pk": product.pk},
            "favourites:change": {"pk": world.favourite.pk},
            "favourites:save-line": {"pk": world.petra_basket.lines.get().pk},
            "favourites:save-basket": {"public_id": world.petra_basket.public_id},
            "favourites:save-order": {"public_id": world.north_order.public_id},
            "orders:": {"public_id": world.north_order.public_id},
            "patients:": {"pk": world.north_order.lines.get().patient_id},
            "overview:": {"person": world.people.petra.public_id, "clinic": world.people.north.pk},
            "wagtaildocs_authenticate": {"restriction_id": world.collection_password.pk},
            "wagtailcore_authenticate": {
                "page_view_restriction_id": world.page_password.pk,
                "page_id": world.page_password.page_id,
            },
        }

    def _of_the_back_office(self) -> dict[str, dict[str, Any]]:
        world, order, product = self.world, self.world.north_order, self.world.product
        return {
            "dashboard:catalogue-product": {
                "pk": product.pk,
                "parent_pk": product.pk,
                "product_class_slug": product.product_class.slug,
            },
            "dashboard:catalogue-category": {"pk": world.category.pk, "parent": world.category.pk},
            "dashboard:catalogue-class": {"pk": product.product_class.pk},
            "dashboard:catalogue-option": {"pk": world.option.pk},
            "dashboard:catalogue-attribute-option-group": {"pk": world.option_group.pk},
            "dashboard:order": {
                "number": order.number,
                "note_id": order.notes.get().pk,
                "line_id": order.lines.get().pk,
            },
            "dashboard:user": {"pk": world.people.petra.pk},
            "dashboard:person": {
                "public_id": world.people.petra.public_id,
                "clinic": world.people.north.pk,
                "deed": "block",
            },
            "dashboard:clinic-": {"pk": world.people.north.pk},
            "dashboard:account-": {"pk": world.people.north.account.pk},
            "impersonation:": {"public_id": world.people.petra.public_id},
            "dashboard:dispatch-": {"pk": world.dispatch_day.pk},
            "dashboard:access-": {"person": world.people.petra.public_id, "clinic": world.people.north.pk},
            "dashboard:request": {"pk": world.account_request.pk},
            "dashboard:request-invite": {"pk": world.approved_request.pk},
            "dashboard:request-withdraw": {"pk": world.approved_request.pk},
            "dashboard:user-alert": {"pk": world.product_alert.pk},
            "dashboard:partner": {"pk": world.partner.pk},
        }

    def _of_the_cms(self) -> dict[str, dict[str, Any]]:
        world, page = self.world, self.world.help_page.pk
        return {
            "wagtailadmin_api:": {"pk": page, "action_name": "unpublish"},
            "wagtailadmin_api:documents": {"pk": world.document.pk},
            "wagtailadmin_api:images": {"pk": world.image.pk},
            "wagtailadmin_explore": {"parent_page_id": page},
            "wagtailadmin_choose_page": {"parent_page_id": page},
            "wagtail_bulk_action": {"app_label": "wagtailcore", "model_name": "page", "action": "delete"},
            "wagtailadmin_pages:": {
                **dict.fromkeys(("pk", "page_id", "parent_page_id", "page_to_move_id"), page),
                **dict.fromkeys(("content_type_app_name", "app_label"), "help"),
                **dict.fromkeys(("content_type_model_name", "model_name"), "helppage"),
                "destination_id": world.home_page.pk,
                "revision_id": world.revision.pk,
                "revision_id_a": "earliest",
                "revision_id_b": "live",
            },
            "wagtailadmin_pages:workflow": {
                "page_id": world.article.pk,
                "action_name": "approve",
                "task_id": world.task_state.task_id,
                "task_state_id": world.task_state.pk,
                "workflow_state_id": world.workflow_state.pk,
            },
            "wagtailadmin_pages:co": {
                "page_id": world.article.pk,
                "action_name": "approve",
                "task_state_id": world.task_state.pk,
            },
            "wagtailadmin_tag": {"app_name": "taggit", "model_name": "tag"},
            "wagtailadmin_editing_sessions:": {
                "app_label": "help",
                "model_name": "helppage",
                "object_id": page,
                "session_id": world.session.pk,
            },
            "wagtailforms:": {"page_id": page},
            "simple_translation:": {"app_label": "help", "model_name": "helppage", "page_id": page, "pk": page},
        }

    def _of_cms_settings(self) -> dict[str, dict[str, Any]]:
        world = self.world
        document, task = world.document.pk, world.task_state.task_id
        return {
            "wagtailadmin_workflows:": {
                "pk": world.workflow.pk,
                "workflow_pk": world.workflow.pk,
                "page_pk": world.home_page.pk,
                "task_id": task,
                "app_label": "wagtailcore",
                "model_name": "groupapprovaltask",
            },
            "wagtailadmin_workflows:edit_task": {"pk": task},
            "wagtailadmin_workflows:disable_task": {"pk": task},
            "wagtailadmin_workflows:enable_task": {"pk": task},
            "wagtailadmin_collections:": {"pk": world.collection.pk, "collection_id": world.collection.pk},
            "wagtailadmin_password_reset": {"uidb64": "MQ", "token": "c0ffee-0123456789abcdef"},
            "wagtailredirects:": {"redirect_id": world.redirect.pk},
            "wagtaildocs": {
                "pk": document,
                "document_id": document,
                "doc_id": document,
                "uploaded_file_id": UNKNOWN,
            },
            "wagtailimages": {
                "pk": world.image.pk,
                "image_id": world.image.pk,
                "uploaded_file_id": UNKNOWN,
                "filter_spec": "width-100",
            },
            "wagtailsites:": {"pk": world.site.pk},
            "wagtaillocales:": {"pk": world.locale.pk},
        }

    @cached_property
    def merge_form(self) -> dict[str, Any]:
        """Petra's basket goes into Asta's."""
        target = self.world.north_baskets["assistant"]
        seen = plan_of(Basket.objects.get(pk=self.world.petra_basket.pk), Basket.objects.get(pk=target.pk)).seen
        return {"into": target.public_id, "seen": seen}

    def form_of(self, row: Row, person: str) -> dict[str, Any]:
        """Valid for who may send it; about clinic North and Petra's things whoever sends it."""
        world, north = self.world, self.world.people.north
        petras = world.petra_basket
        basket = world.north_baskets.get(person, petras)
        again = world.north_order.lines.get()
        forms: dict[str, dict[str, Any]] = {
            "set_language": {"language": "sv", "next": "/login/"},
            "account_reauthenticate": {"password": PASSWORD},
            "login": {"username": world.people.petra.email, "password": PASSWORD},
            "password_reset": {"email": world.people.petra.email},
            "password_change": {"old_password": PASSWORD, "new_password1": "N3w one!", "new_password2": "N3w one!"},
            "email_change": {"email": "another@example.com", "password": PASSWORD},
            "session_end": {"session": "0"},
            "profile": {"first_name": "New", "last_name": "Name", "phone_number": "", "language": "sv"},
            "switch_clinic": {"clinic": north.pk},
            "basket:add": {"quantity": 1, "clinic": north.pk},
            "basket:line": {"quantity": 7},
            "basket:line-note": {"note": "For a colleague"},
            "basket:begin": {"clinic": north.pk},
            "basket:save": {"title": "Week 48", "clinic": north.pk},
            "basket:note": {"note": "For a colleague", "clinic": north.pk},
            "basket:reviewing": {"revision": petras.revision, "clinic": north.pk},
            "basket:merge": self.merge_form,
            "checkout:details": {
                "purchase_number": "PO-1",
                "reference": "Me",
                "delivery_address": north.delivery_addresses.get().pk,
                "dispatch_choice": "agreed",
            },
            "checkout:confirm": {"basket": basket.pk, "fingerprint": fingerprint(basket)},
            "checkout:confirm [Petra's basket]": {"basket": petras.pk, "fingerprint": fingerprint(petras)},
            **self._forms_of_favourites(),
            **self._forms_of_approval(),
            **self._forms_of_ownership(),
            **self._forms_of_users(),
            **self._forms_of_people(),
            "dashboard:clinic-dispatch": {"weekdays": [2, 4], "cut_off": "13:00", "transit_days": 2},
            "dashboard:account-ordering": {"purchase_number_pattern": "PO-.*"},
            "dashboard:dispatch-days": {"kind": "closed", "first": (localdate() + timedelta(days=9)).isoformat()},
            **self._forms_of_requests(),
            "orders:again": {f"line-{again.pk}": "on", f"quantity-{again.pk}": "1", f"price-{again.pk}": "24.90"},
            "patients:list": {"query": "canary"},
        }
        return {**forms, **configuration.forms(world)}.get(row.name, {})

    def _forms_of_requests(self) -> dict[str, dict[str, Any]]:
        joining = {"account": self.world.people.north.account.pk, "clinic-0-customer_number": "30090"}
        return {
            "requests:account": requesting.typed(),
            "requests:clinic": requesting.typed(),
            "dashboard:request-list": {"query": "anything"},
            "dashboard:request-approve": requesting.posted(**joining),
            "dashboard:request-decline": {"reason": "You order here already."},
            "dashboard:request-close": {"request": self.world.account_request.pk, "reason": "Advertising"},
            "dashboard:request-invite": {"email": "other@new.example"},
        }

    def _forms_of_users(self) -> dict[str, dict[str, Any]]:
        north = self.world.people.north
        names = {"first_name": "Other", "last_name": "Name"}
        invited = {name: value for name, value in form_for([north]).items() if name not in ("email", "status")}
        return {
            "users:list": {"query": "Petra"},
            "users:add": form_for([north]),
            "users:invitation": {**invited, **names},
            "users:details": names,
            "users:inactive": {"clinics": [north.pk]},
            "users:access": access_form("assistant"),
        }

    def _forms_of_people(self) -> dict[str, dict[str, Any]]:
        names = {"first_name": "New", "last_name": "Name", "email": self.world.people.petra.email}
        return {
            "dashboard:users-index": {"query": "petra"},
            "dashboard:person-details": names,
            "dashboard:person-act": {"reason": "Asked for it by telephone"},
            "dashboard:person-access": {"role": "assistant", "functions_assistant": ["ordering"]},
        }

    def _forms_of_ownership(self) -> dict[str, dict[str, Any]]:
        north, petra = self.world.people.north, self.world.people.petra
        account = {"account": north.account.pk}
        return {
            "ownership:account": account,
            "ownership:offer": {**account, "person": petra.pk, "role_afterwards": "main_user", "password": PASSWORD},
            "ownership:cancel": account,
            "ownership:answer": {"answer": "decline"},
            "impersonation:begin": {"reason": "Can't find an invoice", "clinic": north.pk},
            "dashboard:account-owner": {"person": petra.pk, "reason": "The director called"},
        }

    def _forms_of_favourites(self) -> dict[str, dict[str, Any]]:
        key = self.world.favourite.pk
        return {
            "favourites:toggle": {"on": "1"},
            "favourites:order": {"only": key},
            "favourites:remove": {"favourite": key},
            "favourites:restore": {"favourite": key},
            "favourites:change": {"name": "Open domes", "quantity": 2, "who": "shared"},
            "favourites:save-line": {"name": "", "who": "private"},
            "favourites:save-basket": {"who": "shared"},
            "favourites:save-order": {"who": "shared"},
        }

    def _forms_of_approval(self) -> dict[str, dict[str, Any]]:
        world, north = self.world, self.world.people.north
        waiting, olga = world.waiting_basket, world.people.olga
        days = {"first_day": localdate() + timedelta(days=30), "last_day": localdate() + timedelta(days=31)}
        return {
            "approvals:submit": {"clinic": north.pk, "fingerprint": fingerprint(world.petra_basket)},
            "approvals:approve": {"fingerprint": fingerprint(waiting)},
            "approvals:approve-many": {
                "basket": waiting.public_id,
                f"fingerprint-{waiting.public_id}": fingerprint(waiting),
            },
            "approvals:return": {"return-comment": "Fewer"},
            "approvals:reject": {"reject-comment": "No"},
            "approvals:line": {"quantity": 9},
            "approvals:mail-wish": {"on": "1", "clinic": north.pk},
            "clinics:rules": {
                "clinic": north.pk,
                "patient_policy": "reference",
                "approval_limit": 700,
                "approval_reminder_hours": 24,
                "approval_escalation_hours": 72,
            },
            "clinics:stand-in-add": {"clinic": north.pk, "absent": olga.pk, "person": world.people.petra.pk, **days},
        }


def leads_elsewhere(path: str, route: str) -> str:
    """The other route that an earlier pattern takes the address to, if any."""
    try:
        found = resolve(path.partition("?")[0]).route
    except Resolver404:
        return "nothing"
    return "" if found == route else found
