"""What somebody can be at the supplier. Who gives it stands in `shop/dashboard/people/colleagues.py`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction

SERVICE_GROUP, EDITORS_GROUP, MODERATORS_GROUP = "Customer service", "Editors", "Moderators"


class StaffRight(TextChoices):
    """Customer service has the rights of its group only with `is_staff`, which opens the back office."""

    SERVICE = "service", _("Customer service")
    EDITOR = "editor", _("Editors")
    MODERATOR = "moderator", _("Moderators")
    ADMINISTRATOR = "administrator", _("Administrators")


GROUPS: dict[str, str] = {
    StaffRight.SERVICE: SERVICE_GROUP,
    StaffRight.EDITOR: EDITORS_GROUP,
    StaffRight.MODERATOR: MODERATORS_GROUP,
}


def held_by(person: User) -> list[str]:
    """As the history keeps it: ours by their codes, then by its name whatever else was given otherwise."""
    groups = set(person.groups.values_list("name", flat=True))
    held = {right for right, group in GROUPS.items() if group in groups}
    if not person.is_staff:
        held.discard(StaffRight.SERVICE)
    if person.is_superuser:
        held.add(StaffRight.ADMINISTRATOR)
    others = groups - {GROUPS[right] for right in held & GROUPS.keys()}
    others |= set(person.user_permissions.values_list("codename", flat=True))
    if person.is_staff and not held & {StaffRight.SERVICE, StaffRight.ADMINISTRATOR}:
        others.add("is_staff")
    return [*(right.value for right in StaffRight if right in held), *sorted(others)]


def has_left(person: User) -> bool:
    """Of who works for the supplier no more: whether they ever did."""
    return AccessEvent.objects.filter(person=person, action=AccessAction.STAFF).exists()
