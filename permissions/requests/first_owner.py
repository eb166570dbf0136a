"""Who answers for a new account: the first main user that customer service appointed, once they accept."""

from permissions.events import record
from permissions.models import Account, Membership, User
from permissions.models.events import AccessAction
from permissions.roles import Role


def make_first_owner(account: Account, person: User) -> bool:
    """Of an account whose row is locked. Where somebody else is owner or main user already, nothing changes."""
    main_users = Membership.objects.filter(clinic__account=account, role=Role.MAIN_USER, is_active=True)
    people = set(main_users.filter(user__is_active=True).values_list("user_id", flat=True))
    if account.owner_id is not None or people != {person.pk}:
        return False
    account.owner = person
    account.save(update_fields=["owner"])
    after = {"owner": str(person.public_id)}
    record(AccessAction.TRANSFER_ACCEPTED, actor=person, person=person, account=account, after=after)
    return True
