"""What is known already of who asks: the same company, customer number, person or mail domain, and other requests."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Func, Prefetch, Q, QuerySet, Value, prefetch_related_objects

from permissions.models import Account, AccountRequest, Clinic, Membership, User

MOST_SHOWN = 10
MOST_GUESSED = 3
# Addresses there say nothing about where somebody works.
PUBLIC_PROVIDERS = {
    *("gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "icloud", "me", "mac", "aol"),
    *("gmx", "proton", "protonmail", "pm", "mail", "fastmail", "zoho"),
    *("telia", "home", "spray", "comhem", "bredband", "bredbandsbolaget", "bahnhof", "swipnet", "tele2", "algonet"),
    *("online", "broadpark", "getmail", "frisurf", "lyse", "altibox"),
    *("jubii", "stofanet", "tdcadsl", "youmail", "ofir"),
}


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

    @property
    def found(self) -> bool:
        known = self.same_number or self.same_customer_number or self.same_email
        return bool(known or self.colleagues_count or self.others)

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
        others=_other_requests(row),
    )


def mail_domain(email: str) -> str:
    """What stands behind the @, when it is a company's own."""
    domain = email.rpartition("@")[2].lower()
    labels = domain.split(".")
    return "" if len(labels) < 2 or labels[-2] in PUBLIC_PROVIDERS else domain


def accounts_numbered(country: str, number: str) -> list[Account]:
    """However the number was written when the account was made."""
    plain = Func(F("organisation_number"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
    rows = Account.objects.annotate(plain_number=plain).filter(country=country, plain_number=number)
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


def _other_requests(row: AccountRequest) -> list[AccountRequest]:
    same = Q(country=row.country, organisation_number=row.organisation_number) | Q(email=row.email)
    if row.customer_number:
        same |= Q(customer_number=row.customer_number)
    others = AccountRequest.objects.filter(same).exclude(pk=row.pk)
    # Those that wait come first: the state's name is last in the alphabet.
    return list(others.order_by("-state", "-created")[:MOST_SHOWN])
