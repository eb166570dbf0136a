"""Documents lie outside the public media folder: `/media/…` would walk round Wagtail's privacy."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document


def private_storage() -> FileSystemStorage:
    """No base URL: a file in here has no address of its own."""
    return FileSystemStorage(location=settings.PRIVATE_ROOT, base_url=None)


class PortalDocument(AbstractDocument):
    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_portaldocument", "Can choose document")]
