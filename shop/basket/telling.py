"""What is said on the next page of several products that were added at once."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.basket.batches import Batch


def tell(request: HttpRequest, batch: Batch) -> None:
    if count := len(batch.added):
        text = ngettext("%(count)s article is in the basket.", "%(count)s articles are in the basket.", count)
        messages.success(request, text % {"count": count})
    tell_refused(request, batch)


def tell_refused(request: HttpRequest, batch: Batch) -> None:
    for wanted, why in batch.refused:
        words = {"product": wanted.product.title, "why": why}
        messages.warning(request, _("Not added: %(product)s. %(why)s") % words)
