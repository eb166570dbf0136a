"""People, accounts and clinics, who may do what, and everything that happened to it."""

from permissions.models.accounts import Account, Clinic, ClinicQuerySet, PatientPolicy
from permissions.models.attempts import Attempt
from permissions.models.events import AccessEvent
from permissions.models.impersonations import Impersonation
from permissions.models.invitations import Invitation
from permissions.models.memberships import ClinicGroupPermission, ClinicUserPermission, Membership
from permissions.models.people import User, UserManager
from permissions.models.requests import AccountRequest
from permissions.models.transfers import OwnershipTransfer

__all__ = [
    "AccessEvent",
    "Account",
    "AccountRequest",
    "Attempt",
    "Clinic",
    "ClinicGroupPermission",
    "ClinicQuerySet",
    "ClinicUserPermission",
    "Impersonation",
    "Invitation",
    "Membership",
    "OwnershipTransfer",
    "PatientPolicy",
    "User",
    "UserManager",
]
