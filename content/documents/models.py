"""Documents lie outside the public media folder: `/media/…` would walk round Wagtail's privacy."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document


class PrivateStorage(FileSystemStorage):
    def url(self, name: str | None) -> str:
        """A file in here has no address of its own; without a base URL Django would say one below `/media/`."""
        raise NotImplementedError


def private_storage() -> PrivateStorage:
    return PrivateStorage(location=settings.PRIVATE_ROOT)


class PortalDocument(AbstractDocument):
    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_portaldocument", "Can choose document")]
