"""What is known already of who asks: the same company, customer number, person or mail domain, other requests, and
invitations that wait.
"""

from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects

from permissions.models import Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.models.accounts import PLAIN_NUMBER

MOST_SHOWN = 10
MOST_GUESSED = 3
# Addresses there say nothing about where somebody works. What stands before the suffix, whatever the country.
PUBLIC_PROVIDERS = {
    *("gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "icloud", "me", "mac", "aol"),
    *("gmx", "proton", "protonmail", "pm", "mail", "fastmail", "zoho", "tutanota", "tuta", "hey", "mailbox", "posteo"),
    *("yandex", "duck", "appleid", "qq", "web", "hushmail", "rocketmail"),
    *("telia", "home", "spray", "comhem", "bredband", "bredbandsbolaget", "bahnhof", "swipnet", "tele2", "algonet"),
    *("passagen", "glocalnet"),
    *("online", "broadpark", "getmail", "frisurf", "lyse", "altibox", "start", "c2i", "sensewave"),
    *("jubii", "stofanet", "tdcadsl", "youmail", "ofir", "webspeed", "get2net", "email", "tele"),
}
# Suffixes of two parts, as in hotmail.co.uk.
SECOND_LEVEL = {"co", "com", "net", "org", "ac"}


@dataclass(frozen=True)
class Duplicates:
    same_number: list[Account]
    same_customer_number: Clinic | None
    same_email: User | None
    domain: str = ""
    colleagues: list[User] = field(default_factory=list)
    colleagues_count: int = 0
    domain_accounts: list[Account] = field(default_factory=list)
    others: list[AccountRequest] = field(default_factory=list)
    invited: list[Invitation] = field(default_factory=list)

    @property
    def found(self) -> bool:
        known = self.same_number or self.same_customer_number or self.same_email
        return bool(known or self.colleagues_count or self.others or self.invited)

    def accounts(self, country: str) -> list[Account]:
        """Those that the request may belong to, likeliest first. An account sells in one country's currency."""
        clinic, person = self.same_customer_number, self.same_email
        found = [*self.same_number, *([clinic.account] if clinic else [])]
        found += [row.clinic.account for row in person.memberships.all()] if person else []
        if not self.same_number:
            found += self.domain_accounts[:MOST_GUESSED]
        accounts = list({account.pk: account for account in found if account.country == country}.values())
        prefetch_related_objects(accounts, "clinics")
        return accounts


def duplicates_of(row: AccountRequest) -> Duplicates:
    domain = mail_domain(row.email)
    colleagues = _people_at(domain).exclude(email=row.email) if domain else User.objects.none()
    return Duplicates(
        same_number=accounts_numbered(row.country, row.organisation_number),
        same_customer_number=_clinic_numbered(row.customer_number),
        same_email=_with_memberships(User.objects.filter(email=row.email)).first(),
        domain=domain,
        colleagues=list(_with_memberships(colleagues.order_by("last_name", "first_name", "pk"))[:MOST_SHOWN]),
        colleagues_count=colleagues.count(),
        domain_accounts=_accounts_of(colleagues) if domain else [],
        others=_other_requests(row, domain),
        invited=_invited(row, domain),
    )


def mail_domain(email: str) -> str:
    """What stands behind the @, when it is a company's own."""
    domain = email.rpartition("@")[2].lower()
    *labels, _suffix = domain.split(".")
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    return "" if not labels or labels[-1] in PUBLIC_PROVIDERS else domain


def accounts_numbered(country: str, number: str) -> list[Account]:
    """However the number was written when the account was made."""
    rows = Account.objects.annotate(plain_number=PLAIN_NUMBER).filter(country=country, plain_number=number)
    return list(rows.select_related("owner").prefetch_related("clinics").order_by("created"))


def _clinic_numbered(number: str) -> Clinic | None:
    if not number:
        return None
    return Clinic.objects.filter(customer_number__iexact=number).select_related("account").first()


def _people_at(domain: str) -> QuerySet[User]:
    return User.objects.filter(email__endswith=f"@{domain}", is_staff=False)


def _with_memberships(people: QuerySet[User]) -> QuerySet[User]:
    memberships = Membership.objects.select_related("clinic__account").order_by("clinic__name")
    return people.prefetch_related(Prefetch("memberships", queryset=memberships))


def _accounts_of(people: QuerySet[User]) -> list[Account]:
    """Where the most of them work first."""
    there = Q(clinics__memberships__user__in=people.order_by())
    counted = Account.objects.filter(there).annotate(people=Count("clinics__memberships__user", distinct=True))
    return list(counted.order_by("-people", "name", "pk")[:MOST_SHOWN])


def _invited(row: AccountRequest, domain: str) -> list[Invitation]:
    """Who was asked to join an account and has not answered: no user yet, but nobody new either."""
    same = Q(email=row.email)
    if domain:
        same |= Q(email__endswith=f"@{domain}")
    rows = Invitation.objects.pending().filter(same).exclude(access_events__request=row)
    return list(rows.select_related("account").order_by("-created", "pk")[:MOST_SHOWN])


def _other_requests(row: AccountRequest, domain: str) -> list[AccountRequest]:
    same = Q(country=row.country, organisation_number=row.organisation_number) | Q(email=row.email)
    if domain:
        same |= Q(email__endswith=f"@{domain}")
    if row.customer_number:
        same |= Q(customer_number=row.customer_number)
    others = AccountRequest.objects.filter(same).exclude(pk=row.pk)
    # Those that wait come first: the state's name is last in the alphabet.
    return list(others.order_by("-state", "-created")[:MOST_SHOWN])
