"""Oscar's settings, and in `FORKS` the one list of what we replace of it."""

from django.utils.translation import gettext_lazy as _
from oscar import INSTALLED_APPS as STOCK_OSCAR_APPS
from oscar.defaults import *  # noqa: F403

# A fork holds only the difference. "models" forks carry Oscar's migrations and add our fields; the others replace
# classes and use Oscar's migrations in place (MIGRATION_MODULES below).
FORKS = {
    "oscar.config.Shop": "shop.config.ShopConfig",  # addresses
    "oscar.apps.basket.apps.BasketConfig": "shop.basket.apps.BasketConfig",  # models: clinic, checkout details
    "oscar.apps.catalogue.apps.CatalogueConfig": "shop.catalogue.apps.CatalogueConfig",  # lists without a search engine
    "oscar.apps.checkout.apps.CheckoutConfig": "shop.checkout.apps.CheckoutConfig",  # our steps, one order per basket
    "oscar.apps.dashboard.apps.DashboardConfig": "shop.dashboard.apps.DashboardConfig",  # only what we use
    "oscar.apps.order.apps.OrderConfig": "shop.order.apps.OrderConfig",  # models: clinic, references, dispatch date
    "oscar.apps.partner.apps.PartnerConfig": "shop.partner.apps.PartnerConfig",  # prices in the account's currency
    "oscar.apps.search.apps.SearchConfig": "shop.search.apps.SearchConfig",  # SQL instead of haystack
}
CLASS_ONLY = ("catalogue", "partner")
MIGRATION_MODULES = {label: f"oscar.apps.{label}.migrations" for label in CLASS_ONLY}

# haystack stays away as an app: its commands shadow Wagtail's and its `simple` engine shows an empty catalogue.
OSCAR_APPS = [
    FORKS.get(app, app)
    for app in STOCK_OSCAR_APPS
    if app not in ("haystack", "treebeard") and not app.startswith("django.")
] + ["treebeard"]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

OSCAR_SHOP_NAME = "Bestil"
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "SEK"
OSCAR_THUMBNAILER = "shop.catalogue.pictures.Thumbnailer"
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 100_000
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_ORDERS_PER_PAGE = 20
OSCAR_SAVE_SENT_EMAILS_TO_DB = False
OSCAR_EAGER_ALERTS = False
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_ALLOW_ANON_CHECKOUT = False
OSCAR_BASKET_COOKIE_SECURE = True
OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
OSCAR_REQUIRED_ADDRESS_FIELDS = ("line1", "line4", "postcode", "country")
OSCAR_ACCOUNTS_REDIRECT_URL = "profile"
OSCAR_SLUG_ALLOW_UNICODE = False

OSCAR_INITIAL_ORDER_STATUS = "received"
OSCAR_INITIAL_LINE_STATUS = "received"
OSCAR_ORDER_STATUS_PIPELINE = {
    "received": ("processing", "cancelled"),
    "processing": ("shipped", "cancelled"),
    "shipped": ("delivered",),
    "delivered": (),
    "cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}

OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_DASHBOARD_NAVIGATION = [
    {"label": _("Overview"), "icon": "fas fa-list", "url_name": "dashboard:index"},
    {
        "label": _("Catalogue"),
        "icon": "fas fa-sitemap",
        "children": [
            {"label": _("Products"), "url_name": "dashboard:catalogue-product-list"},
            {"label": _("Product types"), "url_name": "dashboard:catalogue-class-list"},
            {"label": _("Categories"), "url_name": "dashboard:catalogue-category-list"},
            {"label": _("Low stock"), "url_name": "dashboard:stock-alert-list"},
            {"label": _("Options"), "url_name": "dashboard:catalogue-option-list"},
            {"label": _("Option values"), "url_name": "dashboard:catalogue-attribute-option-group-list"},
            {
                "label": _("Configuration"),
                "url_name": "dashboard:configuration-rules",
                "access_fn": lambda user, *args, **kwargs: user.has_perm("configuration.view_rule"),
            },
        ],
    },
    {
        "label": _("Orders"),
        "icon": "fas fa-shopping-cart",
        "children": [
            {"label": _("Orders"), "url_name": "dashboard:order-list"},
            {"label": _("Statistics"), "url_name": "dashboard:order-stats"},
            {"label": _("Warehouses"), "url_name": "dashboard:partner-list"},
        ],
    },
    {
        "label": _("Customers"),
        "icon": "fas fa-building",
        "children": [
            {
                "label": _("Accounts and clinics"),
                "url_name": "dashboard:clinic-list",
                "access_fn": lambda user, *args, **kwargs: user.has_perm("permissions.view_clinic"),
            },
            {
                "label": _("History of access"),
                "url_name": "dashboard:access-history",
                "access_fn": lambda user, *args, **kwargs: user.has_perm("permissions.view_accessevent"),
            },
            {
                "label": _("Requests"),
                "url_name": "dashboard:request-list",
                "access_fn": lambda user, *args, **kwargs: user.has_perm("permissions.view_accountrequest"),
            },
            {
                "label": _("Closed and extra days"),
                "url_name": "dashboard:dispatch-days",
                "access_fn": lambda user, *args, **kwargs: user.has_perm("dispatch.view_dispatchday"),
            },
        ],
    },
    {
        "label": _("People"),
        "icon": "fas fa-users",
        "url_name": "dashboard:users-index",
        "access_fn": lambda user, *args, **kwargs: user.has_perm("permissions.view_user"),
    },
    {
        "label": _("Pages and news"),
        "icon": "fas fa-newspaper",
        "url_name": "wagtailadmin_home",
        "access_fn": lambda user, *args, **kwargs: user.has_perm("wagtailadmin.access_admin"),
    },
    {"label": _("Reports"), "icon": "fas fa-chart-bar", "url_name": "dashboard:reports-index"},
]
