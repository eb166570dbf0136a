"""What is done with patient labels: making, showing, finding and erasing them. Nothing else reads their text."""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from permissions import access
from permissions.identity_numbers import refuse_identity_numbers
from permissions.models import Clinic, PatientPolicy, User
from permissions.roles import ClinicPermission
from shop.patients.encryption import ClinicCipher, Unreadable, new_wrapped_key
from shop.patients.models import ClinicKey, PatientLabel, PatientSearchToken
from shop.patients.showings import Viewer, note

LONGEST = {PatientPolicy.REFERENCE: 40, PatientPolicy.NAME: 80}
SHORTEST_PREFIX = 3
MOST_WORDS = 10
NAME_PART = re.compile(r"\w+")


# --- Making -----------------------------------------------------------------------------------------------------


def check_text(clinic: Clinic, text: str) -> None:
    """Raise ValidationError, with a sentence, for a text that the clinic may not write of a patient."""
    longest = LONGEST.get(PatientPolicy(clinic.patient_policy))
    if longest is None:
        raise ValidationError(_("Your clinic writes no patients on its orders. Leave this empty."), code="policy")
    if len(text) > longest:
        message = _("Write at most %(longest)s characters.") % {"longest": longest}
        raise ValidationError(message, code="max_length")
    refuse_identity_numbers(text)


def label_for(*, user: User, clinic: Clinic, text: str) -> PatientLabel | None:
    """The clinic's label of this patient, made when there is none; None for a blank text.

    The same patient, however the name is spaced and capitalised, has one label, also when two write it at once.
    Call it before a basket is locked: everybody waits in that order, so nobody waits in a circle.
    """
    text = text.strip()
    if not text:
        return None
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    check_text(clinic, text)
    try:
        digest = _cipher_of(clinic, ClinicKey.objects.all()).digest(normalised(text))
    except Unreadable as error:
        message = _("Patients can't be saved at the moment. Leave this empty, or ask customer service.")
        raise ValidationError(message, code="key") from error
    return PatientLabel.objects.filter(clinic=clinic, digest=digest).first() or _new_label(user, clinic, text)


@transaction.atomic
def _new_label(user: User, clinic: Clinic, text: str) -> PatientLabel:
    # The key's row is the lock: it isn't destroyed between reading it and writing what it encrypts.
    cipher = _cipher_of(clinic, ClinicKey.objects.select_for_update())
    label_id = uuid.uuid4()
    values = {"id": label_id, "ciphertext": cipher.seal(text, label_id), "created_by": user}
    digest = cipher.digest(normalised(text))
    label, created = PatientLabel.objects.get_or_create(clinic=clinic, digest=digest, defaults=values)
    if created:
        tokens = {cipher.token(part) for part in _parts_and_prefixes(text)}
        PatientSearchToken.objects.bulk_create(PatientSearchToken(label=label, token=token) for token in tokens)
    return label


def _cipher_of(clinic: Clinic, keys: QuerySet[ClinicKey]) -> ClinicCipher:
    """With the clinic's key, made when there is none (any more)."""
    key, _created = keys.get_or_create(clinic=clinic, defaults={"wrapped": lambda: new_wrapped_key(clinic.pk)})
    return ClinicCipher(clinic.pk, bytes(key.wrapped))


def normalised(text: str) -> str:
    """For comparing: blanks collapsed, capitals and ways of encoding a letter made equal. å stays å."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _words(text: str) -> list[str]:
    return NAME_PART.findall(normalised(text))


def _parts_and_prefixes(text: str) -> set[str]:
    words = set(_words(text))
    return words | {word[:end] for word in words for end in range(SHORTEST_PREFIX, len(word))}


# --- Showing ----------------------------------------------------------------------------------------------------


def texts(labels: Iterable[PatientLabel | None], user: Viewer) -> dict[uuid.UUID, str]:
    """Label id to text, of the clinics where this person sees patients; what else there is, is left out.

    One query for any number of labels. What was erased or can't be read says so, in the reader's language.
    """
    return {
        label_id: str(text.value) if isinstance(text, _Instead) else text
        for label_id, text in _read(labels, user).items()
    }


def text_to_edit(label: PatientLabel | None, user: Viewer) -> str:
    """For filling a form in: empty for who may not see it, and for what was erased or can't be read."""
    text = _read([label], user).get(label.pk) if label else None
    return text if isinstance(text, str) else ""


def attach_texts(lines: Iterable, user: Viewer) -> None:
    """Set `patient_text` on lines of orders, whose patients the caller has fetched along with them."""
    lines = list(lines)
    found = texts((line.patient for line in lines if line.patient_id), user)
    for line in lines:
        line.patient_text = found.get(line.patient_id, "")


class _Instead(Enum):
    """What stands in place of a text."""

    ERASED = gettext_lazy("erased")
    UNREADABLE = gettext_lazy("can't be read")


def _read(labels: Iterable[PatientLabel | None], user: Viewer) -> dict[uuid.UUID, str | _Instead]:
    by_id = {label.pk: label for label in labels if label is not None}
    if not by_id:
        return {}
    ciphers = _ciphers_for(user, {label.clinic_id for label in by_id.values()})
    read = {
        pk: _decrypted(label, ciphers[label.clinic_id]) for pk, label in by_id.items() if label.clinic_id in ciphers
    }
    note(user, [by_id[pk] for pk, text in read.items() if isinstance(text, str)])
    return read


def _ciphers_for(user: Viewer, clinic_ids: set[uuid.UUID]) -> dict[uuid.UUID, ClinicCipher | None]:
    """Of the clinics where this person sees patients; None where the key is gone."""
    wrapped = Subquery(ClinicKey.objects.filter(clinic=OuterRef("pk")).values("wrapped"))
    clinics = access.clinics_with(user, ClinicPermission.VIEW_PATIENTS).filter(pk__in=clinic_ids).order_by()
    rows = clinics.values_list("pk", wrapped)
    return {clinic_id: ClinicCipher(clinic_id, bytes(key)) if key else None for clinic_id, key in rows}


def _decrypted(label: PatientLabel, cipher: ClinicCipher | None) -> str | _Instead:
    if label.erased:
        return _Instead.ERASED
    try:
        return cipher.open(label.ciphertext, label.pk) if cipher else _Instead.UNREADABLE
    except Unreadable:
        return _Instead.UNREADABLE


# --- Finding ----------------------------------------------------------------------------------------------------


def find(user: Viewer, clinic: Clinic, query: str) -> QuerySet[PatientLabel]:
    """The clinic's labels in which every word of the query begins a name part, newest first; erased ones never."""
    words = _words(query)[:MOST_WORDS]
    key = ClinicKey.objects.filter(clinic=clinic).first() if words else None
    if key is None:
        return PatientLabel.objects.none()
    cipher = ClinicCipher(clinic.pk, bytes(key.wrapped))
    found = PatientLabel.objects.visible_to(user).filter(clinic=clinic, erased=None)
    try:
        for word in words:
            found = found.filter(tokens__token=cipher.token(word))
    except Unreadable:
        return PatientLabel.objects.none()
    return found.order_by("-created", "pk")


# --- Erasing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def erase(label: PatientLabel, user: Viewer) -> None:
    """Destroy what the label says and all that finds it. Its row stays, so that lines keep their shape."""
    label = PatientLabel.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=label.pk)
    access.require_until_commit(user, ClinicPermission.MANAGE_CLINIC, label.clinic)
    if label.erased:
        return
    _destroy(PatientLabel.objects.filter(pk=label.pk))
    log(instance=label.clinic, action="patients.erase", user=user, data={"label": str(label.pk)})


@transaction.atomic
def erase_clinic(clinic: Clinic, user: Viewer) -> int:
    """Destroy the clinic's key, with which its labels end in every copy and backup. Returns how many there were."""
    list(ClinicKey.objects.select_for_update().filter(clinic=clinic))
    access.require_until_commit(user, ClinicPermission.MANAGE_CLINIC, clinic)
    erased = _destroy(PatientLabel.objects.filter(clinic=clinic, erased=None))
    ClinicKey.objects.filter(clinic=clinic).delete()
    log(instance=clinic, action="patients.erase_clinic", user=user, data={"count": erased})
    return erased


def _destroy(labels: QuerySet[PatientLabel]) -> int:
    PatientSearchToken.objects.filter(label__in=labels.values("pk")).delete()
    return labels.update(ciphertext=b"", digest=None, erased=timezone.now())
