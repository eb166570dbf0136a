"""Words of Oscar's pages in the back office that its own translations lack: read from here into ours, which win."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("Dashboard"),
    gettext_noop("All Orders"),
    gettext_noop("Attribute Option Group"),
    gettext_noop("Attribute Option Groups"),
    gettext_noop("Create new Attribute Option Group"),
    gettext_noop("Create new Option"),
    gettext_noop("Bulk Actions"),
    gettext_noop("choose action"),
    gettext_noop("Download selected orders as a CSV"),
    gettext_noop("Go!"),
    gettext_noop("Make public"),
    gettext_noop("Make non-public"),
    gettext_noop("With selected categories:"),
    gettext_noop("Search Categories"),
    gettext_noop("No stock alerts found."),
    gettext_noop("No users associated."),
    gettext_noop("No orders found."),
    gettext_noop("No categories found."),
    gettext_noop("No Option found."),
    gettext_noop("No Attribute Option Groups found."),
    gettext_noop("No partners found."),
    gettext_noop("next"),
    gettext_noop("previous"),
)
