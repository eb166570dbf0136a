"""One of everything that an address can be about. What belongs to a clinic carries words found nowhere else."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from oscar.core.loading import get_model
from PIL import Image as Picture
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site, Workflow

from content.help.models import HelpPage
from content.home.models import HomePage
from content.news.models import NewsIndexPage, NewsPage
from permissions.models import Account, ClinicUserPermission
from permissions.ownership import transfers
from permissions.roles import ClinicPermission, Role
from permissions.services import membership_grant, membership_revoke
from permissions.staff import SERVICE_GROUP
from shop.approvals import flow
from shop.approvals.models import StandIn
from shop.basket.models import ChosenBasket
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.dispatch.models import DispatchDay
from shop.favourites.models import Favourite
from shop.patients.labels import label_for
from tests.configuration.world import make_configured
from tests.factories import UserFactory, make_category, make_product, ready_to_confirm
from tests.people import People, make_people
from tests.requests.requesting import approved, asked
from tests.users.inviting import invite

PNG = io.BytesIO()
Picture.new("RGB", (8, 8), "teal").save(PNG, "PNG")


@dataclass(frozen=True)
class World:
    people: People
    canaries: dict[str, tuple[str, ...]]  # by what they belong to: `north`, `south`, or `account` for both
    objects: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.objects[name]


def make_world() -> World:
    people = make_people()
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    goods = {
        "without_rights": _make_member_without_rights(people),
        **_make_requests(people),
        **_make_goods(people),
        **_make_ownership(people),
        **_make_users(people),
        **make_configured(people),
    }
    colleagues = (people.asta, people.petra, people.olga)
    canaries = {"account": ("Nordhear", "556036-0793", *(user.email for user in colleagues))}
    for clinic, buyer in (("north", people.petra), ("south", people.olga)):
        goods[f"{clinic}_order"], canaries[clinic] = _make_order(people, clinic, buyer, goods["product"])
    return World(people, canaries, {**goods, **_make_baskets(people, goods), **_make_pages(people), **_make_files()})


def _make_ownership(people: People) -> dict[str, Any]:
    """Olga owns the account, and has offered it to Petra."""
    Account.objects.filter(pk=people.north.account_id).update(owner=people.olga)
    account = Account.objects.get(pk=people.north.account_id)
    offer = transfers.offer(account=account, by=people.olga, to=people.petra, role_afterwards=Role.MAIN_USER)
    return {"offer_of_ownership": offer}


def _make_users(people: People) -> dict[str, Any]:
    """Somebody invited, somebody who never logged in, somebody inactive, somebody whose access Olga took, and Petra
    invited by the other company.
    """
    new = UserFactory(first_name="Nils", last_name="Testsson", email="nils@example.com")
    membership_grant(user=new, clinic=people.north, role=Role.ASSISTANT)
    away = UserFactory(first_name="Ina", last_name="Testsson", email="ina@example.com")
    membership_grant(user=away, clinic=people.north, role=Role.ASSISTANT, is_active=False)
    gone = UserFactory(first_name="Gun", last_name="Testsson", email="gun@example.com")
    membership_grant(user=gone, clinic=people.north, role=Role.ASSISTANT)
    membership_revoke(user=gone, clinic=people.north, revoked_by=people.olga)
    return {
        "invitation": invite(people.olga, [people.north], email="invited@example.com"),
        "petras_invitation": invite(people.otto, [people.foreign], email=people.petra.email),
        "new_member": new,
        "inactive_member": away,
        "removed_member": gone,
    }


def _make_member_without_rights(people: People):
    """No role is without the rights to order; guardian's rows, which are what counts, can be."""
    member = UserFactory(first_name="Mia", last_name="Testsson", email="mia@example.com")
    membership_grant(user=member, clinic=people.north, role=Role.ASSISTANT)
    rows = ClinicUserPermission.objects.filter(user=member)
    rows.exclude(permission__codename=ClinicPermission.VIEW_PATIENTS).delete()
    return member


def _make_requests(people: People) -> dict[str, Any]:
    """One that waits, and one that was approved with an invitation that waits."""
    return {
        "account_request": asked(organisation_number="5560360793", company="Nordhear AB"),
        "approved_request": approved(asked(email="second@oronhjalpen.example"), people.stella),
    }


def _make_goods(people: People) -> dict[str, Any]:
    category = make_category("Batteries")
    child = make_category("Size 13", parent=category)
    product = make_product("Batteries size 13", category=child)
    picture = get_model("catalogue", "ProductImage")(product=product)
    picture.original.save("battery.png", ContentFile(PNG.getvalue()))
    starred = make_product("Dome", category=category)
    favourite = Favourite.objects.create(clinic=people.north, product=starred, added_by=people.asta)
    stock = product.stockrecords.get()
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colours", code="colours")
    return {
        "product": product,
        "favourite": favourite,
        "picture": picture.original.name,
        "category": child,
        "norwegian": make_product("Batterier", currency="NOK", category=child),
        "option": get_model("catalogue", "Option").objects.create(name="Side", code="side"),
        "option_group": group,
        "partner": stock.partner,
        "dispatch_day": DispatchDay.objects.create(date=timezone.localdate() + timedelta(days=300), kind="closed"),
        "stock_alert": get_model("partner", "StockAlert").objects.create(stockrecord=stock, threshold=5),
        "product_alert": get_model("customer", "ProductAlert").objects.create(product=product, user=people.petra),
    }


def _make_order(people: People, name: str, buyer, product) -> tuple[Any, tuple[str, ...]]:
    """An order of the clinic, and the words by which it would be recognised elsewhere."""
    clinic = getattr(people, name)
    clinic.customer_number = f"canary-{name}"
    clinic.save()
    address = clinic.delivery_addresses.get()
    address.line1 = address.label = f"Canary street {name}"
    address.save()
    basket = ready_to_confirm(buyer, clinic, product)
    basket.purchase_number, basket.reference = f"PO-canary-{name}", f"Canary reference {name}"
    basket.save()
    order = place_order(user=buyer, basket_id=basket.pk, reviewed=fingerprint(basket))
    patient = label_for(user=buyer, clinic=clinic, text=f"Canary patient {name}")
    order.lines.update(patient=patient)
    order.notes.create(user=people.stella, message=f"Canary note {name}", note_type="Info")
    words = (clinic.name, clinic.customer_number, order.number, str(order.public_id), address.line1)
    return order, (*words, basket.purchase_number, basket.reference, f"Canary note {name}", f"Canary patient {name}")


def _make_baskets(people: People, goods: dict[str, Any]) -> dict[str, Any]:
    """What each customer is just ordering."""
    buyers = {"assistant": people.asta, "purchaser": people.petra, "main_user": people.olga}
    north = {role: ready_to_confirm(user, people.north, goods["product"]) for role, user in buyers.items()}
    ready_to_confirm(people.otto, people.foreign, goods["norwegian"])
    return {"north_baskets": north, "petra_basket": north["purchaser"], **_make_approvals(people, goods)}


def _make_approvals(people: People, goods: dict[str, Any]) -> dict[str, Any]:
    """What the assistant submitted, undecided and decided, beside what she is just ordering."""
    chosen, made = ChosenBasket.objects.get(user=people.asta, clinic=people.north), {}
    current = chosen.basket
    for state, decide in (("waiting", None), ("returned", flow.send_back), ("rejected", flow.reject)):
        ChosenBasket.objects.filter(pk=chosen.pk).update(basket=None)
        basket = ready_to_confirm(people.asta, people.north, goods["product"])
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed=fingerprint(basket), comment="Canary comment north")
        if decide:
            decide(user=people.olga, basket_id=basket.pk, comment="Canary answer north")
        made[f"{state}_basket"] = basket
    ChosenBasket.objects.filter(pk=chosen.pk).update(basket=current)
    day = timezone.localdate()
    stand_in = {"clinic": people.north, "absent": people.olga, "person": people.petra}
    made["stand_in"] = StandIn.objects.create(**stand_in, first_day=day, last_day=day)
    return made


def _make_pages(people: People) -> dict[str, Any]:
    site = Site.objects.get()
    home = Page.get_first_root_node().add_child(instance=HomePage(title="Start", slug="start", intro="Welcome"))
    site.root_page = home
    site.save()
    news = home.add_child(instance=NewsIndexPage(title="News", slug="news"))
    article = news.add_child(instance=NewsPage(title="Holidays", slug="holidays", intro="Closed", body="<p>Closed</p>"))
    help_page = home.add_child(instance=HelpPage(title="Help", slug="help", intro="How to", body="<p>How to</p>"))
    inside = help_page.add_child(instance=HelpPage(title="For customers", slug="for-customers", body="<p>Inside</p>"))
    PageViewRestriction.objects.create(page=inside, restriction_type="login")
    secret = help_page.add_child(instance=HelpPage(title="With a password", slug="with-a-password"))
    article.save_revision(user=people.edit)
    revision = help_page.save_revision(user=people.edit)
    workflow = Workflow.objects.get()
    workflow_state = workflow.start(article, people.edit)
    return {
        "site": site,
        "home_page": home,
        "article": article,
        "help_page": help_page,
        "page_password": PageViewRestriction.objects.create(page=secret, restriction_type="password", password="open"),
        "revision": revision,
        "workflow": workflow,
        "workflow_state": workflow_state,
        "task_state": workflow_state.current_task_state,
        "redirect": Redirect.objects.create(old_path="/old", redirect_link="/news/"),
        "session": EditingSession.objects.create(
            user=people.edit, content_object=help_page, last_seen_at=revision.created_at
        ),
        "locale": home.locale,
    }


def _make_files() -> dict[str, Any]:
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name="Price lists"))
    pdf = ContentFile(b"%PDF-1.4 harmless", name="manual.pdf")
    document = get_document_model().objects.create(title="Manual", file=pdf)
    image = get_image_model().objects.create(title="Teal", file=ImageFile(PNG, name="teal.png"))
    for file in (document, image):
        file.get_file_size()  # as the upload's form does; else the first look would write it
    return {
        "collection": collection,
        "collection_password": CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="password", password="open"
        ),
        "document": document,
        "image": image,
    }
