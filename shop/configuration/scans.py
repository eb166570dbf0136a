"""Ear scans: taken in, kept privately under random names, handed out to who may see patients, and forgotten."""

import io
import logging
from datetime import timedelta
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from permissions.models import Clinic, User
from shop.configuration.models import EarScan
from shop.configuration.scan_files import ScanRefused, checked, too_large

logger = logging.getLogger(__name__)
FOLDER = "ear-scans"
KEPT_UNUSED = timedelta(days=30)
SALT = "configuration.ear-scan"
VIEWED = "configuration.view_ear_scan"
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "stl": "model/stl", "ply": "model/ply"}


@cache
def _storage_at(location: str) -> FileSystemStorage:
    return FileSystemStorage(location=location)


def storage() -> FileSystemStorage:
    """Below the private folder: no public address leads there."""
    return _storage_at(str(settings.PRIVATE_ROOT))


def store(upload: UploadedFile, *, clinic: Clinic, user: User) -> EarScan:
    """Keep an uploaded scan. Its own name is forgotten: it is often the patient's. Raises ScanRefused."""
    if upload.size is None or upload.size > settings.EAR_SCAN_MAX_BYTES:
        raise ScanRefused(too_large(settings.EAR_SCAN_MAX_BYTES))
    data = upload.read()
    _ask_virus_scanner(data)
    kind, kept = checked(data)
    name = storage().save(f"{FOLDER}/{uuid4().hex}", ContentFile(kept))
    try:
        return EarScan.objects.create(clinic=clinic, file=name, kind=kind, size=len(kept), uploaded_by=user)
    except Exception:
        storage().delete(name)
        raise


def _ask_virus_scanner(data: bytes) -> None:
    """Whatever the check raises refuses the file: also that it could not be reached."""
    if not settings.EAR_SCAN_CHECK:
        return
    try:
        import_string(settings.EAR_SCAN_CHECK)(io.BytesIO(data))
    except Exception as error:
        logger.warning("an ear scan was refused by %s: %s", settings.EAR_SCAN_CHECK, type(error).__name__)
        raise ScanRefused(_("The file did not pass our virus check. Send it to customer service instead.")) from error


def signed(scan: EarScan) -> str:
    """What a form carries of a scan that is not on a line yet."""
    return signing.dumps(str(scan.pk), salt=SALT)


def from_signed(token: str, clinic: Clinic) -> EarScan | None:
    """The clinic's scan that a form carried; None for anything else."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return EarScan.objects.filter(clinic=clinic, pk=key).first()


def answer_with(scan: EarScan) -> FileResponse:
    """As a file to keep, never shown by the browser as a page of ours; named after the scan, not the patient."""
    response = FileResponse(
        storage().open(scan.file), as_attachment=True, filename=f"ear-scan-{scan.pk.hex[:8]}.{scan.kind}"
    )
    response.headers["Content-Type"] = TYPES[scan.kind]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def record_view(scan: EarScan, user: User) -> None:
    """Whoever of our own people looks at health data leaves a trace."""
    log(instance=scan, action=VIEWED, user=user, data={"clinic": str(scan.clinic_id)})


def delete_unused() -> int:
    """Forget the scans that were never ordered after: no line has referred to them for a month."""
    old = EarScan.objects.filter(created__lt=timezone.now() - KEPT_UNUSED)
    unused = old.filter(basket_lines=None, order_lines=None)
    deleted = 0
    for scan in unused.iterator():
        deleted += _delete(scan)
    return deleted


@transaction.atomic
def _delete(scan: EarScan) -> int:
    """Locked, and looked at once more: somebody may be ordering with it just now."""
    row = EarScan.objects.select_for_update().filter(pk=scan.pk).first()
    if row is None or row.basket_lines.exists() or row.order_lines.exists():
        return 0
    row.delete()
    transaction.on_commit(lambda: storage().delete(scan.file))
    return 1
